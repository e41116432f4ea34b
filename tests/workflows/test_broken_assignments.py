"""What an instructor's own files do wrong costs no class its grading."""

import json
from pathlib import Path

import pytest

from skillmap.workflows.programme import Programme
from tests.grading.builders import RIGHT, TEST, add_assignment, make_cell, submit
from tests.workflows.builders import points, run

pytestmark = pytest.mark.slow


def source_of(programme: Programme) -> Path:
    return programme.root / "source" / "a1" / "one.ipynb"


def test_a_test_that_ends_python_is_run_beside_learners_code(programme: Programme) -> None:
    test = make_cell(TEST, grade_id="t")
    solution = make_cell("def double(x):\n    return 2 * x", grade_id="double", kind="solution")
    last = make_cell("import os\nos._exit(1)", grade_id="ends")
    add_assignment(programme.root, "ends", {"one": [solution, test, last]})
    programme.nbgrader.api.generate_assignment("ends", force=True)
    submit(programme.root, "ada", {}, at="20 18:00", assignment="ends")

    [graded] = run(programme, "ends")

    assert graded.problem is None


def test_a_solution_that_cannot_be_read_leaves_the_tests_in_the_kernel(
    programme: Programme,
) -> None:
    submit(programme.root, "ada", RIGHT, at="20 18:00")
    source_of(programme).write_text(json.dumps({"cells": 5}), encoding="utf-8")

    [graded] = run(programme)

    assert graded.problem is None
    assert points(programme, "ada") == 2.0
