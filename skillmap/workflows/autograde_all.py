"""Autograde many attempts, on several processes when there are enough of them.

Law: a learner's attempts are graded one after the other, in the order of time; different learners
may be graded at once. Three quarters of an attempt's time is a kernel that starts and stops.
"""

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from skillmap.grading import (
    Autograded,
    GradebookSubmission,
    NbgraderCourse,
    Submission,
    autograde,
    gradebook_submissions,
    open_course,
)

__all__ = ["Outcome", "autograde_all"]

WORTH_A_POOL = 4  # attempts; below that, starting the processes costs more than it saves


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one attempt, and what the gradebook holds of its learner afterwards."""

    submission: Submission
    result: Autograded
    held: tuple[GradebookSubmission, ...]


def autograde_all(
    course: NbgraderCourse,
    submissions: Sequence[Submission],
    *,
    n_workers: int,
    begin: Callable[[Submission], None],
) -> Iterator[Outcome]:
    """Yield an Outcome per attempt as it is ready; `begin` is called before each one starts.

    Raises GradingError when the gradebook or the disk refuses; attempts under way are finished
    by the next run.
    """
    if n_workers < 2 or len(submissions) < WORTH_A_POOL:
        for submission in submissions:
            begin(submission)
            yield _autograde(course, submission)
        return
    # Fresh processes: nbgrader's event loops and sockets do not survive a fork.
    pool = ProcessPoolExecutor(
        n_workers, get_context("spawn"), initializer=_open, initargs=(course.root,)
    )
    try:
        yield from _in_turn(pool, submissions, n_workers=n_workers, begin=begin)
    finally:
        pool.shutdown(cancel_futures=True)


def _in_turn(
    pool: ProcessPoolExecutor,
    submissions: Sequence[Submission],
    *,
    n_workers: int,
    begin: Callable[[Submission], None],
) -> Iterator[Outcome]:
    waiting = list(submissions)
    running: dict[Future[Outcome], str] = {}
    while waiting or running:
        while len(running) < n_workers:
            busy = set(running.values())
            free = next((s for s in waiting if s.attempt.learner not in busy), None)
            if free is None:
                break
            waiting.remove(free)
            begin(free)
            running[pool.submit(_autograde_here, free)] = free.attempt.learner
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            del running[future]
            yield future.result()


_course: NbgraderCourse | None = None  # one per worker process, opened by `_open`


def _open(root: Path) -> None:
    global _course
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the run; this attempt ends well
    _course = open_course(root)


def _autograde_here(submission: Submission) -> Outcome:
    if _course is None:
        raise RuntimeError("a worker grades before its course was opened")
    return _autograde(_course, submission)


def _autograde(course: NbgraderCourse, submission: Submission) -> Outcome:
    attempt = submission.attempt
    result = autograde(course, submission)
    held = (
        gradebook_submissions(course, attempt.assignment, learner=attempt.learner)
        if result.problem is None
        else []
    )
    return Outcome(submission=submission, result=result, held=tuple(held))
