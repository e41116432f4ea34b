"""SQLite: one file, many readers, one writer at a time.

In: an address `sqlite:///path`. Out: an engine whose transactions are real ones.
Law: a transaction that may write takes the write lock when it begins, so it never fails half way
because somebody else wrote; one that only reads sees one moment, and waits for nobody.
"""

import os
import sqlite3
import time
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from skillmap.errors import StoreError

__all__ = ["MIGRATES", "READ_ONLY", "file_of", "sqlite_engine"]

# Execution options that `_begin` below listens to.
READ_ONLY = "skillmap_read_only"
MIGRATES = "skillmap_migrates"  # a table can only be made anew while foreign keys sleep
WAL_RETRY_S = 0.02  # SQLite does not wait by itself for the lock that changes the journal mode


def sqlite_engine(url: URL, *, patience_s: float) -> Engine:
    """Make an engine; the file is created, readable by its owner only, when it is not there.

    patience_s: how long to wait for another writer. Raises StoreError when the folder is missing
    or the file or folder cannot be written.
    """
    file = file_of(url)
    if file is not None:
        _require_writable(file)
    # A database in memory lives as long as its only connection.
    options = {} if file else {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0}
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"),
        connect_args={"timeout": patience_s, "check_same_thread": False},
        hide_parameters=True,
        **options,
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        _set_up(connection, patience_s=patience_s)

    event.listen(engine, "begin", _begin)
    return engine


def file_of(url: URL) -> Path | None:
    """Return the file of the address; None for a database in memory or an SQLite `file:` URI."""
    name = url.database or ""
    return None if name in ("", ":memory:") or name.startswith("file:") else Path(name)


def _require_writable(file: Path) -> None:
    folder = file.parent
    if not folder.is_dir():
        raise StoreError(
            f"{file}: the folder {folder} does not exist. Make it, or correct the address."
        )
    if file.is_dir():
        raise StoreError(f"{file}: this is a folder. Name a file in it, such as {file}/store.db.")
    # SQLite writes its log and index beside the file, so the folder must be writable, too.
    for path, mode in ((folder, os.W_OK | os.X_OK), (file, os.R_OK | os.W_OK)):
        if path.exists() and not os.access(path, mode):
            raise StoreError(
                f"{file}: {path} is read-only. skillmap keeps its database and two files beside "
                "it there. Give the user who runs skillmap permission to write."
            )
    try:
        file.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{file}: the file cannot be made ({error.strerror}). "
            "Check the folder and its free space."
        ) from error


def _set_up(connection: DBAPIConnection, *, patience_s: float) -> None:
    # The driver's own idea of transactions leaves out reads and schema changes; we say BEGIN.
    connection.isolation_level = None
    cursor = connection.cursor()
    _use_wal(cursor, patience_s=patience_s)
    # FULL, not NORMAL: in WAL mode NORMAL may forget the last commits when the power fails, and
    # a withdrawn consent must stay withdrawn. It costs one fsync for each of our few commits.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _use_wal(cursor: DBAPICursor, *, patience_s: float) -> None:
    deadline = time.monotonic() + patience_s
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorname.startswith("SQLITE_BUSY")
            if not is_busy or time.monotonic() > deadline:
                raise
            time.sleep(WAL_RETRY_S)
        else:
            return


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    reads = bool(options.get(READ_ONLY))
    connection.exec_driver_sql(f"PRAGMA foreign_keys = {int(not options.get(MIGRATES))}")
    connection.exec_driver_sql(f"PRAGMA query_only = {int(reads)}")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
