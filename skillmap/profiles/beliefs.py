"""Read the belief about a learner back from their profile."""

import numpy as np
from numpy.typing import NDArray

from skillmap.estimation.belief import Belief
from skillmap.model import SkillProfile

__all__ = ["belief_of", "lower_triangle"]

Floats = NDArray[np.float64]


def belief_of(profile: SkillProfile) -> Belief:
    """Return a belief with the reference logits, sds and covariances of the profile's lines.

    What its skills have in common stands in for the level. A profile without a basis is read as if
    its skills had nothing to do with each other; an empty one gives a belief about the level alone.
    """
    skills = tuple(line.skill for line in profile.lines)
    if not skills:
        return Belief(skills=(), mean=np.zeros(1), covariance=np.eye(1))
    logits = np.array([line.estimate.logit for line in profile.lines])
    # The level is the mean of the reference logits, and each skill what it differs from it.
    parts = np.vstack([np.zeros(len(skills)), np.eye(len(skills))])
    parts += np.where(np.arange(1 + len(skills)) == 0, 1.0, -1.0)[:, None] / len(skills)
    covariance = parts @ _covariance(profile) @ parts.T
    return Belief(skills=skills, mean=parts @ logits, covariance=covariance)


def lower_triangle(matrix: Floats) -> tuple[float, ...]:
    """Write a symmetric matrix row by row, up to the diagonal."""
    return tuple(matrix[np.tril_indices(len(matrix))].tolist())


def _covariance(profile: SkillProfile) -> Floats:
    """Of the reference logits, (n_lines, n_lines)."""
    if profile.basis is None:
        return np.diag([line.estimate.sd**2 for line in profile.lines])
    n_lines = len(profile.lines)
    lower = np.zeros((n_lines, n_lines))
    lower[np.tril_indices(n_lines)] = profile.basis.covariance
    return np.asarray(lower + np.tril(lower, -1).T)
