"""The files of a submission: which ones count, what they hash to, and how they are copied.

In: a folder that a learner filled. Out: paths, one hash, or a copy.
Law: links and special files are never followed or opened; what nbgrader's `collect` leaves out
(ignored names, files above max_file_size) is no part of a submission; a copy is whole or absent.
"""

import hashlib
import io
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from skillmap.errors import GradingError
from skillmap.grading.refusals import disk_refusal
from skillmap.judging.wording import printable

__all__ = [
    "FileRules",
    "UnreadableSubmissionError",
    "copy_whole",
    "hash_files",
    "is_regular",
    "notebooks_in",
    "open_regular",
    "regular_files",
]

MAX_HASHES = 100_000  # files whose hash is remembered
MAX_DEPTH = 20  # folders in folders; nbgrader's own walk ends in a RecursionError near 1000
NOT_THE_LEARNERS = {"timestamp.txt", "submission_secret.txt"}  # written by nbgrader's submit


class UnreadableSubmissionError(GradingError):
    """A file of one submission cannot be copied; the message is for the learner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRules:
    """Which files belong to a submission, as the course's configuration says."""

    ignore: tuple[str, ...] = ()
    include: tuple[str, ...] = ("*",)
    max_bytes: int = 100_000_000

    @classmethod
    def of(cls, coursedir: Any) -> "FileRules":
        """Read the rules of nbgrader's CourseDirectory; its max_file_size is in kilobytes."""
        return cls(
            ignore=tuple(coursedir.ignore),
            include=tuple(coursedir.include),
            max_bytes=1000 * coursedir.max_file_size,
        )

    def take(self, entry: "os.DirEntry[str]") -> bool:
        """Whether a file belongs to the submission."""
        if not any(fnmatch(entry.name, pattern) for pattern in self.include):
            return False
        try:
            found = entry.stat(follow_symlinks=False)
        except OSError:
            return False  # it vanished
        return stat.S_ISREG(found.st_mode) and found.st_size <= self.max_bytes


def regular_files(folder: Path, rules: FileRules, *, depth: int = 0) -> Iterator[Path]:
    """Yield the files that count, in a fixed order; what cannot be listed is left out."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if any(fnmatch(entry.name, pattern) for pattern in rules.ignore):
            continue
        if entry.is_dir(follow_symlinks=False):
            if depth < MAX_DEPTH:
                yield from regular_files(Path(entry.path), rules, depth=depth + 1)
        elif rules.take(entry):
            yield Path(entry.path)


def is_regular(path: Path) -> bool:
    """Whether a path is a file itself: no link, folder or special file."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def notebooks_in(folder: Path) -> frozenset[str]:
    """Names (without .ipynb) of the notebooks that lie in a folder."""
    return frozenset(path.stem for path in folder.glob("*.ipynb") if is_regular(path))


def open_regular(path: Path) -> io.BufferedReader:
    """Open a file for reading; raise OSError where a learner put a link or a pipe in its place."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(f"{path} is no file")
    return os.fdopen(handle, "rb")


def hash_files(folder: Path, rules: FileRules) -> str:
    """Return one SHA-256 over the names and bytes of all files that the learner handed in."""
    digest = hashlib.sha256()
    for path in regular_files(folder, rules):
        if path.name not in NOT_THE_LEARNERS:
            digest.update(os.fsencode(path.relative_to(folder)) + b"\0")
            digest.update(_hash_file(path))
    return digest.hexdigest()


def _hash_file(path: Path) -> bytes:
    try:
        with open_regular(path) as file:
            found = os.fstat(file.fileno())
            # The kernel sets the time of change; nobody can put it back.
            state = (found.st_dev, found.st_ino, found.st_size, found.st_ctime_ns)
            if state not in _hashes:
                if len(_hashes) >= MAX_HASHES:
                    _hashes.clear()
                _hashes[state] = hashlib.file_digest(file, "sha256").digest()
            return _hashes[state]
    except OSError:
        return b"unreadable"


# What was read once in this process; a run looks at the same submissions several times.
_hashes: dict[tuple[int, int, int, int], bytes] = {}


def copy_whole(source: Path, target: Path, rules: FileRules, *, timestamp: str = "") -> None:
    """Copy a submission, whole or not at all, in the place of what is there.

    timestamp: what timestamp.txt shall say; "" leaves it as handed in. Raises
    UnreadableSubmissionError (only this one cannot be copied) or GradingError (the disk).
    """
    incoming = target.parent / f".{target.name}.incoming"
    replaced = target.parent / f".{target.name}.replaced"
    try:
        for left_over in (incoming, replaced):
            _remove(left_over)
        incoming.mkdir(parents=True)
        for path in regular_files(source, rules):
            _copy(path, incoming / path.relative_to(source))
        if timestamp:
            (incoming / "timestamp.txt").write_text(timestamp, encoding="utf-8")
        # Renamed, not removed: a half removed folder would look like another submission.
        if os.path.lexists(target):
            target.rename(replaced)
        incoming.rename(target)
        _remove(replaced)
    except OSError as error:
        _remove(incoming)
        raise disk_refusal(error) or _unreadable(source, error) from error


def _copy(path: Path, copy: Path) -> None:
    try:
        file = open_regular(path)
    except OSError as error:
        raise _unreadable(path, error) from error
    with file:
        copy.parent.mkdir(parents=True, exist_ok=True)
        with copy.open("wb") as copied:
            shutil.copyfileobj(file, copied)


def _remove(path: Path) -> None:
    if path.is_symlink():
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)


def _unreadable(path: Path, error: OSError) -> UnreadableSubmissionError:
    return UnreadableSubmissionError(
        f"{printable(path.name)} cannot be read ({error.strerror or 'it is no file'}). "
        "Take it out of the folder or mend it, and hand in again."
    )
