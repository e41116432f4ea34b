"""Find every attempt of every learner, and lay one of them before nbgrader.

Attempts lie in three places: the exchange (one folder each), `earlier_submissions/`, where we copy
what would otherwise be replaced in `submitted/`, and `submitted/` (nbgrader keeps one).
Law: an attempt is known by learner, assignment and time; nothing that was handed in is lost.
- A later place wins over an earlier one when its files differ: a person mended the copy.
- A folder without a time (no timestamp.txt) has the time of its newest file. With files of an
  attempt that is known it is that attempt; with other files it is a new one. Who changes such a
  folder in place keeps the responses of the version before, but not its files.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from glob import escape
from pathlib import Path

from skillmap.errors import GradingError
from skillmap.grading.course import NbgraderCourse, folders_like
from skillmap.grading.files import FileRules, copy_whole, hash_files, is_regular, regular_files
from skillmap.grading.times import as_stamp, newest_change, parse_time, read_time
from skillmap.judging.wording import printable
from skillmap.model import AssignmentId, Attempt, LearnerId, PersonId

__all__ = ["Submission", "find_submissions", "place", "preserve_submitted", "submitted_folders"]

EARLIER = "earlier_submissions"
Key = tuple[str, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """An attempt and the folder that holds it. `has_time` is False where no timestamp.txt lies.

    problem: why nbgrader cannot be given this folder, whatever notebooks it holds.
    """

    attempt: Attempt
    folder: Path
    has_time: bool = True
    problem: str | None = None


def find_submissions(course: NbgraderCourse, assignment: str) -> list[Submission]:
    """Return all attempts at an assignment, numbered per learner, in the order of time.

    Of two in the exchange with the same learner and time, the first by name counts.
    """
    found: dict[Key, Submission] = {}
    for place_of_them in (_in_exchange, _kept_earlier, _in_submitted):
        here: dict[Key, Submission] = {}
        for submission in place_of_them(course, assignment):
            here.setdefault(_key(submission), submission)
        for key, submission in here.items():
            if not _is_known(submission, found):
                found[key] = submission
    ordered = [found[key] for key in sorted(found, key=lambda key: (key[1], key[0]))]
    counts: Counter[str] = Counter()
    numbered = []
    for submission in ordered:
        counts[submission.attempt.learner] += 1
        attempt = replace(submission.attempt, number=counts[submission.attempt.learner])
        numbered.append(replace(submission, attempt=attempt))
    return numbered


def _key(submission: Submission) -> Key:
    return submission.attempt.learner, submission.attempt.submitted_at


def _is_known(submission: Submission, found: dict[Key, Submission]) -> bool:
    if submission.has_time:
        same = found.get(_key(submission))
        return same is not None and same.attempt.sha256 == submission.attempt.sha256
    attempt = submission.attempt
    return any(
        (one.attempt.learner, one.attempt.sha256) == (attempt.learner, attempt.sha256)
        for one in found.values()
    )


def _in_exchange(course: NbgraderCourse, assignment: str) -> Iterator[Submission]:
    if course.course_id:
        for submission in _inbound(course, course.exchange / "inbound", assignment):
            # nbgrader's submit writes it last.
            if (submission.folder / "timestamp.txt").exists():
                yield replace(submission, has_time=True)
            else:
                words = "It is still being handed in, or that was cut off: hand in once more."
                yield replace(submission, problem=submission.problem or words)


def _kept_earlier(course: NbgraderCourse, assignment: str) -> Iterator[Submission]:
    for submission in _inbound(course, course.root / EARLIER, assignment):
        yield replace(submission, has_time=(submission.folder / "timestamp.txt").exists())


def _in_submitted(course: NbgraderCourse, assignment: str) -> Iterator[Submission]:
    for learner, folder in submitted_folders(course, assignment):
        when = read_time(folder)
        problem = None
        if when is None and _says_something(folder / "timestamp.txt"):
            problem = f"{folder / 'timestamp.txt'} holds no time. Mend it or take it away."
        yield _read(
            course, folder, learner=learner, assignment=assignment, when=when, problem=problem
        )


def _says_something(file: Path) -> bool:
    """Whether there is anything but an empty file, which nbgrader takes for no time."""
    is_empty = is_regular(file) and file.lstat().st_size == 0
    return file.exists() and not is_empty


def _inbound(course: NbgraderCourse, folder: Path, assignment: str) -> Iterator[Submission]:
    """Read folders named learner+assignment+time+random; a learner's name may hold a +."""
    try:
        entries = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        raise GradingError(
            f"{folder}: {error.strerror}. Give yourself permission to read it, and run again."
        ) from error
    for entry in entries:
        learner, *rest = entry.name.rsplit("+", 3)
        if len(rest) >= 2 and rest[0] == assignment and entry.is_dir() and not entry.is_symlink():
            when = parse_time(rest[1]) or read_time(entry)
            yield _read(course, entry, learner=learner, assignment=assignment, when=when)


def submitted_folders(course: NbgraderCourse, assignment: str) -> Iterator[tuple[str, Path]]:
    """Yield (learner, folder) for one assignment in `submitted/`."""
    for learner, folder in folders_like(lambda name: course.submitted(name, assignment)):
        if not folder.is_symlink():
            yield learner, folder


def _read(
    course: NbgraderCourse,
    folder: Path,
    *,
    learner: str,
    assignment: str,
    when: datetime | None,
    problem: str | None = None,
) -> Submission:
    rules = course.file_rules()
    attempt = Attempt(
        learner=LearnerId(PersonId(printable(learner))),
        assignment=AssignmentId(assignment),
        number=1,
        submitted_at=when or newest_change(folder, regular_files(folder, rules)),
        sha256=hash_files(folder, rules),
    )
    return Submission(
        attempt=attempt,
        folder=folder,
        has_time=when is not None,
        problem=_name_problem(learner) or problem,
    )


def _name_problem(learner: str) -> str | None:
    is_plain = learner.isprintable() and learner == learner.strip() and learner == escape(learner)
    if learner and is_plain and not learner.startswith("."):
        return None
    return (
        f"The learner's name {printable(learner)!r} cannot be used: nbgrader would mistake it for "
        "other folders. Rename the submission's folder, or take it away."
    )


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
            name = f"{attempt.learner}+{assignment}+{as_stamp(attempt.submitted_at)}"
            kept = course.root / EARLIER / f"{name}+{attempt.sha256[:8]}"
            copy_whole(submission.folder, kept, FileRules(max_bytes=sys.maxsize))


def place(course: NbgraderCourse, submission: Submission) -> None:
    """Make `submission` the one in `submitted/`, whole or not at all.

    Raises UnreadableSubmissionError, or GradingError when the disk refuses.
    """
    attempt = submission.attempt
    target = course.submitted(attempt.learner, attempt.assignment)
    if target == submission.folder:
        return
    is_told = not submission.has_time or read_time(submission.folder) == attempt.submitted_at
    stamp = "" if is_told else as_stamp(attempt.submitted_at)
    copy_whole(submission.folder, target, course.file_rules(), timestamp=stamp)
