"""Grade: every attempt found, in the order of time; each leaves its responses in the log.

The gradebook is the truth of the latest attempt; the log keeps them all. A finished row in the log
is the only sign that an attempt is done, so a run that was cut off goes on where it stopped.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from skillmap.grading import (
    ISOLATION,
    NbgraderFailureError,
    Outcome,
    Stopping,
    Submission,
    alone,
    find_submissions,
    generate_release,
    gradebook_submissions,
    nbgrader_version,
    needs_release,
    not_graded,
    preserve_submitted,
)
from skillmap.model import GradedAttempt
from skillmap.ports import Clock, Progress
from skillmap.store import responses
from skillmap.workflows.autograde_all import autograde_all
from skillmap.workflows.programme import Programme
from skillmap.workflows.read_back import (
    attempt_key,
    find_attempts,
    held_attempt,
    known_attempts,
    read_back,
    read_scores,
)

__all__ = ["GradingPlan", "grade", "plan_grading"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingPlan:
    """What a run of `grade` would do: the attempts not graded yet, and how many are done.

    was_cut_off: an attempt was begun and never finished; it may end whoever grades it.
    """

    pending: tuple[Submission, ...]
    n_done: int
    was_cut_off: bool = False


def plan_grading(
    programme: Programme, assignments: Sequence[str], *, again: bool = False
) -> GradingPlan:
    """Find the attempts to grade, oldest first. `again` takes those that are done, too."""
    pending: list[Submission] = []
    n_done = 0
    begun: set[tuple[str, str, str]] = set()
    for assignment in assignments:
        known = known_attempts(programme, assignment)
        done = set() if again else {attempt_key(r) for r in known if r.is_finished}
        begun |= {attempt_key(r) for r in known if not r.is_finished}
        found = find_attempts(programme, assignment, known)
        new = [submission for submission in found if attempt_key(submission) not in done]
        pending.extend(new)
        n_done += len(found) - len(new)
    pending.sort(key=lambda s: (s.attempt.submitted_at, s.attempt.learner))
    return GradingPlan(
        pending=tuple(pending),
        n_done=n_done,
        was_cut_off=any(attempt_key(s) in begun and not s.problem for s in pending),
    )


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

    Ctrl-C lets the attempts under way finish; a second one does not.
    Raises GradingError or StoreError when the gradebook, the database or the disk refuses, or
    another process grades; what was graded before stays, and the next run goes on from there.
    """
    with Stopping() as stopping, alone(programme.nbgrader):
        run = _Run(programme, clock=clock, n_workers=n_workers, stopping=stopping)
        unready = run.make_ready(assignments)
        plan = plan_grading(programme, assignments, again=again)
        graded: list[GradedAttempt] = []
        for record in run.grade_all(plan, unready):
            graded.append(record)
            attempt = record.attempt
            progress(len(graded), len(plan.pending), f"{attempt.learner} · {attempt.assignment}")
        for assignment in assignments:
            latest = tuple(_not_in_gradebook(programme, assignment))
            list(run.grade_all(GradingPlan(pending=latest, n_done=0), unready))
    return graded


class _Run:
    """One run of `grade`: what stays the same from attempt to attempt."""

    def __init__(
        self, programme: Programme, *, clock: Clock, n_workers: int, stopping: Stopping
    ) -> None:
        self._programme = programme
        self._clock = clock
        self._n_workers = n_workers
        self._stopping = stopping

    def make_ready(self, assignments: Iterable[str]) -> dict[str, str]:
        """Release what was not, keep what would be replaced, read the gradebook.

        Returns why an assignment cannot be graded; the others can.
        """
        unready: dict[str, str] = {}
        course = self._programme.nbgrader
        for assignment in assignments:
            if find_submissions(course, assignment):
                try:
                    if needs_release(course, assignment):
                        generate_release(course, assignment)
                except NbgraderFailureError as failure:
                    unready[assignment] = str(failure)
                preserve_submitted(course, assignment)
            read_back(self._programme, assignment, clock=self._clock)
            self._stopping.stop_if_asked()
        return unready

    def grade_all(self, plan: GradingPlan, unready: Mapping[str, str]) -> Iterator[GradedAttempt]:
        """Grade the pending attempts, log each as it is ready, stop after one when asked to."""
        ready = [s for s in plan.pending if s.attempt.assignment not in unready]
        for outcome in _refused(plan.pending, unready):
            yield self._finish(outcome)
        for outcome in autograde_all(
            self._programme.nbgrader,
            ready,
            n_workers=self._n_workers,
            begin=self._begin,
            is_stopping=lambda: self._stopping.is_asked,
            is_risky=plan.was_cut_off,
        ):
            yield self._finish(outcome)
        self._stopping.stop_if_asked()

    def _begin(self, submission: Submission) -> None:
        with self._programme.database.begin() as session:
            responses.record_attempt(session, self._record(submission, is_finished=False))

    def _finish(self, outcome: Outcome) -> GradedAttempt:
        result = outcome.result
        record = replace(
            self._record(outcome.submission, is_finished=result.is_final),
            problem=result.problem,
            findings=result.findings,
        )
        rows = [r for held in outcome.held for r in read_scores(held, outcome.submission, record)]
        with self._programme.database.begin() as session:
            responses.append(session, rows)
            responses.record_attempt(session, record)
        return record

    def _record(self, submission: Submission, *, is_finished: bool) -> GradedAttempt:
        return GradedAttempt(
            attempt=submission.attempt,
            graded_at=self._clock(),
            scoring=nbgrader_version(),
            isolation=ISOLATION,
            is_finished=is_finished,
        )


def _refused(pending: Sequence[Submission], unready: Mapping[str, str]) -> Iterator[Outcome]:
    for submission in pending:
        why = unready.get(submission.attempt.assignment)
        if why is not None:
            yield Outcome(submission=submission, result=not_graded(why, is_final=False))


def _not_in_gradebook(programme: Programme, assignment: str) -> Iterator[Submission]:
    """Yield each learner's newest good attempt where the gradebook holds another one, or none."""
    known = known_attempts(programme, assignment)
    good = {attempt_key(r) for r in known if r.is_finished and not r.problem}
    found = find_attempts(programme, assignment, known)
    newest = {s.attempt.learner: s for s in found if attempt_key(s) in good}
    held = {h.learner: h for h in gradebook_submissions(programme.nbgrader, assignment)}
    for learner, submission in newest.items():
        in_gradebook = held.get(learner)
        if in_gradebook is None:
            yield submission
            continue
        held_one = held_attempt(in_gradebook, found)
        if held_one is None:
            # Later than all that we have: its files are gone, and its scores are all that is left.
            when = in_gradebook.timestamp
            if when is None or when < submission.attempt.submitted_at:
                yield submission
        elif attempt_key(held_one) != attempt_key(submission):
            yield submission
