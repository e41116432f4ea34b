"""Measure the estimator on public response logs, beside its challengers.

In: the sets that SKILLMAP_EVAL_DATA names. Out: measures with intervals over learners, or why a set
is skipped. Each prediction reads the learner's own past; parameters come from training learners.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import skill_challengers as challengers
from numpy.typing import NDArray
from skill_cells import measure_cells
from skill_data import Split, load_cells, load_split
from skill_estimator import predict_ahead
from skill_measures import auc_difference, judge, mean_of_runs

__all__ = ["measure_cold_start", "measure_log", "measure_partial"]

Floats = NDArray[np.float64]

CHALLENGERS = (challengers.mean_score, challengers.elo, challengers.pfa, challengers.best_lr)
COHORTS = (10, 20, 40)  # earlier learners of a young programme
N_DRAWS = 3  # of such cohorts
SHARES = (75, 25)  # percent of each learner's rows
MISSING = {"skipped": "SKILLMAP_EVAL_DATA does not name a folder with this set"}


def measure_log(name: str) -> dict[str, Any]:
    """The model, its challengers and their blend on one set."""
    split = load_split(name)
    if split is None:
        return MISSING
    predicted = {"model": predict_ahead(split)}
    predicted |= {predict.__name__: predict(split) for predict in CHALLENGERS}
    predicted["blend"] = challengers.blend([predicted["model"], predicted["best_lr"]])
    test = split.test
    result: dict[str, Any] = {
        name: judge(test.fraction, values, test.learner) for name, values in predicted.items()
    }
    for first, second in (("model", "best_lr"), ("blend", "model"), ("blend", "best_lr")):
        result[f"{first}_minus_{second}"] = auc_difference(
            test.fraction, predicted[first], predicted[second], test.learner
        )
    return result


def measure_partial() -> dict[str, Any]:
    """Scores with partial credit by their authors' protocol, keyed by percent of data kept."""
    log = load_cells()
    return MISSING if log is None else {f"{n} %": measure_cells(log, n) for n in SHARES}


def measure_cold_start(name: str = "statics") -> dict[str, Any]:
    """Few earlier learners, keyed by their number; means over random choices of them."""
    split = load_split(name)
    return MISSING if split is None else {str(n): _cold_start(split, n) for n in COHORTS}


def _cold_start(split: Split, n_learners: int) -> dict[str, Any]:
    draws = [_few_learners(split, n_learners, seed) for seed in range(N_DRAWS)]
    ways: dict[str, Callable[[Split], Floats]] = {
        "model": lambda draw: predict_ahead(draw, items_learn=True),
        "model_items_still": predict_ahead,
        "best_lr": challengers.best_lr,
    }
    test = split.test
    return {
        way: mean_of_runs([judge(test.fraction, predict(d), test.learner) for d in draws])
        for way, predict in ways.items()
    }


def _few_learners(split: Split, n_learners: int, seed: int) -> Split:
    learners = np.unique(split.train.learner)
    chosen = np.random.default_rng(seed).choice(learners, n_learners, replace=False)
    return Split(train=split.train.only(np.isin(split.train.learner, chosen)), test=split.test)
