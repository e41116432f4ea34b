"""HierarchicalIRT: from an evidence frame to abilities with their doubt.

    logit E[fraction] = mean + gains + easiness_i + slope_i * (level + form + sum_k q_ik skill_k)(t)

A response to one skill informs the others through the level, learners inform each other through
the items, and the author's difficulty stands in for items that few have answered (ADR 7, 19).
Method: mode and Laplace covariance of all parameters at once, so the order of rows that share a
moment does not matter; `predict_ahead` follows learners answer by answer instead.
Law: with the default hyper-parameters, and for the same day, one more right answer to an item of
one skill never lowers that learner's estimate of it.
"""

from dataclasses import replace
from functools import cached_property
from math import inf
from typing import Self

import numpy as np
from numpy.typing import NDArray

from skillmap.estimation.belief import Belief
from skillmap.estimation.estimator import Estimator
from skillmap.estimation.fitting import Dispersion, Settings, fit_log, row_weight
from skillmap.estimation.histories import lay_out, practised_parts
from skillmap.estimation.joint import logits, sigmoid, with_frozen_globals
from skillmap.estimation.newton import find_mode
from skillmap.estimation.parallel import one_thread_each
from skillmap.estimation.predictions import Known, places, predict_ahead, predict_now
from skillmap.estimation.present import Present, present
from skillmap.estimation.prior import AbilityPrior, Memory
from skillmap.evidence import EvidenceFrame, EvidenceTally, tally_evidence
from skillmap.model import ItemEstimate, LearnerId, SkillEstimate

__all__ = ["HierarchicalIRT", "author_easiness"]

Floats = NDArray[np.float64]

REFERENCE_DIFFICULTY = 3  # the middle of the authors' scale; its easiness is 0
EASINESS_PER_MARK = 0.75  # logits: the author's 1 to 5 become +1.5 to -1.5
FINE = 1e-6  # logits


def author_easiness(difficulty: float) -> float:
    """Logits that an item of this difficulty (1 to 5) adds to those of a reference exercise."""
    return EASINESS_PER_MARK * (REFERENCE_DIFFICULTY - difficulty)


class HierarchicalIRT(Estimator):
    """Hierarchical item response model for fractions, fitted by its posterior mode.

    Quasi-likelihood (Wedderburn 1974): only mean and variance of a fraction are modelled; its
    variance is `dispersion` times that of a right-or-wrong answer. No guessing is assumed.

    sigma_*: prior sds in logits. *_steps, *_days: moments and days until 1/e of a deviation is
    left; only a log of many rows can tell moments. practice_gain: logits per e-fold of earlier
    answers of the skill; routine_gain: of all earlier answers; attempt_gain: per retry, for the
    first three. dispersion_partial: of items that were ever credited partly; dispersion_binary: of
    the others; dispersion_manual: of manual grades.
    has_learning: whether a log of 500 rows or more adjusts these; they are defaults otherwise.

    Learned: learners_, items_, skills_ (names); mean_; easiness_, slope_ (n_items,); converged_;
    skill_logit_, skill_sd_ (n_learners, n_skills) of logit P(solving a reference exercise,
    difficulty 3, first attempt) at `as_of`; fitted_, the whole model at its mode.
    """

    version = "hierarchical-irt-2"

    def __init__(
        self,
        *,
        sigma_mean: float = 1.0,
        sigma_general: float = 1.0,
        sigma_form: float = 0.0,
        sigma_skill: float = 0.7,
        sigma_item: float = 0.75,
        general_steps: float = inf,
        form_steps: float = inf,
        skill_steps: float = inf,
        general_days: float = 1000.0,
        form_days: float = 3.0,
        skill_days: float = 400.0,
        practice_gain: float = 0.0,
        routine_gain: float = 0.0,
        attempt_gain: float = 0.4,
        dispersion_partial: float = 1.0,
        dispersion_binary: float = 1.0,
        dispersion_manual: float = 0.8,
        has_learning: bool = True,
    ) -> None:
        self.sigma_mean = sigma_mean
        self.sigma_general = sigma_general
        self.sigma_form = sigma_form
        self.sigma_skill = sigma_skill
        self.sigma_item = sigma_item
        self.general_steps = general_steps
        self.form_steps = form_steps
        self.skill_steps = skill_steps
        self.general_days = general_days
        self.form_days = form_days
        self.skill_days = skill_days
        self.practice_gain = practice_gain
        self.routine_gain = routine_gain
        self.attempt_gain = attempt_gain
        self.dispersion_partial = dispersion_partial
        self.dispersion_binary = dispersion_binary
        self.dispersion_manual = dispersion_manual
        self.has_learning = has_learning

    def fit(self, frame: EvidenceFrame, *, as_of: float | None = None) -> Self:
        """Learn from the frame; an empty one leaves every estimate at its prior.

        as_of: days from 1970-01-01 for which estimates hold; the newest row when None.
        """
        self.__dict__.pop("present_", None)
        self.__dict__.pop("tally_", None)
        self.learners_, self.items_, self.skills_ = frame.learners, frame.items, frame.skills
        self.frame_ = frame
        self.as_of_ = float(frame.days.max(initial=0.0)) if as_of is None else as_of
        with one_thread_each():
            self.fitted_ = fit_log(frame, _author_easiness(frame), self._settings())
        shared = self.fitted_.mode.shared
        self.mean_, self.easiness_ = float(shared.offset[0]), shared.easiness[: len(frame.items)]
        self.slope_ = self.fitted_.model.slope[: len(frame.items)]
        self.converged_ = self.fitted_.converged
        return self

    @cached_property
    def present_(self) -> Present:
        """Parts of every learner's ability at `as_of`, with mean and gains in them."""
        model, mode, is_exact = self.fitted_.model, self.fitted_.mode, self.fitted_.is_exact
        if not model.histories.is_whole:
            histories = lay_out(self.frame_)
            model = replace(model, histories=histories, weight=self.weight())
            model = with_frozen_globals(model, mode)
            mode, _ = find_mode(model, is_exact=False, tolerance=FINE)
        practised = practised_parts(self.frame_)
        with one_thread_each():
            return present(model, mode, as_of=self.as_of_, practised=practised, is_exact=is_exact)

    @property
    def skill_logit_(self) -> Floats:
        """Logits of the reference exercises, (n_learners, n_skills)."""
        return self.present_.mean[:, :1] + self.present_.mean[:, 1:]

    @property
    def skill_sd_(self) -> Floats:
        """Their standard deviations."""
        c = self.present_.covariance
        own = np.diagonal(c, axis1=1, axis2=2)[:, 1:]
        return np.asarray(np.sqrt(c[:, :1, 0] + 2 * c[:, 0, 1:] + own))

    def practised(self, learner: LearnerId) -> Floats:
        """How mean and gains enter each part of a learner now, (1 + n_skills, 1 + n_gains)."""
        return np.asarray(practised_parts(self.frame_)[self.learners_.index(learner)])

    def weight(self) -> Floats:
        """Answers that each row is worth, sorted by learner and time, (n_rows + 1,)."""
        return row_weight(self.frame_, lay_out(self.frame_), self.fitted_.dispersion)

    @cached_property
    def tally_(self) -> EvidenceTally:
        """How much evidence touches each skill."""
        return tally_evidence(self.frame_)

    def estimates(self) -> list[SkillEstimate]:
        """One estimate for every learner and skill of the frame, in their order."""
        tally, logit, sd = self.tally_, self.skill_logit_, self.skill_sd_
        return [
            SkillEstimate(
                learner=learner,
                skill=skill,
                logit=float(logit[row, column]),
                sd=float(sd[row, column]),
                n_responses=int(tally.n_responses[row, column]),
                n_items=int(tally.n_items[row, column]),
                newest=tally.newest.get((row, column)),
            )
            for row, learner in enumerate(self.learners_)
            for column, skill in enumerate(self.skills_)
        ]

    def beliefs(self) -> dict[LearnerId, Belief]:
        """What is believed of each learner, to go on from answer by answer."""
        parts = self.present_
        return {
            learner: Belief(
                skills=self.skills_, mean=parts.mean[row], covariance=parts.covariance[row]
            )
            for row, learner in enumerate(self.learners_)
        }

    def item_estimates(self) -> list[ItemEstimate]:
        """How easy each item is beside a reference exercise."""
        count = np.bincount(self.frame_.item_index, minlength=len(self.items_))
        prior = _author_easiness(self.frame_)
        sd = self.present_.easiness_sd
        sd = np.sqrt(self.fitted_.easiness_variance()) if sd is None else sd
        return [
            ItemEstimate(
                item=item,
                easiness=float(self.easiness_[row]),
                sd=float(sd[row]),
                prior=float(prior[row]),
                n_responses=int(count[row]),
            )
            for row, item in enumerate(self.items_)
        ]

    def expected(self) -> Floats:
        """Expected fraction of each row of the fitted frame, that row included, (n_rows,)."""
        histories = self.fitted_.model.histories
        expected = np.empty(histories.n_rows)
        fitted = sigmoid(logits(self.fitted_.model, self.fitted_.mode))
        expected[histories.order] = fitted[:-1]
        return expected

    def predict(self, frame: EvidenceFrame) -> Floats:
        """Expected fraction of each row from what is known of its learner at `as_of`, (n_rows,).

        A learner who was not in the fit has average abilities, an item the author's easiness.
        Fit with the same skills.
        """
        return predict_now(self.fitted_, self.present_, self._known(frame), frame)

    def predict_ahead(self, frame: EvidenceFrame, *, is_learning: bool = False) -> Floats:
        """Expected fraction of each row from its learner's own earlier rows only, (n_rows,).

        Learners start as strangers. is_learning: items go on learning from learner to learner, as
        in live use. Items that were not in the fit have the author's easiness.
        """
        return predict_ahead(self.fitted_, self._known(frame), frame, is_learning=is_learning)

    def _known(self, frame: EvidenceFrame) -> Known:
        return Known(
            learner=places(frame.learners, self.learners_),
            item=places(frame.items, self.items_),
            author=_author_easiness(frame),
        )

    def _settings(self) -> Settings:
        return Settings(
            ability=AbilityPrior(
                level=Memory(self.sigma_general, self.general_steps, self.general_days),
                form=Memory(self.sigma_form, self.form_steps, self.form_days),
                skill=Memory(self.sigma_skill, self.skill_steps, self.skill_days),
            ),
            sigma_mean=self.sigma_mean,
            sigma_item=self.sigma_item,
            gains=(self.practice_gain, self.routine_gain, self.attempt_gain),
            dispersion=Dispersion(
                partial=self.dispersion_partial,
                binary=self.dispersion_binary,
                manual=self.dispersion_manual,
            ),
            has_learning=self.has_learning,
        )


def _author_easiness(frame: EvidenceFrame) -> Floats:
    return np.array([author_easiness(mark) for mark in frame.difficulty], dtype=np.float64)
