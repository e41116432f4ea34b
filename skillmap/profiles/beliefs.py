"""Read the belief about a learner back from their profile."""

import numpy as np

from skillmap.estimation.belief import Belief
from skillmap.model import SkillProfile

__all__ = ["belief_of"]

SHARED = 0.5  # of the smallest variance: what all skills of a learner have in common


def belief_of(profile: SkillProfile) -> Belief:
    """Return a belief with the reference logits and sds of the profile's lines.

    A profile keeps no covariances, so that of any two skills is taken as half of the smallest
    variance. An empty profile gives a belief about the level alone.
    """
    logits = np.array([line.estimate.logit for line in profile.lines])
    variances = np.array([line.estimate.sd**2 for line in profile.lines])
    level = float(logits.mean()) if logits.size else 0.0
    common = SHARED * float(variances.min()) if variances.size else 1.0
    return Belief(
        skills=tuple(line.skill for line in profile.lines),
        mean=np.array([level, *(logits - level)]),
        covariance=np.diag([common, *(variances - common)]),
    )
