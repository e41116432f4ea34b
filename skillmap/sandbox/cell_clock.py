"""Interrupt a cell that has used up its processor time, again and again, until it ends.

A `KeyboardInterrupt` is raised in the main thread when the time is over and every half second of
processor time after that. A cell that defeats this meets the caller's hard limit.
"""

import signal
from types import FrameType, TracebackType
from typing import Self

__all__ = ["CpuAlarm"]

AGAIN_S = 0.5

_setitimer, _signal = signal.setitimer, signal.signal


class CpuAlarm:
    """A context in which the processor time is limited; cpu_s: None for no limit.

    has_fired: whether the time was used up. Once `is_armed` is false nothing is raised any more.
    """

    def __init__(self, cpu_s: float | None) -> None:
        self._cpu_s = cpu_s
        self.has_fired = False
        self.is_armed = False

    def __enter__(self) -> Self:
        self.is_armed = True
        if self._cpu_s is not None:
            _signal(signal.SIGPROF, self._fire)
            _setitimer(signal.ITIMER_PROF, self._cpu_s, AGAIN_S)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.is_armed = False
        if self._cpu_s is not None:
            _setitimer(signal.ITIMER_PROF, 0)

    def _fire(self, _number: int, _frame: FrameType | None) -> None:
        self.has_fired = True
        if self.is_armed:
            raise KeyboardInterrupt
