"""PostgreSQL, by address: the same laws as SQLite, for a programme with its own server.

In: an address `postgresql+psycopg://…`. Out: an engine.
Law: as with SQLite there is one writer at a time, kept by an advisory lock, so that what holds in
a test on the one holds on the other; a reader sees one moment, and waits for nobody.
"""

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

from skillmap.errors import StoreError
from skillmap.store.sqlite import READ_ONLY

__all__ = ["postgresql_engine"]

WRITER_LOCK = 0x736B696C6C  # any number that no other program in this database is likely to take
CONNECT_TIMEOUT_S = "5"


def postgresql_engine(url: URL, *, patience_s: float) -> Engine:
    """Make an engine. patience_s: how long to wait for another writer.

    Raises StoreError when the driver is not installed.
    """
    timeout_s = url.query.get("connect_timeout", CONNECT_TIMEOUT_S)
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args={"connect_timeout": timeout_s},
            pool_pre_ping=True,
            hide_parameters=True,
        )
    except ImportError as error:
        raise StoreError(
            "PostgreSQL needs a driver that is not installed. "
            "Install it with `pip install skillmap[postgres]`."
        ) from error

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not connection.get_execution_options().get(READ_ONLY):
            _take_turn(connection, patience_s=patience_s)

    return engine


def _take_turn(connection: Connection, *, patience_s: float) -> None:
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {max(1, round(patience_s * 1000))}")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")
