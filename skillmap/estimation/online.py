"""Follow learners answer by answer: predict each from the learner's own past, then learn from it.

Assumed-density filtering: after each answer the posterior over (level, form, skills) is replaced by
the normal of the same mode and curvature along the item's direction; a rank-1 update. Between two
moments the parts drift as their prior says (prior.py). Items may learn along, as in live use.
Source: Opper (1998), A Bayesian approach to on-line learning.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skillmap.estimation.histories import Histories
from skillmap.estimation.prior import AbilityPrior

__all__ = ["Followed", "Shared", "follow"]

Floats = NDArray[np.float64]

NEWTON_STEPS = 4  # of a scalar, well-behaved problem


@dataclass(slots=True, kw_only=True, eq=False)
class Shared:
    """What learners share while they are followed; easiness and its variance may learn along.

    fixed: (n_rows + 1,) offset of each row, mean and gains. easiness, variance, slope: (n_items,).
    """

    fixed: Floats
    easiness: Floats
    variance: Floats
    slope: Floats
    is_learning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Followed:
    """Predictions made before each answer: mean and variance of the logit, (n_rows,)."""

    logit: Floats
    variance: Floats


def follow(histories: Histories, prior: AbilityPrior, weight: Floats, shared: Shared) -> Followed:
    """Predict the rows of each piece of the histories, piece by piece; NaN for rows in none."""
    logit, variance = np.full(histories.n_rows, np.nan), np.full(histories.n_rows, np.nan)
    for first, last in histories.pieces.tolist():
        if last > first:
            rows = slice(first, last)
            logit[rows], variance[rows] = _follow_one(histories, prior, weight, shared, rows)
    return Followed(logit=logit, variance=variance)


def _follow_one(
    histories: Histories, prior: AbilityPrior, weight: Floats, shared: Shared, rows: slice
) -> tuple[Floats, Floats]:
    item = histories.item[rows]
    loading = _loading(histories.q[item]) * shared.slope[item][:, None]
    variances, drift = _parts(prior, histories, rows, loading.shape[1])
    mean, spread = np.zeros(len(variances)), np.diag(variances)
    fixed, fraction, worth = shared.fixed[rows], histories.fraction[rows], weight[rows]
    logits, doubts = np.empty(len(item)), np.empty(len(item))
    for n, (i, x, left) in enumerate(zip(item.tolist(), loading, drift, strict=True)):
        if left is not None:
            mean *= left
            spread *= np.multiply.outer(left, left)
            spread.ravel()[:: len(mean) + 1] += (1.0 - left**2) * variances
        reach = spread @ x
        logit = float(fixed[n] + shared.easiness[i] + x @ mean)
        doubt = float(x @ reach + shared.variance[i])
        logits[n], doubts[n] = logit, doubt
        surprise, told = surprise_of(logit, doubt, float(fraction[n]), float(worth[n]))
        mean += reach * surprise
        spread -= np.multiply.outer(reach * told, reach)
        if shared.is_learning:
            shared.easiness[i] += shared.variance[i] * surprise
            shared.variance[i] -= told * shared.variance[i] ** 2
    return logits, doubts


def surprise_of(logit: float, doubt: float, fraction: float, weight: float) -> tuple[float, float]:
    """Score and information of an answer at its own mode: what the update is proportional to.

    logit, doubt: mean and variance before it. Solves shift = doubt * weight * (fraction - p).
    """
    shift = 0.0
    for _ in range(NEWTON_STEPS):
        p = 1.0 / (1.0 + np.exp(-logit - shift))
        slope = 1.0 + doubt * weight * p * (1.0 - p)
        shift -= (shift - doubt * weight * (fraction - p)) / slope
    p = 1.0 / (1.0 + np.exp(-logit - shift))
    information = weight * p * (1.0 - p)
    return weight * (fraction - p), information / (1.0 + doubt * information)


def _loading(q: Floats) -> Floats:
    """Level, form, and the skills that the learner meets, (n, 2 + n_met)."""
    met = np.flatnonzero(q.any(axis=0))
    return np.hstack([np.ones((len(q), 2)), q[:, met]])


def _parts(
    prior: AbilityPrior, histories: Histories, rows: slice, n_parts: int
) -> tuple[Floats, list[Floats | None]]:
    """Prior variances, and for each row what is left of each part since the row before."""
    kinds = np.r_[0, 1, np.full(n_parts - 2, 2)]
    memories = (prior.level, prior.form, prior.skill)
    steps = np.diff(histories.moment[rows], prepend=histories.moment[rows][:1])
    days = np.diff(histories.days[rows], prepend=histories.days[rows][:1])
    left = np.stack([memory.left(steps, days) for memory in memories])
    moved = (steps > 0) | (days > 0)
    drift = [left[kinds, n] if moved[n] else None for n in range(len(steps))]
    return np.array([m.sd**2 for m in memories])[kinds], drift
