"""More time for one learner: the deadline in the gradebook, and the late penalty that follows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from skillmap.errors import GradingError
from skillmap.grading import alone, gradebook_submissions
from skillmap.grading.extensions import (
    Extension,
    due_date,
    extend_deadline,
    extensions_of,
    renew_penalty,
)
from skillmap.workflows.programme import Programme

__all__ = ["Extended", "extend", "extensions", "extra_until", "own_deadline"]

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended:
    """What became of an extension.

    due: the learner's own; None without a due date. penalty_before, penalty_after: points that a
    late hand-in costs, 0 for work that is not graded yet.
    """

    due: datetime | None
    penalty_before: float
    penalty_after: float


def extend(programme: Programme, assignment: str, learner: str, extra: timedelta) -> Extended:
    """Give `extra` time after the due date in place of an earlier extension; 0 takes it back.

    Late penalties of graded work are taken anew at once. Raises GradingError when the gradebook
    does not know the assignment or learner, or another process grades.
    """
    course = programme.nbgrader
    with alone(course):
        before = _penalty(programme, assignment, learner)
        with course.gradebook() as gradebook:
            extend_deadline(gradebook, assignment, learner, ceil(extra / MINUTE))
            renew_penalty(course, gradebook, assignment, learner)
        return Extended(
            due=own_deadline(programme, assignment, extra),
            penalty_before=before,
            penalty_after=_penalty(programme, assignment, learner),
        )


def extra_until(programme: Programme, assignment: str, until: datetime) -> timedelta:
    """Return the time between the due date of all and `until`.

    Raises GradingError when the assignment has no due date or `until` lies before it.
    """
    due = own_deadline(programme, assignment, timedelta())
    if due is None:
        raise GradingError(
            f"{assignment}: it has no due date, so nobody is late. "
            f"Set one with `skillmap release {assignment} --due …`."
        )
    if until < due:
        raise GradingError(
            f"{assignment}: {until:%Y-%m-%d %H:%M %Z} lies before the due date of all, "
            f"{due:%Y-%m-%d %H:%M %Z}. Name a later time, or take an extension back with --days 0."
        )
    return until - due


def own_deadline(programme: Programme, assignment: str, extra: timedelta) -> datetime | None:
    """Return the deadline with `extra` time, None when the assignment has no due date.

    Raises GradingError when the gradebook does not know the assignment.
    """
    with programme.nbgrader.gradebook() as gradebook:
        due = due_date(gradebook, assignment)
    return due + extra if due else None


def extensions(programme: Programme, assignment: str) -> list[Extension]:
    """List who has more time for an assignment; GradingError when it is unknown."""
    with programme.nbgrader.gradebook() as gradebook:
        return extensions_of(gradebook, assignment)


def _penalty(programme: Programme, assignment: str, learner: str) -> float:
    found = gradebook_submissions(programme.nbgrader, assignment, learner=learner)
    return sum(one.late_penalty for one in found)
