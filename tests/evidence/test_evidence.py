from dataclasses import replace
from datetime import timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmap.evidence import build_frame, exercise_of, tally_evidence
from tests.evidence.builders import (
    ITEMS,
    LEARNERS,
    SKILLS,
    START,
    make_frame,
    make_item,
    make_response,
    named,
    response_lists,
)

ARRAYS = ("learner_index", "item_index", "attempt", "fraction", "weight", "is_manual", "q")


def same(left, right) -> bool:
    return all(np.array_equal(getattr(left, name), getattr(right, name)) for name in ARRAYS)


@given(responses=response_lists(), data=st.data())
def test_the_order_and_number_of_copies_change_nothing(responses, data):
    copies = data.draw(st.lists(st.sampled_from(responses))) if responses else []
    shuffled = data.draw(st.permutations([*responses, *copies]))

    frame, other = make_frame(responses), make_frame(shuffled)

    assert same(frame, other)
    assert frame.responses == other.responses
    assert frame.sha256() == other.sha256()


@given(responses=response_lists())
def test_every_row_points_at_its_learner_and_item(responses):
    frame = make_frame(responses)

    for row, response in enumerate(frame.responses):
        assert frame.learners[frame.learner_index[row]] == response.learner
        assert frame.items[frame.item_index[row]] == response.item
        assert frame.fraction[row] == response.fraction


@given(responses=response_lists())
def test_weights_lie_between_nothing_and_one_answer(responses):
    weight = make_frame(responses).weight

    assert ((weight >= 0) & (weight <= 1)).all()


@given(responses=response_lists(min_size=1))
def test_a_response_of_somebody_else_leaves_my_weights_alone(responses):
    mine = [r for r in responses if r.learner == "ada"]

    alone, together = make_frame(mine), make_frame(responses)

    of_mine = [r.learner == "ada" for r in together.responses]
    assert np.array_equal(alone.weight, together.weight[of_mine])


def test_no_responses_make_an_empty_frame_with_its_shapes():
    frame = make_frame([], learners=LEARNERS)

    assert frame.learners == LEARNERS
    assert frame.q.shape == (0, 2)
    assert frame.weight.shape == (0,)
    assert frame.newest is None


def test_arrays_cannot_be_written():
    frame = make_frame([make_response(item="lists/lists/a")])

    with pytest.raises(ValueError, match="read-only"):
        frame.fraction[0] = 0.0


def test_an_item_that_left_the_course_is_left_out_and_named():
    kept, gone = make_response(item="lists/lists/a"), make_response(item="lists/lists/gone")

    frame = make_frame([gone, kept])

    assert frame.responses == (kept,)
    assert frame.unknown_items == ("lists/lists/gone",)


def test_the_newer_grading_of_an_attempt_counts():
    old = make_response(item="lists/lists/a", fraction=0.0)
    new = replace(old, fraction=1.0, graded_at=old.graded_at + timedelta(days=1))

    frame = make_frame([new, old])

    assert frame.fraction.tolist() == [1.0]


def test_the_hash_does_not_depend_on_the_spelling_of_a_time_or_number():
    response = make_response(item="lists/lists/a")
    oslo = timezone(timedelta(hours=1))
    respelled = replace(
        response,
        fraction=np.float64(1),
        points=1,
        submitted_at=response.submitted_at.astimezone(oslo),
    )

    assert make_frame([response]).sha256() == make_frame([respelled]).sha256()


def test_the_hash_changes_with_a_fraction():
    whole, half = (make_response(item="lists/lists/a", fraction=f) for f in (1.0, 0.5))

    assert make_frame([whole]).sha256() != make_frame([half]).sha256()


@pytest.mark.parametrize(
    ("fractions", "submissions", "weights"),
    [
        ([0.0, 1.0], "xy", [1.0, 0.5]),
        ([0.0, 1.0], "xx", [1.0, 0.0]),
        ([1.0, 1.0], "xy", [1.0, 0.0]),
        ([0.0, 0.5, 1.0], "xyz", [1.0, 0.5, 0.5]),
        ([0.0, 1.0, 0.0], "xyx", [1.0, 0.5, 0.0]),
    ],
)
def test_a_retry_counts_half_and_only_when_it_is_new(fractions, submissions, weights):
    responses = [
        make_response(item="lists/lists/a", attempt=n, fraction=f, sha256=s)
        for n, (f, s) in enumerate(zip(fractions, submissions, strict=True), start=1)
    ]

    assert make_frame(responses).weight.tolist() == weights


@pytest.mark.parametrize(("n_cells", "worth"), [(1, 1.0), (2, 4 / 3), (5, 5 / 3), (10, 20 / 11)])
def test_the_cells_of_one_exercise_are_worth_two_answers_at_most(n_cells, worth):
    # Kish's effective sample size at an intraclass correlation of 0.5: 2 m / (m + 1).
    cells = [make_item(grade_id=f"test-{n}", exercise="solution") for n in range(n_cells)]

    frame = build_frame([make_response(item=c.id) for c in cells], named(cells), SKILLS)

    assert frame.weight.sum() == pytest.approx(worth)


def test_a_cell_without_an_answer_still_belongs_to_its_exercise():
    cells = [make_item(grade_id=f"test-{n}", exercise="solution") for n in range(2)]

    frame = build_frame([make_response(item=cells[0].id)], named(cells), SKILLS)

    assert frame.weight.tolist() == [pytest.approx(2 / 3)]


def test_cells_without_a_named_exercise_stand_alone():
    cells = [make_item(grade_id=name, exercise="") for name in "ab"]

    assert exercise_of(cells[0]) != exercise_of(cells[1])


def test_q_rows_are_shares_and_untagged_items_have_none():
    frame = make_frame([make_response(item=name) for name in ITEMS])

    assert frame.items == tuple(sorted(ITEMS))
    assert frame.q.tolist() == [[1, 0], [1, 0], [0, 1], [0, 1], [0.25, 0.75], [0, 0]]
    assert frame.difficulty.tolist() == [1, 4, 3, 5, 3, 3]


def test_a_tag_outside_the_skills_keeps_its_share():
    frame = make_frame([make_response(item="lists/lists/e")], skills=("loops",))

    assert frame.q.tolist() == [[0.25]]


def test_the_tally_counts_retries_once_in_items():
    responses = [
        make_response(item="lists/lists/a", fraction=0.0),
        make_response(item="lists/lists/a", attempt=2),
        make_response(item="lists/lists/e"),
        make_response(item="lists/lists/f"),
    ]

    tally = tally_evidence(make_frame(responses, learners=("ada", "bo")))

    assert tally.n_responses.tolist() == [[3, 1], [0, 0]]
    assert tally.n_items.tolist() == [[2, 1], [0, 0]]
    assert tally.newest == {(0, 0): START + timedelta(days=2), (0, 1): START + timedelta(days=1)}


def test_an_answer_that_comes_back_untouched_is_no_evidence():
    responses = [make_response(item="lists/lists/a", attempt=n) for n in (1, 2, 3)]

    assert tally_evidence(make_frame(responses)).n_responses.tolist() == [[1, 0]]
