"""Run `grade` in a test, and look at what it left."""

from datetime import UTC, datetime

from skillmap.grading import gradebook_submissions
from skillmap.judging import Scoring
from skillmap.model import GradedAttempt, Response
from skillmap.store import responses
from skillmap.workflows.grade import grade
from skillmap.workflows.programme import Programme
from tests.courtroom import courtroom

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def clock() -> datetime:
    return NOW


def silent(done: int, total: int, what: str) -> None:
    del done, total, what


def run(
    programme: Programme,
    *assignments: str,
    again: bool = False,
    n_workers: int = 1,
    scoring: Scoring = Scoring.CORRECTED,
) -> list[GradedAttempt]:
    """Grade, by default a1."""
    return grade(
        programme,
        assignments or ["a1"],
        clock=clock,
        progress=silent,
        again=again,
        n_workers=n_workers,
        scoring=scoring,
        courtroom=courtroom(),
    )


def log(programme: Programme) -> list[Response]:
    with programme.database.begin() as session:
        return responses.current(session)


def records(programme: Programme) -> list[GradedAttempt]:
    with programme.database.begin() as session:
        return responses.graded_attempts(session)


def doubles(programme: Programme) -> list[tuple[int, float]]:
    """(attempt, fraction) of all responses to a1's test, in the order of time."""
    return [(r.attempt, r.fraction) for r in log(programme) if r.item == "a1/one/double_test"]


def points(programme: Programme, learner: str) -> float:
    """What the gradebook holds of a learner's a1."""
    [submission] = gradebook_submissions(programme.nbgrader, "a1", learner=learner)
    return sum(cell.score or 0 for cell in submission.cells)
