"""Judge predictions with intervals over learners.

In: outcomes, predictions and the learner of each row, (n_rows,). Out: plain numbers for JSON.
Intervals are 95 % percentiles of a bootstrap that draws learners, not rows, with replacement:
rows of one person hang together.
"""

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skillmap.estimation.evaluate import N_BINS, SMALLEST, SOLVED, area_under_curve, evaluate

__all__ = ["auc_difference", "judge", "mean_of_runs", "rounded", "share_with_interval"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

N_DRAWS = 200
TAILS = (2.5, 97.5)
RANK_BINS = 2000  # of an interval's draws; an area errs by less than .0003


def judge(outcome: Floats, predicted: Floats, learner: Ints, *, seed: int = 0) -> dict[str, Any]:
    """Each measure of `evaluate`, and under `<measure>_95` the interval over learners."""
    who, times_drawn = _draw_learners(learner, seed)
    draws = {
        "auc": _aucs(outcome, predicted, who, times_drawn),
        "rmse": np.sqrt(_means((outcome - predicted) ** 2, who, times_drawn)),
        "log_loss": _means(_losses(outcome, predicted), who, times_drawn),
        "ece": _eces(outcome, predicted, who, times_drawn),
    }
    result: dict[str, Any] = {"n_rows": len(outcome), "n_learners": times_drawn.shape[1]}
    for name, value in asdict(evaluate(outcome, predicted)).items():
        result |= {name: value, f"{name}_95": _interval(draws[name])}
    return result


def auc_difference(
    outcome: Floats, first: Floats, second: Floats, learner: Ints, *, seed: int = 0
) -> dict[str, Any]:
    """How far the first AUC lies above the second, the same learners drawn for both."""
    who, times_drawn = _draw_learners(learner, seed)
    draws = [_aucs(outcome, predicted, who, times_drawn) for predicted in (first, second)]
    exact = [area_under_curve(outcome, predicted) for predicted in (first, second)]
    return {"auc": exact[0] - exact[1], "auc_95": _interval(draws[0] - draws[1])}


def share_with_interval(part: Floats, whole: Floats, *, seed: int = 0) -> dict[str, Any]:
    """Sum of `part` by sum of `whole`, both one number per learner, (n_learners,)."""
    _, times_drawn = _draw_learners(np.arange(len(part)), seed)
    draws = (times_drawn @ part) / np.maximum(times_drawn @ whole, SMALLEST)
    share = float(part.sum() / whole.sum()) if whole.sum() else float("nan")
    return {"share": share, "share_95": _interval(draws)}


def mean_of_runs(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Mean of each number and of each bound over equal runs."""
    return {name: np.mean([run[name] for run in runs], axis=0).tolist() for name in runs[0]}


def _draw_learners(learner: Ints, seed: int) -> tuple[Ints, Floats]:
    """Learner of each row from 0, and how often each draw takes a learner, (n_draws, n)."""
    _, who = np.unique(learner, return_inverse=True)
    n = int(who.max()) + 1
    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=N_DRAWS)
    return who, drawn.astype(np.float64)


def _interval(draws: Floats) -> list[float]:
    return [float(bound) for bound in np.percentile(draws, TAILS)]


def rounded(value: Any) -> Any:
    """The same JSON value with four decimals."""
    if isinstance(value, dict):
        return {name: rounded(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(inner) for inner in value]
    return round(value, 4) if isinstance(value, float) else value


def _aucs(outcome: Floats, predicted: Floats, who: Ints, times_drawn: Floats) -> Floats:
    """Area under the curve of each draw, over RANK_BINS bins of rank; ties count half."""
    n = times_drawn.shape[1]
    ranks = np.searchsorted(np.sort(predicted), predicted)
    cell = who * RANK_BINS + ranks * RANK_BINS // len(ranks)
    above, below = (
        times_drawn @ np.bincount(cell, side, n * RANK_BINS).reshape(n, RANK_BINS)
        for side in (outcome >= SOLVED, outcome < SOLVED)
    )
    pairs = (above * (np.cumsum(below, axis=1) - below / 2)).sum(axis=1)
    return pairs / np.maximum(above.sum(axis=1) * below.sum(axis=1), 1.0)


def _means(values: Floats, who: Ints, times_drawn: Floats) -> Floats:
    return (times_drawn @ np.bincount(who, values)) / (times_drawn @ np.bincount(who))


def _losses(outcome: Floats, predicted: Floats) -> Floats:
    p = np.clip(predicted, SMALLEST, 1 - SMALLEST)
    return -outcome * np.log(p) - (1 - outcome) * np.log1p(-p)


def _eces(outcome: Floats, predicted: Floats, who: Ints, times_drawn: Floats) -> Floats:
    bins = np.minimum((predicted * N_BINS).astype(np.int64), N_BINS - 1)
    n = times_drawn.shape[1]
    gaps = np.bincount(who * N_BINS + bins, outcome - predicted, n * N_BINS)
    sums = np.abs(times_drawn @ gaps.reshape(n, N_BINS)).sum(axis=1)
    return sums / (times_drawn @ np.bincount(who, minlength=n))
