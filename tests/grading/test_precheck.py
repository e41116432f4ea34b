import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmap.grading.precheck import find_problem
from tests.grading.builders import make_cell, make_notebook

EXPECTED = frozenset({"one"})
GOOD = make_notebook(make_cell("assert True", grade_id="t"))


def handed_in(folder: Path, text: str, name: str = "one.ipynb") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_good_notebook_has_no_problem(tmp_path: Path) -> None:
    assert find_problem(handed_in(tmp_path, GOOD), EXPECTED) is None


def test_a_renamed_notebook_is_told_its_first_name(tmp_path: Path) -> None:
    problem = find_problem(handed_in(tmp_path, GOOD, "one (1).ipynb"), EXPECTED)

    assert problem is not None
    assert "one.ipynb" in problem
    assert "one (1).ipynb" in problem


def test_an_empty_submission_says_so(tmp_path: Path) -> None:
    problem = find_problem(tmp_path, EXPECTED)

    assert problem is not None
    assert "no notebook at all" in problem


def test_a_copied_grade_cell_is_named(tmp_path: Path) -> None:
    cell = make_cell("assert True", grade_id="t")

    problem = find_problem(handed_in(tmp_path, make_notebook(cell, cell)), EXPECTED)

    assert problem is not None
    assert "the cell t more than once" in problem


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"cells": 3}', '{"cells": [1]}', "[" * 100_000, GOOD[:-9]]
)
def test_a_damaged_notebook_gets_a_sentence(tmp_path: Path, text: str) -> None:
    problem = find_problem(handed_in(tmp_path, text), EXPECTED)

    assert problem is not None
    assert "hand in" in problem


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_is_answered(value: object) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        text = json.dumps({"cells": [value], "metadata": value})
        problem = find_problem(handed_in(Path(folder), text), EXPECTED)

    assert problem is None or "hand in" in problem
