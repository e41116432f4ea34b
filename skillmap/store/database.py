"""Open the database, and begin transactions.

In: an address. Out: a Database at the newest schema, or a StoreError in a sentence.
Law: a transaction is kept as a whole or not at all, whatever ends it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from skillmap.errors import StoreError
from skillmap.store.migrate import bring_to_head
from skillmap.store.postgresql import postgresql_engine
from skillmap.store.problems import explained
from skillmap.store.sqlite import READ_ONLY, file_of, sqlite_engine

__all__ = ["Database", "open_database"]

PATIENCE_S = 5.0  # our longest transaction takes well under a second


class Database:
    """An open database; made by `open_database`, safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = engine.execution_options(**_reading_options(engine))

    @property
    def url(self) -> str:
        """The address, without its password."""
        return _public(self._engine.url)

    @contextmanager
    def begin(self, *, is_read_only: bool = False) -> Iterator[Session]:
        """One transaction: committed at the end of the block, undone when an exception leaves it.

        The write lock is taken with the first statement, and others wait for it: keep the block
        short. is_read_only: neither take the lock nor wait for it; writing raises StoreError.
        Do not begin a second one inside the first: it would wait for itself.
        """
        engine = self._reading if is_read_only else self._engine
        with explained(_where(engine.url)), Session(engine) as session, session.begin():
            yield session

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()


def open_database(url: str, *, patience_s: float = PATIENCE_S) -> Database:
    """Open `sqlite:///path` or `postgresql+psycopg://…`, making or updating the tables.

    patience_s: how long a transaction waits for another writer.
    Raises StoreError when the database is locked, read-only, full, not reachable, not ours, newer
    than this program, or when PostgreSQL's driver is missing.
    """
    engine = _engine(url, patience_s=patience_s)
    database = Database(engine)
    try:
        with explained(_where(engine.url)):
            bring_to_head(engine, where=_where(engine.url))
    except BaseException:
        database.close()
        raise
    return database


def _engine(url: str, *, patience_s: float) -> Engine:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        # The address is not repeated here: it may hold a password.
        raise StoreError(
            "The address of the database cannot be read. "
            "It looks like sqlite:///folder/store.db or postgresql+psycopg://user@host/name."
        ) from error
    match parsed.get_backend_name():
        case "sqlite":
            return sqlite_engine(parsed, patience_s=patience_s)
        case "postgresql" | "postgres":
            return postgresql_engine(parsed, patience_s=patience_s)
        case other:
            raise StoreError(
                f"{_public(parsed)}: skillmap knows no database of the kind {other!r}. "
                "Use sqlite:///path or postgresql+psycopg://user@host/name."
            )


def _reading_options(engine: Engine) -> dict[str, bool | str]:
    if engine.dialect.name == "sqlite":
        return {READ_ONLY: True}
    return {READ_ONLY: True, "isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _public(url: URL) -> str:
    # A password may stand before the host or among the parameters; URL.set cannot take it away.
    bare = URL.create(
        url.drivername,
        username=url.username,
        host=url.host,
        port=url.port,
        database=url.database,
        query=url.query,
    )
    return bare.difference_update_query(["password"]).render_as_string()


def _where(url: URL) -> str:
    file = file_of(url) if url.get_backend_name() == "sqlite" else None
    return str(file) if file else _public(url)
