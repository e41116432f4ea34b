"""Small invented responses and items for the rooms that judge evidence."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from skillmap.evidence import EvidenceFrame, build_frame
from skillmap.model import Item, Response, item_id

START = datetime(2026, 3, 2, 18, tzinfo=UTC)
LEARNERS = ("ada", "bo", "cyd")
SKILLS = ("loops", "tables")


def make_item(**overrides: Any) -> Item:
    values = {
        "assignment": "lists",
        "notebook": "lists",
        "grade_id": "double",
        "max_points": 1.0,
        "skills": {"loops": 1.0},
        "titles": {"en": "Double a list"},
    } | overrides
    values.setdefault("exercise", f"{values['grade_id']}-solution")
    name = item_id(values["assignment"], values["notebook"], values["grade_id"])
    return Item(**({"id": name} | values))


def make_response(**overrides: Any) -> Response:
    values = {
        "learner": "ada",
        "item": "lists/lists/double",
        "attempt": 1,
        "fraction": 1.0,
        "max_points": 1.0,
        "is_manual": False,
        "is_late": False,
        "scoring": "best",
        "isolation": "none",
    } | overrides
    submitted_at = START + timedelta(days=values["attempt"])
    derived = {
        "points": values["fraction"] * values["max_points"],
        "submitted_at": submitted_at,
        "graded_at": submitted_at + timedelta(hours=1),
        "sha256": f"{values['learner']}-{values['attempt']}",
    }
    return Response(**(derived | values))


def named(items: Sequence[Item]) -> dict[str, Item]:
    return {item.id: item for item in items}


# Six exercises: two for each skill alone, one for both, one untagged.
ITEMS = named(
    [
        make_item(grade_id="a", difficulty=1),
        make_item(grade_id="b", difficulty=4),
        make_item(grade_id="c", skills={"tables": 1.0}),
        make_item(grade_id="d", skills={"tables": 2.0}, difficulty=5),
        make_item(grade_id="e", skills={"loops": 1.0, "tables": 3.0}),
        make_item(grade_id="f", skills={}),
    ]
)
SINGLE = tuple(name for name, item in ITEMS.items() if len(item.skills) < 2)


def make_frame(responses: Sequence[Response], **overrides: Any) -> EvidenceFrame:
    values = {"items": ITEMS, "skills": SKILLS} | overrides
    return build_frame(responses, values.pop("items"), values.pop("skills"), **values)


def response_lists(items: Sequence[str] = tuple(ITEMS), **sizes: int) -> st.SearchStrategy:
    """Lists of responses of three learners, each learner, item and attempt at most once."""
    one = st.builds(
        make_response,
        learner=st.sampled_from(LEARNERS),
        item=st.sampled_from(items),
        attempt=st.integers(1, 3),
        fraction=st.sampled_from([0.0, 0.25, 0.5, 1.0]),
        is_manual=st.booleans(),
    )
    return st.lists(one, unique_by=lambda r: (r.learner, r.item, r.attempt), **sizes)
