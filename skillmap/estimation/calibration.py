"""Let predictions ahead keep what they promise: a shift and a slope of their logit.

The mode of a skewed posterior lies nearer to one half than its mean; on a large log that is
measured on the training learners, predicted ahead, and undone.
Source: Platt (1999), with a normal prior around "nothing to undo".
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skillmap.estimation.joint import sigmoid

__all__ = ["Calibration", "learn_calibration"]

Floats = NDArray[np.float64]

DOUBT = 0.1  # sd of the shift, and of the slope around 1
STEPS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What is done to a logit whose doubt was integrated."""

    shift: float = 0.0
    slope: float = 1.0

    def apply(self, logit: Floats, variance: Floats) -> Floats:
        """Expected fraction for a normal over the logit."""
        return sigmoid(self.shift + self.slope * integrated(logit, variance))


def integrated(logit: Floats, variance: Floats) -> Floats:
    """Logit of the mean of the inverse logit of a normal (MacKay 1992)."""
    return np.asarray(logit / np.sqrt(1.0 + np.pi * variance / 8.0))


def learn_calibration(
    fraction: Floats, logit: Floats, variance: Floats, weight: Floats
) -> Calibration:
    """Fit shift and slope to rows that were predicted ahead, all (n_rows,)."""
    design = np.stack([np.ones(len(logit)), integrated(logit, variance)], axis=1)
    value, centre = np.array([0.0, 1.0]), np.array([0.0, 1.0])
    for _ in range(STEPS):
        expected = sigmoid(design @ value)
        score = design.T @ (weight * (fraction - expected)) - (value - centre) / DOUBT**2
        told = design * (weight * expected * (1 - expected))[:, None]
        value = value + np.linalg.solve(design.T @ told + np.eye(2) / DOUBT**2, score)
    return Calibration(shift=float(value[0]), slope=float(value[1]))
