"""What rooms ask of the world around them, as Protocols that their callers own."""

from datetime import datetime
from typing import Protocol

__all__ = ["Clock", "Progress"]


class Clock(Protocol):
    """Tells the time, with its zone."""

    def __call__(self) -> datetime:
        """Return now."""
        ...


class Progress(Protocol):
    """Hears how far a long piece of work has come."""

    def __call__(self, done: int, total: int, what: str) -> None:
        """Say that `done` of `total` steps are behind us; `what` names the latest one."""
        ...
