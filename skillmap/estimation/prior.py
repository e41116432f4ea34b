"""What is believed of a learner before any answer: three abilities that drift, and their kernel.

ability(t) = level(t) + form(t) + sum_k q_k skill_k(t). Each part is a Gaussian process of mean 0
(Ornstein-Uhlenbeck): its values at two moments correlate by exp(-moments apart / steps
- days apart / days). The level is what all skills share, the form is that of the day, and a skill
is what a learner has beside the level; with time it returns to it, and its doubt grows back.
Source: Rasmussen & Williams (2006), Gaussian Processes for Machine Learning, chapters 3 and B.2.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["AbilityPrior", "Memory"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Memory:
    """How one part of ability varies: sd in logits; moments and days until 1/e of it is left."""

    sd: float
    steps: float
    days: float

    def covariance(self, steps: Floats, days: Floats) -> Floats:
        """Prior covariance of its values at two times so far apart, element by element."""
        return np.asarray(self.sd**2 * self.left(steps, days))

    def left(self, steps: Floats, days: Floats) -> Floats:
        """Share of a value that is left, in (0, 1]."""
        return np.asarray(np.exp(-steps / self.steps - days / self.days))


@dataclass(frozen=True, slots=True, kw_only=True)
class AbilityPrior:
    """The three parts. Every skill has the same prior: a cohort is too small to tell them apart."""

    level: Memory
    form: Memory
    skill: Memory

    def between(self, moment: Floats, days: Floats, q: Floats, slope: Floats) -> Floats:
        """Prior covariance of all rows of learners with each other, (…, n, n).

        moment, days, slope: (…, n). q: (…, n, n_skills).
        """
        steps = np.abs(moment[..., :, None] - moment[..., None, :])
        apart = np.abs(days[..., :, None] - days[..., None, :])
        shared = q @ np.swapaxes(q, -1, -2)
        shared *= self.skill.covariance(steps, apart)
        shared += self.level.covariance(steps, apart)
        if self.form.sd > 0:
            shared += self.form.covariance(steps, apart)
        shared *= slope[..., :, None]
        shared *= slope[..., None, :]
        return np.asarray(shared)

    def with_present(self, steps: Floats, days: Floats, q: Floats, slope: Floats) -> Floats:
        """Prior covariance of the level and each skill now with the rows, (…, 1 + n_skills, n).

        steps, days: (…, n), how long ago a row was. The form of the day says nothing of now.
        """
        level = self.level.covariance(steps, days) * slope
        skills = np.swapaxes(q, -1, -2) * (self.skill.covariance(steps, days) * slope)[..., None, :]
        return np.concatenate([level[..., None, :], skills], axis=-2)

    def present(self, n_skills: int) -> Floats:
        """Prior variances of the level and of each skill, (1 + n_skills,)."""
        return np.asarray(np.r_[self.level.sd**2, np.full(n_skills, self.skill.sd**2)])
