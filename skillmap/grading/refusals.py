"""Say in a sentence why the gradebook or the disk refused, and what to do.

In: an exception, as it came out of nbgrader. Out: a GradingError about the course, or None.
Law: only what concerns everybody is a refusal. What one learner's files cause is none, and text
that a learner wrote is never read as a sign.
"""

import errno
import re
from collections.abc import Iterator
from pathlib import Path

from skillmap.errors import GradingError

__all__ = ["disk_refusal", "gradebook_refusal", "public_url", "refusal"]

# The first part of SQLite's name for a result, https://www.sqlite.org/rescode.html.
BUSY = "Another program writes to it: close the formgrader or wait."
READ_ONLY = "It may not be written: give yourself write permission on it and on its folder."
FOREIGN = "It is no gradebook or is damaged: put back a copy, or move it away to start anew."
MENDS = {
    "BUSY": BUSY,
    "LOCKED": BUSY,
    "READONLY": READ_ONLY,
    "PERM": READ_ONLY,
    "FULL": "The disk is full: free some space.",
    "IOERR": "The disk reported an error: check it and its free space.",
    "CANTOPEN": "It cannot be opened: check the folder and its permissions.",
    "NOTADB": FOREIGN,
    "CORRUPT": FOREIGN,
}
OLD = "Another nbgrader made it: back it up and run `nbgrader db upgrade`."
OLD_SIGNS = ("no such column", "no such table", "does not exist")
DISK = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EIO,
    errno.EROFS,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOMEM,
}
FORBIDDEN = {errno.EACCES, errno.EPERM}


def refusal(error: BaseException, *, db_url: str, learners: str) -> GradingError | None:
    """Judge an exception and what led to it; `learners` names the folder of their submissions."""
    for one in _with_causes(error):
        if isinstance(one, OSError):
            found = disk_refusal(one, learners=learners)
        else:
            found = gradebook_refusal(one, db_url=db_url)
        if found:
            return found
    return None


def gradebook_refusal(
    error: BaseException, *, db_url: str, is_surely: bool = False
) -> GradingError | None:
    """Judge one exception of the database; `is_surely` makes an unknown one a refusal, too."""
    if type(error).__module__.partition(".")[0] not in ("sqlalchemy", "sqlite3", "psycopg2"):
        return None
    # SQLAlchemy's own words quote the values, which are learners'; the driver's do not.
    original = getattr(error, "orig", None) or error
    words = str(original).strip().partition("\n")[0]
    name = str(getattr(original, "sqlite_errorname", "")).removeprefix("SQLITE_")
    mend = MENDS.get(name.partition("_")[0])
    if mend is None and any(sign in words for sign in OLD_SIGNS):
        mend = OLD
    if mend is None and not is_surely:
        return None
    mend = mend or "Check c.CourseDirectory.db_url in nbgrader_config.py."
    return GradingError(
        f"Gradebook {public_url(db_url)}: {mend} ({words}) Nothing that was graded is lost. "
        "Then run the command again."
    )


def disk_refusal(error: OSError, *, learners: str = "") -> GradingError | None:
    """Judge one exception of the disk; a forbidden file in a folder `learners` is no refusal."""
    where = str(error.filename2 or error.filename or "The disk")
    is_forbidden = error.errno in FORBIDDEN and learners not in Path(where).parts
    if error.errno in DISK or is_forbidden:
        return GradingError(
            f"{where}: {error.strerror}. Free some space or check the permissions, then run the "
            "command again. Nothing that was graded is lost."
        )
    return None


def public_url(url: str) -> str:
    """Return a database's address without its password."""
    return re.sub(r"//([^:/@]*):[^@/]*@", r"//\1@", url)


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    while error is not None and not any(error is one for one in seen):
        seen.append(error)
        yield error
        error = error.__cause__ or error.__context__
