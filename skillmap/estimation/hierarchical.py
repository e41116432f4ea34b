"""HierarchicalIRT: from an evidence frame to abilities with their doubt.

    logit E[fraction] = mean + easiness_i + general_l + sum_k q_ik skill_lk + gain * retries

A response to one skill informs the others through the general ability, learners inform each other
through the items, and the author's difficulty stands in for items that few have answered.
Method: mode and Laplace covariance of all parameters at once (ADR 7), so no order of responses.
Law: one more right answer to an item of one skill never lowers that learner's estimate of it.
"""

from typing import Self

import numpy as np
from numpy.typing import NDArray

from skillmap.estimation.arrow import ArrowModel, find_mode, learner_spread, sigmoid
from skillmap.estimation.estimator import Estimator
from skillmap.evidence import EvidenceFrame, tally_evidence
from skillmap.model import SkillEstimate

__all__ = ["HierarchicalIRT", "author_easiness"]

Floats = NDArray[np.float64]

REFERENCE_DIFFICULTY = 3  # the middle of the authors' scale; its easiness is 0
EASINESS_PER_MARK = 0.75  # logits: the author's 1 to 5 become +1.5 to -1.5
RETRIES_THAT_HELP = 3  # more feedback than this is taken to help no further


def author_easiness(difficulty: float) -> float:
    """Logits that an item of this difficulty (1 to 5) adds to those of a reference exercise."""
    return EASINESS_PER_MARK * (REFERENCE_DIFFICULTY - difficulty)


class HierarchicalIRT(Estimator):
    """Hierarchical item response model for fractions, fitted by its posterior mode.

    Assumes: abilities that stand still over the frame, normal priors, no guessing, equal
    discrimination of items. Quasi-likelihood (Wedderburn 1974): only mean and variance of a
    fraction are modelled, its variance is `dispersion` times that of a right-or-wrong answer.

    sigma_mean, sigma_general, sigma_skill, sigma_item: prior sds in logits. attempt_gain: logits
    that feedback adds to each of the first three retries. dispersion_auto, dispersion_manual: > 0;
    0.6 fits cells with many tests, 1 suits cells that pass or fail.

    Learned: learners_, items_, skills_ (names); mean_; easiness_ (n_items,) without the mean;
    ability_ (n_learners, 1 + n_skills), general first; skill_logit_, skill_sd_ (n_learners,
    n_skills) of logit P(solving a reference exercise, difficulty 3, first attempt); converged_.
    """

    version = "hierarchical-irt-1"

    def __init__(
        self,
        *,
        sigma_mean: float = 1.0,
        sigma_general: float = 1.0,
        sigma_skill: float = 0.7,
        sigma_item: float = 0.75,
        attempt_gain: float = 0.4,
        dispersion_auto: float = 1.0,
        dispersion_manual: float = 0.8,
    ) -> None:
        self.sigma_mean = sigma_mean
        self.sigma_general = sigma_general
        self.sigma_skill = sigma_skill
        self.sigma_item = sigma_item
        self.attempt_gain = attempt_gain
        self.dispersion_auto = dispersion_auto
        self.dispersion_manual = dispersion_manual

    def fit(self, frame: EvidenceFrame) -> Self:
        """Learn from the frame; an empty one leaves every estimate at its prior."""
        model = self._model(frame)
        state, self.converged_ = find_mode(model)
        self.learners_, self.items_, self.skills_ = frame.learners, frame.items, frame.skills
        self.mean_, self.easiness_, self.ability_ = state.mean, state.item, state.ability
        contrasts = np.hstack([np.ones((len(frame.skills), 1)), np.eye(len(frame.skills))])
        self.skill_logit_ = state.mean + state.ability @ contrasts.T
        self.skill_sd_ = np.sqrt(learner_spread(model, state, contrasts))
        self.tally_ = tally_evidence(frame)
        return self

    def estimates(self) -> list[SkillEstimate]:
        """One estimate for every learner and skill of the frame, in their order."""
        tally = self.tally_
        return [
            SkillEstimate(
                learner=learner,
                skill=skill,
                logit=float(self.skill_logit_[row, column]),
                sd=float(self.skill_sd_[row, column]),
                n_responses=int(tally.n_responses[row, column]),
                n_items=int(tally.n_items[row, column]),
                newest=tally.newest.get((row, column)),
            )
            for row, learner in enumerate(self.learners_)
            for column, skill in enumerate(self.skills_)
        ]

    def predict(self, frame: EvidenceFrame) -> Floats:
        """Expected fraction of each row, (n_rows,), at the mode; fit with the same skills.

        A learner who was not in the fit has average abilities, an item the author's easiness.
        """
        easiness = dict(zip(self.items_, self.easiness_, strict=True))
        ability = dict(zip(self.learners_, self.ability_, strict=True))
        nobody = np.zeros(1 + len(self.skills_))
        who = np.array([ability.get(name, nobody) for name in frame.learners])
        prior = _author_easiness(frame)
        item = np.array([easiness.get(name, prior[j]) for j, name in enumerate(frame.items)])
        if not frame.responses:
            return np.zeros(0)
        logits = (who @ _loading(frame).T)[frame.learner_index, frame.item_index]
        return sigmoid(self.mean_ + logits + item[frame.item_index] + self._offset(frame))

    def _model(self, frame: EvidenceFrame) -> ArrowModel:
        dispersion = np.where(frame.is_manual, self.dispersion_manual, self.dispersion_auto)
        sigma_ability = np.r_[self.sigma_general, np.full(len(frame.skills), self.sigma_skill)]
        return ArrowModel(
            n_learners=len(frame.learners),
            learner=frame.learner_index,
            item=frame.item_index,
            fraction=frame.fraction,
            weight=frame.weight / dispersion,
            offset=self._offset(frame),
            loading=_loading(frame),
            easiness=_author_easiness(frame),
            mean_precision=1.0 / self.sigma_mean**2,
            item_precision=1.0 / self.sigma_item**2,
            ability_precision=1.0 / sigma_ability**2,
        )

    def _offset(self, frame: EvidenceFrame) -> Floats:
        """Logits that earlier attempts have added to each row, (n_rows,)."""
        retries = np.minimum(frame.attempt - 1, RETRIES_THAT_HELP)
        return np.asarray(self.attempt_gain * retries)


def _loading(frame: EvidenceFrame) -> Floats:
    """How each ability enters each item, (n_items, 1 + n_skills), general first."""
    return np.hstack([np.ones((len(frame.items), 1)), frame.q])


def _author_easiness(frame: EvidenceFrame) -> Floats:
    return np.array([author_easiness(mark) for mark in frame.difficulty], dtype=np.float64)
