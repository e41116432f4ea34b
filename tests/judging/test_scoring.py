import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.notebooknode import NotebookNode, from_dict
from nbgrader import utils
from nbgrader.preprocessors import IgnorePattern, LimitOutput

from skillmap.judging.scoring import (
    ABOVE,
    FALSE,
    LAST,
    LATE_ERROR,
    NO_RESPONSE,
    STDERR,
    AboveMaximumError,
    UnscorableCellError,
    auto_comment,
    checksum,
    corrected_answer_score,
    corrected_score,
    ignore_pattern,
    limit_output,
    nbgrader_score,
)

ERROR = {"output_type": "error", "ename": "AssertionError", "evalue": "", "traceback": []}
WARNING = {"output_type": "stream", "name": "stderr", "text": "DeprecationWarning\n"}
PRINTED = {"output_type": "stream", "name": "stdout", "text": "hello\n"}


def gives(text: Any) -> dict[str, Any]:
    data = {"text/plain": text}
    return {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}


def make_scored(
    *outputs: dict[str, Any], points: Any = 2, source: str = "assert True", **mark: Any
) -> dict[str, Any]:
    """A restored test cell of two points; mark: nbgrader metadata that differ."""
    return {
        "cell_type": "code",
        "source": source,
        "outputs": list(outputs),
        "execution_count": 1,
        "metadata": {
            "nbgrader": {
                "grade": True,
                "solution": False,
                "locked": True,
                "grade_id": "t",
                "points": points,
                **mark,
            }
        },
    }


results = st.builds(
    gives,
    st.floats().map(repr)
    | st.integers(-3, 5).map(str)
    | st.text(max_size=6)
    | st.sampled_from(["True", "False", "np.float64(0.5)", "Decimal('1')", "'1'", "nan", "-0.0"])
    | st.lists(st.sampled_from(["0.5", "1", "x", ""]), max_size=2),
)
streams = st.builds(
    lambda name, text: {"output_type": "stream", "name": name, "text": text},
    st.sampled_from(["stdout", "stderr"]),
    st.text(alphabet="ab\n", max_size=20),
)
errors = st.builds(
    lambda lines: {**ERROR, "traceback": lines}, st.lists(st.sampled_from("abc"), max_size=12)
)
outputs = st.lists(results | streams | errors | st.just(PRINTED), max_size=4)
marks = st.fixed_dictionaries(
    {
        "grade": st.booleans(),
        "solution": st.booleans(),
        "grade_id": st.sampled_from(["t", "longer_id", "é"]),
    },
    optional={"locked": st.booleans(), "task": st.booleans()},
)


def by_nbgrader(cell: dict[str, Any]) -> float | None | str:
    try:
        return utils.determine_grade(from_dict(cell))[0]
    except (ValueError, KeyError, TypeError, IndexError, OverflowError):
        return "stops"


def by_us(cell: dict[str, Any]) -> float | None | str:
    try:
        return nbgrader_score(cell)
    except UnscorableCellError:
        return "stops"


@pytest.mark.slow
@given(outputs, st.sampled_from([0, 1, 2.5, "3"]), st.sampled_from(["code", "markdown"]))
def test_a_test_scores_as_in_nbgrader(
    shown: list[dict[str, Any]], points: Any, cell_type: str
) -> None:
    cell = {**make_scored(*shown, points=points), "cell_type": cell_type}

    assert by_us(cell) == by_nbgrader(cell)


@pytest.mark.slow
@given(st.booleans(), st.text())
def test_an_answer_scores_and_is_commented_on_as_in_nbgrader(is_unchanged: bool, text: str) -> None:
    cell = make_scored(source="pass", solution=True, checksum="")
    cell["metadata"]["nbgrader"]["checksum"] = utils.compute_checksum(from_dict(cell))
    cell["source"] = "pass" if is_unchanged else text

    assert by_us(cell) == by_nbgrader(cell)
    assert (auto_comment(cell) == NO_RESPONSE) == (cell["source"] == "pass")


def test_a_task_left_alone_gets_no_comment() -> None:
    cell = make_scored(grade=False, task=True)
    cell["metadata"]["nbgrader"]["checksum"] = checksum(cell)

    assert auto_comment(cell) is None


@pytest.mark.slow
@given(marks, st.text(), st.sampled_from([0, 1, 2.5, "3", True]))
def test_the_checksum_is_nbgraders(mark: dict[str, Any], source: str, points: Any) -> None:
    cell = make_scored(source=source, points=points)
    cell["metadata"]["nbgrader"] = {**mark, "points": points}

    assert checksum(cell) == utils.compute_checksum(from_dict(cell))


def test_more_points_than_the_maximum_stop_nbgrader() -> None:
    cell = make_scored(gives("3"))

    with pytest.raises(AboveMaximumError, match="3 of 2 points"):
        nbgrader_score(cell)


@pytest.mark.slow
@given(outputs, st.sampled_from([0.0, 1.0, 2.5]))
def test_a_corrected_score_is_finite_and_within_the_maximum(
    shown: list[dict[str, Any]], max_score: float
) -> None:
    score = corrected_score(shown, max_score).score

    assert score is not None
    assert math.isfinite(score)
    assert 0 <= score <= max_score


@pytest.mark.slow
@given(outputs, st.sampled_from([0.0, 1.0, 2.5]))
def test_a_reason_is_given_exactly_where_the_two_laws_differ(
    shown: list[dict[str, Any]], max_score: float
) -> None:
    corrected = corrected_score(shown, max_score)

    theirs = by_nbgrader(make_scored(*shown, points=max_score))
    assert (corrected.reason is None) == (corrected.score == theirs)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("0.5", 0.5),
        ("1", 1),
        ("2", 2),
        ("-0.0", 0),
        ("np.float64(0.5)", 0.5),
        ("np.float32(1.5)", 1.5),
        ("np.int64(2)", 2),
        ("np.uint8(1)", 1),
        ("np.longdouble('0.5')", 0.5),
        ("np.True_", 2),
        ("np.False_", 0),
        ("Decimal('0.5')", 0.5),
        ("Decimal('1E-1')", 0.1),
        ("Decimal('NaN')", 0),
        ("Decimal('sNaN')", 0),
        ("Decimal('1E+999')", 0),
        ("Fraction(1, 2)", 0.5),
        ("Fraction(-1, 2)", 0),
        ("Fraction(1, 0)", 0),
        (f"Fraction({10**400}, 1)", 0),
        ("True", 2),
        ("False", 0),
        ("nan", 0),
        ("inf", 0),
        ("-inf", 0),
        ("np.float64(nan)", 0),
        ("-1", 0),
        ("np.int64(-1)", 0),
        ("3", 2),
        ("np.float64(777.0)", 2),
        ("'0.5'", 2),
        ("np.str_('0.5')", 2),
        ("np.datetime64('2020')", 2),
        ("array(0.5)", 2),
        ("[0.5]", 2),
        ("well done", 2),
        ("sNaN", 2),
        ("", 2),
    ],
)
def test_partial_credit_by_the_corrected_law(text: str, score: float) -> None:
    assert corrected_score([gives(text)], 2).score == pytest.approx(score)


def test_what_numpy_writes_today_is_read() -> None:
    import numpy as np

    for value in (np.float64(0.5), np.float32(0.5), np.float16(0.5), np.longdouble(0.5)):
        assert corrected_score([gives(repr(value))], 2).score == 0.5
    for whole in (np.int64(1), np.uint8(1), np.intc(1), np.longlong(1), np.ulonglong(1)):
        assert corrected_score([gives(repr(whole))], 2).score == 1


@pytest.mark.parametrize(
    ("shown", "score", "reason"),
    [
        ([], 2, None),
        ([PRINTED], 2, None),
        ([ERROR], 0, None),
        ([WARNING], 2, STDERR),
        ([WARNING, ERROR], 0, None),
        ([gives("1"), ERROR], 0, LATE_ERROR),
        ([WARNING, gives("1")], 1, STDERR),
        ([gives("1"), WARNING], 1, None),
        ([gives("2"), gives("1")], 1, LAST),
        ([gives("False")], 0, FALSE),
        ([gives("True")], 2, None),
        ([gives("777")], 2, ABOVE.format(text="777")),
    ],
)
def test_outputs_by_the_corrected_law(
    shown: list[dict[str, Any]], score: float, reason: str | None
) -> None:
    corrected = corrected_score(shown, 2)

    assert (corrected.score, corrected.reason) == (score, reason)


def test_a_long_result_is_shown_short_and_without_control_characters() -> None:
    reason = corrected_score([gives("-1" + "0" * 5000)], 2).reason

    assert reason is not None
    assert len(reason) < 200


def test_an_unchanged_answer_scores_nothing_and_a_changed_one_waits_for_a_person() -> None:
    assert corrected_answer_score(is_unchanged=True).score == 0
    assert corrected_answer_score(is_unchanged=False).score is None


def code_cell(shown: list[dict[str, Any]]) -> NotebookNode:
    return from_dict({"cell_type": "code", "metadata": {}, "source": "", "outputs": shown})


@pytest.mark.slow
@given(outputs, st.integers(-1, 8), st.integers(-1, 12))
def test_outputs_are_cut_as_in_nbgrader(
    shown: list[dict[str, Any]], max_lines: int, max_traceback: int
) -> None:
    before = [dict(output) for output in shown]
    theirs = LimitOutput(max_lines=max_lines, max_traceback=max_traceback)
    expected, _ = theirs.preprocess_cell(code_cell(shown), {}, 0)

    cut = limit_output(shown, max_lines=max_lines, max_traceback=max_traceback)

    assert cut == expected.outputs
    assert shown == before


@pytest.mark.slow
@given(outputs, st.sampled_from(["", "a", "^b", "b$", "a|b"]))
def test_a_pattern_is_ignored_as_in_nbgrader(shown: list[dict[str, Any]], pattern: str) -> None:
    expected, _ = IgnorePattern(pattern=pattern).preprocess_cell(code_cell(shown), {}, 0)

    assert ignore_pattern(shown, pattern) == expected.outputs


def test_a_broken_pattern_is_the_instructors_error() -> None:
    with pytest.raises(re.error):
        ignore_pattern([WARNING], "(")
