"""Grade: every attempt found, in the order of time; each leaves its responses in the log.

The gradebook is the truth of the latest attempt, committed once for each; the log follows it. A
finished row in the log is the only sign that an attempt is done, so a run that was cut off goes on
where it stopped; what it had committed is graded again, with the same result.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Self

from skillmap.grading import (
    Autograder,
    Judges,
    NbgraderFailureError,
    Outcome,
    Stopping,
    Submission,
    alone,
    find_submissions,
    generate_release,
    gradebook_submissions,
    needs_release,
    not_graded,
    preserve_submitted,
    scoring_name,
)
from skillmap.judging import Courtroom, Scoring
from skillmap.model import GradedAttempt
from skillmap.ports import Clock, Progress
from skillmap.store import item_tests, responses
from skillmap.workflows.autograde_all import autograde_all
from skillmap.workflows.hand_out import notebooks_to_release
from skillmap.workflows.programme import Programme
from skillmap.workflows.read_back import (
    attempt_key,
    find_attempts,
    held_attempt,
    known_attempts,
    read_back,
    read_scores,
)
from skillmap.workflows.tiers import tiers_of

__all__ = ["GradingPlan", "GradingRun", "grade", "not_in_gradebook", "plan_grading"]

BATCH, BATCH_S = 16, 1.0  # attempts and seconds; a run that is cut off grades so many again


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
        known = known_attempts(programme, assignment)
        done = set() if again else {attempt_key(r) for r in known if r.is_finished}
        found = find_attempts(programme, assignment, known)
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
    scoring: Scoring = Scoring.CORRECTED,
    courtroom: Judges | None = None,
    hear: Callable[[GradedAttempt], None] = lambda _: None,
) -> list[GradedAttempt]:
    """Grade what `plan_grading` finds; then the gradebook holds each learner's latest good attempt.

    Ctrl-C lets the attempts under way finish; a second one does not.
    courtroom: one that is open already; else one with walls is opened when there is work.
    hear: is told each attempt that was graded.
    Raises NoWallsError when learners' code cannot be walled in, GradingError or StoreError when the
    gradebook, the database or the disk refuses, or another process grades; what was graded before
    stays, and the next run goes on from there.
    """
    with Stopping() as stopping, alone(programme.nbgrader):
        run = GradingRun(
            programme,
            clock=clock,
            n_workers=n_workers,
            stopping=stopping,
            scoring=scoring,
            courtroom=courtroom,
        )
        unready = run.make_ready(assignments)
        plan = plan_grading(programme, assignments, again=again)
        graded: list[GradedAttempt] = []
        with run:
            for record in run.grade_all(plan, unready):
                graded.append(record)
                hear(record)
                attempt = record.attempt
                what = f"{attempt.learner} · {attempt.assignment}"
                progress(len(graded), len(plan.pending), what)
            for assignment in assignments:
                latest = tuple(not_in_gradebook(programme, assignment))
                again_plan = GradingPlan(pending=latest, n_done=0)
                list(run.grade_all(again_plan, unready))
    return graded


class GradingRun:
    """One run of `grade`: what stays the same from attempt to attempt."""

    def __init__(
        self,
        programme: Programme,
        *,
        clock: Clock,
        n_workers: int,
        stopping: Stopping,
        scoring: Scoring = Scoring.CORRECTED,
        courtroom: Judges | None = None,
    ) -> None:
        self._programme = programme
        self._clock = clock
        self._n_workers = n_workers
        self._stopping = stopping
        self._scoring = scoring
        self._courtroom = courtroom
        self._autograding: Autograder | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

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
                        notebooks = notebooks_to_release(self._programme, assignment)
                        generate_release(course, assignment, notebooks=notebooks)
                except NbgraderFailureError as failure:
                    unready[assignment] = str(failure)
                preserve_submitted(course, assignment)
            read_back(self._programme, assignment, clock=self._clock)
            self._stopping.stop_if_asked()
        return unready

    def grade_all(self, plan: GradingPlan, unready: Mapping[str, str]) -> Iterator[GradedAttempt]:
        """Grade the pending attempts, log each as it is ready, stop after one when asked to."""
        for outcome in _refused(plan.pending, unready):
            yield self._log([outcome])[0]
        ready = [s for s in plan.pending if s.attempt.assignment not in unready]
        if ready:
            self._note_begun(ready)
            outcomes = autograde_all(
                self._autograder(),
                ready,
                n_workers=self._n_workers,
                is_stopping=lambda: self._stopping.is_asked,
            )
            for batch in _batches(outcomes):
                yield from self._log(batch)
        self._stopping.stop_if_asked()

    def _autograder(self) -> Autograder:
        """Return the judges; they start when there is the first thing to judge."""
        if self._autograding is None:
            room = self._courtroom or self._stack.enter_context(Courtroom())
            autograder = Autograder(self._programme.nbgrader, room, scoring=self._scoring)
            self._autograding = self._stack.enter_context(autograder)
        return self._autograding

    def _note_begun(self, ready: Sequence[Submission]) -> None:
        """Note that these scores will be ours: the gradebook is committed before the log is."""
        autograder = self._autograder()
        with self._programme.database.begin() as session:
            begun = [self._record(one, is_finished=False) for one in ready]
            responses.record_attempts(session, begun)
            for assignment in {submission.attempt.assignment for submission in ready}:
                plans = autograder.plans(assignment)
                tiers = tiers_of(assignment, plans, at=self._clock())
                item_tests.record_tiers(session, assignment, tiers)

    def _log(self, outcomes: Sequence[Outcome]) -> list[GradedAttempt]:
        records = [self._record_of(outcome) for outcome in outcomes]
        scores = [
            score
            for outcome, record in zip(outcomes, records, strict=True)
            for held in outcome.held
            for score in read_scores(held, outcome.submission, record)
        ]
        with self._programme.database.begin() as session:
            responses.append(session, scores)
            responses.record_attempts(session, records)
        return records

    def _record_of(self, outcome: Outcome) -> GradedAttempt:
        result = outcome.result
        return replace(
            self._record(outcome.submission, is_finished=result.is_final),
            problem=result.problem,
            findings=result.findings,
        )

    def _record(self, submission: Submission, *, is_finished: bool) -> GradedAttempt:
        judges = self._autograding
        return GradedAttempt(
            attempt=submission.attempt,
            graded_at=self._clock(),
            scoring=scoring_name(self._scoring),
            isolation=judges.isolation if judges else "",  # nothing was run
            is_finished=is_finished,
        )


def _batches(outcomes: Iterable[Outcome]) -> Iterator[list[Outcome]]:
    """Gather outcomes that are ready soon after each other: a log entry costs a write to disk."""
    batch: list[Outcome] = []
    began = time.monotonic()
    for outcome in outcomes:
        batch.append(outcome)
        if len(batch) >= BATCH or time.monotonic() - began > BATCH_S:
            yield batch
            batch, began = [], time.monotonic()
    if batch:
        yield batch


def _refused(pending: Sequence[Submission], unready: Mapping[str, str]) -> Iterator[Outcome]:
    for submission in pending:
        why = unready.get(submission.attempt.assignment)
        if why is not None:
            yield Outcome(submission=submission, result=not_graded(why, is_final=False))


def not_in_gradebook(programme: Programme, assignment: str) -> Iterator[Submission]:
    """Yield each learner's newest good attempt where the gradebook holds another one, or none.

    Or where its graded notebooks are gone: they are made again.
    """
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
        elif attempt_key(held_one) != attempt_key(submission) or not _has_files(
            programme, submission
        ):
            yield submission


def _has_files(programme: Programme, submission: Submission) -> bool:
    attempt = submission.attempt
    return programme.nbgrader.autograded(attempt.learner, attempt.assignment).is_dir()
