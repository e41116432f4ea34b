"""Judge predictions and intervals against what happened.

In: outcomes and predictions in [0, 1], arrays of equal length (n_rows,). Out: one number each.
Every measure is a plain formula over its inputs; nan where the measure is not defined.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Scores",
    "area_under_curve",
    "calibration_error",
    "evaluate",
    "interval_coverage",
    "log_loss",
    "rmse",
]

Floats = NDArray[np.float64]

N_BINS = 10
SOLVED = 0.5  # a fraction of this or more counts as solved where a measure needs yes or no
SMALLEST = 1e-12  # a prediction of exactly 0 or 1 is judged as this far from it


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """auc in [0, 1], higher is better; rmse, log_loss (nats per row), ece: lower is better."""

    auc: float
    rmse: float
    log_loss: float
    ece: float


def evaluate(outcome: Floats, predicted: Floats) -> Scores:
    """All measures of one set of predictions."""
    return Scores(
        auc=area_under_curve(outcome, predicted),
        rmse=rmse(outcome, predicted),
        log_loss=log_loss(outcome, predicted),
        ece=calibration_error(outcome, predicted),
    )


def area_under_curve(outcome: Floats, predicted: Floats) -> float:
    """P(a solved row was predicted above an unsolved one), ties count half (Mann-Whitney)."""
    solved = outcome >= SOLVED
    n_solved, n_unsolved = int(solved.sum()), int((~solved).sum())
    if n_solved == 0 or n_unsolved == 0:
        return float("nan")
    _, tie, size = np.unique(predicted, return_inverse=True, return_counts=True)
    middle_rank = np.cumsum(size) - (size - 1) / 2
    above = middle_rank[tie][solved].sum() - n_solved * (n_solved + 1) / 2
    return float(above / (n_solved * n_unsolved))


def rmse(outcome: Floats, predicted: Floats) -> float:
    """Root mean square error."""
    return float(np.sqrt(_mean((outcome - predicted) ** 2)))


def log_loss(outcome: Floats, predicted: Floats) -> float:
    """Mean cross-entropy in nats; outcomes may be fractions."""
    p = np.clip(predicted, SMALLEST, 1 - SMALLEST)
    return _mean(-outcome * np.log(p) - (1 - outcome) * np.log1p(-p))


def calibration_error(outcome: Floats, predicted: Floats) -> float:
    """Expected calibration error over ten equal bins of the prediction (ECE)."""
    bins = np.minimum((predicted * N_BINS).astype(np.int64), N_BINS - 1)
    gaps = np.bincount(bins, outcome - predicted, N_BINS)
    return float(np.abs(gaps).sum() / len(outcome)) if len(outcome) else float("nan")


def interval_coverage(truth: Floats, mean: Floats, sd: Floats, *, mass: float = 0.9) -> float:
    """Share of true values inside the central normal interval that claims `mass` of them."""
    reach = NormalDist().inv_cdf(0.5 + mass / 2)
    return _mean((np.abs(truth - mean) <= reach * sd).astype(np.float64))


def _mean(values: Floats) -> float:
    return float(values.mean()) if values.size else float("nan")
