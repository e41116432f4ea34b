"""Run one of nbgrader's converters or exchange steps in this process, and keep what it logged.

nbgrader's own `capture_log` swallows Ctrl-C and keeps tracebacks only; this one lets Ctrl-C pass.
"""

import io
import logging
import warnings
from typing import Any

from skillmap.errors import GradingError
from skillmap.grading.course import NbgraderCourse, raise_if_gradebook_refused, scripts_on_path

__all__ = ["NbgraderFailureError", "run"]


class NbgraderFailureError(GradingError):
    """nbgrader stopped; `log` holds what it said."""

    def __init__(self, message: str, log: str) -> None:
        super().__init__(message)
        self.log = log


def run(course: NbgraderCourse, app: Any, what: str) -> str:
    """Start `app` and return its log. Raises NbgraderFailureError, or GradingError (gradebook)."""
    buffer = io.StringIO()
    handler = logging.StreamHandler(buffer)
    course.log.addHandler(handler)
    try:
        with scripts_on_path(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Object of type <Submitted")  # nbgrader 0.9.6
            app.start()
    except Exception as error:
        raise_if_gradebook_refused(error.__cause__ or error.__context__ or error, course)
        raise NbgraderFailureError(
            f"{what}: {_last_words(buffer.getvalue(), error)}", buffer.getvalue()
        ) from error
    finally:
        course.log.removeHandler(handler)
    return buffer.getvalue()


def _last_words(log: str, error: Exception) -> str:
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    said = str(error).strip() or (lines[-1] if lines else "")
    return f"nbgrader stopped with {type(error).__name__}: {said}"
