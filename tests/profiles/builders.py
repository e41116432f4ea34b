"""A small invented course of two tracks, for profiles and proposals."""

from typing import Any

from skillmap.model import Course, Level, Module, Skill, Track
from tests.evidence.builders import make_item, named

LEVELS = tuple(
    Level(id=name, labels={"en": name.title()}, cut=cut)
    for name, cut in [("basic", 0.4), ("independent", 0.6), ("advanced", 0.8)]
)


def make_module(assignment: str) -> Module:
    return Module(id=assignment, titles={"en": assignment}, assignment=assignment, minutes=90)


def make_items(assignment: str, skill: str, n: int, **overrides: Any) -> list:
    return [
        make_item(
            **(
                {"assignment": assignment, "notebook": assignment, "grade_id": f"{assignment}-{k}"}
                | {"skills": {skill: 1.0}}
                | overrides
            )
        )
        for k in range(n)
    ]


def make_course(**overrides: Any) -> Course:
    """Lists show "loops" with ten items, frames "tables" with ten; nothing shows "plots"."""
    values = {
        "skills": {s: Skill(id=s, labels={"en": s}) for s in ("loops", "plots", "tables")},
        "levels": LEVELS,
        "tracks": (
            Track(
                id="start",
                titles={"en": "Start"},
                modules=(make_module("lists"), make_module("frames")),
            ),
        ),
        "items": named([*make_items("lists", "loops", 10), *make_items("frames", "tables", 10)]),
    }
    return Course(**(values | overrides))
