"""How much is saved by choosing the next exercise, and how well a check at the start places people.

Both on invented learners who answer with partial credit, with items of which only the author's mark
is known. Tests compare the choices with the product's own for one learner. Call `measure_choice`
and `measure_placement`.
"""

from collections.abc import Callable
from math import log

import numpy as np
from numpy.typing import NDArray
from skill_crowd import (
    Crowd,
    Floats,
    Ints,
    Items,
    People,
    answer,
    draw_people,
    drops,
    new_crowd,
    outlook,
)

from skillmap.profiles.mastery import positive_orthant
from skillmap.profiles.placement import SKIP_FROM

__all__ = ["draw_items", "draw_pool", "measure_choice", "measure_placement", "to_place"]

Marks = NDArray[np.bool_]
Chooser = Callable[[Crowd, Items, Marks, np.random.Generator], Ints]

N_ALIKE = 3  # as the product draws
MINUTES, MINUTES_PER_ITEM = 45, 3


def measure_choice(
    *, n_learners: int = 300, n_items: int = 120, n_skills: int = 12, n_draws: int = 4
) -> dict[str, dict[str, float]]:
    """After how many chosen items the error is that of 20 and of 40 random ones.

    Keys "assess" and "practise", each with "as_20_random", "as_40_random" and "mean_fraction".
    """
    choosers = {"random": at_random, "assess": to_assess, "practise": to_practise}
    curves: dict[str, list[Floats]] = {name: [] for name in choosers}
    fractions: dict[str, list[float]] = {name: [] for name in choosers}
    for seed in range(n_draws):
        rng = np.random.default_rng(seed)
        items = draw_items(n_items, n_skills, rng)
        people = draw_people(n_learners, items, 0.0, rng)
        for name, choose in choosers.items():
            curve, fraction = _follow(people, items, choose, 40, rng)
            curves[name].append(curve)
            fractions[name].append(fraction)
    error = {name: np.mean(found, axis=0) for name, found in curves.items()}
    return {
        name: {
            "as_20_random": _crossing(error[name], error["random"][20]),
            "as_40_random": _crossing(error[name], error["random"][40]),
            "mean_fraction": float(np.mean(fractions[name])),
        }
        for name in ("assess", "practise")
    }


def measure_placement(
    *,
    mean: float = 1.1,
    prior_mean: float | None = None,
    n_learners: int = 300,
    n_items: int = 120,
    n_draws: int = 3,
    cut: float = 0.6,
) -> dict[str, float]:
    """Share of mastered modules that are skipped, and share of skips that are false.

    Returning professionals: on average they solve 3 of 4 reference exercises, `mean` in logits.
    prior_mean: what is believed of them; None knows `mean`. 12 skills in 6 modules of two.
    """
    modules = np.arange(12).reshape(6, 2)
    believed = mean if prior_mean is None else prior_mean
    skipped, mastered = [], []
    for seed in range(n_draws):
        rng = np.random.default_rng(seed)
        items = draw_pool(n_items, modules, rng)
        people = draw_people(n_learners, items, mean, rng)
        crowd = new_crowd(n_learners, modules.size, believed)
        n_answers = _place(crowd, people, items, modules, cut, rng)
        skipped.append((_mastery(crowd, modules, cut) >= SKIP_FROM) & (n_answers > 0))
        truth = people.reference()[:, modules] >= log(cut / (1 - cut))
        mastered.append(truth.all(axis=2))
    return _shares(np.concatenate(skipped), np.concatenate(mastered))


def draw_items(n_items: int, n_skills: int, rng: np.random.Generator) -> Items:
    """Skills take turns; a fifth of the items ask for a second one. Marks of 1 to 5 alike."""
    rows, first = np.arange(n_items), np.arange(n_items) % n_skills
    second = (first + rng.integers(1, n_skills, n_items)) % n_skills
    q = np.zeros((n_items, n_skills))
    q[rows, first] = 1.0
    is_double = rng.random(n_items) < 0.2
    q[rows[is_double], second[is_double]] = 1.0
    return _marked(q, rng)


def draw_pool(n_items: int, modules: Ints, rng: np.random.Generator) -> Items:
    """Short items for modules (M, S) of skills; a third ask for two skills of their module."""
    skills = np.arange(n_items) % modules.size
    q = np.zeros((n_items, modules.size))
    q[np.arange(n_items), skills] = 1.0
    for row in np.flatnonzero(rng.random(n_items) < 1 / 3):
        fellows = modules[(modules == skills[row]).any(axis=1)][0]
        q[row, rng.choice(fellows[fellows != skills[row]])] = 1.0
    return _marked(q, rng)


def at_random(crowd: Crowd, items: Items, is_used: Marks, rng: np.random.Generator) -> Ints:
    """Any item that was not asked yet."""
    return np.where(is_used, -1.0, rng.random(is_used.shape)).argmax(axis=1)


def to_assess(crowd: Crowd, items: Items, is_used: Marks, rng: np.random.Generator) -> Ints:
    """The largest expected drop in summed variance within .4 to .9; drawn from the best three."""
    reach, logit, variance = crowd.along(items)
    success, information = outlook(logit, variance)
    merit = drops(reach, variance, information).sum(axis=2)
    return _drawn(merit, _gap(success, 0.4, 0.9), is_used, rng)


def to_practise(crowd: Crowd, items: Items, is_used: Marks, rng: np.random.Generator) -> Ints:
    """The lowest predicted recall of a skill first, within .65 to .8; drawn from the best three."""
    _, logit, variance = crowd.along(items)
    success, _ = outlook(logit, variance)
    mean, covariance = crowd.reference()
    recall, _ = outlook(mean, np.einsum("nkk->nk", covariance))
    shown = items.loading[:, 1:] > 0
    merit = -np.where(shown, recall[:, np.newaxis, :], 1.0).min(axis=2)
    return _drawn(merit, _gap(success, 0.65, 0.8), is_used, rng)


def to_place(crowd: Crowd, items: Items, is_used: Marks, modules: Ints, cut: float) -> Ints:
    """The item that tells most about modules in doubt, as `Placement.next_item` chooses."""
    chance = _mastery(crowd, modules, cut)
    weights = np.zeros((len(chance), modules.size))
    weights[:, modules] = np.sqrt(chance * (1 - chance))[:, :, np.newaxis]
    reach, logit, variance = crowd.along(items)
    _, information = outlook(logit, variance)
    worth = np.einsum("njk,nk->nj", drops(reach, variance, information), weights)
    return np.where(is_used, -1.0, worth).argmax(axis=1)


def _follow(
    people: People, items: Items, choose: Chooser, n_steps: int, rng: np.random.Generator
) -> tuple[Floats, float]:
    """RMSE in logits after 0, 1, … `n_steps` items, (1 + n_steps,), and the mean fraction."""
    n_learners, n_skills = people.reference().shape
    crowd = new_crowd(n_learners, n_skills, 0.0)
    is_used = np.zeros((n_learners, len(items.easiness)), dtype=bool)
    errors, fractions = [_rmse(crowd, people)], []
    for _ in range(n_steps):
        asked = choose(crowd, items, is_used, rng)
        is_used[np.arange(n_learners), asked] = True
        fractions.append(answer(people, items, asked, rng))
        crowd.learn(items, asked, fractions[-1])
        errors.append(_rmse(crowd, people))
    return np.array(errors), float(np.mean(fractions))


def _place(
    crowd: Crowd, people: People, items: Items, modules: Ints, cut: float, rng: np.random.Generator
) -> Ints:
    """Take everybody through a check; return the answers that speak for each module, (N, M)."""
    is_used = np.zeros((len(crowd.mean), len(items.easiness)), dtype=bool)
    n_answers = np.zeros((len(crowd.mean), len(modules)), dtype=np.int64)
    for _ in range(MINUTES // MINUTES_PER_ITEM):
        asked = to_place(crowd, items, is_used, modules, cut)
        is_used[np.arange(len(asked)), asked] = True
        n_answers += (items.loading[asked][:, 1:][:, modules] > 0).any(axis=2)
        crowd.learn(items, asked, answer(people, items, asked, rng))
    return n_answers


def _marked(q: Floats, rng: np.random.Generator) -> Items:
    loading = np.hstack([np.ones((len(q), 1)), q / q.sum(axis=1, keepdims=True)])
    return Items(loading=loading, easiness=0.75 * (3.0 - rng.integers(1, 6, len(q))))


def _gap(success: Floats, low: float, high: float) -> Floats:
    return np.maximum(np.maximum(low - success, success - high), 0.0)


def _drawn(merit: Floats, gap: Floats, is_used: Marks, rng: np.random.Generator) -> Ints:
    """Draw one of the best three in the band, or take the one nearest to it, for each learner."""
    is_open = (gap == 0) & ~is_used
    ranked = np.argsort(np.where(is_open, -merit, np.inf), axis=1, kind="stable")
    n_alike = np.clip(is_open.sum(axis=1), 1, N_ALIKE)
    drawn = ranked[np.arange(len(merit)), rng.integers(n_alike)]
    nearest = np.where(is_used, np.inf, gap).argmin(axis=1)
    return np.where(is_open.any(axis=1), drawn, nearest)


def _mastery(crowd: Crowd, modules: Ints, cut: float) -> Floats:
    """P(all skills of each module are mastered), (N, M)."""
    mean, covariance = crowd.reference()
    above = mean[:, modules] - log(cut / (1 - cut))
    return positive_orthant(above, covariance[:, modules[:, :, None], modules[:, None, :]])


def _rmse(crowd: Crowd, people: People) -> float:
    return float(np.sqrt(np.mean((crowd.reference()[0] - people.reference()) ** 2)))


def _crossing(errors: Floats, target: float) -> float:
    """Number of items, interpolated, after which the error falls to `target`; inf when never."""
    below = np.flatnonzero(errors <= target)
    if not below.size or not below[0]:
        return float("inf") if not below.size else 0.0
    n = int(below[0])
    return float(n - (target - errors[n]) / (errors[n - 1] - errors[n]))


def _shares(is_skipped: Marks, is_mastered: Marks) -> dict[str, float]:
    return {
        "mastered": float(is_mastered.mean()),
        "mastered_and_skipped": float((is_skipped & is_mastered).sum() / is_mastered.sum()),
        "false_skips": float((is_skipped & ~is_mastered).sum() / max(is_skipped.sum(), 1)),
    }
