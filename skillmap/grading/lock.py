"""One writer of a course at a time: two runs of `grade` would remove each other's work."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from skillmap.errors import GradingError
from skillmap.grading.course import NbgraderCourse

__all__ = ["alone"]


@contextmanager
def alone(course: NbgraderCourse) -> Iterator[None]:
    """Hold the course folder for this process; the system lets go of it however the process ends.

    Raises GradingError when another process holds it.
    """
    handle = os.open(course.root, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise GradingError(
            f"{course.root}: another skillmap grades or reads the gradebook here. "
            "Wait until it is done, then run the command again."
        ) from error
    except OSError:
        pass  # a network file system without locks
    try:
        yield
    finally:
        os.close(handle)
