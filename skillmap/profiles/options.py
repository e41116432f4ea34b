"""The items that a learner may try next, and which of them serve best.

In: a situation, a mode, weights of skills. Out: options in their order.
Law: of equally good ones, the course's order decides, so the order of the input changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from skillmap.estimation import expected_success
from skillmap.estimation.belief import Ask, Belief
from skillmap.evidence import exercise_of
from skillmap.model import Course, Item, SkillId
from skillmap.profiles.asks import asks_of
from skillmap.profiles.prerequisites import waiting_assignments
from skillmap.profiles.situation import Situation

__all__ = ["Mode", "Option", "draw", "find_options", "rank", "ready"]

Floats = NDArray[np.float64]
Mode = Literal["assess", "practise"]

# Assessing in this band costs less than one item and keeps people at it; practice teaches most
# where success is likely but not sure.
BANDS: Mapping[Mode, tuple[float, float]] = {"assess": (0.4, 0.9), "practise": (0.65, 0.8)}
N_ALIKE = 3  # one of the best three is drawn: all items are met, and their difficulty is learnt


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An item that may be proposed for a skill.

    probability: predicted success. merit: the greater, the sooner. gap: how far predicted success
    lies outside the band.
    """

    item: Item
    skill: SkillId
    probability: float
    merit: float
    gap: float


def find_options(situation: Situation, mode: Mode, needs: Mapping[SkillId, float]) -> list[Option]:
    """Weigh every item that is not closed and shows a skill of the belief."""
    closed, skills = situation.closed(), situation.belief.skills
    items = [
        item
        for item in situation.course.items.values()
        if item.id not in closed and not item.skills.keys().isdisjoint(skills)
    ]
    weights = _weights(items, skills, needs)
    asks = asks_of(items, skills, situation.estimates)
    judge = _assess if mode == "assess" else _practise
    options = []
    for item in items:
        ask = asks[item.id]
        place, merit = judge(situation.belief, ask, weights)
        options.append(_option(item, skills[place], merit, mode, situation.belief, ask))
    return options


def ready(options: Sequence[Option], situation: Situation) -> list[Option]:
    """Keep what waits for no other module and lies in the band, else the one nearest to it."""
    waiting = waiting_assignments(situation.course, situation.belief, situation.answered())
    free = [one for one in options if one.item.assignment not in waiting] or list(options)
    inside = [one for one in free if one.gap == 0]
    return inside or sorted(free, key=lambda one: (one.gap, one.item.id))[:1]


def rank(options: Sequence[Option], course: Course) -> list[Option]:
    """Sort by merit, then as the course has it; only the best item of each exercise is kept."""
    place = {assignment: index for index, assignment in enumerate(course.assignments())}

    def key(one: Option) -> tuple[float, int, str, int, str]:
        item = one.item
        # Rounded, so that equals stay equal on another processor.
        where = (place[item.assignment], item.notebook, item.difficulty, item.id)
        return (-round(one.merit, 9), *where)

    best: dict[tuple[str, str, str], Option] = {}
    for option in sorted(options, key=key):
        best.setdefault(exercise_of(option.item), option)
    return list(best.values())


def draw(ranked: Sequence[Option], rng: np.random.Generator, n: int) -> list[Option]:
    """Take `n` options, each at random from the best three that are left."""
    left = list(ranked)
    drawn: list[Option] = []
    while left and len(drawn) < n:
        drawn.append(left.pop(int(rng.integers(min(N_ALIKE, len(left))))))
    return drawn


def _weights(
    items: Sequence[Item], skills: Sequence[SkillId], needs: Mapping[SkillId, float]
) -> Floats:
    """Weights of the skills that an item shows, (K,); all alike when none of them is needed."""
    shown = {skill for item in items for skill in item.skills}
    weights = np.array([needs.get(s, 0.0) if s in shown else 0.0 for s in skills])
    return weights if weights.any() else np.ones(len(skills))


def _assess(belief: Belief, ask: Ask, weights: Floats) -> tuple[int, float]:
    """Judge by the drop in variance that matters; for the skill of the item that gains most."""
    drop = belief.expected_drop(ask)
    own = drop * (ask.loading[1:] > 0)
    gains = own * weights
    return int(np.argmax(gains if gains.any() else own)), float(weights @ drop)


def _practise(belief: Belief, ask: Ask, weights: Floats) -> tuple[int, float]:
    """Judge by the lowest recall of a needed skill of the item; items without one come last."""
    mean, covariance = belief.reference()
    shown = ask.loading[1:] > 0
    needed = shown & (weights > 0)
    recall = {
        int(k): expected_success(float(mean[k]), float(covariance[k, k]) ** 0.5)
        for k in np.flatnonzero(needed if needed.any() else shown)
    }
    place = min(recall, key=lambda k: (recall[k], k))
    return place, -recall[place] - (not needed.any())


def _option(
    item: Item, skill: SkillId, merit: float, mode: Mode, belief: Belief, ask: Ask
) -> Option:
    success, (low, high) = belief.predict(ask).success, BANDS[mode]
    gap = max(low - success, success - high, 0.0)
    return Option(item=item, skill=skill, probability=success, merit=merit, gap=gap)
