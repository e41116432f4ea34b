"""Openings next to a profile: what is met and by which exercise, what is near, what is missing.

In: job matches in their order. Out: plain values for cards.
Law: no percentage and no total; what is required comes before what is a plus, and what is shown
before what is not; only http and https addresses become links.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup

from skillmap.matching import Coverage, coverage
from skillmap.model import (
    ItemId,
    JobMatch,
    Opening,
    OpeningId,
    Requirement,
    RequirementMatch,
)
from skillmap.web.words import Words

__all__ = ["OpeningCard", "RequirementRow", "opening_cards", "safe_link"]

MAX_ROWS = 6  # more than that is not read, and hides what is near
_WORD = {
    "met": "requirement.met",
    "stated": "requirement.stated",
    "near": "requirement.near",
    "missing": "requirement.missing",
    "not_tested": "requirement.not_tested",
}
_ORDER = tuple(_WORD)
_TAG = {"met": "good", "stated": "near", "near": "near", "missing": "", "not_tested": "open"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementRow:
    """One demand: its status as a word with a tag, and why, or what closes the gap."""

    name: str
    word: Markup
    tag: str
    why: Markup | None
    is_required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningCard:
    """One opening for one learner.

    link: None when the ad's address is not a web address. rows: what to read at once; folded: the
    rest.
    """

    title: str
    employer: str
    municipality: str
    deadline: str
    link: str | None
    coverage: Coverage
    rows: tuple[RequirementRow, ...]
    folded: tuple[RequirementRow, ...]
    is_one_away: bool


def safe_link(url: str) -> str | None:
    """Return `url` when it is an http(s) address with a host, else None."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in {"http", "https"} and parts.netloc else None


def opening_cards(
    matches: Sequence[JobMatch],
    openings: Mapping[OpeningId, Opening],
    one_away: Collection[OpeningId],
    words: Words,
    *,
    disputed: Collection[ItemId] = (),
) -> list[OpeningCard]:
    """Lay out matches in the order given; disputed: items whose grades are in question."""
    return [_card(m, openings[m.opening], m.opening in one_away, words, disputed) for m in matches]


def _card(
    match: JobMatch,
    opening: Opening,
    is_one_away: bool,
    words: Words,
    disputed: Collection[ItemId],
) -> OpeningCard:
    ordered = sorted(match.matches, key=_place_in_list)
    n_open = min(MAX_ROWS, sum(m.requirement.is_required for m in ordered) or MAX_ROWS)
    rows = tuple(_row(m, words, disputed) for m in ordered)
    return OpeningCard(
        title=opening.title,
        employer=opening.employer,
        municipality=_calm(opening.municipality),
        deadline=opening.deadline or words.day(opening.expires),
        link=safe_link(opening.apply_url),
        coverage=coverage(match),
        rows=rows[:n_open],
        folded=rows[n_open:],
        is_one_away=is_one_away,
    )


def _place_in_list(match: RequirementMatch) -> tuple[bool, int]:
    return not match.requirement.is_required, _ORDER.index(match.status)


def _calm(place: str) -> str:
    """Write "MØRE OG ROMSDAL" as "Møre og Romsdal": the public feed shouts its places."""
    return place.title().replace(" Og ", " og ") if place.isupper() else place


def _row(match: RequirementMatch, words: Words, disputed: Collection[ItemId]) -> RequirementRow:
    return RequirementRow(
        name=_name(match.requirement, words),
        word=words.say(_WORD[match.status]),
        tag=_TAG[match.status],
        why=_why(match, words, disputed),
        is_required=match.requirement.is_required,
    )


def _name(requirement: Requirement, words: Words) -> str:
    if requirement.kind == "skill":
        return words.skill(requirement.ref)
    level = f" ({requirement.level})" if requirement.level else ""
    name = words.language_name(requirement.ref)
    return name[:1].upper() + name[1:] + level


def _why(match: RequirementMatch, words: Words, disputed: Collection[ItemId]) -> Markup | None:
    if match.reason is not None:
        return words.reason(match.reason, {})
    if match.status == "met" and match.evidence:
        # The first that nobody questions; a questioned one says so.
        item = next((one for one in match.evidence if one not in disputed), match.evidence[0])
        key = "requirement.shown_by_disputed" if item in disputed else "requirement.shown_by"
        return words.say(key, item=words.named(words.item(item)))
    if match.closed_by is not None:
        return words.say("requirement.closed_by", item=words.named(words.item(match.closed_by)))
    if match.via is not None:
        return words.say("requirement.via", skill=words.named(words.skill(match.via)))
    return None
