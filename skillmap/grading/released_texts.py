"""Know the languages that an assignment was given out in, from the learners' version.

In: the release folder, in which notebooks carry their texts. Out: the released cells with the same
text in other languages; the language that was given out.
Law: the folder is the instructor's own, so its texts are as trustworthy as the gradebook's; without
it every cell has one language.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from skillmap.grading.course import NbgraderCourse
from skillmap.grading.files import is_regular, open_regular
from skillmap.judging import ReleasedAssignment

__all__ = ["LANGUAGE_KEY", "TEXTS_KEY", "released_language", "with_languages"]

TEXTS_KEY = "skillmap_texts"  # in a notebook's metadata: text by language and cell id
LANGUAGE_KEY = "skillmap_language"  # the one that it was given out in


def released_language(course: NbgraderCourse, assignment: str) -> str | None:
    """Return the language of the learners' version; None where it says nothing."""
    for file in sorted(course.release(assignment).glob("*.ipynb")):
        language = _metadata(_read(file)).get(LANGUAGE_KEY)
        if isinstance(language, str):
            return language
    return None


def with_languages(course: NbgraderCourse, assignment: ReleasedAssignment) -> ReleasedAssignment:
    """Add to each cell what it says in the other languages."""
    notebooks = []
    for one in assignment.notebooks:
        file = course.release(assignment.name) / f"{one.name}.ipynb"
        texts = _texts(_read(file))
        cells = tuple(
            replace(cell, others=texts.get(cell.grade_id, ())) if cell.is_locked else cell
            for cell in one.cells
        )
        notebooks.append(replace(one, cells=cells))
    return replace(assignment, notebooks=tuple(notebooks))


def _texts(notebook: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the texts of each cell by its grade_id."""
    languages = _metadata(notebook).get(TEXTS_KEY) or {}
    found: dict[str, tuple[str, ...]] = {}
    for cell in notebook.get("cells", ()):
        mark = cell["metadata"].get("nbgrader") or {}
        texts = [one[cell.get("id")] for one in languages.values() if cell.get("id") in one]
        if texts and mark.get("grade_id"):
            found[mark["grade_id"]] = tuple(texts)
    return found


def _metadata(notebook: Mapping[str, Any]) -> Mapping[str, Any]:
    found = notebook.get("metadata")
    return found if isinstance(found, Mapping) else {}


def _read(file: Path) -> Mapping[str, Any]:
    if not is_regular(file):
        return {}
    try:
        with open_regular(file) as opened:
            notebook = json.load(opened)
    except (OSError, ValueError):
        return {}
    return notebook if isinstance(notebook, Mapping) else {}
