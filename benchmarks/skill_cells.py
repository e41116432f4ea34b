"""Predict held-out scores of the partial-credit set exactly as its authors did.

In: a Log of cells. Out: RMSE over 5 repetitions of 2 random halves, at a share of the data kept.
Source: Mahinpei et al., github.com/rmahinpei/personalized-practice, script.ipynb, section 7, with
their seeds: their baseline comes out as published (.3501 at 75 %, .3515 at 25 %).
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from skill_data import Log, Split
from skill_estimator import fill_in
from skill_measures import judge

from skillmap.estimation.evaluate import rmse

__all__ = ["halves", "keep_share", "mean_of_means", "measure_cells"]

Floats = NDArray[np.float64]

N_REPETITIONS = 5
PUBLISHED = {75: 0.3248, 25: 0.3362}  # the best of their six models


def measure_cells(log: Log, percent: int) -> dict[str, Any]:
    """The estimator and the authors' baseline, at this share of each learner's rows."""
    kept = keep_share(log, percent)
    return {
        "model": _judge_halves(kept, fill_in),
        "mean_of_means": _judge_halves(kept, mean_of_means),
        "published_best_rmse": PUBLISHED[percent],
    }


def keep_share(log: Log, percent: int) -> Log:
    """Some rows of each learner; learners with as many rows keep the same places, as published."""
    places = pd.Series(np.arange(len(log.item)))
    kept = [
        rows.sample(n=max(1, int(len(rows) * percent / 100)), random_state=0)
        for _, rows in places.groupby(log.learner, sort=False)
    ]
    return log.only(pd.concat(kept).to_numpy())


def halves(log: Log) -> Iterator[Split]:
    """Ten splits: each repetition cuts the rows in two, and each half predicts the other."""
    for repetition in range(N_REPETITIONS):
        rows = np.arange(len(log.item))
        np.random.RandomState(repetition).shuffle(rows)
        first, second = np.array_split(rows, 2)
        yield Split(train=log.only(second), test=log.only(first))
        yield Split(train=log.only(first), test=log.only(second))


def mean_of_means(split: Split) -> Floats:
    """Mean of three: of all scores, of the learner's and of the question's."""
    train, test = split.train, split.test
    overall = train.fraction.mean()
    by_learner = _means(train.learner, train.fraction, test.learner, overall)
    by_item = _means(train.item, train.fraction, test.item, overall)
    return (overall + by_learner + by_item) / 3


def _means(code: Floats, fraction: Floats, wanted: Floats, default: float) -> Floats:
    size = max(code.max(), wanted.max()) + 1
    count, total = np.bincount(code, minlength=size), np.bincount(code, fraction, size)
    return np.where(count > 0, total / np.maximum(count, 1), default)[wanted]


def _judge_halves(log: Log, predict: Callable[[Split], Floats]) -> dict[str, Any]:
    """Measures of all halves together; rmse is the mean of the ten, as published."""
    splits = list(halves(log))
    predicted = [predict(split) for split in splits]
    outcome = [split.test.fraction for split in splits]
    learner = np.concatenate([split.test.learner for split in splits])
    result = judge(np.concatenate(outcome), np.concatenate(predicted), learner)
    result["rmse"] = float(np.mean([rmse(y, p) for y, p in zip(outcome, predicted, strict=True)]))
    return result
