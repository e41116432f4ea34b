"""The error tree, and the words that help a person to mend the cause.

SkillmapError                exit code 1, never raised itself
├── ContentError             3   curriculum, blueprints, notebooks, settings
├── GradingError             4   nbgrader, exchange, gradebook, missing walls
├── EvidenceError            5   responses that cannot be believed
├── MatchingError            6   pairing and openings
├── StoreError               7   the database, the disk
├── AccessError              8   not allowed, or not logged in
└── FeedError                9   a source of openings

A message says what, where, why and what to do. The command line prints it and ends with the
code above; anything else that escapes is our bug. Exit code 2 is wrong usage, 130 is Ctrl-C.
"""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = [
    "AccessError",
    "ContentError",
    "EvidenceError",
    "FeedError",
    "GradingError",
    "MatchingError",
    "SkillmapError",
    "StoreError",
    "did_you_mean",
]


class SkillmapError(Exception):
    """Anything a person can mend."""

    exit_code = 1


class ContentError(SkillmapError):
    """Curriculum, blueprint, notebook or settings cannot be used as they are."""

    exit_code = 3


class GradingError(SkillmapError):
    """nbgrader, the exchange or the gradebook refused."""

    exit_code = 4


class EvidenceError(SkillmapError):
    """A response cannot be true: fraction outside [0, 1], no time zone, unknown item."""

    exit_code = 5


class MatchingError(SkillmapError):
    """Pairing or matching was asked something it cannot answer."""

    exit_code = 6


class StoreError(SkillmapError):
    """The database or the disk under it cannot be read or written."""

    exit_code = 7


class AccessError(SkillmapError):
    """The person may not see or do this."""

    exit_code = 8


class FeedError(SkillmapError):
    """A source of openings cannot be read."""

    exit_code = 9


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?`` for the closest known word, or an empty string."""
    close = get_close_matches(word, list(known), n=1)
    return f" Did you mean {close[0]!r}?" if close else ""
