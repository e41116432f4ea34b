"""Who takes part, and who meets whom: people, mentors, pairings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NewType

from skillmap.errors import MatchingError
from skillmap.model.learning import SkillId

__all__ = [
    "Exclusion",
    "Learner",
    "LearnerId",
    "Mentor",
    "MentorId",
    "Pairing",
    "PairingPlan",
    "Person",
    "PersonId",
    "Reason",
    "Role",
    "Spoken",
    "Waiting",
]

PersonId = NewType("PersonId", str)
LearnerId = NewType("LearnerId", PersonId)
MentorId = NewType("MentorId", PersonId)
Role = Literal["learner", "mentor", "instructor", "coordinator"]
Cefr = Literal["A1", "A2", "B1", "B2", "C1", "C2"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A message key with its values; pages and briefs turn it into words of a language."""

    key: str
    values: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A language (ISO 639-1) with a level of the Common European Framework."""

    language: str
    level: Cefr


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a page. `page_language`: "nb" or "en"."""

    id: PersonId
    name: str
    role: Role
    page_language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """What pairing and openings may know of a learner; nothing more is stored.

    slots: free evenings as "mon-18" (weekday, hour). goals: skills the learner wants to grow.
    topics: own words for the next meeting. shares_with_mentor: consent, given and not withdrawn.
    """

    id: LearnerId
    name: str
    spoken: tuple[Spoken, ...] = ()
    slots: tuple[str, ...] = ()
    goals: tuple[SkillId, ...] = ()
    topics: str = ""
    municipality: str = ""
    shares_with_mentor: bool = False
    page_language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentor:
    """A volunteer; capacity is how many learners they can meet."""

    id: MentorId
    name: str
    organisation: str = ""
    capacity: int = 1
    spoken: tuple[Spoken, ...] = ()
    slots: tuple[str, ...] = ()
    teaches: tuple[SkillId, ...] = ()
    page_language: str = "nb"

    def __post_init__(self) -> None:
        if self.capacity < 0:
            raise MatchingError(f"Mentor {self.id!r}: capacity {self.capacity} is below 0.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A pair that must not be: relatives, own employer's hiring line, an earlier pair."""

    learner: LearnerId
    mentor: MentorId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """A learner with a mentor. utility in [0, 1] compares pairs for this learner, not people."""

    learner: LearnerId
    mentor: MentorId
    utility: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A learner without a mentor, and what stands in the way."""

    learner: LearnerId
    causes: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingPlan:
    """A draft until a named person publishes it."""

    pairings: tuple[Pairing, ...]
    waiting: tuple[Waiting, ...]
