"""Learn from a large log what a small one takes from its defaults: spreads, memory, slopes.

In: a JointModel and its mode. Out: the model with other hyper-parameters.
Each has a strong prior around its default, so a thin log moves it little. Spreads and memory of
the abilities maximise the Laplace evidence on a part of the learners, easiness given; the spread
of items and the dispersion come from moments; slopes are learnt for items with many answers only.
Source: Rasmussen & Williams (2006), 5.5.2 (evidence), 5.4.2 (leaving one answer out).
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from skillmap.estimation.joint import (
    JointModel,
    Mode,
    logits,
    sigmoid,
    with_frozen_globals,
)
from skillmap.estimation.newton import Solver, find_mode, log_evidence, without_one
from skillmap.estimation.prior import AbilityPrior

__all__ = ["learn_abilities", "learn_dispersion", "learn_item_sd", "learn_slopes"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

EVIDENCE_CELLS = 1_500_000  # of covariances: some 150 histories of 100 answers tell enough
LONGEST_START = 256  # rows of a history; more cost the third power and tell little of spreads
SWEEPS = 3
NEAR = 0.01  # logits; the evidence is flat around the mode
# Sds of the log of a spread below and above its default: one that is taken too small makes
# profiles surer than they are, and Laplace's evidence leans that way on right-or-wrong answers.
SPREAD_DOUBT = (0.1, 0.25)
FORM_DOUBT = (0.7, 0.7)  # of the form of the day less is known
MEMORY_DOUBT = (0.7, 0.7)  # and of a memory
SLOPE_DOUBT = 0.3  # sd of the log of a slope
ANSWERS_FOR_A_SLOPE = 100  # with fewer, slopes cost more than they tell (small cohorts keep 1)
DISPERSION_ANSWERS = 50  # that the default dispersion is worth
ITEMS_OF_THE_DEFAULT = 20  # that the default spread of items is worth
HIGHEST_SLOPE_STEP = 0.3
SLOPE_STEPS = 15

# What may move: part of the prior, field, doubts, first step of its log.
KNOBS = (
    ("level", "sd", SPREAD_DOUBT, 0.3),
    ("skill", "sd", SPREAD_DOUBT, 0.3),
    ("form", "sd", FORM_DOUBT, 0.4),
    ("skill", "steps", MEMORY_DOUBT, 0.8),
)


def learn_abilities(model: JointModel, mode: Mode, default: AbilityPrior) -> AbilityPrior:
    """Return the spreads and memories that make the answers most likely, easiness as it is."""
    part = with_frozen_globals(_thinned(model), mode)
    best, step = model.ability, 1.0
    height, mode = _evidence(part, mode, best, default)
    knobs = [knob for knob in KNOBS if 0 < getattr(getattr(default, knob[0]), knob[1]) < np.inf]
    for _ in range(SWEEPS):
        for name, field, _, size in knobs:
            for by in (step * size, -step * size):
                tried = _turned(best, name, field, by)
                found, at = _evidence(part, mode, tried, default)
                if found > height:
                    best, height, mode = tried, found, at
                    break
        step *= 0.5
    return best


def learn_dispersion(model: JointModel, mode: Mode, rows: Bools, default: float) -> float:
    """Variance of the fractions of some rows as a share of that of right-or-wrong answers.

    rows: (n_rows + 1,). From Pearson's residuals, each freed of the answer's leverage on its own
    expectation, and of a degree of freedom per item (McCullagh & Nelder 1989, 4.5); pulled towards
    the default.
    """
    _, _, leverage = without_one(model, mode)
    expected = sigmoid(logits(model, mode))[rows]
    square = (model.histories.fraction[rows] - expected) ** 2
    share = square / np.maximum(expected * (1 - expected), 0.01) / (1 - leverage[rows])
    n_free = max(len(share) - len(np.unique(model.histories.item[rows])), 1)
    pulled = share.sum() * len(share) / n_free + DISPERSION_ANSWERS * default
    return float(np.clip(pulled / (len(share) + DISPERSION_ANSWERS), 0.2, 3.0))


def learn_item_sd(model: JointModel, mode: Mode, default: float) -> float:
    """Spread of the items around the authors' marks, as the mode and its curvature tell it."""
    h, expected = model.histories, sigmoid(logits(model, mode))
    size = len(model.slope)
    told = np.bincount(h.item, model.weight * expected * (1 - expected), size)
    met = np.bincount(h.item[:-1], minlength=size) > 0
    off = mode.shared.easiness - model.prior_mean.easiness
    square = off**2 + 1.0 / (told + model.prior_sd.easiness**-2.0)
    pulled = square[met].sum() + ITEMS_OF_THE_DEFAULT * default**2
    return float(np.sqrt(pulled / (met.sum() + ITEMS_OF_THE_DEFAULT)))


def learn_slopes(model: JointModel, mode: Mode) -> Floats:
    """How sharply each item tells learners apart, (n_items,); 1 where answers are few.

    An answer must not judge its own item, so abilities are those without it.
    """
    h, size = model.histories, len(model.slope)
    count = np.bincount(h.item[:-1], minlength=size)
    ability, doubt, _ = without_one(model, mode)
    ability = ability / model.slope[h.item]
    shrink = 1.0 / np.sqrt(1.0 + np.pi * doubt / 8.0)
    fixed = logits(model, mode) - mode.ability
    log_slope, shift = np.log(model.slope), np.zeros(size)
    for _ in range(SLOPE_STEPS):
        reach = np.exp(log_slope)[h.item] * ability
        expected = sigmoid((fixed + shift[h.item] + reach) * shrink)
        surprise, told = h.fraction - expected, expected * (1 - expected)
        log_slope += _nudge(
            h.item, surprise * reach, told * reach**2, log_slope, SLOPE_DOUBT, model
        )
        shift += _nudge(h.item, surprise, told, shift, SLOPE_DOUBT, model)
    return np.where(count >= ANSWERS_FOR_A_SLOPE, np.exp(log_slope), 1.0)


def _nudge(
    item: NDArray[np.int64],
    score: Floats,
    told: Floats,
    value: Floats,
    doubt: float,
    model: JointModel,
) -> Floats:
    """One damped Newton step of a number per item with a normal prior around 0."""
    slope = np.bincount(item, model.weight * score, len(value)) - value / doubt**2
    curvature = np.bincount(item, model.weight * told, len(value)) + 1.0 / doubt**2
    return np.clip(slope / curvature, -HIGHEST_SLOPE_STEP, HIGHEST_SLOPE_STEP)


def _turned(prior: AbilityPrior, name: str, field: str, by: float) -> AbilityPrior:
    memory = getattr(prior, name)
    return replace(prior, **{name: replace(memory, **{field: getattr(memory, field) * np.exp(by)})})


def _evidence(
    part: JointModel, mode: Mode, prior: AbilityPrior, default: AbilityPrior
) -> tuple[float, Mode]:
    """Log evidence with the prior of the knobs, and the mode where it was found."""
    model = replace(part, ability=prior)
    solver = Solver(model, is_exact=False)
    found, _ = find_mode(model, solver.carried(mode), tolerance=NEAR, max_steps=12, solver=solver)
    ratios = [_log_ratio(prior, default, name, field) for name, field, *_ in KNOBS]
    doubts = [knob[2][ratio > 0] for knob, ratio in zip(KNOBS, ratios, strict=True)]
    strain = sum((ratio / doubt) ** 2 for ratio, doubt in zip(ratios, doubts, strict=True))
    return log_evidence(model, found, solver) - 0.5 * strain, found


def _log_ratio(prior: AbilityPrior, default: AbilityPrior, name: str, field: str) -> float:
    now, usual = (getattr(getattr(one, name), field) for one in (prior, default))
    return 0.0 if now == usual else float(np.log(now / usual))


def _thinned(model: JointModel) -> JointModel:
    """Keep the first LONGEST_START rows of pieces evenly spread, within EVIDENCE_CELLS."""
    first, last = model.histories.pieces.T
    last = np.minimum(last, first + LONGEST_START)
    stride = max(int(np.ceil(((last - first) ** 2.0).sum() / EVIDENCE_CELLS)), 1)
    pieces = np.stack([first, last], axis=1)[::stride]
    return replace(model, histories=replace(model.histories, pieces=pieces))
