"""The feedback page of one notebook: what it says, and what it keeps to itself."""

import re
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmap.grading.feedback_page import (
    CellScore,
    FeedbackCell,
)
from skillmap.grading.feedback_words import LANGUAGES, WORDS
from tests.grading.builders import make_cell
from tests.grading.feedback_builders import (
    HIDDEN,
    NO_POINTS,
    PUBLIC,
    make_error,
    page,
    page_of,
    ran,
    shown,
    stream,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_word_is_there_in_each_language_with_the_same_values(language: str) -> None:
    for key, words in WORDS.items():
        assert set(words) == set(LANGUAGES), key
        assert set(re.findall(r"{\w+}", words[language])) == set(re.findall(r"{\w+}", words["en"]))


@pytest.mark.parametrize(
    ("score", "says"),
    [
        (CellScore(score=2, max_score=2), "Done"),
        (CellScore(score=1, max_score=2), "Not yet"),
        (CellScore(score=0, max_score=2, needs_manual_grade=True), "Waits for a person"),
        (CellScore(score=None, max_score=2), "Could not be checked"),
    ],
)
def test_each_item_says_how_far_it_is(score: CellScore, says: str) -> None:
    made = page_of(make_cell("pass", grade_id="t"), t=score)

    assert f">{says}</span>" in made


def test_a_failing_public_check_is_said_in_plain_words_with_its_trace_folded() -> None:
    error = make_error(PUBLIC, 1, said="double(3) gave 5, expected 6")

    made = page_of(ran(make_cell(PUBLIC, grade_id="t"), error), t=NO_POINTS)

    assert '<span dir="auto">double(3) gave 5, expected 6</span>' in made
    assert made.index("double(3) gave 5, expected 6") < made.index("<details>")
    assert "\x1b" not in made
    assert "A hidden check" not in made


def test_a_check_without_a_message_quotes_its_line() -> None:
    error = make_error("x = 1\nassert double(3) == 6", 2)

    made = page_of(ran(make_cell("assert double(3) == 6", grade_id="t"), error), t=NO_POINTS)

    assert 'did not hold: <code dir="auto">assert double(3) == 6</code>' in made


def test_a_public_check_beside_hidden_ones_speaks_but_its_neighbours_do_not() -> None:
    source = f"{PUBLIC}\n{HIDDEN}"
    error = make_error(source, 1, said="double(3) gave 5, expected 6")

    made = page_of(ran(make_cell(source, grade_id="t"), error), t=NO_POINTS)

    assert "double(3) gave 5, expected 6" in made
    assert "Some checks are hidden" in made
    assert "secret_case" not in made
    assert "HIDDEN TESTS" not in made


@pytest.mark.parametrize(
    "error",
    [
        make_error(f"{PUBLIC}\n{HIDDEN}", 3, said="secret_case"),
        {"output_type": "error", "ename": "E", "evalue": "secret_case", "traceback": []},
        {"output_type": "error", "ename": "E", "evalue": "secret_case", "traceback": ["E: no"]},
        make_error(f"{PUBLIC}\n{HIDDEN}", 1, said="assert double(-41) == -82, 'secret_case'"),
    ],
)
def test_an_error_that_is_not_surely_public_is_one_sentence(error: dict[str, Any]) -> None:
    cell = ran(make_cell(f"{PUBLIC}\n{HIDDEN}", grade_id="t"), stream("double(-41)"), error)

    made = page_of(cell, t=NO_POINTS)

    assert "A hidden check did not pass" in made
    assert "secret_case" not in made
    assert "-41" not in made


def test_show_hidden_shows_all() -> None:
    source = f"{PUBLIC}\n{HIDDEN}"
    error = make_error(source, 3, said="secret_case")

    made = page_of(ran(make_cell(source, grade_id="t"), error), show_hidden=True, t=NO_POINTS)

    assert "secret_case" in made


def test_a_cell_that_prints_the_hidden_tests_shows_nothing_of_what_it_wrote() -> None:
    leak = ran(make_cell("print(In)", kind="plain"), stream(f"earlier\n{HIDDEN}\nafter"))
    table = ran(make_cell("show", kind="plain"), shown(text_html=f"<pre>{HIDDEN}</pre>"))

    made = page_of(leak, table, make_cell(HIDDEN, grade_id="t"), t=NO_POINTS)

    assert made.count("This output is not shown.") == 2
    assert "secret_case" not in made
    assert "earlier" not in made


def test_a_line_that_is_public_elsewhere_does_not_hide_that_place() -> None:
    hidden = f"# What it is about.\n### BEGIN HIDDEN TESTS\n{PUBLIC}\n### END HIDDEN TESTS"
    error = make_error(PUBLIC, 1, said="double(3) gave 5, expected 6")
    cells = ran(make_cell(PUBLIC, grade_id="a"), error), make_cell(hidden, grade_id="b")

    made = page_of(*cells, a=NO_POINTS, b=NO_POINTS)

    assert "double(3) gave 5, expected 6" in made
    assert "# What it is about." in made


def test_a_region_that_never_ends_hides_the_rest() -> None:
    made = page_of(make_cell("open_part\n### BEGIN HIDDEN TESTS\nsecret_case", grade_id="t"))

    assert "open_part" in made
    assert "secret_case" not in made


LINE = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=20)


@pytest.mark.slow
@given(
    before=st.lists(LINE, max_size=3),
    hidden=st.lists(LINE, min_size=1, max_size=4),
    after=st.lists(LINE, max_size=3),
    said=LINE,
    failing=st.integers(0, 9),
    is_printed=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_hidden_lines_are_never_in_the_page(
    before: list[str],
    hidden: list[str],
    after: list[str],
    said: str,
    failing: int,
    is_printed: bool,
) -> None:
    lines = [f"  sEcReT{n} {line}" for n, line in enumerate(hidden)]
    marked = ["### BEGIN HIDDEN TESTS", *lines, "### END HIDDEN TESTS"]
    source = "\n".join([*before, *marked, *after])
    at = len(before) + 2 + failing % len(hidden)
    error = make_error(source, at, said=f"{said} {lines[failing % len(hidden)]}")
    later = ran(make_cell("print(In)", kind="plain"), stream(source) if is_printed else error)

    made = page_of(ran(make_cell(source, grade_id="t"), stream(source), error), later, t=NO_POINTS)

    assert "sEcReT" not in made
    assert "HIDDEN TESTS" not in made


def test_a_cell_that_was_deleted_is_told() -> None:
    made = page_of(make_cell("pass", grade_id="t"), gone=CellScore(score=0, max_score=1))

    assert "This cell is missing from the notebook that was handed in." in made


def test_a_comment_is_shown_with_its_lines_and_nbgraders_own_in_plain_words() -> None:
    cells = (
        make_cell("x", grade_id="a", kind="solution"),
        make_cell("y", grade_id="b", kind="solution"),
    )

    made = page_of(
        *cells,
        language="nb",
        a=CellScore(comment="Fint!\n<b>Se</b> på x."),
        b=CellScore(comment="No response."),
    )

    assert "Fint!\n&lt;b&gt;Se&lt;/b&gt; på x." in made
    assert "Det ble ikke levert noe svar her." in made
    assert "No response" not in made


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_in_each_language(language: str) -> None:
    cells = (
        FeedbackCell(
            kind="code", source="1", is_test=True, grade_id="t", score=0, max_score=1.5, reason="r"
        ),
        FeedbackCell(
            kind="markdown", source="hi", is_answer=True, max_score=1, needs_manual_grade=True
        ),
    )
    when = datetime(2026, 11, 23, 18, 5, tzinfo=UTC)

    made = page(
        cells, language=language, when=when, score=0.25, late_penalty=0.5, flags=("Flagged.",)
    )

    assert f'<html lang="{language}"' in made
    assert ("0.25 of 3 points" if language == "en" else "0,25 av 3 poeng") in made
    assert ("23 Nov 2026, 18:05 UTC" if language == "en" else "23. nov. 2026, 18:05 UTC") in made
    assert "Flagged." in made
    assert made == page(
        cells, language=language, when=when, score=0.25, late_penalty=0.5, flags=("Flagged.",)
    )


def test_the_policy_names_the_one_style_of_the_page() -> None:
    made = page(())

    style = made.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src &#39;sha256-{digest}&#39;" in made
    assert "default-src &#39;none&#39;" in made


@pytest.mark.slow
def test_a_long_output_is_cut_with_a_note_and_the_page_is_bounded() -> None:
    long = ran(make_cell("x" * 50_000), *[stream("a" * 9_999 + "\n" + "b" * 50_000)] * 60)

    made = page_of(*[long] * 40)

    assert "more characters are left out." in made
    assert "20 more outputs are left out." in made
    assert "The page ends here:" in made
    assert len(made) < 5_000_000


def test_a_progress_bar_is_its_last_line() -> None:
    made = page_of(ran(make_cell("x"), stream("10 %\r50 %\r\x1b[32m100 %\x1b[0m\r\n")))

    assert '<pre class="out" dir="auto">100 %' in made
