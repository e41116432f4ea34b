"""What became of each submission, and the counting of attempts.

In: a GradedAttempt, when its grading begins and when it ends. Out: all of them, in order of time.
Law: attempts of one learner at one assignment are counted 1, 2, … by the time of submission,
whether or not they could be graded.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Subquery, func, select, union
from sqlalchemy.orm import Session

from skillmap.model import AssignmentId, Attempt, GradedAttempt, LearnerId
from skillmap.store.schema import AttemptRow, ResponseRow

__all__ = ["graded_attempts", "numbers", "record_attempt", "record_attempts"]

AT_ONCE = 500  # attempts in one question: databases limit its parameters
_Key = tuple[LearnerId, AssignmentId, datetime, str]


def record_attempt(session: Session, graded: GradedAttempt) -> None:
    """Add what became of an attempt, or replace what was known of it."""
    record_attempts(session, [graded])


def record_attempts(session: Session, graded: Sequence[GradedAttempt]) -> None:
    """Add what became of several attempts, or replace what was known of each."""
    for start in range(0, len(graded), AT_ONCE):
        some = graded[start : start + AT_ONCE]
        rows = _find(session, [one.attempt for one in some])
        for one in some:
            key = _key(one.attempt)
            row = rows[key] = rows.get(key) or _new_row(one.attempt)
            row.number = one.attempt.number
            row.graded_at = one.graded_at
            row.scoring = one.scoring
            row.isolation = one.isolation
            row.is_finished = one.is_finished
            row.problem = one.problem
            row.findings = one.findings
        session.add_all(rows.values())
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


def _find(session: Session, attempts: Sequence[Attempt]) -> dict[_Key, AttemptRow]:
    rows = session.scalars(
        select(AttemptRow).where(
            AttemptRow.learner.in_({one.learner for one in attempts}),
            AttemptRow.assignment.in_({one.assignment for one in attempts}),
            AttemptRow.submitted_at.in_({one.submitted_at for one in attempts}),
        )
    )
    wanted = {_key(one) for one in attempts}
    return {_key(row): row for row in rows if _key(row) in wanted}


def _key(of: Attempt | AttemptRow) -> _Key:
    return of.learner, of.assignment, of.submitted_at.astimezone(UTC), of.sha256


def _new_row(attempt: Attempt) -> AttemptRow:
    return AttemptRow(
        learner=attempt.learner,
        assignment=attempt.assignment,
        submitted_at=attempt.submitted_at,
        sha256=attempt.sha256,
    )


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
