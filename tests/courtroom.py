"""Real walls and judges, started once for all tests of this process."""

import atexit
from functools import cache

from skillmap.grading import Autograder, NbgraderCourse, Outcome, Submission
from skillmap.judging import Courtroom, Scoring

__all__ = ["autograde", "courtroom"]


@cache
def courtroom() -> Courtroom:
    room = Courtroom().__enter__()
    atexit.register(room.__exit__, None, None, None)
    return room


def autograde(
    course: NbgraderCourse, submission: Submission, *, scoring: Scoring = Scoring.CORRECTED
) -> Outcome:
    """Grade one attempt."""
    with Autograder(course, courtroom(), scoring=scoring) as autograder:
        outcome = autograder.begin(submission)
        return outcome or autograder.finish_some()[0]
