"""Read the gradebook back into the log: new scores, and what a person graded in formgrader.

Law: reading twice adds nothing; a score that a person changed becomes a new revision; an attempt
whose grading was cut off is left to `grade`, because the gradebook may mix two attempts then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from skillmap.grading import (
    ISOLATION_OF_NBGRADER,
    GradebookSubmission,
    Submission,
    alone,
    find_submissions,
    gradebook_submissions,
    known_assignments,
    nbgrader_version,
    notebooks_in,
    responses_of,
)
from skillmap.model import AssignmentId, GradedAttempt, Response
from skillmap.ports import Clock, Progress
from skillmap.store import responses
from skillmap.workflows.programme import Programme

__all__ = [
    "attempt_key",
    "find_attempts",
    "held_attempt",
    "known_attempts",
    "read_back",
    "read_scores",
    "sync",
]

PRECISION = timedelta(seconds=1)  # what MySQL's DATETIME keeps


def sync(programme: Programme, *, clock: Clock, progress: Progress) -> int:
    """Read all assignments back; return the number of new responses.

    Raises GradingError while another process grades: the gradebook may mix two attempts then.
    """
    assignments = known_assignments(programme.nbgrader)
    n_new = 0
    with alone(programme.nbgrader):
        for n_before, assignment in enumerate(assignments):
            progress(n_before, len(assignments), assignment)
            n_new += read_back(programme, assignment, clock=clock)
    progress(len(assignments), len(assignments), "")
    return n_new


def read_back(programme: Programme, assignment: str, *, clock: Clock) -> int:
    """Append what the gradebook says of one assignment; return the number of new responses.

    What nbgrader graded without us counts as graded when every test has given its points, and
    when the folder it was graded from is still as it was.
    """
    held = gradebook_submissions(programme.nbgrader, assignment)
    if not held:
        return 0
    known = {attempt_key(record): record for record in known_attempts(programme, assignment)}
    found = [
        submission
        for submission in find_attempts(programme, assignment, known.values())
        if (record := known.get(attempt_key(submission))) is None or record.problem is None
    ]
    n_new = 0
    with programme.database.begin() as session:
        for submission in held:
            source = held_attempt(submission, found)
            if source is None or not submission.is_autograded:
                continue
            record = known.get(attempt_key(source))
            if record is None and not _is_ours(submission, known.values()):
                record = _record(source, clock=clock)
            if record is not None and record.is_finished:
                responses.record_attempt(session, record)
                n_new += responses.append(session, read_scores(submission, source, record))
    return n_new


def _is_ours(held: GradebookSubmission, known: Iterable[GradedAttempt]) -> bool:
    """Whether the log knows these scores by another content: the folder was changed since."""
    when = held.timestamp
    return any(
        record.attempt.learner == held.learner
        and (when is None or abs(record.attempt.submitted_at - when) < PRECISION)
        for record in known
    )


def known_attempts(programme: Programme, assignment: str) -> list[GradedAttempt]:
    """Return what the log knows of the attempts at an assignment."""
    with programme.database.begin(is_read_only=True) as session:
        return responses.graded_attempts(session, assignment=AssignmentId(assignment))


def find_attempts(
    programme: Programme, assignment: str, known: Iterable[GradedAttempt]
) -> list[Submission]:
    """Find all submissions; those without a time keep the one they have in the log.

    Copying a course folder gives its files new dates, which makes no new attempts.
    """
    times = {(k.attempt.learner, k.attempt.sha256): k.attempt.submitted_at for k in known}
    found = []
    for submission in find_submissions(programme.nbgrader, assignment):
        attempt = submission.attempt
        when = times.get((attempt.learner, attempt.sha256))
        if when is not None and not submission.has_time:
            submission = replace(submission, attempt=replace(attempt, submitted_at=when))
        found.append(submission)
    return sorted(found, key=lambda s: (s.attempt.submitted_at, s.attempt.learner))


def read_scores(
    held: GradebookSubmission, source: Submission, record: GradedAttempt
) -> list[Response]:
    """Turn the gradebook's row of one submission into responses, as `record` describes it."""
    return responses_of(
        held,
        source.attempt,
        handed_in=notebooks_in(source.folder),
        graded_at=record.graded_at,
        scoring=record.scoring,
        isolation=record.isolation,
    )


def attempt_key(of: Submission | GradedAttempt) -> tuple[str, str, str]:
    """Name an attempt by learner, time and content."""
    return of.attempt.learner, of.attempt.submitted_at.isoformat(), of.attempt.sha256


def held_attempt(held: GradebookSubmission, found: Sequence[Submission]) -> Submission | None:
    """Tell which of the attempts found is the one whose scores the gradebook holds.

    Some databases cut fractions of a second off; without a time it is the newest without one.
    """
    own = [s for s in found if s.attempt.learner == held.learner]
    when = held.timestamp
    if when is None:
        return next((s for s in reversed(own) if not s.has_time), own[-1] if own else None)
    close = [s for s in own if abs(s.attempt.submitted_at - when) < PRECISION]
    return min(close, key=lambda s: abs(s.attempt.submitted_at - when), default=None)


def _record(source: Submission, *, clock: Clock) -> GradedAttempt:
    return GradedAttempt(
        attempt=source.attempt,
        graded_at=clock(),
        scoring=nbgrader_version(),
        isolation=ISOLATION_OF_NBGRADER,
    )
