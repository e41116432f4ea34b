"""The best that anybody could say of simulated learners: items and spreads are known.

In: a CohortPlan and its SimulatedAnswers. Out: logits of the reference exercises, (n_learners,
n_skills). It knows the mean, each item's easiness and skills, the sds and the dispersion, and
estimates each learner's abilities alone, by the mode of the same quasi-likelihood.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from skillmap.estimation.simulated_answers import N_TESTS, CohortPlan, SimulatedAnswers

__all__ = ["oracle_logits"]

Floats = NDArray[np.float64]

N_STEPS = 30  # of Newton, halved in the first five; it settles within ten


def oracle_logits(plan: CohortPlan, answers: SimulatedAnswers) -> Floats:
    """Mode of each learner's abilities, all learners at once."""
    shape = (plan.n_learners, plan.n_items)
    fraction, weight = np.zeros(shape), np.zeros(shape)
    fraction[answers.learner, answers.item] = answers.fraction
    weight[answers.learner, answers.item] = 1 / _dispersion(plan)
    loading = np.hstack([np.ones((plan.n_items, 1)), answers.true_q])
    precision = np.diag([plan.sigma_general**-2.0, *[plan.sigma_skill**-2.0] * plan.n_skills])
    ability = np.zeros((plan.n_learners, 1 + plan.n_skills))
    for step in range(N_STEPS):
        expected = expit(plan.mean + answers.easiness + ability @ loading.T)
        slope = (weight * (fraction - expected)) @ loading - ability @ precision
        told = weight * expected * (1 - expected)
        system = np.einsum("lj,ja,jb->lab", told, loading, loading) + precision
        move = np.linalg.solve(system, slope[..., np.newaxis])[..., 0]
        ability = ability + (0.5 if step < 5 else 1.0) * move
    return plan.mean + ability[:, :1] + ability[:, 1:]


def _dispersion(plan: CohortPlan) -> float:
    """Variance of a fraction, in that of right or wrong: N_TESTS correlated tests."""
    return (1 + (N_TESTS - 1) * plan.test_correlation) / N_TESTS if plan.has_partial_credit else 1.0
