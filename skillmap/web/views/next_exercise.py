"""What a mentor or an instructor needs to choose a learner's next exercise.

In: proposals, decisions in force, exercises that are not solved. Out: plain values for a template.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from skillmap.model import ItemId, Override
from skillmap.profiles import NextItem
from skillmap.web.views.exercises import Exercise
from skillmap.web.words import Words, isolated

__all__ = ["ChoiceView", "Decided", "Proposed", "choice_view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """An exercise that the learner reads on their page, and why."""

    item: ItemId
    title: str
    reason: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision that holds, who made it, and when."""

    item: ItemId
    title: str
    said: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceView:
    """Everything that the page shows. groups: assignments with their items and titles."""

    proposed: tuple[Proposed, ...]
    decided: tuple[Decided, ...]
    groups: tuple[tuple[str, tuple[tuple[ItemId, str], ...]], ...]


def choice_view(
    *,
    proposed: Sequence[NextItem],
    decided: Sequence[Override],
    unsolved: Sequence[Exercise],
    names: Mapping[str, str],
    words: Words,
) -> ChoiceView:
    """Lay out what is proposed, what was decided, and what can be chosen, in the course's order."""
    groups: dict[str, list[tuple[ItemId, str]]] = {}
    for exercise in unsolved:
        title = words.assignment(exercise.items[0].assignment)
        groups.setdefault(title, []).append((exercise.item, words.item(exercise.item)))
    return ChoiceView(
        proposed=tuple(
            Proposed(item=n.item, title=words.item(n.item), reason=words.reason(n.reason, names))
            for n in proposed
        ),
        decided=tuple(_decided(one, names, words) for one in decided),
        groups=tuple((title, tuple(items)) for title, items in groups.items()),
    )


def _decided(one: Override, names: Mapping[str, str], words: Words) -> Decided:
    name, when = isolated(names.get(one.by, one.by)), words.day(one.at)
    said = words.say(
        "choose.pinned" if one.kind == "pin" else "choose.dismissed", name=name, when=when
    )
    return Decided(item=one.item, title=words.item(one.item), said=said)
