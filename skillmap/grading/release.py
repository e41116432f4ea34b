"""Hand out: learners' versions from the instructor's, into the exchange; and collect from it."""

from datetime import UTC, datetime
from pathlib import Path

from nbgrader.converters import GenerateAssignment

from skillmap.errors import GradingError, did_you_mean
from skillmap.grading.course import NbgraderCourse
from skillmap.grading.run import NbgraderFailureError, run
from skillmap.grading.submissions import submitted_folders

__all__ = [
    "collect_submissions",
    "generate_release",
    "known_assignments",
    "release_assignment",
    "require_assignment",
    "set_due_date",
    "source_assignments",
]


def source_assignments(course: NbgraderCourse) -> list[str]:
    """Names of the assignments that have an instructor's version."""
    return sorted(
        path.name
        for path in course.source("").glob("*")
        if path.is_dir() and any(path.glob("*.ipynb"))
    )


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


def generate_release(course: NbgraderCourse, assignment: str) -> None:
    """Make the learners' version and tell the gradebook its cells."""
    require_assignment(course, assignment)
    with course.selected(assignment, "."):
        app = GenerateAssignment(coursedir=course.api.coursedir, parent=course.api)
        app.force = True
        app.create_assignment = True
        run(course, app, f"Making the learners' version of {assignment}")


def release_assignment(course: NbgraderCourse, assignment: str) -> Path:
    """Make the learners' version and put it into the exchange; return the folder there."""
    require_exchange(course)
    generate_release(course, assignment)
    _exchange(course, assignment, "ReleaseAssignment", force=True)
    return course.exchange / "outbound" / assignment


def collect_submissions(course: NbgraderCourse, assignment: str) -> int:
    """Copy each learner's latest submission to `submitted/`; return how many lie there now."""
    require_assignment(course, assignment)
    require_exchange(course)
    _exchange(course, assignment, "Collect", update=True, check_owner=False)
    return len(list(submitted_folders(course, assignment)))


def _exchange(course: NbgraderCourse, assignment: str, step: str, **options: bool) -> None:
    try:
        with course.selected(assignment, "*"):
            app = course.exchange_step(step)
            for name, value in options.items():
                setattr(app, name, value)
            run(course, app, f"{step} of {assignment}")
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
