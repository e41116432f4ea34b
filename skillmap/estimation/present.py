"""What the rows say of a learner today: the parts of ability now, their doubt, and whence it comes.

    part(now) = sum over rows of covariance(part now, row) * pull(row)

holds exactly at the mode, so each answer's share of an estimate can be listed and added up.
Shapes: N learners, P = 1 + n_skills parts (the level, then each skill beside it), G globals.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skillmap.estimation.joint import JointModel, Mode, linear
from skillmap.estimation.newton import Solver, schur_of
from skillmap.estimation.parallel import in_parallel

__all__ = ["Present", "contributions", "present"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Present:
    """Mean (N, P) and covariance (N, P, P) of the parts now; offset and practice are in them.

    easiness_sd: (n_items,) doubt of the items, everything else unknown too; None where the doubt
    about the globals was left out.
    """

    mean: Floats
    covariance: Floats
    easiness_sd: Floats | None


def contributions(model: JointModel, rows: Ints, as_of: float) -> Floats:
    """Prior covariance of the parts now with the rows of learners, (…, P, n).

    rows: (…, n) in the order of time, padded by `n_rows`. as_of: days; later rows count as of then.
    """
    h = model.histories
    item, real = h.item[rows], rows < h.n_rows
    moment = np.where(real, h.moment[rows], -np.inf)
    steps = np.where(real, moment.max(axis=-1, keepdims=True) - moment, 0.0)
    days = np.maximum(as_of - h.days[rows], 0.0)
    return model.ability.with_present(steps, days, h.q[item], model.slope[item] * real)


def present(
    model: JointModel, mode: Mode, *, as_of: float, practised: Floats, is_exact: bool
) -> Present:
    """Posterior of the parts of each learner now, by Laplace.

    practised: (N, P, n_offsets) how mean and gains enter each part now. is_exact: whether the
    doubt about mean, gains and items is followed into the learners'; else it is left out.
    """
    lines, solver = linear(model, mode), Solver(model, is_exact=False)
    n_learners, n_parts, _ = practised.shape
    mean = practised @ mode.shared.offset
    covariance = np.tile(np.diag(model.ability.present(n_parts - 1)), (n_learners, 1, 1))
    shared = _inverse_of_free(schur_of(model, mode, lines, solver)) if is_exact else None

    def read_off(number: int) -> Floats:
        rows = solver.blocks[number]
        who = model.histories.learner[rows[:, 0]]
        reach = contributions(model, rows, as_of)
        mean[who] += (reach @ mode.pull[rows][..., None])[..., 0]
        told = solver.told(number, lines, np.swapaxes(reach, -1, -2))
        covariance[who] -= reach @ told
        if shared is not None:
            way = _way_to_globals(model, rows, told, solver.design)
            way[..., : practised.shape[-1]] += practised[who]
            covariance[who] += way @ shared @ np.swapaxes(way, -1, -2)
        return mean[who]

    in_parallel(read_off, solver.numbers())
    easiness_sd = None
    if shared is not None:
        _add_shared_doubt(model, covariance, practised, shared)
        easiness_sd = np.sqrt(np.diag(shared)[practised.shape[-1] :])
    return Present(mean=mean, covariance=covariance, easiness_sd=easiness_sd)


def _add_shared_doubt(
    model: JointModel, covariance: Floats, practised: Floats, shared: Floats
) -> None:
    """Add the doubt about the mean for learners without a row."""
    pieces = model.histories.pieces
    silent = np.flatnonzero(pieces[:, 1] == pieces[:, 0])
    n_offsets = practised.shape[-1]
    way = practised[silent]
    covariance[silent] += way @ shared[:n_offsets, :n_offsets] @ np.swapaxes(way, -1, -2)


def _way_to_globals(model: JointModel, rows: Ints, told: Floats, design: Floats) -> Floats:
    """How the parts move when a global does, through the rows; (n_pieces, P, G)."""
    n_pieces, n_rows, n_parts = told.shape
    n_items, n_offsets = len(model.slope), design.shape[-1]
    way = np.zeros((n_pieces, n_parts, n_offsets + n_items))
    weighted = np.swapaxes(told, -1, -2)
    way[..., :n_offsets] = -weighted @ design[rows]
    place = np.arange(n_pieces * n_parts).reshape(n_pieces, n_parts, 1) * n_items
    cell = place + model.histories.item[rows][:, None, :]
    per_item = np.bincount(cell.ravel(), weighted.ravel(), n_pieces * n_parts * n_items)
    way[..., n_offsets:] = -per_item.reshape(n_pieces, n_parts, n_items)
    return way


def _inverse_of_free(schur: Floats) -> Floats:
    """Covariance of the globals; what is frozen has none."""
    free = np.isfinite(np.diag(schur))
    covariance = np.zeros_like(schur)
    covariance[np.ix_(free, free)] = np.linalg.inv(schur[np.ix_(free, free)])
    return covariance
