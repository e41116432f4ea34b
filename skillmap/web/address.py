"""An address of the site: its method, its room, its handler.

Law: a page that is only looked at writes nothing, so it waits for nobody; one that shows somebody
else's data records the look, so it writes.
"""

from dataclasses import dataclass
from typing import Literal

from skillmap.web.access import Room
from skillmap.web.desk import Check, Handler

__all__ = ["Page", "act", "look", "recorded_look"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One method at one address.

    is_read_only: the handler writes nothing, so it waits for nobody. check: see `endpoint`.
    """

    method: Literal["GET", "POST"]
    path: str
    room: Room | None
    handler: Handler
    is_read_only: bool = False
    check: Check | None = None


def look(path: str, room: Room | None, handler: Handler) -> Page:
    """A page that is only looked at."""
    return Page(method="GET", path=path, room=room, handler=handler, is_read_only=True)


def recorded_look(path: str, room: Room, handler: Handler) -> Page:
    """A page whose look is recorded."""
    return Page(method="GET", path=path, room=room, handler=handler)


def act(path: str, room: Room | None, handler: Handler) -> Page:
    """What a form sends."""
    return Page(method="POST", path=path, room=room, handler=handler)
