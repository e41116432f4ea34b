"""Read the gradebook back into the log: new scores, and what a person graded in formgrader.

Law: reading twice adds nothing; a score that a person changed becomes a new revision; an attempt
whose grading was cut off is left to `grade`, because the gradebook may mix two attempts then.
"""

from collections.abc import Sequence

from skillmap.grading import (
    ISOLATION,
    GradebookSubmission,
    Submission,
    find_submissions,
    gradebook_submissions,
    known_assignments,
    nbgrader_version,
    responses_of,
)
from skillmap.model import AssignmentId, GradedAttempt, Response
from skillmap.ports import Clock, Progress
from skillmap.store import responses
from skillmap.workflows.programme import Programme

__all__ = ["attempt_key", "read_back", "read_scores", "sync"]


def sync(programme: Programme, *, clock: Clock, progress: Progress) -> int:
    """Read all assignments back; return the number of new responses."""
    assignments = known_assignments(programme.nbgrader)
    n_new = 0
    for n_before, assignment in enumerate(assignments):
        progress(n_before, len(assignments), assignment)
        n_new += read_back(programme, assignment, clock=clock)
    progress(len(assignments), len(assignments), "")
    return n_new


def read_back(programme: Programme, assignment: str, *, clock: Clock) -> int:
    """Append what the gradebook says of one assignment; return the number of new responses.

    What nbgrader graded without us counts as graded when every test has given its points.
    """
    held = gradebook_submissions(programme.nbgrader, assignment)
    found = find_submissions(programme.nbgrader, assignment) if held else []
    with programme.database.begin() as session:
        known = {
            attempt_key(record): record
            for record in responses.graded_attempts(session, assignment=AssignmentId(assignment))
        }
        n_new = 0
        for submission in held:
            source = _source_of(submission, found)
            if source is None or not submission.is_autograded:
                continue
            record = known.get(attempt_key(source), _record(source, clock=clock))
            if record.is_finished and record.problem is None:
                responses.record_attempt(session, record)
                n_new += responses.append(session, read_scores(submission, source, record))
    return n_new


def read_scores(
    held: GradebookSubmission, source: Submission, record: GradedAttempt
) -> list[Response]:
    """Turn the gradebook's row of one submission into responses, as `record` describes it."""
    return responses_of(
        held,
        source.attempt,
        handed_in=frozenset(path.stem for path in source.folder.glob("*.ipynb")),
        graded_at=record.graded_at,
        scoring=record.scoring,
        isolation=record.isolation,
    )


def attempt_key(of: Submission | GradedAttempt) -> tuple[str, str, str]:
    """Name an attempt by learner, time and content."""
    return of.attempt.learner, of.attempt.submitted_at.isoformat(), of.attempt.sha256


def _source_of(held: GradebookSubmission, found: Sequence[Submission]) -> Submission | None:
    own = [s for s in found if s.attempt.learner == held.learner]
    if held.timestamp is not None:
        own = [s for s in own if s.attempt.submitted_at == held.timestamp]
    return own[-1] if own else None


def _record(source: Submission, *, clock: Clock) -> GradedAttempt:
    return GradedAttempt(
        attempt=source.attempt,
        graded_at=clock(),
        scoring=nbgrader_version(),
        isolation=ISOLATION,
    )
