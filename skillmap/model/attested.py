"""Evidence that nobody graded: what a named person saw, and what learners say of themselves.

Law: an attestation counts and is shown only while the learner's consent holds; a statement never
says that a requirement is met. Both are checked when they are made, and trusted afterwards.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NewType

from skillmap.errors import EvidenceError
from skillmap.model.learning import SkillId
from skillmap.model.people import LearnerId, PersonId

__all__ = [
    "EARLIEST_YEAR",
    "MAX_NAME",
    "MAX_SAID",
    "MAX_YEARS",
    "Attestation",
    "AttestationId",
    "AttestationState",
    "Statement",
    "StatementId",
    "StatementSource",
    "Witness",
]

AttestationId = NewType("AttestationId", int)
StatementId = NewType("StatementId", int)
AttestationState = Literal["waiting", "consented", "withdrawn"]
StatementSource = Literal["work", "study", "cv", "self"]

MAX_SAID = 1000  # characters, of what was seen and of what a learner says
MAX_NAME = 200  # characters, of a name and of a role
MAX_YEARS = 60  # of work with one skill
EARLIEST_YEAR = 1950
ZONE_AHEAD = timedelta(hours=14)  # the first place on earth where a day begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Who saw it: a name, with a role or an organisation; person: None for outsiders."""

    name: str
    role: str
    person: PersonId | None = None

    def __post_init__(self) -> None:
        where = f"Witness {self.name!r}"
        _raise(
            [
                *_wrong_length(where, "the name", self.name, most=MAX_NAME),
                *_wrong_length(where, "the role", self.role, most=MAX_NAME),
            ]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """A named person saw a learner use a skill, at a level of the catalogue, on a day.

    id: 0 until it is kept. words: what was seen. withdrawn_at without consented_at: the learner
    said no.
    """

    learner: LearnerId
    skill: SkillId
    witness: Witness
    words: str
    level: str
    seen_on: date
    recorded_at: datetime
    id: AttestationId = AttestationId(0)
    consented_at: datetime | None = None
    withdrawn_at: datetime | None = None

    def __post_init__(self) -> None:
        where = f"Attestation of {self.skill!r} for {self.learner!r}"
        times = (self.recorded_at, self.consented_at, self.withdrawn_at)
        problems = [*_wrong_length(where, "what was seen", self.words), *_no_zone(where, times)]
        if not self.level:
            problems.append(f"{where}: it names no level.")
        if not problems and self.seen_on > (self.recorded_at.astimezone(UTC) + ZONE_AHEAD).date():
            problems.append(f"{where}: it was seen on {self.seen_on}, which is in the future.")
        _raise(problems)

    @property
    def state(self) -> AttestationState:
        """Whether it waits for the learner, counts, or is over."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "waiting" if self.consented_at is None else "consented"

    @property
    def counts(self) -> bool:
        """Whether it may be shown to others, and speak for a requirement."""
        return self.state == "consented"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a learner says of one skill of their own.

    years: of use. last_used: the calendar year. level: id of the level they give themselves.
    id: 0 until it is kept.
    """

    learner: LearnerId
    skill: SkillId
    source: StatementSource
    stated_at: datetime
    years: float | None = None
    last_used: int | None = None
    level: str | None = None
    text: str = ""
    id: StatementId = StatementId(0)
    withdrawn_at: datetime | None = None

    def __post_init__(self) -> None:
        where = f"Statement on {self.skill!r} by {self.learner!r}"
        problems = _no_zone(where, (self.stated_at, self.withdrawn_at))
        if self.years is None and self.level is None and not self.text.strip():
            problems.append(f"{where}: it says nothing. Give years, a level or words.")
        if self.years is not None and not 0 <= self.years <= MAX_YEARS:
            problems.append(f"{where}: {self.years} years are outside 0 to {MAX_YEARS}.")
        if self.last_used is not None and self.last_used < EARLIEST_YEAR:
            problems.append(f"{where}: {self.last_used} is before {EARLIEST_YEAR}.")
        if not problems and (self.last_used or 0) > (self.stated_at + ZONE_AHEAD).year:
            problems.append(f"{where}: it was last used in {self.last_used}, in the future.")
        if len(self.text) > MAX_SAID:
            problems.append(f"{where}: {len(self.text)} characters; {MAX_SAID} fit.")
        _raise(problems)

    @property
    def stands(self) -> bool:
        """Whether the learner has not taken it back."""
        return self.withdrawn_at is None


def _wrong_length(where: str, what: str, text: str, *, most: int = MAX_SAID) -> list[str]:
    n = len(text) if text.strip() else 0
    return [] if 1 <= n <= most else [f"{where}: {what} has {n} characters; write 1 to {most}."]


def _no_zone(where: str, times: Iterable[datetime | None]) -> list[str]:
    bare = [when for when in times if when is not None and when.tzinfo is None]
    return [f"{where}: the time {when} has no zone. Store times with their zone." for when in bare]


def _raise(problems: list[str]) -> None:
    if problems:
        raise EvidenceError(" ".join(problems))
