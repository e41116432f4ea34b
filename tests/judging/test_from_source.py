import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.preprocessors import ClearSolutions

from skillmap.content import find_content
from skillmap.grading import generate_release, open_course
from skillmap.grading.released_cells import read_assignment
from skillmap.judging import assignment_from_source, blank_of, released_from_source
from tests.grading.builders import copy_user_guide, make_cell, make_course, make_notebook

SHIPPED = [
    "pandas-1-frames",
    "pandas-2-clean",
    "pandas-3-groups",
    "python-1-values",
    "python-2-collections",
    "python-3-functions",
]
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
SOLUTION = "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n"


def released(*cells: dict[str, Any]) -> Any:
    return released_from_source("one", json.loads(make_notebook(*cells)))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_user_guide(make_course(tmp_path_factory.mktemp("from-source")))
    for name in SHIPPED:
        shutil.copytree(find_content(None).source / name, root / "source" / name)
    return root


@pytest.fixture(scope="module")
def gradebook(course: Path) -> Iterator[Any]:
    opened = open_course(course)
    for name in (*SHIPPED, "ps1", "a1"):
        generate_release(opened, name)
    with opened.gradebook() as gradebook:
        yield gradebook


@pytest.mark.slow
@pytest.mark.parametrize("assignment", [*SHIPPED, "ps1", "a1"])
def test_a_source_folder_tells_what_nbgrader_saves(
    course: Path, gradebook: Any, assignment: str
) -> None:
    ours = assignment_from_source(course / "source" / assignment)

    order = {one.name: [cell.grade_id for cell in one.cells] for one in ours.notebooks}
    assert replace(ours, files={}) == read_assignment(gradebook, assignment, order=order)


@pytest.mark.slow
@pytest.mark.parametrize("assignment", [*SHIPPED, "ps1", "a1"])
def test_the_other_files_are_those_that_learners_get(
    course: Path, gradebook: Any, assignment: str
) -> None:
    ours = assignment_from_source(course / "source" / assignment)

    release = course / "release" / assignment
    theirs = {
        file.relative_to(release).as_posix(): file.read_bytes()
        for file in release.rglob("*")
        if file.is_file() and file.suffix != ".ipynb"
    }
    assert ours.files == theirs


def test_notebooks_links_and_caches_are_no_files_of_an_assignment(tmp_path: Path) -> None:
    folder = make_course(tmp_path) / "source" / "a1"
    for name in ("data/rows.csv", "data/old.ipynb", "__pycache__/a.pyc", ".ipynb_checkpoints/x"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("1", encoding="utf-8")
    (folder / "link.csv").symlink_to(folder / "data" / "rows.csv")

    assert assignment_from_source(folder).files == {"data/rows.csv": b"1"}


@pytest.mark.parametrize(
    "source",
    [
        SOLUTION,
        "x = 1",
        "",
        "### BEGIN SOLUTION\n### END SOLUTION",
        "a = 1\n\t### BEGIN SOLUTION\n\tb\n\t### END SOLUTION\nc",
        "### BEGIN SOLUTION\n### END SOLUTION\nx\n### BEGIN SOLUTION\n### END SOLUTION",
        "### END SOLUTION",
    ],
)
@pytest.mark.parametrize("make", [new_code_cell, new_markdown_cell])
def test_a_blank_is_what_nbgrader_releases(source: str, make: Any) -> None:
    mark = {"solution": True, "schema_version": 3, "grade_id": "f"}
    cell = make(source, metadata={"nbgrader": mark})

    cleared, _ = ClearSolutions().preprocess_cell(cell, {"language": "python"}, 0)

    assert blank_of(source, cell_type=cell.cell_type) == cleared.source


def test_a_plain_cell_is_left_alone() -> None:
    notebook = released(make_cell("1", kind="plain"), make_cell(SOLUTION, grade_id="f"))

    assert [cell.grade_id for cell in notebook.cells] == ["f"]


def test_of_two_cells_with_one_id_the_first_counts() -> None:
    notebook = released(make_cell("1", grade_id="a"), make_cell("2", grade_id="a"))

    assert [cell.source for cell in notebook.cells] == ["1"]


@pytest.mark.parametrize("points", [None, "2", True])
def test_points_that_are_no_number_give_none(points: Any) -> None:
    cell = make_cell("1", grade_id="a")
    cell["metadata"]["nbgrader"]["points"] = points

    assert released(cell).cells[0].max_score == 0
