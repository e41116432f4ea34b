"""Jobs: openings, what they require, and how a profile meets it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NewType

from skillmap.model.learning import ItemId, SkillId
from skillmap.model.people import LanguageSkill, LearnerId, Reason

__all__ = [
    "FeedCursor",
    "JobMatch",
    "Opening",
    "OpeningId",
    "Requirement",
    "RequirementMatch",
    "RequirementStatus",
]

OpeningId = NewType("OpeningId", str)
RequirementStatus = Literal["met", "stated", "near", "missing", "not_tested"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCursor:
    """How far a feed of openings has been read; without values: not at all.

    page: path of the page to read next. pending: openings whose detail has yet to be fetched, the
    newest last. quiet_until: the feed refused our token and is left alone until then.
    """

    page: str | None = None
    pending: tuple[str, ...] = ()
    quiet_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One demand of an opening.

    kind "skill": ref is a skill id. kind "language": ref is an ISO 639-1 code, level a CEFR level,
    skills which of the four the ad names (none: it does not say which).
    words: the ad's own words that say so. start: where they begin in the ad's text, None when they
    are those of its title.
    """

    kind: Literal["skill", "language"]
    ref: str
    is_required: bool
    words: str
    level: str | None = None
    skills: tuple[LanguageSkill, ...] = ()
    start: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A vacancy. Contact persons are never kept. text: the ad as plain text, no HTML.

    deadline: the ad's own words ("Snarest" is common). expires: when it leaves our lists.
    """

    id: OpeningId
    title: str
    employer: str
    municipality: str
    text: str
    apply_url: str
    source: str
    published: datetime
    expires: datetime
    deadline: str = ""
    is_active: bool = True
    requirements: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementMatch:
    """One requirement against one profile.

    probability: that the ability reaches the level asked for; None when nothing was tested.
    evidence: the items that speak for "met". closed_by: the item to practise next, if we have one.
    via: the adjacent skill that makes a requirement "near".
    reason: who attested it, when "met" rests on an attestation and not on items.
    """

    requirement: Requirement
    status: RequirementStatus
    probability: float | None = None
    evidence: tuple[ItemId, ...] = ()
    closed_by: ItemId | None = None
    via: SkillId | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMatch:
    """An opening compared with a profile. score in [0, 1] orders openings for one learner only."""

    learner: LearnerId
    opening: OpeningId
    score: float
    matches: tuple[RequirementMatch, ...]
