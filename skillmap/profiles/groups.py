"""Counts of persons that may be shown: small groups stay hidden.

In: how many of how many. Out: a GroupCount that holds no more than may be read.
Law: a count under MIN_GROUP is "few", and one that leaves fewer than MIN_GROUP over is
"nearly all": else the rest could be told by taking one shown number from another.
"""

from dataclasses import dataclass
from typing import Literal

__all__ = ["MIN_GROUP", "GroupCount", "count_group"]

MIN_GROUP = 5  # P17: cells of fewer persons are suppressed


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCount:
    """How many learners; n is None unless shown is "exact".

    "few": fewer than MIN_GROUP. "nearly_all": all but a few, or all. "exact": n of them.
    """

    shown: Literal["exact", "few", "nearly_all"]
    n: int | None = None


def count_group(n: int, *, of: int | None = None) -> GroupCount:
    """Return what may be shown of n learners, out of `of` when that number is shown too."""
    if n < MIN_GROUP:
        return GroupCount(shown="few")
    if of is not None and of - n < MIN_GROUP:
        return GroupCount(shown="nearly_all")
    return GroupCount(shown="exact", n=n)
