import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmap.content.notebooks import Notebook, read_notebook
from skillmap.content.problems import Problem
from tests.content.builders import make_cell, make_solution, make_test, write, write_notebook

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": JSON,
        "source": JSON,
        "outputs": JSON,
        "metadata": st.fixed_dictionaries(
            {},
            optional={
                "tags": JSON,
                "nbgrader": JSON
                | st.fixed_dictionaries(
                    {}, optional={key: JSON for key in ("points", "grade_id", "grade", "task")}
                ),
            },
        )
        | JSON,
    },
)


def read(file: Path) -> Notebook:
    notebook = read_notebook(file)
    assert isinstance(notebook, Notebook)
    return notebook


def read_problem(file: Path) -> Problem:
    problem = read_notebook(file)
    assert isinstance(problem, Problem)
    return problem


def test_cells_are_read_as_nbgrader_sees_them(tmp_path: Path) -> None:
    cells = [make_cell("1"), make_solution("sol"), make_test("test", points=2.5)]

    notebook = read(write_notebook(tmp_path / "ps1" / "a.ipynb", cells))

    assert (notebook.assignment, notebook.name, notebook.kernel) == ("ps1", "a", "python3")
    assert [cell.grade_id for cell in notebook.cells] == ["", "sol", "test"]
    assert [cell.is_item for cell in notebook.cells] == [False, False, True]
    assert [cell.points for cell in notebook.cells] == [None, None, 2.5]


def test_a_source_may_be_a_list_of_lines(tmp_path: Path) -> None:
    cell = make_cell() | {"source": ["a = 1\n", "b = 2"]}

    notebook = read(write_notebook(tmp_path / "a.ipynb", [cell]))

    assert notebook.cells[0].source == "a = 1\nb = 2"


def test_a_grade_id_without_a_mark_is_left_alone_as_nbgrader_does(tmp_path: Path) -> None:
    notebook = read(write_notebook(tmp_path / "a.ipynb", [make_cell(grade_id="old")]))

    assert notebook.cells[0].grade_id == ""


@pytest.mark.parametrize("points", [float("nan"), float("inf"), 10**400, True, "3", None])
def test_points_that_are_no_number_are_none(tmp_path: Path, points: object) -> None:
    notebook = read(write_notebook(tmp_path / "a.ipynb", [make_test(points=points)]))

    assert notebook.cells[0].points is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a.ipynb:1:1: is a broken notebook"),
        ('{"cells": [', "a.ipynb:1:12: is a broken notebook"),
        ("[]", "it has no list of cells"),
        ('{"cells": [1]}', "it has no list of cells"),
        ('{"nbformat": 3, "worksheets": []}', "is a notebook of an old format"),
        ('{\n<<<<<<< HEAD\n"cells": []}', "git left a merge conflict here"),
        ("[" * 100_000, "not UTF-8 text or not JSON"),
        (f'{{"cells": {"9" * 5000}}}', "not UTF-8 text or not JSON"),
    ],
)
def test_a_broken_notebook_is_one_sentence(tmp_path: Path, text: str, message: str) -> None:
    problem = read_problem(write(tmp_path / "a.ipynb", text))

    assert message in str(problem)
    assert "\n" not in str(problem)


def test_bytes_that_are_no_text_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_bytes(b"\xff\xfe\x00")

    assert "not UTF-8 text" in str(read_problem(tmp_path / "a.ipynb"))


def test_a_file_that_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    assert "cannot be read" in str(read_problem(tmp_path / "nowhere.ipynb"))


@given(cells=st.lists(CELLS, max_size=3))
def test_no_json_of_cells_makes_anything_but_a_notebook(cells: list[dict[str, Any]]) -> None:
    with TemporaryDirectory() as folder:
        file = write(Path(folder) / "a.ipynb", json.dumps({"cells": cells}))

        assert len(read(file).cells) == len(cells)
