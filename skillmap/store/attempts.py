"""What became of each submission, and the counting of attempts.

In: a GradedAttempt, when its grading begins and when it ends. Out: all of them, in order of time.
Law: attempts of one learner at one assignment are counted 1, 2, … by the time of submission,
whether or not they could be graded.
"""

from datetime import datetime

from sqlalchemy import Subquery, func, select, union
from sqlalchemy.orm import Session

from skillmap.model import AssignmentId, Attempt, GradedAttempt, LearnerId
from skillmap.store.schema import AttemptRow, ResponseRow

__all__ = ["graded_attempts", "numbers", "record_attempt"]


def record_attempt(session: Session, graded: GradedAttempt) -> None:
    """Add what became of an attempt, or replace what was known of it."""
    attempt = graded.attempt
    row = _find(session, attempt) or AttemptRow(
        learner=attempt.learner,
        assignment=attempt.assignment,
        submitted_at=attempt.submitted_at,
        sha256=attempt.sha256,
    )
    row.number = attempt.number
    row.graded_at = graded.graded_at
    row.scoring = graded.scoring
    row.isolation = graded.isolation
    row.is_finished = graded.is_finished
    row.problem = graded.problem
    row.findings = graded.findings
    session.add(row)
    session.flush()


def graded_attempts(
    session: Session, *, assignment: AssignmentId | None = None, learner: LearnerId | None = None
) -> list[GradedAttempt]:
    """Return all attempts, or those of an assignment or learner, in the order of submission."""
    counted = numbers(learner)
    query = select(AttemptRow, counted.c.number).join(
        counted,
        (AttemptRow.learner == counted.c.learner)
        & (AttemptRow.assignment == counted.c.assignment)
        & (AttemptRow.submitted_at == counted.c.submitted_at),
    )
    if assignment is not None:
        query = query.where(AttemptRow.assignment == assignment)
    found = [_graded(row, number) for row, number in session.execute(query)]
    return sorted(found, key=_order)


def numbers(learner: LearnerId | None) -> Subquery:
    """Count the attempts of one or all learners: learner, assignment, submitted_at, number."""
    answered = select(ResponseRow.learner, ResponseRow.assignment, ResponseRow.submitted_at)
    recorded = select(AttemptRow.learner, AttemptRow.assignment, AttemptRow.submitted_at)
    if learner is not None:
        answered = answered.where(ResponseRow.learner == learner)
        recorded = recorded.where(AttemptRow.learner == learner)
    # Union keeps one row of each.
    times = union(answered, recorded).subquery()
    number = func.row_number().over(
        partition_by=(times.c.learner, times.c.assignment), order_by=times.c.submitted_at
    )
    return select(times, number.label("number")).subquery()


def _find(session: Session, attempt: Attempt) -> AttemptRow | None:
    return session.scalars(
        select(AttemptRow).where(
            AttemptRow.learner == attempt.learner,
            AttemptRow.assignment == attempt.assignment,
            AttemptRow.submitted_at == attempt.submitted_at,
            AttemptRow.sha256 == attempt.sha256,
        )
    ).one_or_none()


def _graded(row: AttemptRow, number: int) -> GradedAttempt:
    return GradedAttempt(
        attempt=Attempt(
            learner=row.learner,
            assignment=row.assignment,
            number=number,
            submitted_at=row.submitted_at,
            sha256=row.sha256,
        ),
        graded_at=row.graded_at,
        scoring=row.scoring,
        isolation=row.isolation,
        is_finished=row.is_finished,
        problem=row.problem,
        findings=row.findings,
    )


def _order(graded: GradedAttempt) -> tuple[datetime, str, str, str]:
    attempt = graded.attempt
    return attempt.submitted_at, attempt.learner, attempt.assignment, attempt.sha256
