"""Find the mode of a logistic model whose Hessian has the shape of an arrow, and its spread.

eta = mean + item[i] + sum_p ability[l, p] * loading[i, p] + offset, for rows of learner l, item i.
Learners touch each other only through the items, so each Newton step solves one small block per
learner and one Schur complement over (mean, items). The log posterior is strictly concave: Newton
with backtracking has one goal and reaches it from anywhere.
Shapes: N learners, J items, P abilities per learner, R rows, G = 1 + J global parameters.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["ArrowModel", "ArrowState", "find_mode", "learner_spread", "sigmoid"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MAX_STEPS = 100  # well-posed cohorts need 5 to 8
TINY_STEP = 1e-10  # logits; far below what any reader sees, reached quadratically


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArrowModel:
    """Data and priors.

    learner, item: (R,) indices. fraction, weight, offset: (R,). loading: (J, P).
    easiness: (J,) prior means of the items. The precisions are 1 / variance of the priors;
    ability_precision: (P,).
    """

    n_learners: int
    learner: Ints
    item: Ints
    fraction: Floats
    weight: Floats
    offset: Floats
    loading: Floats
    easiness: Floats
    mean_precision: float
    item_precision: float
    ability_precision: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArrowState:
    """A point: mean, item (J,), ability (N, P)."""

    mean: float
    item: Floats
    ability: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Curvature:
    """Minus the Hessian, reduced: inverse learner blocks, their way to the globals, the Schur rest.

    block_inverse: (N, P, P). passage: (N, P, G) = block_inverse @ cross. schur: (G, G).
    """

    block_inverse: Floats
    passage: Floats
    schur: Floats


def sigmoid(logit: Floats) -> Floats:
    """Inverse logit that neither overflows nor warns."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logit)))


def find_mode(model: ArrowModel) -> tuple[ArrowState, bool]:
    """Return the mode of the posterior, and whether the steps became tiny."""
    n_items, n_abilities = model.loading.shape
    state = ArrowState(
        mean=0.0, item=model.easiness.copy(), ability=np.zeros((model.n_learners, n_abilities))
    )
    for _ in range(MAX_STEPS):
        step, promise = _newton_step(model, state)
        state = _moved(state, step, _step_length(model, state, step, promise))
        if _largest(step) < TINY_STEP:
            return state, True
    return state, False


def learner_spread(model: ArrowModel, state: ArrowState, contrasts: Floats) -> Floats:
    """Variance of mean + contrasts @ ability, for each learner; the items' doubt is part of it.

    contrasts: (K, P). Returns (N, K), from the inverse of the full Hessian at `state` (Laplace).
    """
    curvature = _curvature(model, _cells(model, _uncertainty(model, state)))
    own = np.einsum("kp,npq,kq->nk", contrasts, curvature.block_inverse, contrasts)
    shared = np.einsum("kp,npg->nkg", contrasts, curvature.passage)
    shared[:, :, 0] -= 1.0
    flat = shared.reshape(len(own) * len(contrasts), 1 + len(model.easiness))
    through_items = np.einsum("rg,rg->r", flat, np.linalg.solve(curvature.schur, flat.T).T)
    return np.asarray(own + through_items.reshape(own.shape))


def _logits(model: ArrowModel, state: ArrowState) -> Floats:
    ability = (state.ability @ model.loading.T)[model.learner, model.item]
    return np.asarray(state.mean + state.item[model.item] + ability + model.offset)


def _log_posterior(model: ArrowModel, state: ArrowState) -> float:
    logits = _logits(model, state)
    fit = model.weight @ (model.fraction * logits - np.logaddexp(0.0, logits))
    strain = model.mean_precision * state.mean**2
    strain += model.item_precision * np.sum((state.item - model.easiness) ** 2)
    strain += np.sum(model.ability_precision * state.ability**2)
    return float(fit - 0.5 * strain)


def _uncertainty(model: ArrowModel, state: ArrowState) -> Floats:
    """Weight of each row in the Hessian, (R,)."""
    expected = sigmoid(_logits(model, state))
    return np.asarray(model.weight * expected * (1.0 - expected))


def _cells(model: ArrowModel, per_row: Floats) -> Floats:
    """Sum a value per row over learner and item, (N, J)."""
    n_items = len(model.easiness)
    cell = model.learner * n_items + model.item
    total = np.bincount(cell, per_row, model.n_learners * n_items)
    return np.asarray(total, dtype=np.float64).reshape(model.n_learners, n_items)


def _curvature(model: ArrowModel, information: Floats) -> _Curvature:
    """Reduce the Hessian for `information` (N, J): the rows' Hessian weights, summed."""
    n_items, n_abilities = model.loading.shape
    squares = np.einsum("jp,jq->jpq", model.loading, model.loading)
    block = np.tensordot(information, squares, axes=1)
    block_inverse = np.linalg.inv(block + np.diag(model.ability_precision))
    cross = np.empty((model.n_learners, n_abilities, 1 + n_items))
    cross[:, :, 1:] = information[:, None, :] * model.loading.T
    cross[:, :, 0] = cross[:, :, 1:].sum(axis=2)
    passage = block_inverse @ cross
    explained = np.tensordot(cross, passage, axes=([0, 1], [0, 1]))
    schur = _global_block(model, information.sum(axis=0)) - explained
    return _Curvature(block_inverse=block_inverse, passage=passage, schur=schur)


def _global_block(model: ArrowModel, per_item: Floats) -> Floats:
    """Minus the Hessian over (mean, items), (G, G); per_item: (J,) Hessian weights."""
    block = np.diag(np.r_[model.mean_precision + per_item.sum(), model.item_precision + per_item])
    block[0, 1:] = block[1:, 0] = per_item
    return block


def _newton_step(model: ArrowModel, state: ArrowState) -> tuple[ArrowState, float]:
    """Return the full Newton step and the slope of the log posterior along it (>= 0)."""
    expected = sigmoid(_logits(model, state))
    surprise = _cells(model, model.weight * (model.fraction - expected))
    own = surprise @ model.loading - model.ability_precision * state.ability
    shared = np.r_[
        surprise.sum() - model.mean_precision * state.mean,
        surprise.sum(axis=0) - model.item_precision * (state.item - model.easiness),
    ]
    curvature = _curvature(model, _cells(model, _uncertainty(model, state)))
    passed_on = shared - np.einsum("npg,np->g", curvature.passage, own)
    globals_step = np.linalg.solve(curvature.schur, passed_on)
    ability_step = np.einsum("npq,nq->np", curvature.block_inverse, own)
    ability_step -= curvature.passage @ globals_step
    step = ArrowState(mean=float(globals_step[0]), item=globals_step[1:], ability=ability_step)
    return step, float(shared @ globals_step + np.sum(own * ability_step))


def _step_length(model: ArrowModel, state: ArrowState, step: ArrowState, promise: float) -> float:
    """Halve the step until it delivers a part of what its slope promises (Armijo)."""
    height = _log_posterior(model, state)
    # Below this the gain drowns in rounding, and Newton is safe: the mode is that near.
    if promise <= 1e-9 * (1.0 + abs(height)):
        return 1.0
    length = 1.0
    while _log_posterior(model, _moved(state, step, length)) < height + 1e-4 * length * promise:
        length *= 0.5
    return length


def _moved(state: ArrowState, step: ArrowState, length: float) -> ArrowState:
    return ArrowState(
        mean=state.mean + length * step.mean,
        item=state.item + length * step.item,
        ability=state.ability + length * step.ability,
    )


def _largest(step: ArrowState) -> float:
    sizes = np.concatenate([[abs(step.mean)], np.abs(step.item), np.abs(step.ability).ravel()])
    return float(sizes.max())
