"""The estimator to beat: smoothed mean scores, without difficulty, doubt or shared information."""

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from skillmap.estimation.estimator import Estimator
from skillmap.evidence import EvidenceFrame

__all__ = ["MeanScore"]

Floats = NDArray[np.float64]


class MeanScore(Estimator):
    """Percent correct, pulled towards the cohort's mean by `prior_answers` invented answers.

    Learned: learners_, items_, skills_; mean_ in [0, 1]; learner_score_ (n_learners,);
    item_score_ (n_items,); skill_score_ (n_learners, n_skills), all in [0, 1].
    """

    def __init__(self, *, prior_answers: float = 2.0) -> None:
        self.prior_answers = prior_answers

    def fit(self, frame: EvidenceFrame) -> Self:
        """Average; a cohort without evidence has the mean 0.5."""
        shape = (len(frame.learners), len(frame.items))
        answers = _sums(frame, frame.weight, shape)
        points = _sums(frame, frame.weight * frame.fraction, shape)
        self.learners_, self.items_, self.skills_ = frame.learners, frame.items, frame.skills
        self.mean_ = float(points.sum() / answers.sum()) if answers.sum() else 0.5
        self.learner_score_ = self._smoothed(points.sum(axis=1), answers.sum(axis=1))
        self.item_score_ = self._smoothed(points.sum(axis=0), answers.sum(axis=0))
        self.skill_score_ = self._smoothed(points @ frame.q, answers @ frame.q)
        return self

    def predict(self, frame: EvidenceFrame) -> Floats:
        """Mean of the learner's and the item's score for each row, (n_rows,)."""
        learner = _look_up(frame.learners, self.learners_, self.learner_score_, self.mean_)
        item = _look_up(frame.items, self.items_, self.item_score_, self.mean_)
        return np.asarray(0.5 * (learner[frame.learner_index] + item[frame.item_index]))

    def _smoothed(self, points: Floats, answers: Floats) -> Floats:
        pulled = points + self.prior_answers * self.mean_
        return np.asarray(pulled / (answers + self.prior_answers))


def _sums(frame: EvidenceFrame, per_row: Floats, shape: tuple[int, int]) -> Floats:
    cell = frame.learner_index * shape[1] + frame.item_index
    total = np.bincount(cell, per_row, shape[0] * shape[1])
    return np.asarray(total, dtype=np.float64).reshape(shape)


def _look_up(
    names: Sequence[str], known: Sequence[str], scores: Floats, otherwise: float
) -> Floats:
    """Score of each name; a name that is not known gets `otherwise`."""
    score = dict(zip(known, scores, strict=True))
    return np.array([score.get(name, otherwise) for name in names], dtype=np.float64)
