"""What a pair does: meetings, what they agree on, whom they introduce, and how it fits."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NewType

from skillmap.errors import StoreError
from skillmap.model.people import LearnerId, MentorId, PersonId

__all__ = [
    "MAX_AGREED",
    "MAX_NOTE",
    "ActionItem",
    "ActionItemId",
    "Fit",
    "Introduction",
    "IntroductionKind",
    "IssuedBrief",
    "Meeting",
    "MeetingId",
    "MeetingState",
    "Survey",
    "SurveyKind",
]

MeetingId = NewType("MeetingId", int)
ActionItemId = NewType("ActionItemId", int)
MeetingState = Literal["planned", "held", "cancelled"]
IntroductionKind = Literal["person", "employer", "meet_up"]
SurveyKind = Literal["day_30", "closing"]
Fit = Literal["good", "still_deciding", "not_good"]

MAX_NOTE = 1000  # characters of a note about a meeting
MAX_AGREED = 300  # characters of one thing agreed on


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A learner and a mentor meet. id: 0 until it is kept.

    done, learned: what the pair did, and what the mentor learned; written by `logged_by`.
    """

    learner: LearnerId
    mentor: MentorId
    starts_at: datetime
    place: str = ""
    state: MeetingState = "planned"
    done: str = ""
    learned: str = ""
    logged_by: PersonId | None = None
    logged_at: datetime | None = None
    id: MeetingId = MeetingId(0)

    def __post_init__(self) -> None:
        where = f"Meeting of {self.learner!r} with {self.mentor!r}"
        if self.starts_at.tzinfo is None:
            raise StoreError(f"{where}: the time {self.starts_at} has no zone.")
        for text in (self.done, self.learned):
            if len(text) > MAX_NOTE:
                raise StoreError(f"{where}: a note has {len(text)} characters; {MAX_NOTE} fit.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionItem:
    """Something that a learner or a mentor does until the next meeting."""

    learner: LearnerId
    mentor: MentorId
    text: str
    owner: PersonId
    agreed_at: datetime
    meeting: MeetingId | None = None
    due_on: date | None = None
    done_at: datetime | None = None
    id: ActionItemId = ActionItemId(0)

    def __post_init__(self) -> None:
        if not 1 <= len(self.text.strip()) <= MAX_AGREED:
            raise StoreError(
                f"What was agreed on has {len(self.text)} characters. Write 1 to {MAX_AGREED}."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """A learner met somebody of the field through us.

    about: who it was in words, such as "team lead at a bank"; and never a name: nobody
    asked them.
    by: who introduced them.
    """

    learner: LearnerId
    by: PersonId
    kind: IntroductionKind
    about: str
    made_on: date
    meeting: MeetingId | None = None
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """How one side of a pair says that it fits. goal: 1 to 5, how near the goal came."""

    learner: LearnerId
    mentor: MentorId
    by: PersonId
    kind: SurveyKind
    fit: Fit
    goal: int | None = None
    text: str = ""
    at: datetime

    def __post_init__(self) -> None:
        if self.goal is not None and not 1 <= self.goal <= 5:
            raise StoreError(f"A survey says {self.goal} for the goal; it is 1 to 5.")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedBrief:
    """A mentor may read a brief from `issued_at` until `expires_at`."""

    learner: LearnerId
    mentor: MentorId
    issued_at: datetime
    expires_at: datetime
    meeting: MeetingId | None = None
    id: int = 0
