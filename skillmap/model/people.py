"""Who takes part: people, learners, mentors, and whom they may or would like to meet.

Law: nothing here holds nationality, religion, status, age or a photo; gender stands here only so
that a learner's own hard requirement can be kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NewType, get_args

from skillmap.errors import MatchingError
from skillmap.model.learning import SkillId

__all__ = [
    "HELP_TOPICS",
    "Cefr",
    "CohortId",
    "Exclusion",
    "ExclusionKind",
    "Gender",
    "HelpTopic",
    "LanguageSkill",
    "Learner",
    "LearnerId",
    "Meets",
    "Mentor",
    "MentorId",
    "Person",
    "PersonId",
    "Reason",
    "Role",
    "Spoken",
    "Wish",
]

PersonId = NewType("PersonId", str)
LearnerId = NewType("LearnerId", PersonId)
MentorId = NewType("MentorId", PersonId)
CohortId = NewType("CohortId", str)
Role = Literal["learner", "mentor", "contributor", "instructor", "coordinator", "referrer", "host"]
Cefr = Literal["A1", "A2", "B1", "B2", "C1", "C2"]
LanguageSkill = Literal["listening", "speaking", "reading", "writing"]
HelpTopic = Literal[
    "cv",
    "interview",
    "network",
    "norwegian",
    "working_life",
    "code_review",
    "projects",
    "job_search",
]
HELP_TOPICS: tuple[HelpTopic, ...] = get_args(HelpTopic)
ExclusionKind = Literal["hiring_line", "relative", "case_worker", "earlier_pair", "other"]
Meets = Literal["online", "in_person", "either"]
Gender = Literal["", "woman", "man"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A message key with its values; pages and briefs turn it into words of a language."""

    key: str
    values: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A language (ISO 639-1) with a level of the Common European Framework.

    level: of speaking, which a meeting needs; the other three count as equal where they are None.
    """

    language: str
    level: Cefr
    listening: Cefr | None = None
    reading: Cefr | None = None
    writing: Cefr | None = None

    def at(self, skill: LanguageSkill) -> Cefr:
        """Level in one of the four skills."""
        levels = {"listening": self.listening, "reading": self.reading, "writing": self.writing}
        return levels.get(skill) or self.level


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a page. `page_language`: "nb" or "en".

    also: further parts that they play, such as a mentor who is a host, too. organisation: its
    name. email: for reminders, when they gave it. left_on: the day on which they left us.
    """

    id: PersonId
    name: str
    role: Role
    page_language: str = "en"
    also: tuple[Role, ...] = ()
    organisation: str = ""
    email: str = ""
    left_on: date | None = None

    @property
    def parts(self) -> tuple[Role, ...]:
        """The main role and all others."""
        return (self.role, *self.also)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """What pairing and openings may know of a learner; nothing more is stored.

    slots: free evenings as "mon-18" (weekday, hour). goals: skills the learner wants to grow.
    topics: own words for the next meeting. shares_with_mentor: consent, given and not withdrawn.
    needs: what a mentor should help with. mentor_gender: their own hard requirement; "" for none.
    n_waited: cohorts that ended while they had no mentor. left_on: the day on which they left us.
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
    cohort: CohortId | None = None
    needs: tuple[HelpTopic, ...] = ()
    target_role: str = ""
    meets: Meets = "either"
    mentor_gender: Gender = ""
    n_waited: int = 0
    left_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentor:
    """A volunteer; capacity is how many learners they can meet.

    helps_with: topics beside skills. gender: told by themselves, read only where a learner's hard
    requirement asks for it. paused_until: they take nobody new before that day.
    """

    id: MentorId
    name: str
    organisation: str = ""
    capacity: int = 1
    spoken: tuple[Spoken, ...] = ()
    slots: tuple[str, ...] = ()
    teaches: tuple[SkillId, ...] = ()
    page_language: str = "nb"
    helps_with: tuple[HelpTopic, ...] = ()
    municipality: str = ""
    meets: Meets = "either"
    gender: Gender = ""
    paused_until: date | None = None
    left_on: date | None = None

    def __post_init__(self) -> None:
        if self.capacity < 0:
            raise MatchingError(f"Mentor {self.id!r}: capacity {self.capacity} is below 0.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A pair that must not be: relatives, own employer's hiring line, an earlier pair."""

    learner: LearnerId
    mentor: MentorId
    why: str
    kind: ExclusionKind = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Somebody would like to meet somebody, as both may say after a first evening."""

    by: PersonId
    whom: PersonId
