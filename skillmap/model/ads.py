"""What an ad says, fact by fact, each with the words that say it.

Law: a fact is never without its words; what no words say is None, which means "the ad does not
say so in words that we know".
"""

from dataclasses import dataclass
from datetime import date
from typing import Generic, Literal, TypeVar

from skillmap.model.work import Requirement

__all__ = [
    "AdFacts",
    "Clearance",
    "Education",
    "Extent",
    "Fact",
    "Occupation",
    "RemoteWork",
    "When",
    "Where",
]

RemoteWork = Literal["remote", "hybrid", "on_site"]
Extent = Literal["full", "part"]
Education = Literal["none", "upper", "fagbrev", "fagskole", "bachelor", "master", "phd"]
Clearance = Literal["clearance", "police"]
Where = Literal["text", "title", "due"]
V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Generic[V]):
    """A value and the words that say it.

    words stand at [start:end] of the ad's plain text, of its title, or of the feed's own field for
    the deadline ("due"), as `where` says.
    """

    value: V
    words: str
    start: int
    end: int
    where: Where = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A time as ads tell it. day: of a "date"; of a "month" its first day; else None."""

    kind: Literal["date", "month", "asap", "rolling", "agreed"]
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupation:
    """What a title names. styrk08: four digits. esco: a concept URI, None where none is known."""

    styrk08: str
    labels: tuple[str, str]
    esco: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdFacts:
    """All that was read from one ad. years: the fewest years of experience that it asks for.

    education: the lowest schooling that the ad names as enough, "none" where it says so.
    """

    requirements: tuple[Requirement, ...] = ()
    remote: Fact[RemoteWork] | None = None
    municipality: Fact[str] | None = None
    extent: Fact[Extent] | None = None
    start: Fact[When] | None = None
    deadline: Fact[When] | None = None
    years: Fact[int] | None = None
    education: Fact[Education] | None = None
    clearances: tuple[Fact[Clearance], ...] = ()
    occupation: Fact[Occupation] | None = None
