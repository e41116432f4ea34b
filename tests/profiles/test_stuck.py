from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmap.errors import EvidenceError
from skillmap.profiles import Deadlines, find_stuck
from skillmap.profiles.stuck import LONG_AFTER_DUE, STUCK_AFTER
from tests.evidence.builders import START, make_response, named
from tests.profiles.builders import make_course, make_items

COURSE = make_course(items=named(make_items("lists", "loops", 2, exercise="one")))
FIRST, SECOND = COURSE.items
NOW = START + timedelta(days=30)


def stuck(log, **options):
    return find_stuck(log, COURSE, **({"now": NOW} | options))


def tries(*fractions, item=FIRST, **overrides):
    return [
        make_response(item=item, attempt=n, fraction=f, **overrides)
        for n, f in enumerate(fractions, start=1)
    ]


@pytest.mark.parametrize(
    ("fractions", "n"),
    [
        ([0.2, 0.2, 0.2], 3),
        ([0.5, 0.0, 0.4], 3),
        ([0.0, 0.2, 0.4, 0.6], None),
        ([0.0, 0.2, 0.2, 0.2], 3),
        ([0.0, 0.0], None),
        ([0.0, 0.0, 1.0], None),
        ([1.0, 0.0, 0.0, 0.0], None),
        ([], None),
    ],
)
def test_three_attempts_without_progress_at_an_unsolved_exercise(fractions, n):
    found = stuck(tries(*fractions))

    assert [one.reason.values["n"] for one in found] == ([] if n is None else [n])
    assert all((one.item, one.assignment) == (FIRST, "lists") for one in found)


def test_progress_in_one_cell_of_an_exercise_is_progress():
    log = tries(0.0, 0.0, 0.0) + tries(0.0, 0.2, 0.4, item=SECOND)

    assert stuck(log) == []


def test_the_same_files_handed_in_again_are_no_attempt():
    assert stuck(tries(0.0, 0.0, 0.0, 0.0, sha256="same")) == []


def test_since_is_when_there_last_was_progress():
    (found,) = stuck(tries(0.0, 0.2, 0.2, 0.2))

    assert found.since == START + timedelta(days=2)


@given(better=st.floats(0, 1), fractions=st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_whoever_solves_it_is_not_stuck(better, fractions):
    solved = max(better, 0.8)

    assert stuck(tries(*fractions, solved)) == []
    assert len(stuck(tries(*fractions))) <= (len(fractions) >= STUCK_AFTER)


def test_unsolved_long_after_the_due_date_counts_the_exercises():
    due = NOW - LONG_AFTER_DUE

    found = stuck(tries(0.0), deadlines=Deadlines(due={"lists": due}, own={}))

    assert [(one.reason.key, one.reason.values["n"], one.since) for one in found] == [
        ("stuck.overdue", 1, due)
    ]


@pytest.mark.parametrize(
    ("due", "own", "fraction"),
    [(timedelta(days=6), None, 0.0), (timedelta(days=9), timedelta(days=6), 0.0)]
    + [(timedelta(days=9), None, 1.0)],
)
def test_not_yet_long_after_due_or_with_more_time_or_solved(due, own, fraction):
    more = {} if own is None else {("ada", "lists"): NOW - own}

    assert stuck(tries(fraction), deadlines=Deadlines(due={"lists": NOW - due}, own=more)) == []


def test_a_due_date_without_zone_is_refused():
    with pytest.raises(EvidenceError, match="no zone"):
        Deadlines(due={"lists": datetime(2026, 3, 2)}, own={})


def test_an_item_that_left_the_course_stucks_nobody():
    assert stuck(tries(0.0, 0.0, 0.0, item="old/old/cell")) == []


def test_people_come_by_id_and_the_order_of_the_log_changes_nothing():
    log = tries(0, 0, 0, 0, 0, learner="bo") + tries(0.7, 0.7, 0.7, learner="ada")

    assert [one.learner for one in stuck(log)] == ["ada", "bo"]
    assert stuck(log[::-1]) == stuck(log)
