"""Fill seats: as many rows as possible, then the best worst match, then the best total.

In: an integer matrix of utilities and the free seats of each column. Out: the column of each row.
Law: exact in this order. Integers keep sums free of rounding, so a tie is a true tie. Ties fall by
the order of rows and columns, which the caller must make neutral.
Method: threshold search on the worst utility with maximum bipartite matching, then one assignment
problem with the edges below the threshold forbidden (Hopcroft and Karp 1973; Crouse 2016).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

__all__ = ["FORBIDDEN", "NOBODY", "allocate", "best_total"]

FORBIDDEN = -1
NOBODY = -1

Whole = NDArray[np.int64]


def allocate(utility: Whole, free_seats: Whole) -> Whole:
    """Choose a column for each row, or NOBODY.

    utility: (n_rows, n_columns), FORBIDDEN where a pair must not be, else 0 or more.
    free_seats: (n_columns,), 0 or more. Returns (n_rows,) column indices.
    """
    worst = _best_worst(utility, free_seats)
    return best_total(np.where(utility >= worst, utility, FORBIDDEN), free_seats)


def best_total(utility: Whole, free_seats: Whole) -> Whole:
    """Match as many rows as possible with the largest total utility, the worst match ignored."""
    seats = _column_of_seat(utility, free_seats)
    chosen = np.full(len(utility), NOBODY, dtype=np.int64)
    if not seats.size or not len(utility):
        return chosen
    # One more match must outweigh any change of utilities, so every allowed edge is raised by
    # more than a whole allocation can be worth. Far below 2**53: exact in float64.
    lift = len(utility) * (int(utility.max()) + 1) + 1
    value = np.where(utility == FORBIDDEN, 0, utility + lift)[:, seats].astype(np.float64)
    rows, taken = linear_sum_assignment(value, maximize=True)
    columns = seats[taken]
    is_allowed = utility[rows, columns] != FORBIDDEN
    chosen[rows[is_allowed]] = columns[is_allowed]
    return chosen


def _best_worst(utility: Whole, free_seats: Whole) -> int:
    """The largest threshold that still lets the largest number of rows be matched."""
    seats = _column_of_seat(utility, free_seats)
    n_matched = _n_matchable(utility >= 0, seats)
    if n_matched == 0:
        return 0
    # No threshold can exceed what the n-th luckiest row gets from its favourite.
    ceiling = np.sort(utility.max(axis=1))[-n_matched]
    steps = np.unique(utility[(utility >= 0) & (utility <= ceiling)])
    low, high = 0, len(steps) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if _n_matchable(utility >= steps[middle], seats) == n_matched:
            low = middle
        else:
            high = middle - 1
    return int(steps[low])


def _n_matchable(is_allowed: NDArray[np.bool_], seats: Whole) -> int:
    """How many rows can have a seat at the same time."""
    if not seats.size or not len(is_allowed):
        return 0
    graph = csr_array(is_allowed[:, seats])
    return int(np.count_nonzero(maximum_bipartite_matching(graph, perm_type="column") >= 0))


def _column_of_seat(utility: Whole, free_seats: Whole) -> Whole:
    """Column that each seat belongs to; no column needs more seats than there are rows."""
    n_rows, n_columns = utility.shape
    return np.repeat(np.arange(n_columns), np.minimum(free_seats, n_rows))
