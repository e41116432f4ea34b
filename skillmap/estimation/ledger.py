"""One learner by themselves: their answers as a fitted model met them, the rest held fixed.

In: numbers of a fitted HierarchicalIRT, fresh or kept. Out: a Ledger, which can be taken apart and
solved again, without one answer or with another start.
Law: it needs nothing but its own numbers, so what was shown can be checked without the cohort.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from skillmap.estimation.histories import GAINS, Histories
from skillmap.estimation.joint import Globals, JointModel
from skillmap.estimation.newton import find_mode
from skillmap.estimation.present import contributions
from skillmap.estimation.prior import AbilityPrior

__all__ = ["Ledger"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ledger:
    """The answers of one learner, (n_answers,) each, in the order of time.

    base: logits expected of somebody with no ability beside the mean. slope: how sharply the item
    tells learners apart. weight: right-or-wrong answers that it is worth. moment: which moment of
    the learner. days: from 1970-01-01. q: (n_answers, n_skills) shares of the skills.
    pull: weight * (fraction - expected) at the mode.
    """

    ability: AbilityPrior
    base: Floats
    slope: Floats
    weight: Floats
    fraction: Floats
    moment: Floats
    days: Floats
    q: Floats
    pull: Floats

    def reach(self, as_of: float) -> Floats:
        """Prior covariance of the level and each skill on a day with the answers.

        (1 + n_skills, n_answers). The skills are what a learner has beside the level.
        """
        n_answers, n_skills = self.q.shape
        if n_answers == 0:
            return np.zeros((1 + n_skills, 0))
        return contributions(self._joint(self.base, self.weight), np.arange(n_answers), as_of)

    def moved(self, as_of: float) -> Floats:
        """Logits that each answer moved each skill's estimate, (n_answers, n_skills)."""
        return _of_skills(self.reach(as_of) * self.pull).T

    def moved_without(self, left_out: int, as_of: float) -> Floats:
        """What the other answers move when one says nothing, solved again, (n_skills,)."""
        weight = np.where(np.arange(len(self.weight)) == left_out, 0.0, self.weight)
        return self._value(self.base, weight, as_of)

    def moved_from(self, shift: Floats, as_of: float) -> Floats:
        """What all answers move when the skills start elsewhere by `shift` now, (n_skills,).

        shift: (n_skills,) logits, of the prior means on the day `as_of`; it fades as a skill does.
        """
        of_one = replace(self.ability, skill=replace(self.ability.skill, sd=1.0))
        left = replace(self, ability=of_one).reach(as_of)[1:]
        return self._value(self.base + shift @ left, self.weight, as_of)

    def covariance(self, as_of: float) -> Floats:
        """Of the level and the skills on a day, mean, gains and items as they are.

        (1 + n_skills, 1 + n_skills).
        """
        prior = np.diag(self.ability.present(self.q.shape[1]))
        reach, n_answers = self.reach(as_of), len(self.weight)
        joint = self._joint(self.base, self.weight)
        between = joint.covariance(np.arange(n_answers)) if n_answers else np.zeros((0, 0))
        logit = self.base + between @ self.pull
        root = np.sqrt(self.weight) / (2.0 * np.cosh(0.5 * logit))
        system = np.eye(n_answers) + root[:, None] * between * root
        told = np.linalg.solve(system, root[:, None] * reach.T)
        return np.asarray(prior - (reach * root) @ told)

    def _value(self, base: Floats, weight: Floats, as_of: float) -> Floats:
        joint = self._joint(base, weight)
        mode, _ = find_mode(joint, is_exact=False)
        return _of_skills(self.reach(as_of)) @ mode.pull[:-1]

    def _joint(self, base: Floats, weight: Floats) -> JointModel:
        """A log of this learner alone, in which each answer has an item of its own."""
        n_answers = len(base)
        easiness = base if n_answers else np.zeros(1)
        nothing = Globals(offset=np.zeros(1 + len(GAINS)), easiness=np.zeros_like(easiness))
        return JointModel(
            histories=self._history(weight),
            ability=self.ability,
            prior_mean=Globals(offset=nothing.offset, easiness=easiness),
            prior_sd=nothing,
            slope=self.slope if n_answers else np.ones(1),
            weight=np.r_[weight, 0.0],
        )

    def _history(self, weight: Floats) -> Histories:
        n_answers, n_skills = self.q.shape
        return Histories(
            order=np.arange(n_answers),
            learner=np.zeros(n_answers + 1, dtype=np.int64),
            item=np.r_[np.arange(n_answers), 0],
            moment=np.r_[self.moment, 0.0],
            days=np.r_[self.days, 0.0],
            fraction=np.r_[self.fraction, 0.0],
            weight=np.r_[weight, 0.0],
            gains=np.zeros((n_answers + 1, len(GAINS))),
            q=self.q if n_answers else np.zeros((1, n_skills)),
            pieces=np.array([[0, n_answers]]),
            starts=np.array([0, n_answers]),
        )


def _of_skills(parts: Floats) -> Floats:
    """Add the level to each skill's part, along the first axis."""
    return np.asarray(parts[:1] + parts[1:])
