"""How much each answer is worth, and which cells belong to one exercise.

Law: a row's weight depends on the learner's own earlier rows and on the course alone, so that one
more right answer never takes weight from another.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from skillmap.model import Item, ItemId, LearnerId, Response

__all__ = ["exercise_of", "exercise_shares", "novelty", "solved_items"]

Floats = NDArray[np.float64]

RETRY_WEIGHT = 0.5  # a retry comes after feedback and tells half as much (ADR 7)
# Correlation of the cells of one exercise. m cells are worth m / (1 + (m - 1) * 0.5) answers, at
# most 2: partly credited exercises are worth 1.6 to 2 answers in measured scores (ADR 7).
EXERCISE_CORRELATION = 0.5


def novelty(rows: Sequence[Response]) -> Floats:
    """Weight of each row as a first attempt (1), a retry (0.5) or nothing new (0).

    nbgrader hands in whole assignments, untouched answers too. A retry therefore counts only when
    its fraction differs from the attempt before it, and its submission from all earlier ones.
    """
    weight = np.ones(len(rows))
    for _, attempts in groupby(range(len(rows)), key=lambda r: (rows[r].learner, rows[r].item)):
        first, *retries = attempts
        submissions = {rows[first].sha256}
        for row in retries:
            is_new = rows[row].sha256 not in submissions
            has_moved = rows[row].fraction != rows[row - 1].fraction
            weight[row] = RETRY_WEIGHT if is_new and has_moved else 0.0
            submissions.add(rows[row].sha256)
    return weight


def exercise_shares(rows: Sequence[Response], items: Mapping[ItemId, Item]) -> Floats:
    """Down-weight the m cells of one exercise by its design effect, 1 + (m - 1) * correlation.

    m is counted in the course, not in the responses. Kish (1965), Survey Sampling, 8.2.
    """
    n_cells = Counter(exercise_of(item) for item in items.values())
    shares = {
        i: 1 / (1 + (n_cells[exercise_of(item)] - 1) * EXERCISE_CORRELATION)
        for i, item in items.items()
    }
    return np.array([shares[r.item] for r in rows], dtype=np.float64)


def exercise_of(item: Item) -> tuple[str, str, str]:
    """Name the exercise that the item judges, alone or with other cells."""
    return (item.assignment, item.notebook, item.exercise or item.grade_id)


def solved_items(responses: Iterable[Response], learner: LearnerId) -> set[ItemId]:
    """Items that a learner has solved in any attempt: a broken retry does not undo them."""
    return {one.item for one in responses if one.learner == learner and one.is_solved}
