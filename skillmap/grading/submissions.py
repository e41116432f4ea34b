"""Find every attempt of every learner, and lay one of them before nbgrader.

Attempts lie in three places: the exchange (one folder each), `submitted/` (nbgrader keeps one), and
`earlier_submissions/`, where we copy what would otherwise be replaced in `submitted/`.
Law: an attempt is known by learner, assignment and time; nothing that was handed in is lost; links
and special files are never followed.
"""

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path

from nbgrader.utils import parse_utc

from skillmap.grading.course import NbgraderCourse
from skillmap.model import AssignmentId, Attempt, LearnerId, PersonId

__all__ = [
    "Submission",
    "find_submissions",
    "hash_files",
    "place",
    "preserve_submitted",
    "submitted_folders",
]

EARLIER = "earlier_submissions"
NOT_THE_LEARNERS = {"timestamp.txt", "submission_secret.txt"}  # written by nbgrader's submit


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """An attempt and the folder that holds it. `has_time` is False where no timestamp.txt lies."""

    attempt: Attempt
    folder: Path
    has_time: bool = True


def find_submissions(course: NbgraderCourse, assignment: str) -> list[Submission]:
    """Return all attempts at an assignment, numbered per learner, in the order of time."""
    found: dict[tuple[str, datetime], Submission] = {}
    for submission in _everywhere(course, assignment):
        key = (submission.attempt.learner, submission.attempt.submitted_at)
        found.setdefault(key, submission)
    ordered = [found[key] for key in sorted(found, key=lambda key: (key[1], key[0]))]
    counts: dict[str, int] = {}
    numbered = []
    for submission in ordered:
        learner = submission.attempt.learner
        counts[learner] = counts.get(learner, 0) + 1
        attempt = replace(submission.attempt, number=counts[learner])
        numbered.append(replace(submission, attempt=attempt))
    return numbered


def _everywhere(course: NbgraderCourse, assignment: str) -> Iterator[Submission]:
    for folder in (course.exchange / "inbound", course.root / EARLIER):
        if course.course_id or folder.name == EARLIER:
            yield from _in_exchange(folder, assignment)
    for folder in sorted(submitted_folders(course, assignment)):
        yield _read(folder, learner=_learner_of(course, folder, assignment), assignment=assignment)


def _in_exchange(inbound: Path, assignment: str) -> Iterator[Submission]:
    if not inbound.is_dir():
        return
    for folder in sorted(inbound.iterdir()):
        parts = folder.name.split("+")
        if len(parts) >= 3 and parts[1] == assignment and folder.is_dir():
            yield _read(folder, learner=parts[0], assignment=assignment, stamp=parts[2])


def submitted_folders(course: NbgraderCourse, assignment: str) -> Iterator[Path]:
    """Yield the folders of one assignment that lie in `submitted/`."""
    pattern = course.submitted("*", assignment).relative_to(course.api.coursedir.root)
    for folder in Path(course.api.coursedir.root).glob(str(pattern)):
        if folder.is_dir() and not folder.is_symlink():
            yield folder


def _learner_of(course: NbgraderCourse, folder: Path, assignment: str) -> str:
    before, _, after = str(course.submitted("\0", assignment)).partition("\0")
    return str(folder)[len(before) : len(str(folder)) - len(after)]


def _read(folder: Path, *, learner: str, assignment: str, stamp: str = "") -> Submission:
    written = folder / "timestamp.txt"
    if not stamp and written.is_file() and not written.is_symlink():
        stamp = written.read_text(encoding="utf-8", errors="replace").strip()
    when = _parse_time(stamp)
    attempt = Attempt(
        learner=LearnerId(PersonId(learner)),
        assignment=AssignmentId(assignment),
        number=1,
        submitted_at=when or _newest_change(folder),
        sha256=hash_files(folder),
    )
    return Submission(attempt=attempt, folder=folder, has_time=when is not None)


def _parse_time(stamp: str) -> datetime | None:
    try:
        parsed: datetime | None = parse_utc(stamp) if stamp else None
    except (ValueError, OverflowError):
        return None
    return parsed.replace(tzinfo=UTC) if parsed else None


def _newest_change(folder: Path) -> datetime:
    times = [path.stat().st_mtime for path in _regular_files(folder)] or [folder.stat().st_mtime]
    return datetime.fromtimestamp(max(times), UTC)


def _regular_files(folder: Path, ignore: tuple[str, ...] = ()) -> Iterator[Path]:
    for where, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(n for n in folders if not any(fnmatch(n, p) for p in ignore))
        for name in sorted(names):
            path = Path(where) / name
            if (
                path.is_file()
                and not path.is_symlink()
                and not any(fnmatch(name, p) for p in ignore)
            ):
                yield path


def hash_files(folder: Path) -> str:
    """Return one SHA-256 over the names and bytes of all files that the learner handed in."""
    digest = hashlib.sha256()
    for path in _regular_files(folder):
        if path.name not in NOT_THE_LEARNERS:
            digest.update(str(path.relative_to(folder)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def preserve_submitted(course: NbgraderCourse, assignment: str) -> None:
    """Copy what lies only in `submitted/`, for learners with other attempts, to a lasting place.

    Call it before `place`, which replaces what `submitted/` holds.
    """
    found = find_submissions(course, assignment)
    counts = Counter(submission.attempt.learner for submission in found)
    for submission in found:
        attempt = submission.attempt
        is_only_copy = submission.folder == course.submitted(attempt.learner, assignment)
        if is_only_copy and counts[attempt.learner] > 1:
            stamp = attempt.submitted_at.strftime("%Y-%m-%d %H:%M:%S.%f UTC")
            kept = course.root / EARLIER / f"{attempt.learner}+{assignment}+{stamp}"
            _copy_whole(submission.folder, kept, ignore=())


def place(course: NbgraderCourse, submission: Submission) -> None:
    """Make `submission` the one in `submitted/`, whole or not at all."""
    target = course.submitted(submission.attempt.learner, submission.attempt.assignment)
    if target != submission.folder:
        _copy_whole(submission.folder, target, ignore=tuple(course.api.coursedir.ignore))


def _copy_whole(source: Path, target: Path, *, ignore: tuple[str, ...]) -> None:
    incoming = target.parent / f".{target.name}.incoming"
    shutil.rmtree(incoming, ignore_errors=True)
    incoming.mkdir(parents=True)
    for path in _regular_files(source, ignore):
        copy = incoming / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    if target.exists():
        shutil.rmtree(target)
    incoming.rename(target)
