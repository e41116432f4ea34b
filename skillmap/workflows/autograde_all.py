"""Autograde many attempts, on several processes when there are enough of them.

Law: a learner's attempts are graded one after the other, in the order of time; different learners
may be graded at once. Three quarters of an attempt's time is a kernel that starts and stops.
"""

from collections.abc import Callable, Iterator, Sequence

from skillmap.errors import GradingError
from skillmap.grading import (
    Grader,
    NbgraderCourse,
    Outcome,
    Submission,
    grade_here,
    wait_for_any,
)

__all__ = ["autograde_all"]

WORTH_A_PROCESS = 4  # attempts; below that, starting processes costs more than it saves
MAX_DEATHS = 3  # graders in a row; then it is the machine, not the submissions


def autograde_all(
    course: NbgraderCourse,
    submissions: Sequence[Submission],
    *,
    n_workers: int,
    begin: Callable[[Submission], None],
    is_stopping: Callable[[], bool] = lambda: False,
    is_risky: bool = False,
) -> Iterator[Outcome]:
    """Yield an Outcome per attempt as it is ready; `begin` is called before each one starts.

    is_stopping: begin no more. is_risky: an attempt may end the process that grades it.
    Raises GradingError when the gradebook or the disk refuses; attempts under way are finished
    by the next run.
    """
    if is_risky or (n_workers > 1 and len(submissions) >= WORTH_A_PROCESS):
        yield from _in_processes(course, submissions, n_workers, begin, is_stopping)
        return
    for submission in submissions:
        if is_stopping():
            return
        begin(submission)
        yield grade_here(course, submission)


def _in_processes(
    course: NbgraderCourse,
    submissions: Sequence[Submission],
    n_workers: int,
    begin: Callable[[Submission], None],
    is_stopping: Callable[[], bool],
) -> Iterator[Outcome]:
    waiting = list(submissions)
    graders: list[Grader] = []
    n_deaths = 0
    try:
        while True:
            if not is_stopping():
                _hand_out(course, waiting, graders, n_workers, begin)
            busy = [grader for grader in graders if grader.submission]
            if not busy:
                return
            for grader in wait_for_any(busy):
                yield grader.finish()
                n_deaths = 0 if grader.is_alive else n_deaths + 1
            graders = [grader for grader in graders if grader.is_alive]
            _stop_if_hopeless(n_deaths)
    finally:
        for grader in graders:
            grader.end()


def _hand_out(
    course: NbgraderCourse,
    waiting: list[Submission],
    graders: list[Grader],
    n_workers: int,
    begin: Callable[[Submission], None],
) -> None:
    while True:
        busy = {g.submission.attempt.learner for g in graders if g.submission}
        submission = next((s for s in waiting if s.attempt.learner not in busy), None)
        if submission is None or len(busy) >= max(1, n_workers):
            return
        grader = next((g for g in graders if not g.submission), None)
        if grader is None:
            grader = Grader(course.root)
            graders.append(grader)
        waiting.remove(submission)
        begin(submission)
        grader.begin(submission)


def _stop_if_hopeless(n_deaths: int) -> None:
    if n_deaths >= MAX_DEATHS:
        raise GradingError(
            f"{n_deaths} processes in a row were ended while they graded. Free some memory, or "
            "grade fewer learners at once (--workers 1), and run the command again."
        )
