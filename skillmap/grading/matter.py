"""What judges need to know of an assignment, from the gradebook and the source folder."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde

from skillmap.grading.course import NbgraderCourse
from skillmap.grading.files import open_regular, regular_files
from skillmap.grading.released_cells import read_assignment
from skillmap.grading.released_texts import with_languages
from skillmap.judging import JudgeRules, Matter

__all__ = ["read_matter"]


def read_matter(
    course: NbgraderCourse, gradebook: Any, assignment: str, rules: JudgeRules
) -> Matter:
    """Read the cells as they were released, the instructor's own solution, and the other files.

    Only of the notebooks that c.CourseDirectory.notebook_id takes: all, most often.
    """
    source = course.source(assignment)
    contents = dict(_contents(course, source))
    solutions = {
        name.removesuffix(".ipynb"): text
        for name, text in contents.items()
        if name.endswith(".ipynb") and "/" not in name
    }
    own = set(Autograde(parent=course.api).exclude_overwriting.get(assignment, []))
    files = {
        name: content
        for name, content in contents.items()
        if not name.endswith(".ipynb") and name not in own
    }
    order = {name: _grade_ids(text) for name, text in solutions.items()}
    released = with_languages(course, read_assignment(gradebook, assignment, order=order))
    wanted = str(course.api.coursedir.notebook_id)
    notebooks = tuple(one for one in released.notebooks if fnmatch(one.name, wanted))
    return Matter(
        assignment=replace(released, notebooks=notebooks, files=files),
        rules=rules,
        solutions=solutions,
    )


def _contents(course: NbgraderCourse, folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in regular_files(folder, course.file_rules()):
        with open_regular(path) as file:
            yield path.relative_to(folder).as_posix(), file.read()


def _grade_ids(text: bytes) -> list[str]:
    try:
        cells: list[Mapping[str, Any]] = json.loads(text)["cells"]
        marks = [cell["metadata"].get("nbgrader") or {} for cell in cells]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []
    return [str(mark["grade_id"]) for mark in marks if mark.get("grade_id")]
