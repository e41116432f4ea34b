"""Ctrl-C during a long piece of work: finish what is under way, then stop.

A KeyboardInterrupt in the middle of nbgrader would leave kernels, half a release, and noise.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType

__all__ = ["Stopping", "interrupts_held_back"]


class Stopping:
    """Within this block the first Ctrl-C only asks to stop; a second one stops at once."""

    def __init__(self) -> None:
        self.is_asked = False
        self._is_listening = False

    def __enter__(self) -> "Stopping":
        # Other handlers than Python's own, and other threads, know better than we do.
        is_main = threading.current_thread() is threading.main_thread()
        if is_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._hear)
            self._is_listening = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._is_listening:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def stop_if_asked(self) -> None:
        """Raise KeyboardInterrupt when Ctrl-C was pressed; call it where that leaves no mess."""
        if self.is_asked:
            raise KeyboardInterrupt

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if self.is_asked:
            raise KeyboardInterrupt
        self.is_asked = True


@contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Let Ctrl-C wait until the block ends; a process started in it is born with this mask."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
