"""Bring the tables to the newest schema.

In: an engine. Out: nothing, or a StoreError.
Law: of two programs that migrate at once, one does it and the other waits; a migration that is
cut off leaves nothing; tables of other programs and of newer versions are not touched.
"""

import threading
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from skillmap.errors import StoreError
from skillmap.store.migrations import HEAD, VERSION_TABLE
from skillmap.store.sqlite import MIGRATES, READ_ONLY

__all__ = ["bring_to_head", "make_at", "revision_of"]

_ALEMBIC = threading.Lock()  # Alembic keeps the running migration in a variable of the process


def bring_to_head(engine: Engine, *, where: str) -> None:
    """Make or update the tables; costs one query, and no Alembic, when there is nothing to do."""
    with engine.execution_options(**{READ_ONLY: True}).connect() as connection:
        if revision_of(connection, where=where) == HEAD:
            return
    with engine.execution_options(**{MIGRATES: True}).begin() as connection:
        # Read again, now that nobody else can write.
        revision = revision_of(connection, where=where)
        if revision != HEAD:
            _upgrade(connection, revision, where=where)
            _require_whole(connection, where=where)


def make_at(connection: Connection, revision: str, *, where: str) -> None:
    """Make the tables as they were at an earlier revision, in an empty database.

    Raises StoreError when this program does not know the revision.
    """
    _upgrade(connection, revision, where=where, to=revision)


def revision_of(connection: Connection, *, where: str) -> str | None:
    """Tell the revision of the tables; None when there are none. Raises StoreError for others'."""
    tables = inspect(connection).get_table_names()
    if VERSION_TABLE in tables:
        query = text(f"SELECT version_num FROM {VERSION_TABLE}")
        return connection.execute(query).scalar_one_or_none()
    if tables:
        raise StoreError(
            f"{where}: this database belongs to another program (it holds the table "
            f"{sorted(tables)[0]!r} and none of ours). Give skillmap a database of its own."
        )
    return None


def _require_whole(connection: Connection, *, where: str) -> None:
    """Check what SQLite does not while a migration runs."""
    if connection.dialect.name != "sqlite":
        return
    broken = {str(row[0]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}
    if broken:
        raise StoreError(
            f"{where}: rows in {', '.join(sorted(broken))} point at rows that are missing, so the "
            "tables were left as they were. Restore a backup, or ask for help with this message."
        )


def _upgrade(connection: Connection, revision: str | None, *, where: str, to: str = "head") -> None:
    # Alembic takes half a second to import, and is not needed on most days.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    folder = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreError(
            f"{where}: the database was made by a newer skillmap (schema {revision}; this program "
            f"knows up to {HEAD}). Update skillmap, or restore the backup from before the update."
        )
    config.attributes["connection"] = connection
    with _ALEMBIC:
        command.upgrade(config, to)
