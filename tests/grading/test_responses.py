from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmap.grading import responses_of
from skillmap.grading.gradebook import GradebookCell, GradebookSubmission
from skillmap.model import AssignmentId, Attempt, LearnerId, PersonId, Response

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CELL = GradebookCell(
    notebook="one",
    grade_id="t",
    max_score=2.0,
    auto_score=1.0,
    manual_score=None,
    extra_credit=None,
    needs_manual_grade=False,
)


def read(*cells: GradebookCell, seconds_late: float = 0.0) -> list[Response]:
    submission = GradebookSubmission(
        learner="ada",
        assignment="a1",
        timestamp=NOON,
        seconds_late=seconds_late,
        late_penalty=0.0,
        cells=cells,
    )
    attempt = Attempt(
        learner=LearnerId(PersonId("ada")),
        assignment=AssignmentId("a1"),
        number=1,
        submitted_at=NOON,
        sha256="0",
    )
    return responses_of(
        submission,
        attempt,
        handed_in=frozenset({"one"}),
        graded_at=NOON,
        scoring="nbgrader 0.9.6",
        isolation="none",
    )


def test_a_score_becomes_a_fraction_of_its_maximum() -> None:
    [response] = read(CELL)

    assert (response.fraction, response.points, response.is_manual) == (0.5, 1.0, False)
    assert response.item == "a1/one/t"


def test_a_manual_score_replaces_the_automatic_one() -> None:
    [response] = read(replace(CELL, manual_score=2.0))

    assert (response.fraction, response.is_manual) == (1.0, True)


def test_extra_credit_shows_in_points_and_never_lifts_the_fraction_above_one() -> None:
    [response] = read(replace(CELL, manual_score=2.0, extra_credit=1.0))

    assert (response.points, response.fraction) == (3.0, 1.0)


def test_a_cell_that_waits_for_a_person_is_no_response() -> None:
    assert read(replace(CELL, auto_score=None, needs_manual_grade=True)) == []


def test_a_manual_score_left_from_an_earlier_attempt_waits_for_a_new_look() -> None:
    assert read(replace(CELL, manual_score=2.0, needs_manual_grade=True)) == []


def test_a_notebook_that_was_not_handed_in_is_no_evidence() -> None:
    assert read(replace(CELL, notebook="forgotten", auto_score=0.0)) == []


def test_being_late_is_noted_and_does_not_touch_the_fraction() -> None:
    [response] = read(CELL, seconds_late=60.0)

    assert response.is_late
    assert response.fraction == 0.5


@given(
    auto=st.floats(-10, 10),
    manual=st.none() | st.floats(-10, 10),
    extra=st.none() | st.floats(-10, 10),
    maximum=st.floats(0.25, 10),
)
def test_every_fraction_lies_between_zero_and_one(
    auto: float, manual: float | None, extra: float | None, maximum: float
) -> None:
    cell = replace(
        CELL, auto_score=auto, manual_score=manual, extra_credit=extra, max_score=maximum
    )

    [response] = read(cell)

    assert 0 <= response.fraction <= 1
    expected = (auto if manual is None else manual) + (extra or 0)
    assert response.points == pytest.approx(expected)
