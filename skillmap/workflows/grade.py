"""Grade: every attempt found, in the order of time; each leaves its responses in the log.

The gradebook is the truth of the latest attempt; the log keeps them all. A finished row in the log
is the only sign that an attempt is done, so a run that was cut off goes on where it stopped.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from skillmap.grading import (
    ISOLATION,
    Submission,
    autograde,
    find_submissions,
    generate_release,
    gradebook_submissions,
    nbgrader_version,
    preserve_submitted,
    released_notebooks,
)
from skillmap.model import AssignmentId, GradedAttempt, LearnerId, PersonId
from skillmap.ports import Clock, Progress
from skillmap.store import responses
from skillmap.workflows.autograde_all import Outcome, autograde_all
from skillmap.workflows.programme import Programme
from skillmap.workflows.read_back import attempt_key, read_back, read_scores

__all__ = ["GradingPlan", "grade", "plan_grading"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingPlan:
    """What a run of `grade` would do: the attempts not graded yet, and how many are done."""

    pending: tuple[Submission, ...]
    n_done: int


def plan_grading(
    programme: Programme, assignments: Sequence[str], *, again: bool = False
) -> GradingPlan:
    """Find the attempts to grade, oldest first. `again` takes those that are done, too."""
    pending: list[Submission] = []
    n_done = 0
    for assignment in assignments:
        records = _records(programme, assignment)
        done = set() if again else {attempt_key(r) for r in records if r.is_finished}
        found = find_submissions(programme.nbgrader, assignment)
        new = [submission for submission in found if attempt_key(submission) not in done]
        pending.extend(new)
        n_done += len(found) - len(new)
    pending.sort(key=lambda s: (s.attempt.submitted_at, s.attempt.learner))
    return GradingPlan(pending=tuple(pending), n_done=n_done)


def grade(
    programme: Programme,
    assignments: Sequence[str],
    *,
    clock: Clock,
    progress: Progress,
    again: bool = False,
    n_workers: int = 1,
) -> list[GradedAttempt]:
    """Grade what `plan_grading` finds; then the gradebook holds each learner's latest good attempt.

    Raises GradingError or StoreError when the gradebook, the database or the disk refuses; what was
    graded before stays, and the next run goes on from there.
    """
    for assignment in assignments:
        if not released_notebooks(programme.nbgrader, assignment):
            generate_release(programme.nbgrader, assignment)
        preserve_submitted(programme.nbgrader, assignment)
        read_back(programme, assignment, clock=clock)
    pending = plan_grading(programme, assignments, again=again).pending
    graded: list[GradedAttempt] = []
    for outcome in autograde_all(
        programme.nbgrader,
        pending,
        n_workers=n_workers,
        begin=lambda submission: _begin(programme, submission, clock=clock),
    ):
        graded.append(_finish(programme, outcome, clock=clock))
        attempt = outcome.submission.attempt
        progress(len(graded), len(pending), f"{attempt.learner} · {attempt.assignment}")
    for assignment in assignments:
        _restore_latest(programme, assignment)
    return graded


def _begin(programme: Programme, submission: Submission, *, clock: Clock) -> None:
    with programme.database.begin() as session:
        responses.record_attempt(session, _record(submission, clock=clock, is_finished=False))


def _finish(programme: Programme, outcome: Outcome, *, clock: Clock) -> GradedAttempt:
    record = replace(
        _record(outcome.submission, clock=clock, is_finished=True),
        problem=outcome.result.problem,
        findings=outcome.result.findings,
    )
    rows = [row for held in outcome.held for row in read_scores(held, outcome.submission, record)]
    with programme.database.begin() as session:
        responses.append(session, rows)
        responses.record_attempt(session, record)
    return record


def _record(submission: Submission, *, clock: Clock, is_finished: bool) -> GradedAttempt:
    return GradedAttempt(
        attempt=submission.attempt,
        graded_at=clock(),
        scoring=nbgrader_version(),
        isolation=ISOLATION,
        is_finished=is_finished,
    )


def _restore_latest(programme: Programme, assignment: str) -> None:
    """Grade a learner's newest good attempt once more where the gradebook holds another one."""
    good = {
        attempt_key(r) for r in _records(programme, assignment) if r.is_finished and not r.problem
    }
    newest = {
        submission.attempt.learner: submission
        for submission in find_submissions(programme.nbgrader, assignment)
        if attempt_key(submission) in good and submission.has_time
    }
    for held in gradebook_submissions(programme.nbgrader, assignment):
        submission = newest.get(LearnerId(PersonId(held.learner)))
        if submission is not None and held.timestamp != submission.attempt.submitted_at:
            autograde(programme.nbgrader, submission)


def _records(programme: Programme, assignment: str) -> list[GradedAttempt]:
    with programme.database.begin() as session:
        return responses.graded_attempts(session, assignment=AssignmentId(assignment))
