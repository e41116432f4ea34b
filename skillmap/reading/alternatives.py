"""Find what an ad joins by "or": of such things none alone is required.

In: a text and the places of what it names. Out: groups of places that hang together.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

__all__ = ["is_joined", "joined_groups", "offers_a_choice"]

_JOINT = re.compile(
    r"\s*-?(?:,|/|&|og/eller|and/or|og|and|eller|or|både|both|alternativt|\s)*\s*", re.IGNORECASE
)
_OR = re.compile(r"(?<!\w)(?:eller|or|alternativt)(?!\w)", re.IGNORECASE)
# A list may go on with things that no catalogue knows: "statistics, economics or the like".
_OR_BEHIND = re.compile(r"(?:,\s[^\W\d]+(?:[ -]\w+)?){0,4},?\s(?:eller|or)(?!\w)", re.IGNORECASE)
_OR_BEFORE = re.compile(r"(?<!\w)(?:eller|or)\s$", re.IGNORECASE)


class Placed(Protocol):
    """Something that stands at text[start:end]."""

    @property
    def start(self) -> int:
        """Where it begins."""
        ...

    @property
    def end(self) -> int:
        """Where it ends."""
        ...


T = TypeVar("T", bound=Placed)


def is_joined(gap: str) -> bool:
    """Whether only commas and words like "and" stand in the gap between two names."""
    return _JOINT.fullmatch(gap) is not None


def joined_groups(text: str, things: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield runs of things that are joined in `text`; things are ordered by their start."""
    group: list[T] = []
    for one in things:
        if group and not is_joined(text[group[-1].end : one.start]):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def offers_a_choice(text: str, group: Sequence[Placed], *, start: int, end: int) -> bool:
    """Whether an "or" stands in or at a group of things, within the clause text[start:end].

    "Java or C#" offers a choice, and so does "React or something similar".
    """
    within = text[group[0].end : group[-1].start] if len(group) > 1 else ""
    behind = text[group[-1].end : end]
    before = text[start : group[0].start]
    return bool(_OR.search(within) or _OR_BEHIND.match(behind) or _OR_BEFORE.search(before))
