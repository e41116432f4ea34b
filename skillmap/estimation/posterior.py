"""Questions that anyone may put to a SkillEstimate: how likely, how sure, above which cut.

An estimate is normal on the logit scale. Everything here is a closed form or a fixed quadrature.
"""

from math import exp, log
from statistics import NormalDist

import numpy as np

from skillmap.model import SkillEstimate

__all__ = ["expected_success", "probability_at_least", "success_interval"]

# Gauss-Hermite nodes for a standard normal; 41 keep the mean of a sigmoid exact to 1e-6 at sd 3.
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(41)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


def probability_at_least(estimate: SkillEstimate, cut: float) -> float:
    """Return P(the learner solves a reference exercise with probability `cut` or more).

    >>> even = SkillEstimate(learner="ada", skill="loops", logit=0, sd=1, n_responses=9, n_items=9)
    >>> probability_at_least(even, 0.5)
    0.5
    """
    if not 0 < cut < 1:
        return 1.0 if cut <= 0 else 0.0
    return NormalDist(log(cut / (1 - cut)), estimate.sd).cdf(estimate.logit)


def expected_success(logit: float, sd: float) -> float:
    """Mean of the success probability, integrated over the doubt; nearer 0.5 than the median."""
    return float(_WEIGHTS @ (0.5 + 0.5 * np.tanh(0.5 * (logit + sd * _NODES))))


def success_interval(estimate: SkillEstimate, *, mass: float = 0.9) -> tuple[float, float]:
    """Credible interval of the success probability with equal tails; `mass` in (0, 1)."""
    reach = NormalDist().inv_cdf(0.5 + mass / 2) * estimate.sd
    return _success(estimate.logit - reach), _success(estimate.logit + reach)


def _success(logit: float) -> float:
    return 1 / (1 + exp(-logit)) if logit >= 0 else 1 - 1 / (1 + exp(logit))
