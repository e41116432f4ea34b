"""Small nbgrader courses and submissions, made from a few lines of source."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from skillmap.grading import generate_release, open_course

USER_GUIDE = Path("docs/source/user_guide")


def make_cell(
    source: str, *, grade_id: str = "", kind: str = "test", points: float = 1
) -> dict[str, Any]:
    """One code cell. kind: "solution", "test", "manual" or "plain"."""
    mark = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": kind in ("test", "manual"),
        "solution": kind in ("solution", "manual"),
        "locked": kind == "test",
        "task": False,
    }
    if mark["grade"]:
        mark["points"] = points
    return {
        "cell_type": "code",
        "id": (grade_id or "plain").replace("_", "-"),
        "metadata": {} if kind == "plain" else {"nbgrader": mark},
        "execution_count": None,
        "outputs": [],
        "source": source,
    }


def make_notebook(*cells: dict[str, Any]) -> str:
    """The text of a notebook."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"kernelspec": kernel},
            "cells": list(cells),
        }
    )


SOLUTION = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
TEST = "assert double(3) == 6"


def make_course(root: Path, *, cells: Mapping[str, list[dict[str, Any]]] | None = None) -> Path:
    """An nbgrader course with one assignment `a1`; cells: cells per notebook."""
    default = {
        "one": [
            make_cell(SOLUTION, grade_id="double", kind="solution"),
            make_cell(TEST, grade_id="double_test", points=2),
        ]
    }
    add_assignment(root, "a1", cells or default)
    (root / "nbgrader_config.py").write_text(
        "import os\n"
        "c = get_config()\n"
        'c.CourseDirectory.course_id = "test-course"\n'
        'c.Exchange.root = os.path.join(os.path.dirname(__file__), "exchange")\n',
        encoding="utf-8",
    )
    return root


TESTS_OF_THE_LAWS = {
    "passes": "assert double(3) == 6",
    "warns": "import sys\nprint('note', file=sys.stderr)\nassert double(3) == 6",
    "half": "assert double(3) == 6\n0.5",
    "negative": "-1",
    "text": "'well done'",
    "nan": "float('nan')",
    "numpy": "import numpy\nnumpy.float64(0.5)",
    "fails": "assert double(3) == 7",
}
RIGHT = {"double": "def double(x):\n    return 2 * x"}
WRONG = {"double": "def double(x):\n    return x"}
_template: dict[str, Path] = {}


def released_course(root: Path, scratch: pytest.TempPathFactory) -> Path:
    """A copy of a course whose assignments are released; nbgrader takes seconds to make the first.

    a1: an exercise, its test (2 points) and an essay (3 points) in one notebook. laws: one test
    for each law of a score. two: a1's exercise in each of the notebooks `first` and `second`.
    """
    if "course" not in _template:
        _template["course"] = _make_template(scratch.mktemp("template") / "course")
    return shutil.copytree(_template["course"], root, dirs_exist_ok=True)


def _make_template(root: Path) -> Path:
    exercise = [
        make_cell(SOLUTION, grade_id="double", kind="solution"),
        make_cell(TEST, grade_id="double_test", points=2),
    ]
    essay = make_cell("", grade_id="essay", kind="manual", points=3)
    laws = [make_cell(text, grade_id=name, points=2) for name, text in TESTS_OF_THE_LAWS.items()]
    make_course(root, cells={"one": [*exercise, essay]})
    add_assignment(root, "laws", {"one": [exercise[0], *laws, essay]})
    add_assignment(root, "two", {"first": exercise, "second": exercise})
    course = open_course(root)
    for assignment in ("a1", "laws", "two"):
        generate_release(course, assignment)
    return root


def add_assignment(root: Path, assignment: str, cells: Mapping[str, list[dict[str, Any]]]) -> None:
    """Write an instructor's version; cells: cells per notebook."""
    source = root / "source" / assignment
    source.mkdir(parents=True)
    for name, of_notebook in cells.items():
        (source / f"{name}.ipynb").write_text(make_notebook(*of_notebook), encoding="utf-8")


def answer(folder: Path, answers: Mapping[str, str]) -> None:
    """Replace the source of the cells named by grade_id in all notebooks of a folder."""
    for path in folder.glob("*.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if grade_id in answers:
                cell["source"] = answers[grade_id]
        path.write_text(json.dumps(notebook), encoding="utf-8")


def submit(
    root: Path, learner: str, answers: Mapping[str, str], *, at: str, assignment: str = "a1"
) -> Path:
    """Lay a submission into the exchange's inbound folder, as nbgrader's submit leaves it."""
    stamp = f"2026-11-{at}:00.000000 UTC"
    folder = root / "exchange" / "test-course" / "inbound" / f"{learner}+{assignment}+{stamp}+x"
    shutil.copytree(root / "release" / assignment, folder)
    answer(folder, answers)
    (folder / "timestamp.txt").write_text(stamp, encoding="utf-8")
    return folder


def copy_user_guide(root: Path) -> Path:
    """nbgrader's own example course: its source, and the submissions of two learners."""
    import nbgrader

    guide = Path(nbgrader.__file__).parent / USER_GUIDE
    for part in ("source/ps1", "submitted"):
        shutil.copytree(guide / part, root / part)
    shutil.copy(guide / "source" / "header.ipynb", root / "source")
    return root
