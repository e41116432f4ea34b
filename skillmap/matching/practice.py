"""Choose the item that a learner should practise next for a skill.

In: the items of the course, one learner's responses and profile. Out: an item, or None.
Law: what was solved once stays solved; the choice does not depend on the order of the input.
"""

from collections.abc import Mapping, Sequence
from math import log

from skillmap.estimation import author_easiness
from skillmap.evidence import solved_items
from skillmap.model import Course, Item, ItemId, LearnerId, Response, SkillEstimate, SkillId

__all__ = ["next_item", "unsolved_items"]

# Practice teaches most where success is likely but not sure (zone of .65 to .8).
_AIM_LOGIT = log(0.7 / 0.3)


def unsolved_items(
    course: Course, responses: Sequence[Response], learner: LearnerId
) -> Mapping[SkillId, Sequence[Item]]:
    """Items of each skill that this learner has not solved yet."""
    solved = solved_items(responses, learner)
    by_skill: dict[SkillId, list[Item]] = {}
    for item in course.items.values():
        if item.id not in solved:
            for skill in item.skills:
                by_skill.setdefault(skill, []).append(item)
    return by_skill


def next_item(
    skill: SkillId, unsolved: Sequence[Item], estimate: SkillEstimate | None
) -> ItemId | None:
    """The unsolved item whose predicted success lies nearest to .7 on the logit scale.

    Without an estimate the learner is taken to be even with a reference exercise. Of equals: the
    item that weighs the skill most, then the first id.
    """
    if not unsolved:
        return None
    ability = estimate.logit if estimate else 0.0

    def distance(item: Item) -> tuple[float, float, ItemId]:
        predicted = ability + author_easiness(item.difficulty)
        return abs(predicted - _AIM_LOGIT), -item.skills[skill], item.id

    return min(unsolved, key=distance).id
