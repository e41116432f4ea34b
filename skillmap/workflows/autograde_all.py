"""Autograde many attempts, several at once.

Law: a learner's attempts are graded one after the other, in the order of time; different learners
may be graded at once.
"""

from collections.abc import Callable, Iterator, Sequence

from skillmap.grading import Autograder, Outcome, Submission

__all__ = ["autograde_all"]


def autograde_all(
    autograder: Autograder,
    submissions: Sequence[Submission],
    *,
    n_workers: int,
    is_stopping: Callable[[], bool] = lambda: False,
) -> Iterator[Outcome]:
    """Yield an Outcome per attempt as it is ready.

    is_stopping: begin no more. Raises GradingError when the gradebook or the disk refuses;
    attempts under way are finished by the next run.
    """
    waiting = list(submissions)
    while waiting or autograder.busy:
        while not is_stopping():
            submission = _next(waiting, autograder.busy, n_workers)
            if submission is None:
                break
            waiting.remove(submission)
            outcome = autograder.begin(submission)
            if outcome:
                yield outcome
        if not autograder.busy:
            return
        yield from autograder.finish_some()


def _next(
    waiting: Sequence[Submission], busy: Sequence[Submission], n_workers: int
) -> Submission | None:
    """Find an attempt whose learner is not being graded; None when all judges are at work."""
    if len(busy) > n_workers:  # one more than cores: while we write, nobody shall wait for us
        return None
    learners = {one.attempt.learner for one in busy}
    return next((one for one in waiting if one.attempt.learner not in learners), None)
