"""Propose what a learner may try next: hard enough to teach, easy enough to succeed.

In: a profile, the course, the learner's responses and goals. Out: a few items with their reasons.
Laws: never an item that is solved, never two items of one exercise; predicted success lies in
0.4 to 0.9, a band that costs an assessment less than one item and keeps people at it. When no item
lies there the one nearest to it is proposed: nobody who finds all of it hard is left with nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from skillmap.estimation import author_easiness, expected_success
from skillmap.evidence import exercise_of, solved_items
from skillmap.model import (
    AssignmentId,
    Course,
    Item,
    ItemId,
    Reason,
    Response,
    SkillId,
    SkillLine,
    SkillProfile,
    Standing,
)

__all__ = ["NextItem", "next_items"]

SUCCESS_BAND = (0.4, 0.9)
# The less is known of a skill, the sooner it is asked about.
URGENCY: Mapping[Standing, int] = {
    "not_tested": 0,
    "early_sign": 1,
    "not_enough_evidence": 2,
    "at_least": 3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NextItem:
    """An item to try. skill: what it is proposed for. probability: predicted success."""

    item: ItemId
    skill: SkillId
    probability: float
    reason: Reason


def next_items(
    profile: SkillProfile,
    course: Course,
    responses: Sequence[Response],
    *,
    goals: Collection[SkillId] = (),
    n: int = 3,
) -> list[NextItem]:
    """Up to `n` items: goals first, then skills of which little is known, then the track's order.

    None when every tagged item is solved. Responses of others are ignored.
    """
    solved = solved_items(responses, profile.learner)
    options = [
        option
        for item in course.items.values()
        if item.id not in solved and (option := _option(item, profile, goals))
    ]
    place = {assignment: index for index, assignment in enumerate(course.assignments())}
    chosen: dict[tuple[str, str, str], NextItem] = {}
    for option in sorted(_suitable(options), key=lambda o: _rank(o, course, profile, goals, place)):
        chosen.setdefault(exercise_of(course.items[option.item]), option)
    return list(chosen.values())[:n]


def _option(item: Item, profile: SkillProfile, goals: Collection[SkillId]) -> NextItem | None:
    """Return the item as a proposal; None when it shows no skill of the profile."""
    lines = profile.by_skill()
    shown = [skill for skill in item.skills if skill in lines]
    if not shown:
        return None
    probability = _predicted_success(item, [lines[skill] for skill in shown])
    skill = min(shown, key=lambda s: (s not in goals, URGENCY[lines[s].standing], s))
    verb = "practise" if lines[skill].estimate.n_items else "assess"
    return NextItem(
        item=item.id,
        skill=skill,
        probability=probability,
        reason=Reason(
            key=f"next.{verb}",
            values={"skill": skill, "item": item.id, "probability": round(probability, 2)},
        ),
    )


def _suitable(options: Sequence[NextItem]) -> list[NextItem]:
    """Return the options inside the band, or the one nearest to it."""
    inside = [option for option in options if _distance(option) == 0]
    return inside or sorted(options, key=lambda o: (_distance(o), o.item))[:1]


def _distance(option: NextItem) -> float:
    """How far predicted success lies outside the band."""
    low, high = SUCCESS_BAND
    return max(low - option.probability, option.probability - high, 0.0)


def _predicted_success(item: Item, lines: Sequence[SkillLine]) -> float:
    """Predict from the profile alone: the item asks for the weighted mean of its skills.

    The sds are averaged too, as if the skills' doubts were one: the wider, safer reading.
    """
    shares = [item.skills[line.skill] for line in lines]
    total = sum(shares)
    logit = sum(s * line.estimate.logit for s, line in zip(shares, lines, strict=True)) / total
    sd = sum(s * line.estimate.sd for s, line in zip(shares, lines, strict=True)) / total
    return expected_success(logit + author_easiness(item.difficulty), sd)


def _rank(
    option: NextItem,
    course: Course,
    profile: SkillProfile,
    goals: Collection[SkillId],
    place: Mapping[AssignmentId, int],
) -> tuple[bool, int, int, str, int, ItemId]:
    """Order of proposals; the smaller, the sooner."""
    item = course.items[option.item]
    urgency = URGENCY[profile.by_skill()[option.skill].standing]
    where = (place[item.assignment], item.notebook, item.difficulty, item.id)
    return (option.skill not in goals, urgency, *where)
