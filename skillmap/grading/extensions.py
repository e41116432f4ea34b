"""More time for one learner, kept where nbgrader keeps it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from nbgrader.api import MissingEntry

from skillmap.errors import GradingError, did_you_mean
from skillmap.grading.bookkeeping import Books
from skillmap.grading.course import NbgraderCourse
from skillmap.grading.files import notebooks_in
from skillmap.grading.gradebook_rows import GradebookRows
from skillmap.grading.graded import GradedSubmission

__all__ = ["Extension", "due_date", "extend_deadline", "extensions_of", "renew_penalty"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """One learner's own deadline.

    extra: after the due date of all. due: the own date; None when the assignment has none.
    penalty: points that a late hand-in costs now, over all notebooks.
    """

    assignment: str
    learner: str
    extra: timedelta
    due: datetime | None
    penalty: float


def extend_deadline(gradebook: Any, assignment: str, learner: str, minutes: int) -> None:
    """Give a learner more time; it counts when a submission is graded next.

    minutes: after the due date, in place of an earlier extension; 0 takes it back. A learner who
    has not handed in yet gets an empty submission in the gradebook, which is where nbgrader keeps
    the extension. Raises GradingError when the gradebook does not know the assignment or learner.
    """
    if minutes < 0:
        raise GradingError(f"{minutes} minutes: an extension cannot be shorter than none.")
    known = {
        "Assignment": (assignment, [one.name for one in gradebook.assignments]),
        "Learner": (learner, [one.id for one in gradebook.students]),
    }
    for what, (name, names) in known.items():
        if name not in names:
            raise GradingError(
                f"{what} {name!r}: the gradebook knows none of that name."
                f"{did_you_mean(name, names)}"
            )
    try:
        gradebook.find_submission(assignment, learner)
    except MissingEntry:
        rows = GradebookRows(gradebook)
        assignment_id = gradebook.find_assignment(assignment).id
        rows.insert(rows.plan(assignment_id), assignment_id, learner, None)
    gradebook.grant_extension(assignment, learner, minutes=minutes)


def renew_penalty(course: NbgraderCourse, gradebook: Any, assignment: str, learner: str) -> None:
    """Take the late penalty of graded work anew, by the learner's deadline as it is now.

    What was not graded yet is left alone: its penalty comes with its grading.
    """
    submission = gradebook.find_submission(assignment, learner)
    handed_in = notebooks_in(course.autograded(learner, assignment))
    if submission.timestamp is None or not handed_in:
        return
    missing = tuple(one.name for one in submission.notebooks if one.name not in handed_in)
    unchanged = GradedSubmission(
        assignment=assignment,
        learner=learner,
        timestamp=submission.timestamp.replace(tzinfo=UTC),
        grades=(),
        missing_notebooks=missing,
    )
    Books(course, gradebook).record(unchanged)
    gradebook.db.expire_all()


def due_date(gradebook: Any, assignment: str) -> datetime | None:
    """Return the due date of all, None without one; GradingError for an unknown assignment."""
    due = _assignment(gradebook, assignment).duedate
    return due.replace(tzinfo=UTC) if due else None


def extensions_of(gradebook: Any, assignment: str) -> list[Extension]:
    """List the extensions of one assignment, by learner; those of no time are left out.

    Raises GradingError when the gradebook does not know the assignment.
    """
    found = _assignment(gradebook, assignment).submissions
    given = [_extension(one, assignment) for one in found if one.extension]
    return sorted(given, key=lambda one: one.learner)


def _assignment(gradebook: Any, assignment: str) -> Any:
    try:
        return gradebook.find_assignment(assignment)
    except MissingEntry as error:
        names = [one.name for one in gradebook.assignments]
        raise GradingError(
            f"Assignment {assignment!r}: the gradebook knows none of that name."
            f"{did_you_mean(assignment, names)}"
        ) from error


def _extension(submission: Any, assignment: str) -> Extension:
    due = submission.assignment.duedate
    extra = submission.extension or timedelta()
    penalties = (one.late_submission_penalty or 0.0 for one in submission.notebooks)
    return Extension(
        assignment=assignment,
        learner=submission.student_id,
        extra=extra,
        due=(due + extra).replace(tzinfo=UTC) if due else None,
        penalty=float(sum(penalties)),
    )
