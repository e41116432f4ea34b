"""More time for one learner: the deadline in the gradebook, and the late penalty that follows."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from skillmap.errors import GradingError
from skillmap.grading import alone
from skillmap.grading.extensions import (
    Extension,
    extend_deadline,
    extensions_of,
    renew_penalty,
)
from skillmap.workflows.programme import Programme

__all__ = ["Extended", "extend", "extensions", "extra_until"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended:
    """What became of an extension. due: the learner's own; None without a due date.

    penalty_before, penalty_after: points that a late hand-in costs, 0 for work not graded yet.
    """

    extra: timedelta
    due: datetime | None
    penalty_before: float
    penalty_after: float


def extend(programme: Programme, assignment: str, learner: str, extra: timedelta) -> Extended:
    """Give `extra` time after the due date in place of an earlier extension; 0 takes it back.

    Late penalties of graded work are taken anew at once. Raises GradingError when the gradebook
    does not know the assignment or learner, or another process grades.
    """
    course = programme.nbgrader
    with alone(course), course.gradebook() as gradebook:
        before = _penalty(gradebook, assignment, learner)
        extend_deadline(gradebook, assignment, learner, ceil(extra / timedelta(minutes=1)))
        renew_penalty(course, gradebook, assignment, learner)
        return Extended(
            extra=extra,
            due=_own_due(gradebook, assignment, extra),
            penalty_before=before,
            penalty_after=_penalty(gradebook, assignment, learner),
        )


def extra_until(programme: Programme, assignment: str, until: datetime) -> timedelta:
    """Return the time between the due date of all and `until`.

    Raises GradingError when the assignment has no due date or `until` lies before it.
    """
    with programme.nbgrader.gradebook() as gradebook:
        due = _own_due(gradebook, assignment, timedelta())
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


def extensions(programme: Programme, assignment: str) -> list[Extension]:
    """List who has more time for an assignment."""
    with programme.nbgrader.gradebook() as gradebook:
        return extensions_of(gradebook, assignment)


def _penalty(gradebook: object, assignment: str, learner: str) -> float:
    # Asked of the list of all, because a learner without a submission has no row yet.
    found = (s for s in _submissions(gradebook, assignment) if s.student_id == learner)
    return float(sum(n.late_submission_penalty or 0.0 for s in found for n in s.notebooks))
