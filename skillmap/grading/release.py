"""Hand out: learners' versions from the instructor's, into the exchange; and collect from it."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nbgrader.converters import GenerateAssignment

from skillmap.errors import GradingError, did_you_mean
from skillmap.grading.course import NbgraderCourse, folders_like
from skillmap.grading.gradebook import gradebook_submissions, released_notebooks
from skillmap.grading.run import NbgraderFailureError, run
from skillmap.grading.submissions import preserve_submitted, submitted_folders

__all__ = [
    "collect_submissions",
    "generate_release",
    "known_assignments",
    "needs_release",
    "release_assignment",
    "require_assignment",
    "set_due_date",
    "source_assignments",
]

CHANGED_TOO_LATE = ("Cannot add or remove cells", "Cannot modify existing assignment")


def source_assignments(course: NbgraderCourse) -> list[str]:
    """Names of the assignments that have an instructor's version."""
    found = folders_like(course.source)
    return sorted(name for name, folder in found if any(folder.glob("*.ipynb")))


def known_assignments(course: NbgraderCourse) -> list[str]:
    """Names of all assignments that the gradebook or the source folder knows."""
    graded: list[str] = []
    if course.has_gradebook():
        with course.gradebook() as gradebook:
            graded = [assignment.name for assignment in gradebook.assignments]
    return sorted({*graded, *source_assignments(course)})


def require_assignment(course: NbgraderCourse, assignment: str) -> None:
    """Raise GradingError, with the closest name, when no such assignment exists."""
    known = known_assignments(course)
    if assignment not in known:
        raise GradingError(
            f"Assignment {assignment!r}: the course {course.root} has none of that name."
            f"{did_you_mean(assignment, known)} It has: {', '.join(known) or 'none yet'}."
        )


def needs_release(course: NbgraderCourse, assignment: str) -> bool:
    """Whether nbgrader has to be told the cells of an assignment before it can grade.

    True for a release that was cut off, too, until somebody is graded: some cells may be missing.
    """
    if not released_notebooks(course, assignment):
        return True
    return _mark(course, assignment).exists() and not gradebook_submissions(course, assignment)


def generate_release(
    course: NbgraderCourse, assignment: str, *, notebooks: Mapping[str, bytes] | None = None
) -> None:
    """Make the learners' version and tell the gradebook its cells.

    notebooks: what stands in place of the source's own, by file name, such as translated ones.
    Raises NbgraderFailureError when nbgrader cannot; the learners' version of before stays then.
    """
    require_assignment(course, assignment)
    what = f"Making the learners' version of {assignment}"
    mark = _mark(course, assignment)

    def make() -> Any:
        app = GenerateAssignment(coursedir=course.api.coursedir, parent=course.api)
        app.force = True
        app.create_assignment = True
        return app

    try:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
        with _kept_on_failure(course.release(assignment)):
            with course.selected(assignment, "."), _in_place(course, assignment, notebooks or {}):
                run(course, make, what)
            mark.unlink()
    except NbgraderFailureError as failure:
        raise _in_plain_words(failure, what) from failure
    except OSError as error:
        raise (course.refusal(error) or GradingError(f"{what}: {error}")) from error


@contextmanager
def _in_place(
    course: NbgraderCourse, assignment: str, notebooks: Mapping[str, bytes]
) -> Iterator[None]:
    """Let nbgrader read a copy of the source folder with these notebooks in it."""
    if not notebooks:
        yield
        return
    coursedir, before = course.api.coursedir, course.api.coursedir.source_directory
    with TemporaryDirectory(prefix="skillmap-release-") as home:
        copy = Path(home) / assignment
        shutil.copytree(course.source(assignment), copy, symlinks=True)
        for name, text in notebooks.items():
            (copy / name).write_bytes(text)
        coursedir.source_directory = home
        try:
            yield
        finally:
            coursedir.source_directory = before


def _mark(course: NbgraderCourse, assignment: str) -> Path:
    released = course.release(assignment)
    return released.parent / f".{released.name}.unfinished"


@contextmanager
def _kept_on_failure(folder: Path) -> Iterator[None]:
    """Put a folder back when the block fails: nbgrader removes it before and after a failure."""
    before = folder.parent / f".{folder.name}.before"
    if folder.is_dir():
        shutil.rmtree(before, ignore_errors=True)
        folder.rename(before)
    try:
        yield
    except BaseException:
        if before.is_dir():
            shutil.rmtree(folder, ignore_errors=True)
            before.rename(folder)
        raise
    shutil.rmtree(before, ignore_errors=True)


def _in_plain_words(failure: NbgraderFailureError, what: str) -> NbgraderFailureError:
    if not any(sign in str(failure.reason) for sign in CHANGED_TOO_LATE):
        return failure
    words = (
        f"{what}: a test cell or a notebook was added or removed after submissions were graded, "
        f"which nbgrader refuses ({failure.reason}) Undo that, or hand out the new version under "
        "another name. Nothing was changed."
    )
    return NbgraderFailureError(words, failure.reason)


def release_assignment(
    course: NbgraderCourse, assignment: str, *, notebooks: Mapping[str, bytes] | None = None
) -> Path:
    """Make the learners' version and put it into the exchange; return the folder there.

    notebooks: as for `generate_release`.
    """
    require_exchange(course)
    generate_release(course, assignment, notebooks=notebooks)
    _exchange(course, assignment, "ReleaseAssignment", force=True)
    return course.exchange / "outbound" / assignment


def collect_submissions(course: NbgraderCourse, assignment: str) -> int:
    """Copy each learner's latest submission to `submitted/`; return how many lie there now."""
    require_assignment(course, assignment)
    require_exchange(course)
    preserve_submitted(course, assignment)
    _exchange(course, assignment, "Collect", update=True, check_owner=False)
    return len(list(submitted_folders(course, assignment)))


def _exchange(course: NbgraderCourse, assignment: str, step: str, **options: bool) -> None:
    def make() -> Any:
        app = course.exchange_step(step)
        for name, value in options.items():
            setattr(app, name, value)
        return app

    try:
        with course.selected(assignment, "*"):
            run(course, make, f"{step} of {assignment}")
    except NbgraderFailureError as error:
        raise GradingError(f"{error} The exchange is {course.exchange}.") from error


def require_exchange(course: NbgraderCourse) -> None:
    """Raise GradingError when the course has no name or no usable exchange folder."""
    if not course.course_id:
        raise GradingError(
            f"{course.root}: the exchange needs a course id. "
            'Add c.CourseDirectory.course_id = "my-course" to nbgrader_config.py.'
        )


def set_due_date(course: NbgraderCourse, assignment: str, due: datetime | None) -> None:
    """Set or clear the date after which a submission counts as late."""
    if due is not None and due.tzinfo is None:
        raise GradingError(f"Due date {due}: it has no time zone. Write 2026-11-30T18:00+01:00.")
    stored = due.astimezone(UTC).replace(tzinfo=None) if due else None
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(assignment, duedate=stored)
