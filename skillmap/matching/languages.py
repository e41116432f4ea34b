"""Compare spoken languages by the Common European Framework.

In: what people state. Out: levels as ranks, 0 for A1 to 5 for C2, and the language two share.
Law: bokmål, nynorsk and "Norwegian" are one spoken language.
"""

from collections.abc import Mapping, Sequence

from skillmap.model import Spoken

__all__ = ["MEETING_RANK", "cefr_rank", "folded", "ranks_by_language", "shared_language"]

_CEFR = ("A1", "A2", "B1", "B2", "C1", "C2")
_NORWEGIAN = frozenset({"nb", "nn", "no"})

# B1, "can describe experiences and explain opinions", is the least that a meeting needs.
MEETING_RANK = _CEFR.index("B1")


def cefr_rank(level: str | None, *, default: str = "B2") -> int:
    """Place of a level, 0 to 5; words that are no CEFR level ("fluent") count as `default`."""
    return _CEFR.index(level if level in _CEFR else default)


def folded(language: str) -> str:
    """The spoken language behind an ISO 639-1 code; "nb" and "nn" become "no"."""
    return "no" if language in _NORWEGIAN else language


def ranks_by_language(spoken: Sequence[Spoken]) -> Mapping[str, int]:
    """Best stated rank of each folded language."""
    ranks: dict[str, int] = {}
    for one in spoken:
        language = folded(one.language)
        ranks[language] = max(ranks.get(language, 0), cefr_rank(one.level))
    return ranks


def shared_language(some: Sequence[Spoken], others: Sequence[Spoken]) -> str | None:
    """The language in which the weaker side is strongest, if that is B1 or better.

    Answers with the code that `some` state; equal languages are told apart by the alphabet.
    """
    mine, theirs = ranks_by_language(some), ranks_by_language(others)
    weaker = {code: min(rank, theirs[code]) for code, rank in mine.items() if code in theirs}
    usable = [(-rank, code) for code, rank in weaker.items() if rank >= MEETING_RANK]
    if not usable:
        return None
    best = min(usable)[1]
    return min(one.language for one in some if folded(one.language) == best)
