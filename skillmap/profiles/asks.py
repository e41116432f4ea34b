"""Items as a learner meets them, and what a learner's goal asks them about.

In: items, a track or an opening. Out: Asks for a belief; weights of skills.
Law: shares of an item's skills sum to 1, as in the Q-matrix that estimation reads.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from skillmap.estimation import author_easiness
from skillmap.estimation.belief import Ask
from skillmap.model import Course, Item, ItemEstimate, ItemId, Opening, SkillId, Track

__all__ = ["asks_of", "needs_of_opening", "needs_of_track"]

AUTHOR_SD = 0.75  # logits: how far an author's mark is from the truth, as measured
ANSWERS_PER_ITEM = 1.6  # a partly credited exercise tells as much as 1.6 to 2 plain answers
REQUIRED, PREFERRED = 3.0, 1.0  # what an opening demands weighs as much as in matching


def asks_of(
    items: Iterable[Item], skills: Sequence[SkillId], estimates: Iterable[ItemEstimate] = ()
) -> dict[ItemId, Ask]:
    """Take each item as it is estimated, else as its author marked it.

    Skills outside `skills` keep their share and say nothing of the others.
    """
    known = {one.item: one for one in estimates}
    return {item.id: _ask(item, skills, known.get(item.id)) for item in items}


def needs_of_track(course: Course, track: Track) -> dict[SkillId, float]:
    """Weigh each skill by the number of modules of the track whose items show it."""
    shown = Counter(
        skill
        for module in track.modules
        for skill in {
            skill
            for item in course.items.values()
            if item.assignment == module.assignment
            for skill in item.skills
        }
    )
    return {skill: float(n) for skill, n in shown.items()}


def needs_of_opening(opening: Opening) -> dict[SkillId, float]:
    """Weigh what is required three times as much as what is preferred."""
    needs: dict[SkillId, float] = {}
    for one in opening.requirements:
        if one.kind == "skill":
            weight = REQUIRED if one.is_required else PREFERRED
            needs[SkillId(one.ref)] = max(weight, needs.get(SkillId(one.ref), 0.0))
    return needs


def _ask(item: Item, skills: Sequence[SkillId], known: ItemEstimate | None) -> Ask:
    total = sum(item.skills.values())
    shares = [item.skills.get(skill, 0.0) / total if total else 0.0 for skill in skills]
    return Ask(
        loading=np.array([1.0, *shares]),
        easiness=known.easiness if known else author_easiness(item.difficulty),
        easiness_sd=known.sd if known else AUTHOR_SD,
        weight=ANSWERS_PER_ITEM,
    )
