"""The joint model of a log: abilities, items and gains, and a point in it.

    logit = offset + easiness_item + ability(t),  offset = mean + gains @ covariates

Abilities are Gaussian processes (prior.py), seen through their values at the rows: one block of
covariance per learner. The log posterior is concave, so it has one mode (newton.py finds it).
Source: Rasmussen & Williams (2006), 3.4; Breslow & Clayton (1993) for quasi-likelihood.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from skillmap.estimation.histories import Histories
from skillmap.estimation.prior import AbilityPrior

__all__ = [
    "Globals",
    "JointModel",
    "Lines",
    "Mode",
    "linear",
    "logits",
    "objective",
    "pairs",
    "sigmoid",
    "start",
    "with_frozen_globals",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Globals:
    """What all learners share. offset: (1 + n_gains,), mean first. easiness: (n_items,)."""

    offset: Floats
    easiness: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JointModel:
    """Data and priors.

    prior_mean, prior_sd: of the globals; an sd of 0 freezes an offset. slope: (n_items,) how
    sharply an item tells learners apart, 1 for most. weight: (n_rows + 1,) answers per row.
    """

    histories: Histories
    ability: AbilityPrior
    prior_mean: Globals
    prior_sd: Globals
    slope: Floats
    weight: Floats

    def design(self) -> Floats:
        """Covariates of the offset for each row, (n_rows + 1, 1 + n_gains)."""
        return np.hstack([np.ones((len(self.weight), 1)), self.histories.gains])

    def covariance(self, rows: Ints) -> Floats:
        """Prior covariance of the abilities at the rows of a block, (n_pieces, n, n)."""
        h = self.histories
        item = h.item[rows]
        return self.ability.between(h.moment[rows], h.days[rows], h.q[item], self.slope[item])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mode:
    """A point: globals; ability and pull (n_rows + 1,), where ability = covariance @ pull.

    At the mode, pull is weight * (fraction - expected): what each answer says beyond the expected.
    """

    shared: Globals
    ability: Floats
    pull: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The model made linear at a point: root of the rows' information, and working residuals."""

    root: Floats
    residual: Floats


def sigmoid(logit: Floats) -> Floats:
    """Inverse logit that neither overflows nor warns."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logit)))


def start(model: JointModel) -> Mode:
    """The prior means, before any answer."""
    zeros = np.zeros(len(model.weight))
    return Mode(shared=model.prior_mean, ability=zeros, pull=zeros)


def logits(model: JointModel, mode: Mode) -> Floats:
    """Linear predictor of each row, (n_rows + 1,)."""
    shared = mode.shared
    fixed = model.design() @ shared.offset + shared.easiness[model.histories.item]
    return np.asarray(fixed + mode.ability)


def objective(model: JointModel, mode: Mode) -> float:
    """Log posterior up to a constant."""
    eta, h = logits(model, mode), model.histories
    fit = model.weight @ (h.fraction * eta - np.logaddexp(0.0, eta))
    strain = mode.ability @ mode.pull
    for value, mean, sd in pairs(mode.shared, model):
        free = sd > 0
        strain += np.sum(((value - mean)[free] / sd[free]) ** 2)
    return float(fit - 0.5 * strain)


def with_frozen_globals(model: JointModel, mode: Mode) -> JointModel:
    """The same model with mean, gains and items fixed where the mode has them."""
    nothing = Globals(
        offset=np.zeros_like(mode.shared.offset), easiness=np.zeros_like(mode.shared.easiness)
    )
    return replace(model, prior_sd=nothing, prior_mean=mode.shared)


def pairs(shared: Globals, model: JointModel) -> tuple[tuple[Floats, Floats, Floats], ...]:
    """Value, prior mean and prior sd of the offsets, then of the items."""
    return (
        (shared.offset, model.prior_mean.offset, model.prior_sd.offset),
        (shared.easiness, model.prior_mean.easiness, model.prior_sd.easiness),
    )


def linear(model: JointModel, mode: Mode) -> Lines:
    """Make the model linear at a point."""
    eta = logits(model, mode)
    expected = sigmoid(eta)
    information = np.maximum(model.weight * expected * (1.0 - expected), 1e-12 * model.weight)
    surprise = model.weight * (model.histories.fraction - expected)
    step = np.divide(surprise, information, out=np.zeros_like(eta), where=information > 0)
    return Lines(np.sqrt(information), mode.ability + step)
