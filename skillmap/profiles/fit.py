"""How well the answers to each item follow what the model expects of them.

In: a Fitted cohort. Out: an ItemFit for each item, and which of them cannot be chance.
Laws: a learner counts once per item, with the first answer, before feedback could change it; an
item with fewer than MIN_ANSWERS is never judged. Residuals are fractions minus expectation; their
variance is a dispersion times that of a right-or-wrong answer, learnt per kind of item as the
median over its items, so that one broken item does not excuse itself.
Source: Wright & Masters (1982), Rating Scale Analysis, 100-105: infit and outfit mean squares and
their cube-root (Wilson-Hilferty) standardisation. A fraction with dispersion d is taken as the mean
of 1/d right-or-wrong answers, which gives its fourth moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from skillmap.errors import EvidenceError
from skillmap.evidence import EvidenceFrame
from skillmap.model import ItemId

__all__ = ["MIN_ANSWERS", "Fitted", "ItemFit", "Residuals", "discoveries", "judge_fit", "residuals"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MIN_ANSWERS = 20  # learners; with fewer a mean square spans 0.5 to 1.7 by chance alone
MIN_KIND = 5  # items of one kind; with fewer their dispersion is taken as that of right-or-wrong
NEAR_CERTAIN = 0.01  # expectations are kept this far from 0 and 1: one slip is no broken item


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """What a model says of a frame.

    expected: (n_rows,) in [0, 1]. ability: (n_learners, n_skills) logits of a reference exercise.
    Raises EvidenceError when a shape does not fit the frame or a number is not finite.
    """

    frame: EvidenceFrame
    expected: Floats
    ability: Floats

    def __post_init__(self) -> None:
        frame = self.frame
        wanted = {
            "expected": (len(frame.fraction),),
            "ability": (len(frame.learners), len(frame.skills)),
        }
        for name, shape in wanted.items():
            array = getattr(self, name)
            if array.shape != shape or not np.isfinite(array).all():
                raise EvidenceError(
                    f"{name} has the shape {array.shape}, and must hold finite numbers in the "
                    f"shape {shape}. Take it from a model that was fitted to this frame."
                )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Residuals:
    """First answers to one item. All arrays: (n_answers,).

    learner: rows of the ability matrix. logit: of the expected fraction. residual: fraction minus
    expectation. variance: of a right-or-wrong answer. dispersion: factor for fractions.
    """

    item: ItemId
    learner: Ints
    logit: Floats
    residual: Floats
    variance: Floats
    dispersion: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFit:
    """Fit of one item with MIN_ANSWERS or more.

    infit, outfit: mean squares, 1 when the answers scatter as expected. infit_z: standardised.
    slope, slope_sd: how steeply answers follow ability, 1 as the model has it, below 0 reversed.
    p_value: that answers as erratic, or as little led by ability, come about by chance.
    """

    item: ItemId
    n_answers: int
    infit: float
    outfit: float
    infit_z: float
    slope: float
    slope_sd: float
    p_value: float

    @property
    def is_reversed(self) -> bool:
        """Whether those who know more solve it less often."""
        return self.slope < 0


def residuals(fitted: Fitted) -> list[Residuals]:
    """Lay out the first answers to each item of the frame, in its order."""
    frame = fitted.frame
    first = _first_rows(frame)
    expected = np.clip(fitted.expected, NEAR_CERTAIN, 1 - NEAR_CERTAIN)
    variance = expected * (1 - expected)
    by_item = [first[frame.item_index[first] == i] for i in range(len(frame.items))]
    dispersion = _dispersions(frame, by_item, (frame.fraction - expected) ** 2, variance)
    return [
        Residuals(
            item=frame.items[i],
            learner=frame.learner_index[rows],
            logit=np.log(expected[rows] / (1 - expected[rows])),
            residual=frame.fraction[rows] - expected[rows],
            variance=variance[rows],
            dispersion=dispersion[i],
        )
        for i, rows in enumerate(by_item)
    ]


def judge_fit(answers: Sequence[Residuals]) -> list[ItemFit]:
    """Judge the items that enough learners have answered."""
    return [_judge(one) for one in answers if len(one.residual) >= MIN_ANSWERS]


def discoveries(p_values: Sequence[float], *, rate: float) -> NDArray[np.bool_]:
    """Mark the p-values that may be shown when `rate` of those shown may be false.

    Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300.
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p)
    passes = p[order] <= rate * np.arange(1, len(p) + 1) / max(len(p), 1)
    found = np.zeros(len(p), dtype=np.bool_)
    if passes.any():
        found[order[: np.flatnonzero(passes)[-1] + 1]] = True
    return found


def _first_rows(frame: EvidenceFrame) -> Ints:
    """Return the row of each learner's first answer to each item."""
    order = np.lexsort((frame.attempt, frame.item_index, frame.learner_index))
    place = frame.learner_index[order] * len(frame.items) + frame.item_index[order]
    return np.asarray(order[np.unique(place, return_index=True)[1]], dtype=np.int64)


def _dispersions(
    frame: EvidenceFrame, by_item: Sequence[Ints], squares: Floats, variance: Floats
) -> list[float]:
    """Learn the dispersion of hand-graded items, of pass-or-fail ones, and of the rest."""
    kinds = [_kind(frame, rows) for rows in by_item]
    ratios: dict[str, list[float]] = {kind: [] for kind in kinds}
    for kind, rows in zip(kinds, by_item, strict=True):
        if len(rows) >= MIN_ANSWERS:
            ratios[kind].append(float(squares[rows].sum() / variance[rows].sum()))
    learnt = {k: float(np.median(r)) if len(r) >= MIN_KIND else 1.0 for k, r in ratios.items()}
    return [max(learnt[kind], NEAR_CERTAIN) for kind in kinds]


def _kind(frame: EvidenceFrame, rows: Ints) -> str:
    if frame.is_manual[rows].any():
        return "manual"
    return "pass or fail" if np.isin(frame.fraction[rows], (0.0, 1.0)).all() else "partial"


def _judge(one: Residuals) -> ItemFit:
    expected_square = one.dispersion * one.variance
    squares = one.residual**2
    infit = float(squares.sum() / expected_square.sum())
    infit_sd = float(np.sqrt(_square_variance(one).sum()) / expected_square.sum())
    infit_z = (infit ** (1 / 3) - 1) * 3 / infit_sd + infit_sd / 3
    slope, slope_sd = _slope(one)
    worst = min(norm.sf(infit_z), norm.cdf((slope - 1) / slope_sd))
    return ItemFit(
        item=one.item,
        n_answers=len(squares),
        infit=infit,
        outfit=float(np.mean(squares / expected_square)),
        infit_z=float(infit_z),
        slope=slope,
        slope_sd=slope_sd,
        p_value=min(1.0, 2 * float(worst)),  # two tests of one item (Bonferroni)
    )


def _square_variance(one: Residuals) -> Floats:
    """Variance of each squared residual, (n_answers,)."""
    d, v = one.dispersion, one.variance
    return np.asarray(d**3 * v * (1 - 6 * v) + 2 * (d * v) ** 2)


def _slope(one: Residuals) -> tuple[float, float]:
    """One Newton step from 1, with the item's easiness free, and its standard deviation."""
    off = one.logit - np.average(one.logit, weights=one.variance)
    information = max(float(one.variance @ off**2), NEAR_CERTAIN**2)
    slope = 1 + float(one.residual @ off) / information
    return slope, float(np.sqrt(one.dispersion / information))
