"""The solver against all allocations there are."""

from collections.abc import Iterator

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from skillmap.matching.allocation import FORBIDDEN, NOBODY, allocate, best_total

Whole = NDArray[np.int64]


@st.composite
def seatings(draw: st.DrawFn) -> tuple[Whole, Whole]:
    """Up to 6 rows and 3 columns; few utilities, so that ties and forbidden pairs abound."""
    shape = (draw(st.integers(0, 6)), draw(st.integers(0, 3)))
    utility = draw(arrays(np.int64, shape, elements=st.sampled_from([-1, -1, 0, 1, 2, 5, 9])))
    return utility, draw(arrays(np.int64, shape[1], elements=st.integers(0, 3)))


def every_allocation(utility: Whole, free: list[int], row: int = 0) -> Iterator[list[int]]:
    if row == len(utility):
        yield []
        return
    for column in [NOBODY, *range(len(free))]:
        if column != NOBODY and (free[column] == 0 or utility[row, column] == FORBIDDEN):
            continue
        left = [n - (place == column) for place, n in enumerate(free)]
        for rest in every_allocation(utility, left, row + 1):
            yield [column, *rest]


def worth(utility: Whole, chosen: list[int]) -> tuple[int, int, int]:
    """How many are matched, the worst match, the total."""
    values = [int(utility[row, column]) for row, column in enumerate(chosen) if column != NOBODY]
    return len(values), min(values, default=0), sum(values)


@given(seatings())
def test_no_allocation_beats_the_chosen_one(seating):
    utility, free = seating

    chosen = allocate(utility, free).tolist()

    best = max(worth(utility, one) for one in every_allocation(utility, free.tolist()))
    assert chosen in list(every_allocation(utility, free.tolist()))
    assert worth(utility, chosen) == best


@given(seatings())
def test_best_total_has_the_largest_total_of_the_fullest_allocations(seating):
    utility, free = seating

    n_matched, _, total = worth(utility, best_total(utility, free).tolist())

    everything = [worth(utility, one) for one in every_allocation(utility, free.tolist())]
    assert (n_matched, total) == max((n, summed) for n, _, summed in everything)


def test_one_more_match_outweighs_any_utility():
    utility = np.array([[1_000_000, 0], [1_000_000, FORBIDDEN]])

    chosen = allocate(utility, np.array([1, 1]))

    assert chosen.tolist() == [1, 0]


def test_the_worst_match_outweighs_the_total():
    utility = np.array([[10, 4], [5, 1]])

    assert best_total(utility, np.array([1, 1])).tolist() == [0, 1]
    assert allocate(utility, np.array([1, 1])).tolist() == [1, 0]
