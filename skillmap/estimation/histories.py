"""Lay out a frame as histories: the rows of each learner side by side, in the order of time.

In: an EvidenceFrame. Out: Histories, whose blocks hold learners of about the same length, padded
by rows of weight 0. A history longer than `longest` is cut in pieces, each treated as a learner of
its own: that bounds the cost per row, and tells nearly as much about the items.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from skillmap.evidence import EvidenceFrame

__all__ = ["GAINS", "RETRIES_THAT_HELP", "Histories", "lay_out", "practised_parts"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Array = TypeVar("Array", bound=NDArray[Any])

GAINS = ("practice", "routine", "retries")  # what adds to an answer, beside ability and easiness
RETRIES_THAT_HELP = 3  # more feedback than this is taken to help no further
BLOCK_CELLS = 500_000  # of one covariance block: 4 MB, near what a cache holds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Histories:
    """Rows sorted by learner and time, with one row of weight 0 after the last (the padding).

    An empty frame has one item that nobody met.
    order: (n_rows,) places of the rows in the frame. learner, item, moment, days, fraction,
    weight: (n_rows + 1,). gains: (n_rows + 1, len(GAINS)). q: (n_items, n_skills).
    pieces: (n_pieces, 2) first row and row after the last. starts: (n_learners + 1,) of learners.
    """

    order: Ints
    learner: Ints
    item: Ints
    moment: Floats
    days: Floats
    fraction: Floats
    weight: Floats
    gains: Floats
    q: Floats
    pieces: Ints
    starts: Ints

    @property
    def n_rows(self) -> int:
        """How many rows there are, without the padding."""
        return len(self.order)

    @property
    def is_whole(self) -> bool:
        """Whether no history was cut."""
        return len(self.pieces) == len(self.starts) - 1

    def blocks(self, cells: int = BLOCK_CELLS) -> Iterator[Ints]:
        """Yield row numbers of pieces of about equal length, (n_pieces, n); padding is `n_rows`."""
        length = self.pieces[:, 1] - self.pieces[:, 0]
        by_length = np.argsort(length, kind="stable")
        by_length = by_length[length[by_length] > 0]
        first = 0
        while first < len(by_length):
            last = _last_of_block(length[by_length[first:]], cells) + first
            chosen = self.pieces[by_length[first:last]]
            rows = chosen[:, :1] + np.arange(length[by_length[last - 1]])
            yield np.where(rows < chosen[:, 1:], rows, self.n_rows)
            first = last


def lay_out(frame: EvidenceFrame, *, longest: int | None = None) -> Histories:
    """Sort the rows of a frame; within a moment they keep the order of the frame."""
    order = np.lexsort((frame.moment, frame.learner_index))
    learner = frame.learner_index[order]
    starts = np.searchsorted(learner, np.arange(len(frame.learners) + 1))
    return Histories(
        order=order,
        learner=_padded(learner),
        item=_padded(frame.item_index[order]),
        moment=_padded(frame.moment[order].astype(np.float64)),
        days=_padded(frame.days[order]),
        fraction=_padded(frame.fraction[order]),
        weight=_padded(frame.weight[order]),
        gains=_padded(_gains(frame, order, starts)),
        q=frame.q if len(frame.q) else np.zeros((1, len(frame.skills))),
        pieces=_cut(starts, longest),
        starts=starts,
    )


def practised_parts(frame: EvidenceFrame) -> Floats:
    """How mean and gains enter each part of ability now, (n_learners, 1 + n_skills, 1 + n_gains).

    The level first. Practice is counted in answers (weights), for each skill that an item shows.
    """
    n_learners, (n_items, n_skills) = len(frame.learners), frame.q.shape
    cell = frame.learner_index * n_items + frame.item_index
    answers = np.bincount(cell, frame.weight, n_learners * n_items).astype(np.float64)
    answers = answers.reshape(n_learners, n_items)
    into = np.zeros((n_learners, 1 + n_skills, 1 + len(GAINS)))
    into[:, 0, 0] = 1.0
    into[:, 0, 2] = np.log1p(answers.sum(axis=1))
    into[:, 1:, 1] = np.log1p(answers @ (frame.q > 0).astype(np.float64))
    return into


def _gains(frame: EvidenceFrame, order: Ints, starts: Ints) -> Floats:
    """Practice of the item's skills and of anything before this moment, and retries of the item."""
    gains = np.zeros((len(order), len(GAINS)))
    shows = (frame.q > 0).astype(np.float64)
    for first, last in zip(starts[:-1], starts[1:], strict=True):
        rows = order[first:last]
        if len(rows) == 0:
            continue
        item, weight = frame.item_index[rows], frame.weight[rows]
        before = np.searchsorted(frame.moment[rows], frame.moment[rows])
        done = np.cumsum(np.vstack([np.zeros(shows.shape[1]), shows[item] * weight[:, None]]), 0)
        gains[first:last, 0] = (frame.q[item] * np.log1p(done[before])).sum(axis=1)
        gains[first:last, 1] = np.log1p(np.r_[0.0, np.cumsum(weight)][before])
    gains[:, 2] = np.minimum(frame.attempt[order] - 1, RETRIES_THAT_HELP)
    return gains


def _padded(array: Array) -> Array:
    blank = np.zeros((1, *array.shape[1:]), dtype=array.dtype)
    return cast("Array", np.concatenate([array, blank]))


def _cut(starts: Ints, longest: int | None) -> Ints:
    """Bounds of the pieces: one per learner, or several of at most `longest` rows."""
    bounds = [
        (first, min(first + (longest or last), last))
        for start, last in zip(starts[:-1], starts[1:], strict=True)
        for first in range(start, max(last, start + 1), longest or max(last - start, 1))
    ]
    return np.array(bounds, dtype=np.int64).reshape(-1, 2)


def _last_of_block(length: Ints, cells: int) -> int:
    """How many pieces, sorted by length, fit in one block; at least one."""
    fits = np.arange(1, len(length) + 1) * length.astype(np.float64) ** 2 <= cells
    alike = length <= 1.3 * length[0] + 8  # padding costs the third power
    return max(int((fits & alike).cumprod().sum()), 1)
