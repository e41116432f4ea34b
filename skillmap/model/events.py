"""Where many meet: network meet-ups, case weeks, demo days, and who came."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NewType

from skillmap.errors import StoreError
from skillmap.model.people import CohortId, PersonId

__all__ = ["Attendance", "AttendanceState", "Event", "EventId", "EventKind"]

EventId = NewType("EventId", int)
EventKind = Literal["meet_up", "case_week", "demo_day", "class", "other"]
AttendanceState = Literal["invited", "came", "stayed_away"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An evening or a week with many people. cohort: None when it is for all. id: 0 until kept."""

    title: str
    kind: EventKind
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    cohort: CohortId | None = None
    id: EventId = EventId(0)

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise StoreError(f"Event {self.title!r}: its times need their zone.")
        if self.ends_at < self.starts_at:
            raise StoreError(f"Event {self.title!r} ends before it starts. Correct one of them.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Whether a person was invited, came or stayed away."""

    event: EventId
    person: PersonId
    state: AttendanceState
