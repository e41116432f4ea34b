"""Find the mode of a joint model, and how the doubts in it hang together.

Learners touch each other only through the globals (mean, gains, items), so each Newton step solves
one system per learner and one over the globals (a Schur complement). With many items the globals
are taken part by part instead, which needs more steps and far less work in each.
Backtracking Newton reaches the one mode from anywhere, whatever the order of rows.
Source: Rasmussen & Williams (2006), algorithms 3.1 and 5.4.2.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from skillmap.estimation.joint import (
    Globals,
    JointModel,
    Lines,
    Mode,
    linear,
    logits,
    objective,
    pairs,
    sigmoid,
    start,
)
from skillmap.estimation.parallel import in_parallel

__all__ = ["Solver", "find_mode", "log_evidence", "schur_of", "without_one"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MAX_STEPS = 60
TINY_STEP = 1e-11  # logits; Newton reaches it in 5 to 8 steps
CACHED_CELLS = 150_000_000  # covariances kept between steps: 1.2 GB; more are computed again


def find_mode(
    model: JointModel,
    begin: Mode | None = None,
    *,
    tolerance: float = TINY_STEP,
    is_exact: bool = True,
    max_steps: int = MAX_STEPS,
    solver: "Solver | None" = None,
) -> tuple[Mode, bool]:
    """Return the mode, and whether the last step was below `tolerance` logits."""
    mode, solver = begin or start(model), solver or Solver(model, is_exact=is_exact)
    for _ in range(max_steps):
        moved = _improved(model, mode, solver.step(mode))
        change = float(np.abs(logits(model, moved) - logits(model, mode)).max(initial=0.0))
        mode = moved
        if change < tolerance:
            return mode, True
    return mode, False


def log_evidence(model: JointModel, mode: Mode, solver: "Solver") -> float:
    """Laplace's approximation of how likely the answers are, easiness and offset given."""
    lines = linear(model, mode)
    volumes = in_parallel(lambda n: solver.log_volume(n, lines), solver.numbers())
    return objective(model, mode) - 0.5 * float(np.sum(volumes))


def without_one(model: JointModel, mode: Mode) -> tuple[Floats, Floats, Floats]:
    """What is known of the ability at each row when its own answer is taken away.

    Mean and variance of the ability, and the leverage of the answer on its own expectation in
    [0, 1), all (n_rows + 1,). Rasmussen & Williams (2006), 5.4.2, on the model made linear.
    """
    lines, solver = linear(model, mode), Solver(model, is_exact=False)
    own = np.zeros_like(lines.root)
    for number, rows in enumerate(solver.blocks):
        own[rows] = np.diagonal(solver.inverse(number, lines), axis1=-2, axis2=-1)
    told, met = lines.root**2, own > 0
    met[-1] = False
    mean, variance, leverage = np.zeros_like(own), np.zeros_like(own), np.zeros_like(own)
    mean[met] = lines.residual[met] - mode.pull[met] / own[met]
    variance[met] = np.maximum(1.0 / own[met] - 1.0 / told[met], 0.0)
    leverage[met] = np.clip(1.0 - own[met] / told[met], 0.0, 0.99)
    return mean, variance, leverage


def schur_of(model: JointModel, mode: Mode, lines: Lines, solver: "Solver") -> Floats:
    """Precision of the globals with all abilities unknown, (G, G); infinite where frozen."""
    schur, _ = _global_system(model, mode.shared)
    for number, rows in enumerate(solver.blocks):
        inverse = solver.inverse(number, lines)
        _add_to_schur(schur, inverse, solver.design[rows], model.histories.item[rows])
    return schur


def _improved(model: JointModel, mode: Mode, goal: Mode) -> Mode:
    """Go to the goal, or halve the way until the log posterior does not fall."""
    height, length = objective(model, mode), 1.0
    while length > 1e-3:
        moved = _between(mode, goal, length)
        if objective(model, moved) >= height - 1e-9 * (1.0 + abs(height)):
            return moved
        length *= 0.5
    return mode


def _between(mode: Mode, goal: Mode, length: float) -> Mode:
    if length == 1.0:
        return goal
    mixed = [
        here + length * (there - here)
        for here, there in (
            (mode.shared.offset, goal.shared.offset),
            (mode.shared.easiness, goal.shared.easiness),
            (mode.ability, goal.ability),
            (mode.pull, goal.pull),
        )
    ]
    shared = Globals(offset=mixed[0], easiness=mixed[1])
    return Mode(shared=shared, ability=mixed[2], pull=mixed[3])


class Solver:
    """Newton steps on one model; keeps what does not change between them."""

    def __init__(self, model: JointModel, *, is_exact: bool) -> None:
        self._model, self._is_exact = model, is_exact
        self.blocks = list(model.histories.blocks())
        cells = sum(rows.size * rows.shape[1] for rows in self.blocks)
        keep = cells <= CACHED_CELLS
        self._kept = in_parallel(model.covariance, self.blocks) if keep else None
        self.design = model.design()

    def step(self, mode: Mode) -> Mode:
        """Where a full Newton step leads."""
        lines = linear(self._model, mode)
        return self._exact(mode, lines) if self._is_exact else self._by_parts(mode, lines)

    def _covariance(self, number: int) -> Floats:
        kept = self._kept
        return kept[number] if kept else self._model.covariance(self.blocks[number])

    def carried(self, mode: Mode) -> Mode:
        """The same globals and pulls, seen through this model's covariances."""
        ability = np.zeros_like(mode.pull)
        for number, rows in enumerate(self.blocks):
            value = mode.pull[rows][..., None]
            ability[rows] = (self._covariance(number) @ value)[..., 0]
        ability[-1] = 0.0
        return replace(mode, ability=ability)

    def numbers(self) -> range:
        """Of the blocks."""
        return range(len(self.blocks))

    def _exact(self, mode: Mode, lines: Lines) -> Mode:
        inverses = in_parallel(lambda n: self.inverse(n, lines), self.numbers())
        schur, slope = _global_system(self._model, mode.shared)
        for rows, inverse in zip(self.blocks, inverses, strict=True):
            design, item = self.design[rows], self._model.histories.item[rows]
            _add_to_schur(schur, inverse, design, item)
            told = (inverse @ lines.residual[rows][..., None])[..., 0]
            slope += _onto_globals(told, design, item, len(slope))
        shift = _solve_free(schur, slope)
        moved = _shifted(mode.shared, shift)
        way = lines.residual - self._onto_rows(shift)
        pull, ability = np.zeros_like(way), np.zeros_like(way)
        for number, rows in enumerate(self.blocks):
            value = (inverses[number] @ way[rows][..., None])[..., 0]
            pull[rows] = value
            ability[rows] = (self._covariance(number) @ value[..., None])[..., 0]
        pull[-1] = ability[-1] = 0.0
        return Mode(shared=moved, ability=ability, pull=pull)

    def _by_parts(self, mode: Mode, lines: Lines) -> Mode:
        """First abilities with mean and gains, then each item by itself."""
        told = in_parallel(lambda n: self._told_of_shared(n, lines), self.numbers())
        n_offsets = len(mode.shared.offset)
        schur, slope = _global_system(self._model, mode.shared)
        schur, slope = schur[:n_offsets, :n_offsets], slope[:n_offsets]
        for rows, both in zip(self.blocks, told, strict=True):
            design = self.design[rows].reshape(-1, n_offsets)
            flat = both.reshape(-1, 1 + n_offsets)
            slope += design.T @ flat[:, 0]
            schur += design.T @ flat[:, 1:]
        shift = _solve_free(schur, slope)
        pull, ability = np.zeros_like(lines.root), np.zeros_like(lines.root)
        for number, (rows, both) in enumerate(zip(self.blocks, told, strict=True)):
            value = both[..., 0] - both[..., 1:] @ shift
            pull[rows] = value
            ability[rows] = (self._covariance(number) @ value[..., None])[..., 0]
        pull[-1] = ability[-1] = 0.0
        shared = Globals(offset=mode.shared.offset + shift, easiness=mode.shared.easiness)
        moved = Mode(shared=shared, ability=ability, pull=pull)
        return replace(moved, shared=_eased(self._model, moved))

    def inverse(self, number: int, lines: Lines) -> Floats:
        """Inverse of covariance + 1 / information, (n_pieces, n, n)."""
        root = lines.root[self.blocks[number]]
        system = self._system(number, root)
        inverse = np.linalg.inv(system)
        inverse *= root[..., :, None]
        inverse *= root[..., None, :]
        return np.asarray(inverse)

    def log_volume(self, number: int, lines: Lines) -> Floats:
        """Log determinant of 1 + information * covariance, summed over the block."""
        factor = np.linalg.cholesky(self._system(number, lines.root[self.blocks[number]]))
        return np.asarray(2.0 * np.log(np.diagonal(factor, axis1=-2, axis2=-1)).sum())

    def told(self, number: int, lines: Lines, sides: Floats) -> Floats:
        """That inverse times some columns, (n_pieces, n, n_sides)."""
        root = lines.root[self.blocks[number]][..., None]
        solved = np.linalg.solve(self._system(number, root[..., 0]), root * sides)
        return np.asarray(root * solved)

    def _told_of_shared(self, number: int, lines: Lines) -> Floats:
        """For the residuals and the design, (n_pieces, n, 1 + n_offsets)."""
        rows = self.blocks[number]
        sides = np.concatenate([lines.residual[rows][..., None], self.design[rows]], axis=-1)
        return self.told(number, lines, sides)

    def _system(self, number: int, root: Floats) -> Floats:
        system = self._covariance(number) * root[..., :, None]
        system *= root[..., None, :]
        n = system.shape[-1]
        system[..., range(n), range(n)] += 1.0
        return np.asarray(system)

    def _onto_rows(self, shift: Floats) -> Floats:
        n_offsets = self.design.shape[1]
        onto = self.design @ shift[:n_offsets] + shift[n_offsets:][self._model.histories.item]
        return np.asarray(onto)


def _global_system(model: JointModel, shared: Globals) -> tuple[Floats, Floats]:
    """What the priors say of the globals: their precision (G, G), and the pull back to the means.

    What is frozen (sd 0) has an infinite precision on the diagonal.
    """
    precision, slope = [], []
    for value, mean, sd in pairs(shared, model):
        held = np.divide(1.0, sd**2, out=np.full(len(sd), np.inf), where=sd > 0)
        precision.append(held)
        slope.append(np.where(sd > 0, np.where(sd > 0, held, 0.0) * (mean - value), 0.0))
    return np.diag(np.concatenate(precision)), np.concatenate(slope)


def _add_to_schur(schur: Floats, inverse: Floats, design: Floats, item: Ints) -> None:
    """Add what the rows of a block say of the globals."""
    n_offsets, size = design.shape[-1], len(schur)
    n_items = size - n_offsets
    told = inverse @ design
    schur[:n_offsets, :n_offsets] += np.einsum("unc,und->cd", design, told)
    for c in range(n_offsets):
        per_item = np.bincount(item.ravel(), told[..., c].ravel(), n_items)
        schur[c, n_offsets:] += per_item
        schur[n_offsets:, c] += per_item
    pair = item[..., :, None] * n_items + item[..., None, :]
    counts = np.bincount(pair.ravel(), inverse.ravel(), n_items**2)
    schur[n_offsets:, n_offsets:] += counts.reshape(n_items, n_items)


def _onto_globals(told: Floats, design: Floats, item: Ints, size: int) -> Floats:
    n_offsets = design.shape[-1]
    per_item = np.bincount(item.ravel(), told.ravel(), size - n_offsets)
    return np.asarray(np.r_[np.einsum("unc,un->c", design, told), per_item])


def _solve_free(schur: Floats, slope: Floats) -> Floats:
    """Solve for what is not frozen; the rest stays where it is."""
    free = np.isfinite(np.diag(schur))
    shift = np.zeros(len(slope))
    shift[free] = np.linalg.solve(schur[np.ix_(free, free)], slope[free])
    return shift


def _shifted(shared: Globals, shift: Floats) -> Globals:
    n_offsets = len(shared.offset)
    return Globals(
        offset=shared.offset + shift[:n_offsets], easiness=shared.easiness + shift[n_offsets:]
    )


def _eased(model: JointModel, mode: Mode) -> Globals:
    """One Newton step of each item, abilities given."""
    if not model.prior_sd.easiness.any():
        return mode.shared
    h, expected = model.histories, sigmoid(logits(model, mode))
    n_items = len(mode.shared.easiness)
    surprise = np.bincount(h.item, model.weight * (h.fraction - expected), n_items)
    told = np.bincount(h.item, model.weight * expected * (1.0 - expected), n_items)
    precision = model.prior_sd.easiness**-2.0
    strain = precision * (mode.shared.easiness - model.prior_mean.easiness)
    easiness = mode.shared.easiness + (surprise - strain) / (told + precision)
    return replace(mode.shared, easiness=easiness)
