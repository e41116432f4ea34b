"""Small courses in a folder, made by builders."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from skillmap.content import ContentPaths, Problem, check_course, find_content

SKILLS = """
[[levels]]
id = "basic"
labels = { en = "basic", nb = "grunnleggende" }
cut = 0.35
[[levels]]
id = "independent"
labels = { en = "independent", nb = "selvstendig" }
cut = 0.6
[[levels]]
id = "advanced"
labels = { en = "advanced", nb = "avansert" }
cut = 0.8
[[skills]]
id = "python"
labels = { en = "Python", nb = "Python" }
[[skills]]
id = "py.data"
labels = { en = "Data structures", nb = "Datastrukturer" }
aliases = ["dict"]
broader = "python"
adjacent = ["python"]
esco = "http://data.europa.eu/esco/skill/made-up"
"""

TRACK = """
id = "python"
titles = { en = "Python", nb = "Python" }
[[modules]]
id = "python.values"
titles = { en = "Values", nb = "Verdier" }
assignment = "python-1"
minutes = 180
lesson = "python/values.ipynb"
"""

BLUEPRINT = """
[[exercises]]
notebook = "values"
cell = "double"
tests = ["double_public", "double_hidden"]
titles = { en = "Double", nb = "Doble" }
skills = { "py.data" = 1 }
difficulty = 2
minutes = 8
[[exercises.wrong]]
why = "Squares"
hint = { en = "What is two times three?", nb = "Hva er to ganger tre?" }
code = "def double(x):\\n    return x ** 2"
[[exercises]]
notebook = "values"
cell = "essay"
tests = ["essay"]
titles = { en = "Why", nb = "Hvorfor" }
skills = { python = 0.5, "py.data" = 0.5 }
difficulty = 4
"""

LEVEL = """
[[exercises.rubric.levels]]
text = { en = "Seen", nb = "Sett" }
example = { en = "So", nb = "Slik" }
"""
CRITERION = '[[exercises.rubric]]\ncriterion = { en = "Because", nb = "Fordi" }\n' + 4 * LEVEL
BLUEPRINT += 3 * CRITERION

SOLUTION = """def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
"""


HIDDEN = "### BEGIN HIDDEN TESTS\nassert double(3) == 6, 'no'\n### END HIDDEN TESTS"


def make_cell(source: str = "", **overrides: Any) -> dict[str, Any]:
    """A code cell; overrides go to nbgrader's metadata, but `tags`, `type` and `outputs`."""
    tags, kind = overrides.pop("tags", None), overrides.pop("type", "code")
    outputs = overrides.pop("outputs", [])
    metadata: dict[str, Any] = {"tags": tags} if tags else {}
    if overrides:
        flags = {"schema_version": 3, "grade": False, "solution": False, "locked": False}
        metadata["nbgrader"] = {**flags, **overrides}
    cell: dict[str, Any] = {"cell_type": kind, "metadata": metadata, "source": source}
    return cell | {"outputs": outputs, "execution_count": None} if kind == "code" else cell


def make_solution(grade_id: str = "double", source: str = SOLUTION) -> dict[str, Any]:
    return make_cell(source, grade_id=grade_id, solution=True)


def make_test(grade_id: str = "double_public", **overrides: Any) -> dict[str, Any]:
    options = {"grade_id": grade_id, "grade": True, "locked": True, "points": 1}
    return make_cell("assert double(2) == 4, 'double(2) is not 4'", **(options | overrides))


def make_essay(grade_id: str = "essay", **overrides: Any) -> dict[str, Any]:
    options = {"grade_id": grade_id, "grade": True, "solution": True, "points": 2}
    return make_cell("Because.", type="markdown", **(options | overrides))


def make_cells() -> list[dict[str, Any]]:
    tests = [make_test(), {**make_test("double_hidden", points=2), "source": HIDDEN}]
    return [make_cell("# Values, because", type="markdown"), make_solution(), *tests, make_essay()]


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def write_notebook(
    file: Path, cells: Sequence[Mapping[str, Any]], *, kernel: str = "python3"
) -> Path:
    metadata = {"kernelspec": {"name": kernel}}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    return write(file, json.dumps(notebook))


def make_course(
    root: Path,
    *,
    skills: str = SKILLS,
    track: str = TRACK,
    blueprint: str | None = BLUEPRINT,
    cells: Sequence[Mapping[str, Any]] | None = None,
    kernel: str = "python3",
) -> ContentPaths:
    """A course of one assignment, python-1, with the notebook values; by default in order."""
    write(root / "curriculum" / "skills.toml", skills)
    write(root / "curriculum" / "python" / "track.toml", track)
    if blueprint is not None:
        write(root / "assessments" / "blueprints" / "python-1.toml", blueprint)
    source = root / "assessments" / "source" / "python-1" / "values.ipynb"
    write_notebook(source, make_cells() if cells is None else cells, kernel=kernel)
    write_notebook(root / "notebooks" / "python" / "values.ipynb", [make_cell("1 + 1")])
    return find_content(root, shipped=root)


def make_plain_course(
    root: Path, cells: Sequence[Mapping[str, Any]] | None = None, *, kernel: str = "python3"
) -> ContentPaths:
    """An nbgrader course that knows nothing of skillmap, beside the shipped content."""
    make_course(root / "shipped")
    plain = root / "plain"
    rows = make_cells() if cells is None else cells
    write_notebook(plain / "source" / "ps1" / "problem1.ipynb", rows, kernel=kernel)
    return find_content(plain, shipped=root / "shipped")


def errors_of(paths: ContentPaths) -> list[Problem]:
    return [problem for problem in check_course(paths) if problem.severity == "error"]


def warnings_of(paths: ContentPaths) -> list[Problem]:
    return [problem for problem in check_course(paths) if problem.severity == "warning"]
