"""How likely a learner masters several skills at once.

In: a belief, skills and a cut. Out: a probability. The skills hang together by the belief's
covariance, so it is neither the product of the single probabilities nor the smallest of them.
"""

from collections.abc import Iterable
from functools import cache
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from skillmap.estimation.belief import Belief
from skillmap.model import AssignmentId, Course, SkillId

__all__ = ["middle_cut", "positive_orthant", "probability_of_all", "skills_of_assignment"]

Floats = NDArray[np.float64]

N_POINTS = 512  # of the lattice; the error stays below .003 for the few skills of a module
_EDGE = 1e-12  # keeps normal quantiles finite


def probability_of_all(belief: Belief, skills: Iterable[SkillId], cut: float) -> float:
    """Return P(each skill's reference exercise is solved with probability `cut` or more).

    Skills that the belief does not know are passed over; without any the answer is 0: what was
    never asked for is not mastered. `cut` in (0, 1).
    """
    wanted = set(skills)
    place = [k for k, skill in enumerate(belief.skills) if skill in wanted]
    if not place:
        return 0.0
    mean, covariance = belief.reference()
    above = mean[place] - log(cut / (1.0 - cut))
    return float(positive_orthant(above, covariance[np.ix_(place, place)]))


def skills_of_assignment(course: Course, assignment: AssignmentId) -> tuple[SkillId, ...]:
    """Skills that the items of an assignment show, in the order of their ids."""
    items = (item for item in course.items.values() if item.assignment == assignment)
    return tuple(sorted({skill for item in items for skill in item.skills}))


def middle_cut(course: Course) -> float | None:
    """Return the cut of the middle level, the lower one of two; None without levels."""
    cuts = sorted(level.cut for level in course.levels)
    return cuts[(len(cuts) - 1) // 2] if cuts else None


def positive_orthant(mean: Floats, covariance: Floats) -> Floats:
    """P(all n components of a normal vector are positive), (...), on a fixed lattice.

    mean: (..., n). covariance: (..., n, n). Genz (1992), Numerical computation of multivariate
    normal probabilities: condition on one component after the other, with Richtmyer's lattice
    folded to be periodic.
    """
    root = np.linalg.cholesky(covariance)
    n = mean.shape[-1]
    drawn = np.zeros((*mean.shape, N_POINTS))
    chance = np.ones((*mean.shape[:-1], N_POINTS))
    for k in range(n):
        centre = mean[..., k, np.newaxis] + np.einsum(
            "...j,...jp->...p", root[..., k, :k], drawn[..., :k, :]
        )
        above = ndtr(centre / root[..., k, k, np.newaxis])
        chance *= above
        drawn[..., k, :] = -ndtri(np.clip(_lattice(n)[k] * above, _EDGE, 1.0 - _EDGE))
    return np.asarray(chance.mean(axis=-1))


@cache
def _lattice(n_dimensions: int) -> Floats:
    generators = np.sqrt([p for p in range(2, 700) if all(p % q for q in range(2, p))])
    points = np.outer(generators[:n_dimensions], np.arange(1, N_POINTS + 1)) % 1.0
    return np.asarray(np.abs(2.0 * points - 1.0))
