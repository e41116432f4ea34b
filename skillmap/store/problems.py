"""Turn what a database or a disk reports into a sentence that helps.

In: an error of SQLAlchemy, and where the database is. Out: a StoreError that says what, where,
why and what to do.
Law: no value of a row stands in a message, only the database's own words.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from skillmap.errors import StoreError

__all__ = ["SENTENCES", "explained"]

SENTENCES: Mapping[str, str] = {
    "locked": (
        "{where}: another program is writing to the database ({words}). Nothing was changed. "
        "Close the other program or wait until it has finished, then try again."
    ),
    "read_only": (
        "{where}: the database or its folder is read-only ({words}). Nothing was changed. "
        "Give the user who runs skillmap permission to write there."
    ),
    "full": (
        "{where}: the disk is full ({words}). This change was undone and nothing was lost. "
        "Free some space and try again."
    ),
    "cannot_open": (
        "{where}: the database cannot be opened ({words}). "
        "Check that the folder exists and that you may read and write there."
    ),
    "not_a_database": (
        "{where}: this is not a skillmap database, or it is damaged ({words}). "
        "Check the path, or restore a backup."
    ),
    "disk_error": (
        "{where}: the disk reported an error ({words}). This change was undone. "
        "Check the disk and its free space."
    ),
    "unreachable": (
        "{where}: PostgreSQL cannot be reached ({words}). Check that it runs, and the host, "
        "port, database, user and password of the address."
    ),
    "refused": (
        "{where}: the database refused a change ({words}). Nothing was changed. "
        "If you did nothing unusual, report this sentence."
    ),
}

# The first part of SQLite's name for a result, https://www.sqlite.org/rescode.html.
_SQLITE = {
    "BUSY": "locked",
    "LOCKED": "locked",
    "READONLY": "read_only",
    "PERM": "read_only",
    "FULL": "full",
    "CANTOPEN": "cannot_open",
    "NOTADB": "not_a_database",
    "CORRUPT": "not_a_database",
    "IOERR": "disk_error",
}

# SQLSTATE or its class, https://www.postgresql.org/docs/current/errcodes-appendix.html.
_POSTGRESQL = {
    "55P03": "locked",
    "40001": "locked",
    "40P01": "locked",
    "25006": "read_only",
    "42501": "read_only",
    "53100": "full",
    "58030": "disk_error",
    "08": "unreachable",
    "28": "unreachable",
    "3D": "unreachable",
    "53": "unreachable",
    "57": "unreachable",
}


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Let every error of the database leave as a StoreError about `where`."""
    try:
        yield
    except PoolTimeoutError as error:
        raise StoreError(_sentence("locked", where, "no free connection")) from error
    except UnicodeEncodeError as error:
        raise StoreError(_sentence("refused", where, "a text holds half a character")) from error
    except DBAPIError as error:
        cause, words = _cause(error), _words(error)
        raise StoreError(_sentence(cause, where, words)) from error


def _sentence(cause: str, where: str, words: str) -> str:
    return SENTENCES[cause].format(where=where, words=words)


def _cause(error: DBAPIError) -> str:
    name: str | None = getattr(error.orig, "sqlite_errorname", None)
    if name is not None:
        return _SQLITE.get(name.split("_")[1], "refused")
    state: str | None = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2], "refused")
    # psycopg gives no SQLSTATE when it never reached a server, or lost it.
    is_lost = type(error.orig).__name__ == "OperationalError"
    return "unreachable" if is_lost and not _is_sqlite(error) else "refused"


def _is_sqlite(error: DBAPIError) -> bool:
    return type(error.orig).__module__ == "sqlite3"


def _words(error: DBAPIError) -> str:
    # PostgreSQL's details quote values of the row; the primary message does not.
    diagnosis = getattr(error.orig, "diag", None)
    primary: str | None = getattr(diagnosis, "message_primary", None)
    words = (primary or str(error.orig)).strip()
    return words.splitlines()[0] if words else "no reason given"
