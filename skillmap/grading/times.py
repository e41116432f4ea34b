"""When a submission was handed in, as nbgrader reads it, or as its newest file says.

Law: the same text means the same time on every day; what nbgrader would fill in from today's date
is no time here.
"""

import warnings
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from skillmap.grading.files import open_regular

__all__ = ["as_stamp", "newest_change", "parse_time", "read_time"]

MAX_BYTES = 100  # nbgrader's own stamps have 30
MIN_DIGITS = 8  # year, month and day; nbgrader reads "7" as the seventh of this month
FAR_PAST = datetime(1970, 1, 1, tzinfo=UTC)


def parse_time(stamp: str) -> datetime | None:
    """Read a time as nbgrader does; None where it is none, or not a whole date."""
    if sum(character.isdecimal() for character in stamp) < MIN_DIGITS:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about names of time zones that it does not know
            parsed: datetime = parse_utc(stamp)
    except (ValueError, OverflowError, TypeError, ArithmeticError):
        return None
    return parsed.replace(tzinfo=UTC)


def read_time(folder: Path) -> datetime | None:
    """Read the time in a submission's timestamp.txt; None without one, or with something else."""
    try:
        with open_regular(folder / "timestamp.txt") as file:
            written = file.read(MAX_BYTES + 1)
    except OSError:
        return None
    if len(written) > MAX_BYTES:
        return None
    return parse_time(written.decode("utf-8", errors="replace").strip())


def as_stamp(when: datetime) -> str:
    """Write a time as nbgrader's submit does."""
    utc = when.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(sep=' ', timespec='microseconds')} UTC"


def newest_change(folder: Path, files: Iterable[Path]) -> datetime:
    """Return the time of the newest file, or of the folder when it holds none."""
    times = [_changed(path) for path in files]
    return max(times, default=_changed(folder))


def _changed(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.lstat().st_mtime, UTC)
    except (OSError, OverflowError, ValueError):
        return FAR_PAST  # it vanished, or its date is outside the calendar
