"""What is believed of one learner's abilities, and how an answer changes it.

In: a Gaussian over abilities and an item as the learner meets it. Out: a prediction, or the belief
after an answer. Assumed-density filtering: only the part of the abilities that the item touches is
moved, by a scalar problem that is solved to its mode; the rest follows by the covariance.
Laws: a better answer never lowers what it touches; doubt never grows by an answer; the covariance
stays positive definite; the order of answers given together matters little.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isfinite

import numpy as np
from numpy.typing import NDArray

from skillmap.errors import EvidenceError
from skillmap.model import SkillId

__all__ = ["Ask", "Belief", "Prediction", "prior_belief"]

Floats = NDArray[np.float64]

MAX_STEPS = 50  # bisection alone needs as many; Newton needs 3 to 6
TINY_STEP = 1e-10  # logits
# Gauss-Hermite nodes for a standard normal; 41 keep the mean of a sigmoid exact to 1e-6 at sd 3.
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(41)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ask:
    """An item as a learner meets it.

    loading: (1 + K,), 1 for the level, then the share of each skill; shares sum to 1, or to 0 for
    an untagged item. easiness, easiness_sd: logits relative to a reference exercise, with what
    earlier attempts add. weight: how many right-or-wrong answers it is worth, 0 or more.
    """

    loading: Floats
    easiness: float
    easiness_sd: float
    weight: float = 1.0

    def __post_init__(self) -> None:
        numbers = (self.easiness, self.easiness_sd, self.weight)
        if not (all(map(isfinite, numbers)) and min(numbers[1:]) >= 0):
            raise EvidenceError(
                f"An item with easiness {self.easiness}, sd {self.easiness_sd} and weight "
                f"{self.weight}: all must be finite, sd and weight 0 or more."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What is expected of one answer, the doubt about learner and item integrated out.

    logit, variance: of the linear predictor. success: expected fraction. information: the Fisher
    information of one right-or-wrong answer that is expected, in 0 to 0.25.
    """

    logit: float
    variance: float
    success: float
    information: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Belief:
    """Gaussian over one learner's abilities, in logits.

    mean: (1 + K,), the level first, then the own deviation of each of the K skills.
    covariance: (1 + K, 1 + K). Raises EvidenceError for other shapes.
    """

    skills: tuple[SkillId, ...]
    mean: Floats
    covariance: Floats

    def __post_init__(self) -> None:
        n = 1 + len(self.skills)
        if self.mean.shape != (n,) or self.covariance.shape != (n, n):
            raise EvidenceError(
                f"A belief over {n - 1} skills needs {n} means and {n} by {n} covariances, not "
                f"{self.mean.shape} and {self.covariance.shape}."
            )

    def reference(self) -> tuple[Floats, Floats]:
        """Mean (K,) and covariance (K, K) of the logits of solving each reference exercise."""
        level, own = self.covariance[0, 0], self.covariance[0, 1:]
        shared = level + own[:, np.newaxis] + own
        return self.mean[0] + self.mean[1:], np.asarray(shared + self.covariance[1:, 1:])

    def predict(self, ask: Ask) -> Prediction:
        """Expect an answer."""
        _, logit, variance = self._along(ask)
        return _prediction(logit, variance)

    def after(self, ask: Ask, fraction: float) -> "Belief":
        """Learn from one answer; `fraction` in [0, 1], else EvidenceError."""
        if not 0 <= fraction <= 1:
            raise EvidenceError(f"An answer of {fraction} is outside 0 to 1.")
        reach, logit, variance = self._along(ask)
        if variance <= 0 or ask.weight == 0:
            return self
        mode, curvature = _scalar_mode(logit, variance, fraction, ask.weight)
        known = reach * (curvature / (1.0 + curvature * variance)) ** 0.5
        return Belief(
            skills=self.skills,
            mean=self.mean + reach * ((mode - logit) / variance),
            covariance=self.covariance - np.multiply.outer(known, known),
        )

    def expected_drop(self, ask: Ask) -> Floats:
        """Variance of each reference logit that one answer is expected to remove, (K,).

        The answer counts with its weight times the information that is expected of it.
        """
        reach, logit, variance = self._along(ask)
        information = ask.weight * _prediction(logit, variance).information
        reach_of_reference = reach[0] + reach[1:]
        shrinkage = information / (1.0 + information * variance)
        return np.asarray(shrinkage * reach_of_reference**2)

    def _along(self, ask: Ask) -> tuple[Floats, float, float]:
        """Covariance of the abilities with the linear predictor, its mean and its variance."""
        reach = self.covariance @ ask.loading
        variance = float(ask.loading @ reach) + ask.easiness_sd**2
        return reach, float(ask.loading @ self.mean) + ask.easiness, variance


def prior_belief(
    skills: Sequence[SkillId], *, mean: float, sigma_general: float, sigma_skill: float
) -> Belief:
    """Believe what holds of anybody: `mean` is the cohort's level, the sigmas spread people."""
    variances = [sigma_general**2, *[sigma_skill**2] * len(skills)]
    return Belief(
        skills=tuple(skills),
        mean=np.array([mean, *[0.0] * len(skills)]),
        covariance=np.diag(variances),
    )


def _prediction(logit: float, variance: float) -> Prediction:
    success = 0.5 + 0.5 * np.tanh(0.5 * (logit + variance**0.5 * _NODES))
    return Prediction(
        logit=logit,
        variance=variance,
        success=float(_WEIGHTS @ success),
        information=float(_WEIGHTS @ (success * (1.0 - success))),
    )


def _scalar_mode(
    logit: float, variance: float, fraction: float, weight: float
) -> tuple[float, float]:
    """Mode of a normal prior times the quasi-likelihood of one answer, and the latter's curvature.

    The mode solves x = logit + variance * weight * (fraction - p(x)). It lies between `logit` and
    the right side at `logit`; Newton starts there, and bisects when a step would leave the bracket.
    """
    gain = variance * weight
    far = logit + gain * (fraction - _sigmoid(logit))
    low, high = min(logit, far), max(logit, far)
    x = logit
    for _ in range(MAX_STEPS):
        expected = _sigmoid(x)
        excess = x - logit - gain * (fraction - expected)
        low, high = (low, x) if excess > 0 else (x, high)
        step = excess / (1.0 + gain * expected * (1.0 - expected))
        nearer = x - step if low <= x - step <= high else 0.5 * (low + high)
        x, moved = nearer, abs(nearer - x)
        if moved < TINY_STEP:
            break
    expected = _sigmoid(x)
    return x, weight * expected * (1.0 - expected)


def _sigmoid(logit: float) -> float:
    return 1.0 / (1.0 + exp(-logit)) if logit >= 0 else 1.0 - 1.0 / (1.0 + exp(logit))
