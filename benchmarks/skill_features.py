"""Count a learner's past for the logistic challengers of the skill estimator.

In: a Log. Out: sparse feature blocks (n_rows, n_columns); counts enter as log(1 + count).
Law: the features of a row depend on the same learner's earlier rows and on the row's item alone.
Sources: Pavlik, Cen, Koedinger 2009 (PFA); Gervet et al. 2020 (Best-LR); Choffin et al. 2019
(DAS3H: the same counts within time windows).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from skill_data import Log

__all__ = [
    "item_counts",
    "item_dummies",
    "skill_counts",
    "skill_dummies",
    "total_counts",
    "windowed_skill_counts",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HOUR = 3600.0
WINDOWS = (HOUR, 24 * HOUR, 7 * 24 * HOUR, 30 * 24 * HOUR, np.inf)  # DAS3H, section 3


def item_dummies(log: Log) -> sparse.csr_matrix:
    """One column for each item (-i)."""
    return _at(np.arange(len(log.item)), log.item, np.ones(len(log.item)), log, len(log.q))


def skill_dummies(log: Log) -> sparse.csr_matrix:
    """One column for each skill (-s)."""
    return sparse.csr_matrix(log.q.astype(np.float64))[log.item]


def total_counts(log: Log) -> sparse.csr_matrix:
    """Attempts and wins on everything (-tc -w -a)."""
    return _columns(*_past(log.learner, log.fraction))


def item_counts(log: Log) -> sparse.csr_matrix:
    """Attempts and wins on the same item (-ic -w -a)."""
    return _columns(*_past(log.learner * len(log.q) + log.item, log.fraction))


def skill_counts(log: Log) -> sparse.csr_matrix:
    """Attempts and wins on each skill of the item, one column for each skill (-sc -w -a)."""
    row, skill = _entries(log)
    counts = _past(log.learner[row] * log.q.shape[1] + skill, log.fraction[row])
    blocks = [_at(row, skill, np.log1p(count), log, log.q.shape[1]) for count in counts]
    return sparse.hstack(blocks, format="csr")


def windowed_skill_counts(log: Log) -> sparse.csr_matrix:
    """`skill_counts` within each time window (-sc -w -a -tw); the log must have times."""
    if log.seconds is None:
        raise ValueError("Time windows need a log with times.")
    row, skill = _entries(log)
    group = log.learner[row] * log.q.shape[1] + skill
    blocks = [
        _at(row, skill, np.log1p(count), log, log.q.shape[1])
        for window in WINDOWS
        for count in _past_within(group, log.fraction[row], log.seconds[row], window)
    ]
    return sparse.hstack(blocks, format="csr")


def _entries(log: Log) -> tuple[Ints, Ints]:
    """Row and skill of each skill that a row's item asks for, in order of rows."""
    skills = skill_dummies(log).tocoo()
    return skills.row.astype(np.int64), skills.col.astype(np.int64)


def _past(group: Ints, wins: Floats) -> tuple[Floats, Floats]:
    """Number of earlier rows of the same group, and the sum of their wins."""
    order = np.argsort(group, kind="stable")
    return _between(_group_starts(group[order]), wins, order)


def _past_within(
    group: Ints, wins: Floats, seconds: Floats, window: float
) -> tuple[Floats, Floats]:
    """`_past` of the rows that are at most `window` seconds old."""
    order = np.lexsort((seconds, group))
    start = _group_starts(group[order])
    if np.isfinite(window):
        since = seconds[order] - seconds.min()
        clock = group[order] * (since.max() + window + 1.0)
        start = np.maximum(start, np.searchsorted(clock + since, clock + since - window))
    return _between(start, wins, order)


def _group_starts(group: Ints) -> Ints:
    """Place where the group of each row begins; groups are contiguous."""
    place = np.arange(len(group))
    is_first = np.concatenate([[True], group[1:] != group[:-1]])
    return np.maximum.accumulate(np.where(is_first, place, 0))


def _between(start: Ints, wins: Floats, order: Ints) -> tuple[Floats, Floats]:
    """Rows and wins from `start` up to each sorted row, in the order of the log."""
    total = np.concatenate([[0.0], np.cumsum(wins[order])])
    attempts, earlier = np.empty(len(order)), np.empty(len(order))
    attempts[order] = np.arange(len(order)) - start
    earlier[order] = total[:-1] - total[start]
    return attempts, np.maximum(earlier, 0.0)


def _columns(attempts: Floats, wins: Floats) -> sparse.csr_matrix:
    return sparse.csr_matrix(np.log1p(np.column_stack([attempts, wins])))


def _at(row: Ints, column: Ints, value: Floats, log: Log, width: int) -> sparse.csr_matrix:
    return sparse.csr_matrix((value, (row, column)), shape=(len(log.item), width))
