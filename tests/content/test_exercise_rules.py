"""What an exercise gives: hidden cases, hints, a rubric; and how it is written."""

from pathlib import Path

import pytest

from skillmap.content.reading_rules import sentences
from tests.content.builders import (
    BLUEPRINT,
    LEVEL,
    errors_of,
    make_cell,
    make_cells,
    make_course,
    make_essay,
    make_solution,
    make_test,
    warnings_of,
)

HINT = 'hint = { en = "What is two times three?", nb = "Hva er to ganger tre?" }\n'


def test_a_typical_error_without_hint_is_warned_of(tmp_path: Path) -> None:
    paths = make_course(tmp_path, blueprint=BLUEPRINT.replace(HINT, ""))

    assert "exercise 'double', wrong 1 'Squares': it has no hint" in str(warnings_of(paths)[0])


def test_an_exercise_without_hidden_test_is_warned_of(tmp_path: Path) -> None:
    tests = [make_test(), make_test("double_hidden")]
    title = make_cell("# Because", type="markdown")

    paths = make_course(tmp_path, cells=[title, make_solution(), *tests, make_essay()])

    assert "no test of it is hidden" in str(warnings_of(paths)[0])


@pytest.mark.parametrize(
    ("blueprint", "message"),
    [
        (BLUEPRINT.replace(LEVEL, "", 1), "it has 3 levels, not 4"),
        (BLUEPRINT + "[[exercises.rubric]]\n" + 'criterion = { en = "a", nb = "b" }\n' + 4 * LEVEL,
         "it has 4 criteria, not 3"),
        (BLUEPRINT.replace('en = "Because"', 'en = "Reasons"', 1), "not told of 'Reasons' in 'en'"),
        (BLUEPRINT.replace('en = "Seen", ', "", 1), "no words in 'en'"),
    ],
)  # fmt: skip
def test_a_rubric_that_is_not_whole_is_an_error(
    tmp_path: Path, blueprint: str, message: str
) -> None:
    paths = make_course(tmp_path, blueprint=blueprint)

    assert any(message in str(problem) for problem in errors_of(paths))


def test_a_hand_graded_exercise_without_rubric_is_warned_of(tmp_path: Path) -> None:
    blueprint = BLUEPRINT[: BLUEPRINT.index("[[exercises.rubric]]")]

    assert "there is no rubric" in str(warnings_of(make_course(tmp_path, blueprint=blueprint))[0])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("import requests", "requests asks the network"),
        ("from urllib import request", "urllib.request asks the network"),
        ("input()", "waits for somebody to type"),
        ("import sys; print(1, file=sys.stderr)", "writes to stderr"),
        ("import random; random.shuffle([])", "draws from a generator that all share"),
        ("import numpy as np; np.random.default_rng()", "has no seed"),
        ("import datetime; datetime.date.today()", "differs from day to day"),
        ("import numpy as np; np.random.default_rng(7)", ""),
        ("import random; random.Random(7).random()", ""),
        ("from urllib.parse import quote", ""),
    ],
)
def test_what_a_notebook_must_not_do_is_warned_of(tmp_path: Path, line: str, message: str) -> None:
    paths = make_course(tmp_path, cells=[*make_cells(), make_cell(line)])

    assert [message in str(problem) for problem in warnings_of(paths)] == [True] * bool(message)


def test_a_sentence_of_26_words_is_warned_of_and_one_of_25_is_not(tmp_path: Path) -> None:
    short = "Short one here. " * 10
    cells = make_cells()
    for n_words in (25, 26):
        text = f"{short}\n\nA {'word ' * (n_words - 2)}end."
        cells.append(make_cell(text, type="markdown"))

    problems = warnings_of(make_course(tmp_path, cells=cells))

    assert ["has 26 words" in problem.message for problem in problems] == [True]


@pytest.mark.parametrize(
    ("markdown", "n_sentences"),
    [
        ("One. Two! Three?", 3),
        ("Kl. 09.30 åpner vi, f.eks. på nr. 5.", 1),
        ("```python\na = 1. Two\n```\nOne.", 1),
        ("| a | b. C |\n|---|---|\n", 0),
        ("- one\n- two\n1. three", 3),
        ("Price is 1.5 kroner. See [the guide. It helps](https://x.no/a.b).", 3),
        ("«Ja.» Da gikk han.", 2),
    ],
)
def test_sentences_are_counted_as_a_reader_would(markdown: str, n_sentences: int) -> None:
    assert len(sentences(markdown)) == n_sentences
