"""What is taught and asked: skills, levels, tracks, modules, items."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NewType

from skillmap.errors import ContentError

__all__ = [
    "AssignmentId",
    "Course",
    "Item",
    "ItemId",
    "Level",
    "Module",
    "Skill",
    "SkillId",
    "Track",
    "item_id",
]

SkillId = NewType("SkillId", str)
AssignmentId = NewType("AssignmentId", str)
ItemId = NewType("ItemId", str)


def item_id(assignment: str, notebook: str, grade_id: str) -> ItemId:
    """Name a grade cell for all of skillmap: ``assignment/notebook/grade_id``."""
    return ItemId(f"{assignment}/{notebook}/{grade_id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """One knowledge component of the catalogue.

    labels and aliases: words for people and for reading ads, labels keyed by language ("en", "nb").
    """

    id: SkillId
    labels: Mapping[str, str]
    aliases: tuple[str, ...] = ()
    broader: SkillId | None = None
    adjacent: tuple[SkillId, ...] = ()
    esco: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A word for an ability: reached when P(solving a reference exercise) is at least `cut`."""

    id: str
    labels: Mapping[str, str]
    cut: float

    def __post_init__(self) -> None:
        if not 0 < self.cut < 1:
            raise ContentError(f"Level {self.id!r}: its cut {self.cut} must lie between 0 and 1.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One grade cell of an assignment.

    skills: weight of each skill, > 0; empty when the item is untagged.
    exercise: grade_id of the solution cell that the item judges; its items hang together.
    difficulty: the author's 1 (easy) to 5 (hard).
    """

    id: ItemId
    assignment: AssignmentId
    notebook: str
    grade_id: str
    exercise: str
    max_points: float
    kind: Literal["auto", "manual"] = "auto"
    skills: Mapping[SkillId, float]
    difficulty: int = 3
    minutes: int | None = None
    titles: Mapping[str, str]

    def __post_init__(self) -> None:
        if not 1 <= self.difficulty <= 5:
            raise ContentError(f"Item {self.id!r}: difficulty {self.difficulty} is not 1 to 5.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One evening of a track: a lesson and an assignment."""

    id: str
    titles: Mapping[str, str]
    assignment: AssignmentId
    minutes: int
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """An ordered set of modules."""

    id: str
    titles: Mapping[str, str]
    modules: tuple[Module, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Everything that instructors wrote, read and checked."""

    skills: Mapping[SkillId, Skill]
    levels: tuple[Level, ...]
    tracks: tuple[Track, ...]
    items: Mapping[ItemId, Item]

    def assignments(self) -> tuple[AssignmentId, ...]:
        """All assignments that have items, in the order of tracks, then of their names."""
        taught = [m.assignment for t in self.tracks for m in t.modules]
        asked = {item.assignment for item in self.items.values()}
        ordered = [a for a in taught if a in asked]
        return tuple(dict.fromkeys([*ordered, *sorted(asked)]))
