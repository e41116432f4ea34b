"""Many invented learners at once, each with a belief of their own, in arrays.

The same algebra as `skillmap.estimation.belief`, for N learners and J items: what takes one learner
15 microseconds an item takes a crowd a third of one. Tests compare the two.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SIGMA_GENERAL, SIGMA_SKILL = 1.0, 0.7
SIGMA_ITEM = 0.75  # with marks of 1 to 5 at 0.75 logits, marks and truth correlate by .8
N_TESTS, TEST_CORRELATION = 5, 0.45  # of a partly credited exercise
ANSWERS_PER_ITEM = 1.6
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(21)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Items:
    """loading: (J, 1 + K). easiness: (J,) by the author's mark. sd: doubt of it, in logits."""

    loading: Floats
    easiness: Floats
    sd: float = SIGMA_ITEM


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class People:
    """Truth: ability (N, 1 + K) and, as a programme of one each, item easiness (N, J)."""

    ability: Floats
    easiness: Floats

    def reference(self) -> Floats:
        """Logits of solving each reference exercise, (N, K)."""
        return self.ability[:, :1] + self.ability[:, 1:]


@dataclass(slots=True, kw_only=True, eq=False)
class Crowd:
    """Beliefs about N learners: mean (N, 1 + K), covariance (N, 1 + K, 1 + K)."""

    mean: Floats
    covariance: Floats

    def along(self, items: Items) -> tuple[Floats, Floats, Floats]:
        """Reach (N, J, 1 + K), predicted logits (N, J) and variances (N, J) of all items."""
        reach = items.loading @ self.covariance
        variance = np.einsum("njp,jp->nj", reach, items.loading) + items.sd**2
        return reach, self.mean @ items.loading.T + items.easiness, variance

    def learn(self, items: Items, asked: Ints, fraction: Floats) -> None:
        """Take one answer of each learner, as `Belief.after` does."""
        x = items.loading[asked]
        reach = np.einsum("npq,nq->np", self.covariance, x)
        variance = np.einsum("np,np->n", reach, x) + items.sd**2
        logit = np.einsum("np,np->n", self.mean, x) + items.easiness[asked]
        mode = scalar_modes(logit, variance, fraction)
        expected = sigmoid(mode)
        curvature = ANSWERS_PER_ITEM * expected * (1 - expected)
        shrinkage = curvature / (1 + curvature * variance)
        self.mean += reach * ((mode - logit) / variance)[:, np.newaxis]
        known = reach * np.sqrt(shrinkage)[:, np.newaxis]
        self.covariance -= known[:, :, np.newaxis] * known[:, np.newaxis, :]

    def reference(self) -> tuple[Floats, Floats]:
        """Means (N, K) and covariances (N, K, K) of the reference logits."""
        level, own = self.covariance[:, :1, :1], self.covariance[:, 0, 1:]
        shared = level + own[:, :, np.newaxis] + own[:, np.newaxis, :]
        return self.mean[:, :1] + self.mean[:, 1:], shared + self.covariance[:, 1:, 1:]


def sigmoid(logit: Floats) -> Floats:
    """Inverse logit."""
    return 0.5 + 0.5 * np.tanh(0.5 * logit)


def scalar_modes(logit: Floats, variance: Floats, fraction: Floats) -> Floats:
    """Mode of each learner's scalar problem, by bisection: (N,)."""
    gain = variance * ANSWERS_PER_ITEM
    far = logit + gain * (fraction - sigmoid(logit))
    low, high = np.minimum(logit, far), np.maximum(logit, far)
    for _ in range(60):
        middle = 0.5 * (low + high)
        is_above = middle - logit - gain * (fraction - sigmoid(middle)) > 0
        low, high = np.where(is_above, low, middle), np.where(is_above, middle, high)
    return 0.5 * (low + high)


def new_crowd(n_learners: int, n_skills: int, mean: float) -> Crowd:
    """Believe the prior of everybody."""
    variances = [SIGMA_GENERAL**2, *[SIGMA_SKILL**2] * n_skills]
    means = [mean, *[0.0] * n_skills]
    return Crowd(
        mean=np.tile(means, (n_learners, 1)),
        covariance=np.tile(np.diag(variances), (n_learners, 1, 1)),
    )


def draw_people(n_learners: int, items: Items, mean: float, rng: np.random.Generator) -> People:
    """Draw abilities, and how far each item is from its author's mark."""
    n_skills = items.loading.shape[1] - 1
    ability = np.hstack(
        [
            rng.normal(mean, SIGMA_GENERAL, (n_learners, 1)),
            rng.normal(0, SIGMA_SKILL, (n_learners, n_skills)),
        ]
    )
    miss = rng.normal(0, items.sd, (n_learners, len(items.easiness)))
    return People(ability=ability, easiness=items.easiness + miss)


def answer(people: People, items: Items, asked: Ints, rng: np.random.Generator) -> Floats:
    """Fractions of one answer of each learner: a beta-binomial share of N_TESTS tests."""
    rows = np.arange(len(asked))
    logit = np.einsum("np,np->n", people.ability, items.loading[asked])
    success = sigmoid(logit + people.easiness[rows, asked])
    size = 1 / TEST_CORRELATION - 1
    lucky = rng.beta(np.maximum(success * size, 1e-9), np.maximum((1 - success) * size, 1e-9))
    return rng.binomial(N_TESTS, lucky) / N_TESTS


def outlook(logit: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Expected success and information of each learner and item, (N, J) each."""
    success, information = np.zeros_like(logit), np.zeros_like(logit)
    sd = np.sqrt(variance)
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        p = sigmoid(logit + sd * node)
        success += weight * p
        information += weight * p * (1 - p)
    return success, information


def drops(reach: Floats, variance: Floats, information: Floats) -> Floats:
    """Expected drop in the variance of each reference logit, (N, J, K)."""
    weight = ANSWERS_PER_ITEM * information
    shrinkage = weight / (1 + weight * variance)
    return shrinkage[:, :, np.newaxis] * (reach[:, :, :1] + reach[:, :, 1:]) ** 2
