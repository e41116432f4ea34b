"""The course that every hostile submission is handed in to, and what an honest learner answers.

One assignment `h1`. `main` holds six tests of different kind and an essay, `second` one easy test
that every submission solves. Public and hidden checks call the learner's functions with plain
values; one cell gives partial credit by its last line.
"""

import json
from pathlib import Path
from typing import Any

from skillmap.grading import generate_release, open_course
from skillmap.judging.released import ReleasedCell, ReleasedNotebook
from tests.grading.builders import make_cell, make_course, make_notebook
from tests.hostile.expectations import POINTS

__all__ = [
    "ASSIGNMENT",
    "CELL_TIMEOUT_S",
    "RIGHT",
    "SOURCE_CANARY",
    "answered_notebook",
    "find_cell",
    "make_base_course",
    "plain_cell",
    "released_main",
]

ASSIGNMENT = "h1"
CELL_TIMEOUT_S = 1  # every hang of the corpus waits for this once or twice
SOURCE_CANARY = "canary-of-the-source-4b1d"
DATA = "height,weight\n1.5,50\n2.0,61\n4.5,75\n"

RIGHT = {
    "double": "def double(x):\n    return 2 * x",
    "tally": (
        "def tally(words):\n"
        "    counts = {}\n"
        "    for word in words:\n"
        "        counts[word] = counts.get(word, 0) + 1\n"
        "    return counts"
    ),
    "root": (
        "def root(x):\n"
        "    if x < 0:\n"
        "        raise ValueError('a negative number has no root')\n"
        "    return x ** 0.5"
    ),
    "mean": "def mean(numbers):\n    return sum(numbers) / len(numbers)",
    "column": (
        "import pandas\ndef column(name):\n    return pandas.read_csv('data.csv')[name].to_numpy()"
    ),
    "rows": "def rows(n):\n    return [{'n': i, 'square': i * i} for i in range(n)]",
    "essay": "I would measure it twice.",
    "greet": "def greet(name):\n    return 'Hello, ' + name",
}
TESTS = {
    "double": """\
assert double(3) == 6
### BEGIN HIDDEN TESTS
assert double(21) == 42
assert double("ab") == "abab"
### END HIDDEN TESTS""",
    "tally": """\
import unittest
check = unittest.TestCase()
assert isinstance(tally(["a"]), dict)
check.assertEqual(tally(["a", "b", "a"]), {"a": 2, "b": 1})
### BEGIN HIDDEN TESTS
cases = {"": {}, "zz": {"z": 2}, "abcb": {"a": 1, "b": 2, "c": 1}}
assert all(tally(list(word)) == wanted for word, wanted in cases.items())
### END HIDDEN TESTS""",
    "root": """\
import math
try:
    root(-1)
except ValueError:
    pass
else:
    raise AssertionError("root(-1) must raise a ValueError")
### BEGIN HIDDEN TESTS
assert math.isclose(root(49), 7)
### END HIDDEN TESTS""",
    "mean": """\
### BEGIN HIDDEN TESTS
assert mean([5]) == 5
### END HIDDEN TESTS
4 * mean([2, 4]) / 3""",
    "column": """\
import numpy as np
np.testing.assert_allclose(column("height"), [1.5, 2.0, 4.5])
### BEGIN HIDDEN TESTS
assert (column("weight") == np.array([50, 61, 75])).all()
### END HIDDEN TESTS""",
    "rows": """\
import pandas as pd
wanted = pd.DataFrame({"n": [0, 1, 2], "square": [0, 1, 4]})
pd.testing.assert_frame_equal(pd.DataFrame(rows(3)), wanted)""",
}
TEST_IDS = {name: name + "_test" for name in TESTS} | {"mean": "mean_credit"}


def make_base_course(root: Path) -> Path:
    """Write the course, and release its assignment."""
    second = [
        make_cell(_solution("greet"), grade_id="greet", kind="solution"),
        make_cell("assert greet('you') == 'Hello, you'", grade_id="greet_test"),
    ]
    make_course(root, cells={"unused": second})
    (root / "source" / "a1").rename(root / "source" / ASSIGNMENT)
    folder = root / "source" / ASSIGNMENT
    (folder / "unused.ipynb").unlink()
    (folder / "main.ipynb").write_text(make_notebook(*_main_cells()), encoding="utf-8")
    (folder / "second.ipynb").write_text(make_notebook(*second), encoding="utf-8")
    (folder / "data.csv").write_text(DATA, encoding="utf-8")
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(f"c.Execute.timeout = {CELL_TIMEOUT_S}\n")
    generate_release(open_course(root), ASSIGNMENT)
    return root


def answered_notebook() -> dict[str, Any]:
    """Return `main` as an honest learner's autograded one: answered, with the hidden tests."""
    notebook = json.loads(make_notebook(*_main_cells()))
    for cell in notebook["cells"]:
        grade_id = cell["metadata"]["nbgrader"]["grade_id"]
        cell["source"] = RIGHT.get(grade_id, cell["source"])
    return notebook


def released_main() -> ReleasedNotebook:
    """Return what the gradebook knows of `main`."""
    return ReleasedNotebook(name="main", cells=tuple(_released(cell) for cell in _main_cells()))


def _released(cell: dict[str, Any]) -> ReleasedCell:
    mark = cell["metadata"]["nbgrader"]
    return ReleasedCell(
        grade_id=mark["grade_id"],
        cell_type=cell["cell_type"],
        source=cell["source"],
        checksum=None,
        is_locked=mark["locked"],
        is_grade=mark["grade"],
        is_solution=mark["solution"],
        max_score=mark.get("points", 0.0),
    )


def find_cell(notebook: dict[str, Any], grade_id: str) -> dict[str, Any]:
    """Return the cell of that id."""
    [cell] = [
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    ]
    return cell


def plain_cell(source: str, *, cell_id: str = "added") -> dict[str, Any]:
    """Return a code cell of which nbgrader knows nothing."""
    return {**make_cell(source, kind="plain"), "id": cell_id}


def _main_cells() -> list[dict[str, Any]]:
    cells = []
    for name, test in TESTS.items():
        cells.append(make_cell(_solution(name), grade_id=name, kind="solution"))
        grade_id = TEST_IDS[name]
        cells.append(make_cell(test, grade_id=grade_id, points=POINTS[grade_id]))
    essay = make_cell("", grade_id="essay", kind="manual", points=5)
    essay["cell_type"] = "markdown"
    del essay["execution_count"], essay["outputs"]
    return [*cells, essay]


def _solution(name: str) -> str:
    signature, *body = RIGHT[name].splitlines()
    if not signature.startswith("def"):
        signature, body = signature + "\n" + body[0], body[1:]
    lines = [signature, "    ### BEGIN SOLUTION", f"    # {SOURCE_CANARY}", *body]
    return "\n".join([*lines, "    ### END SOLUTION"])
