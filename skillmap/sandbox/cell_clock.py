"""Interrupt a cell that has used up its time, again and again, until it ends.

A `KeyboardInterrupt` is raised in the main thread when the time is over and every half second after
that. A cell that defeats this meets the caller's hard limit.
"""

import signal
from enum import Enum
from types import FrameType, TracebackType
from typing import Self

__all__ = ["Alarm", "Clock"]

AGAIN_S = 0.5

_setitimer, _signal = signal.setitimer, signal.signal


class Clock(Enum):
    """Whose seconds count: this process's on the processor, or those of the wall's clock."""

    CPU = (signal.ITIMER_PROF, signal.SIGPROF)
    WALL = (signal.ITIMER_REAL, signal.SIGALRM)


class Alarm:
    """A context in which time is limited; seconds: None for no limit.

    has_fired: whether the time was used up. Once `is_armed` is false nothing is raised any more.
    """

    def __init__(self, seconds: float | None, clock: Clock = Clock.CPU) -> None:
        self._seconds = seconds
        self._timer, self._number = clock.value
        self.has_fired = False
        self.is_armed = False

    def __enter__(self) -> Self:
        self.is_armed = True
        if self._seconds is not None:
            _signal(self._number, self._fire)
            _setitimer(self._timer, self._seconds, AGAIN_S)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.is_armed = False
        if self._seconds is not None:
            _setitimer(self._timer, 0)

    def _fire(self, _number: int, _frame: FrameType | None) -> None:
        self.has_fired = True
        if self.is_armed:
            raise KeyboardInterrupt
