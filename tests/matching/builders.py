"""People, courses and openings for the tests of matching."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from skillmap.model import (
    AssignmentId,
    Course,
    Exclusion,
    Item,
    ItemId,
    Learner,
    LearnerId,
    Level,
    Mentor,
    MentorId,
    Opening,
    OpeningId,
    Requirement,
    Response,
    Skill,
    SkillEstimate,
    SkillId,
    SkillLine,
    SkillProfile,
    Spoken,
)

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
SKILLS = ("loops", "lists", "pandas", "sql")


def make_learner(id: str = "ada", **overrides: Any) -> Learner:
    values: dict[str, Any] = {
        "id": LearnerId(id),
        "name": id.title(),
        "spoken": speaks(en="B2"),
        "slots": ("mon-18",),
    }
    return Learner(**values | overrides)


def make_mentor(id: str = "kari", **overrides: Any) -> Mentor:
    values: dict[str, Any] = {
        "id": MentorId(id),
        "name": id.title(),
        "spoken": speaks(en="C1"),
        "slots": ("mon-18",),
    }
    return Mentor(**values | overrides)


def speaks(**levels: str) -> tuple[Spoken, ...]:
    return tuple(Spoken(language=code, level=level) for code, level in levels.items())  # type: ignore[arg-type]


def exclude(learner: str, mentor: str) -> Exclusion:
    return Exclusion(learner=LearnerId(learner), mentor=MentorId(mentor), why="relatives")


def make_skill(id: str, **overrides: Any) -> Skill:
    return Skill(id=SkillId(id), labels={"en": id}, **overrides)


def make_item(name: str, skill: str = "loops", **overrides: Any) -> Item:
    values: dict[str, Any] = {
        "id": ItemId(f"a1/n1/{name}"),
        "assignment": AssignmentId("a1"),
        "notebook": "n1",
        "grade_id": name,
        "exercise": name,
        "max_points": 1.0,
        "skills": {SkillId(skill): 1.0},
        "titles": {"en": name},
    }
    return Item(**values | overrides)


def make_course(items: tuple[Item, ...] = (), **overrides: Any) -> Course:
    cuts = {"basic": 0.4, "working": 0.6, "strong": 0.8}
    values: dict[str, Any] = {
        "skills": {SkillId(one): make_skill(one) for one in SKILLS},
        "levels": tuple(Level(id=one, labels={"en": one}, cut=cut) for one, cut in cuts.items()),
        "tracks": (),
        "items": {item.id: item for item in items},
    }
    return Course(**values | overrides)


def make_line(skill: str, logit: float, **overrides: Any) -> SkillLine:
    """A tested line with sd 0.5 and one named item, unless told otherwise."""
    estimate: dict[str, Any] = {"sd": 0.5, "n_responses": 4, "n_items": 4}
    estimate |= {key: overrides.pop(key) for key in tuple(overrides) if key in estimate}
    values: dict[str, Any] = {
        "estimate": SkillEstimate(
            learner=LearnerId("ada"), skill=SkillId(skill), logit=logit, **estimate
        ),
        "standing": "early_sign",
        "level": None,
        "probability": 0.5,
        "low": 0.1,
        "high": 0.9,
        "evidence": (ItemId(f"a1/n1/{skill}"),),
    }
    return SkillLine(**values | overrides)


def make_profile(
    logits: Mapping[str, float] | None = None, *lines: SkillLine, learner: str = "ada"
) -> SkillProfile:
    made = [make_line(skill, logit) for skill, logit in (logits or {}).items()]
    return SkillProfile(
        learner=LearnerId(learner),
        lines=(*made, *lines),
        model="test",
        data_until=None,
        data_sha256="0" * 64,
    )


def make_response(item: str, fraction: float, attempt: int = 1, **overrides: Any) -> Response:
    values: dict[str, Any] = {
        "learner": LearnerId("ada"),
        "item": ItemId(f"a1/n1/{item}"),
        "attempt": attempt,
        "fraction": fraction,
        "points": fraction,
        "max_points": 1.0,
        "submitted_at": NOON,
        "graded_at": NOON,
        "is_manual": False,
        "is_late": False,
        "scoring": "test",
        "isolation": "none",
        "sha256": "0" * 64,
    }
    return Response(**values | overrides)


def needs_skill(skill: str, *, is_required: bool = True) -> Requirement:
    return Requirement(kind="skill", ref=skill, is_required=is_required, words=f"you know {skill}")


def needs_language(code: str, level: str | None, *, is_required: bool = True) -> Requirement:
    return Requirement(
        kind="language", ref=code, is_required=is_required, words=f"speaks {code}", level=level
    )


def make_opening(*requirements: Requirement, id: str = "o1", **overrides: Any) -> Opening:
    values: dict[str, Any] = {
        "id": OpeningId(id),
        "title": "Analyst",
        "employer": "Fjord AS",
        "municipality": "Oslo",
        "text": "",
        "apply_url": "https://example.org/apply",
        "source": "test",
        "published": NOON,
        "expires": NOON,
        "requirements": requirements,
    }
    return Opening(**values | overrides)


def some_of(values: tuple[str, ...], most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=most, unique=True).map(tuple)


_LEVELS = st.sampled_from(["A2", "B1", "B2", "C1", "C2"])
_SPOKEN = st.dictionaries(st.sampled_from(["en", "nb", "ar"]), _LEVELS, max_size=2).map(
    lambda levels: speaks(**levels)
)
_EVENINGS = some_of(("mon-18", "tue-18", "wed-18", "thu-18"))


@st.composite
def cohorts(
    draw: st.DrawFn, *, most_learners: int = 6, most_mentors: int = 3
) -> tuple[list[Learner], list[Mentor], list[Exclusion]]:
    """Small cohorts in which languages, evenings, capacities and exclusions bite."""
    learners = [
        make_learner(
            f"l{n}", spoken=draw(_SPOKEN), slots=draw(_EVENINGS), goals=draw(some_of(SKILLS))
        )
        for n in range(draw(st.integers(0, most_learners)))
    ]
    mentors = [
        make_mentor(
            f"m{n}",
            spoken=draw(_SPOKEN),
            slots=draw(_EVENINGS),
            teaches=draw(some_of(SKILLS)),
            capacity=draw(st.integers(0, 3)),
        )
        for n in range(draw(st.integers(0, most_mentors)))
    ]
    pairs = [(one.id, other.id) for one in learners for other in mentors]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=3, unique=True)) if pairs else []
    return learners, mentors, [exclude(*pair) for pair in chosen]
