"""Small nbgrader courses and submissions, made from a few lines of source."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

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
    source = root / "source" / "a1"
    source.mkdir(parents=True)
    for name, of_notebook in (cells or default).items():
        (source / f"{name}.ipynb").write_text(make_notebook(*of_notebook), encoding="utf-8")
    (root / "nbgrader_config.py").write_text(
        "import os\n"
        "c = get_config()\n"
        'c.CourseDirectory.course_id = "test-course"\n'
        'c.Exchange.root = os.path.join(os.path.dirname(__file__), "exchange")\n',
        encoding="utf-8",
    )
    return root


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
