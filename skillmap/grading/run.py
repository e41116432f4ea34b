"""Run one of nbgrader's converters or exchange steps in this process, and hear why it failed.

nbgrader catches what happens to a learner, writes it to its log and raises an empty exception at
the end; its own `capture_log` swallows Ctrl-C. Here the exception itself is overheard.
"""

import logging
import sys
import warnings
from collections.abc import Callable
from typing import Any

from skillmap.errors import GradingError
from skillmap.grading.course import NbgraderCourse, scripts_on_path
from skillmap.judging.wording import printable

__all__ = ["NbgraderFailureError", "run"]

MAX_WORDS = 300  # characters of nbgrader's own words; a validation error quotes whole notebooks


class NbgraderFailureError(GradingError):
    """nbgrader stopped; `reason` is the exception that made it stop."""

    def __init__(self, message: str, reason: BaseException) -> None:
        super().__init__(message)
        self.reason = reason


def run(course: NbgraderCourse, make: Callable[[], Any], what: str) -> None:
    """Make one of nbgrader's steps and start it.

    Raises NbgraderFailureError, or GradingError when the gradebook or the disk refuses.
    """
    overheard = _Overheard()
    course.log.addHandler(overheard)
    try:
        with scripts_on_path(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they tell nbgrader's authors, not ours or learners
            make().start()
    except Exception as error:
        reason = overheard.first or error
        refused = course.refusal(reason) or course.refusal(error)
        if refused:
            raise refused from error
        said = printable(str(reason).strip() or overheard.words, limit=MAX_WORDS)
        words = f"{what}: nbgrader stopped with {type(reason).__name__}: {said}"
        raise NbgraderFailureError(words, reason) from error
    finally:
        course.log.removeHandler(overheard)


class _Overheard(logging.Handler):
    """Keeps the first exception that nbgrader was handling while it logged an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.first: BaseException | None = None
        self.words = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Hear one record."""
        self.first = self.first or sys.exc_info()[1]
        self.words = record.getMessage()
