"""Propose what a learner may try next: to find out what they can do, or to practise.

In: a situation, and what the learner needs. Out: a few items with their reasons, and the sign that
enough is known.
Laws: never an item that is solved, never two items of one exercise; a module waits for those that
the course puts before it; predicted success lies in a band. When nothing lies there, the item
nearest to it is proposed: nobody who finds all of it hard is left with nothing. What a mentor or an
instructor put first comes first. The same inputs give the same items.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import log
from statistics import NormalDist

import numpy as np

from skillmap.evidence import exercise_of
from skillmap.model import ItemId, LearnerId, Override, Reason, SkillId
from skillmap.profiles.options import Mode, Option, draw, find_options, rank, ready
from skillmap.profiles.situation import Situation

__all__ = ["NextItem", "exposure_rng", "is_enough_known", "next_items"]

MAX_EXERCISES = 30  # more do not tell enough to be worth the time
_REACH = NormalDist().inv_cdf(0.95)  # of an interval of 90 %, in sds


@dataclass(frozen=True, slots=True, kw_only=True)
class NextItem:
    """An item to try. skill: what it is proposed for. probability: predicted success."""

    item: ItemId
    skill: SkillId
    probability: float
    reason: Reason


def next_items(
    situation: Situation,
    *,
    rng: np.random.Generator,
    mode: Mode = "assess",
    needs: Mapping[SkillId, float] | None = None,
    n: int = 3,
) -> list[NextItem]:
    """Up to `n` items; none when every tagged item is solved.

    "assess" takes the largest expected drop in the variance of the skills needed, "practise" the
    lowest predicted recall of them first. needs: weights of skills; None, or none that an item
    shows, weighs all alike. One of the best three is drawn each time.
    """
    options = find_options(situation, mode, needs or {})
    pins = {item: one for item, one in situation.decisions().items() if one.kind == "pin"}
    pinned = [option for item in pins for option in options if option.item.id == item]
    ranked = rank(ready(options, situation), situation.course)
    tested = _tested_skills(situation)
    chosen: dict[tuple[str, str, str], NextItem] = {}
    for option in [*pinned, *draw(ranked, rng, n + len(pinned))]:
        reason = _reason(option, mode, pins.get(option.item.id), option.skill in tested)
        proposal = NextItem(
            item=option.item.id,
            skill=option.skill,
            probability=option.probability,
            reason=reason,
        )
        chosen.setdefault(exercise_of(option.item), proposal)
    return list(chosen.values())[:n]


def exposure_rng(learner: LearnerId, data_sha256: str) -> np.random.Generator:
    """Seed a generator with who and what: the same evidence gives the same proposals."""
    digest = sha256(f"{learner}\n{data_sha256}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def is_enough_known(situation: Situation, needs: Mapping[SkillId, float] | None = None) -> bool:
    """Whether to stop assessing: each needed skill lies inside a level, or 30 exercises are done.

    A skill lies inside a level when no cut lies within its 90 % interval. needs: as `next_items`
    takes it.
    """
    items = situation.course.items
    if len({exercise_of(items[item]) for item in situation.answered()}) >= MAX_EXERCISES:
        return True
    cuts = [log(level.cut / (1.0 - level.cut)) for level in situation.course.levels]
    mean, covariance = situation.belief.reference()
    reach = _REACH * np.sqrt(np.diag(covariance))
    skills = situation.belief.skills
    needed = [k for k, skill in enumerate(skills) if (needs or {}).get(skill, 0.0) > 0]
    return all(abs(mean[k] - cut) > reach[k] for k in needed or range(len(skills)) for cut in cuts)


def _tested_skills(situation: Situation) -> set[SkillId]:
    items = situation.course.items
    return {skill for item in situation.answered() for skill in items[item].skills}


def _reason(option: Option, mode: Mode, pin: Override | None, is_tested: bool) -> Reason:
    """Say who chose the item, or why it fits; `tens` is the expected success out of ten."""
    values: dict[str, str | int | float] = {
        "skill": option.skill,
        "item": option.item.id,
        "probability": round(option.probability, 2),
        "tens": min(max(round(10 * option.probability), 1), 9),
    }
    if pin is not None:
        return Reason(key="next.pinned", values=values | {"mentor": pin.by})
    if option.gap > 0:
        return Reason(key="next.nearest", values=values)
    key = f"next.{mode}" if is_tested == (mode == "practise") else f"next.{mode}.other"
    return Reason(key=key, values=values)
