from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from skillmap.errors import GradingError
from skillmap.grading import open_course
from skillmap.grading.released_cells import read_assignment
from tests.grading.builders import TESTS_OF_THE_LAWS, released_course

pytestmark = pytest.mark.slow

ORDER = {"one": ["double", *TESTS_OF_THE_LAWS, "essay"]}


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    root: Path = released_course(tmp_path_factory.mktemp("released"), tmp_path_factory)
    with open_course(root).gradebook() as opened:
        yield opened


def test_every_cell_is_as_nbgrader_s_own_objects_tell_it(gradebook: Any) -> None:
    [notebook] = read_assignment(gradebook, "laws", order=ORDER).notebooks

    theirs = gradebook.find_notebook("one", "laws")
    answers = {cell.name for cell in theirs.solution_cells}
    points = {cell.name: cell.max_score for cell in theirs.grade_cells}
    assert {cell.grade_id for cell in notebook.cells} == {c.name for c in theirs.source_cells}
    for cell in theirs.source_cells:
        ours = notebook.find(cell.name)
        assert ours is not None
        assert (ours.source, ours.checksum) == (cell.source, cell.checksum)
        assert (ours.cell_type, ours.is_locked) == (cell.cell_type, cell.locked)
        assert ours.max_score == points.get(cell.name, 0.0)
        assert ours.is_grade == (cell.name in points)
        assert ours.is_solution == (cell.name in answers)
        assert not ours.is_task


def test_the_hidden_source_of_a_test_is_read(gradebook: Any) -> None:
    [notebook] = read_assignment(gradebook, "laws", order=ORDER).notebooks

    cell = notebook.find("fails")

    assert cell is not None
    assert cell.source == TESTS_OF_THE_LAWS["fails"]
    assert cell.is_test


def test_cells_come_in_the_notebook_s_order(gradebook: Any) -> None:
    [notebook] = read_assignment(gradebook, "laws", order=ORDER).notebooks

    assert [cell.grade_id for cell in notebook.cells] == ORDER["one"]


def test_cells_that_the_order_does_not_name_come_last(gradebook: Any) -> None:
    [notebook] = read_assignment(gradebook, "a1", order={"one": ["essay"]}).notebooks

    assert [cell.grade_id for cell in notebook.cells] == ["essay", "double", "double_test"]


def test_each_notebook_has_its_own_cells_and_kernel(gradebook: Any) -> None:
    assignment = read_assignment(gradebook, "two", order={})

    assert [notebook.name for notebook in assignment.notebooks] == ["first", "second"]
    for notebook in assignment.notebooks:
        assert {cell.grade_id for cell in notebook.cells} == {"double", "double_test"}
        assert notebook.kernelspec is not None
        assert notebook.kernelspec["name"] == "python3"


@pytest.mark.parametrize("assignment", ["a1", "two"])
def test_three_queries_are_enough(gradebook: Any, assignment: str) -> None:
    asked: list[str] = []

    def count(*args: Any) -> None:
        asked.append(args[2])

    event.listen(gradebook.engine, "before_cursor_execute", count)
    try:
        read_assignment(gradebook, assignment, order={})
    finally:
        event.remove(gradebook.engine, "before_cursor_execute", count)

    assert len(asked) == 3, asked


def test_an_assignment_that_was_never_released_is_named(gradebook: Any) -> None:
    with pytest.raises(GradingError, match="skillmap release a9"):
        read_assignment(gradebook, "a9", order={})
