"""Refuse, in words for the learner, what would make nbgrader fall over.

In: the folder of a submission. Out: a problem, or None.
Law: nbgrader 0.9.6 stops the whole class at a copied grade cell and deletes a learner's graded work
at a file that is not a notebook; both are found here, before the gradebook is touched.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from skillmap.grading.files import is_regular, open_regular

__all__ = ["find_problem"]

MAX_BYTES = 20_000_000  # a notebook of this size is a runaway output, and would fill the memory
MAX_LISTED = 5  # file names in a sentence
SCHEMA = 3  # nbgrader's metadata format since 0.6


def find_problem(folder: Path, expected: frozenset[str]) -> str | None:
    """Say why the notebooks among `expected` (file stems) cannot be graded, or return None."""
    found = sorted(path for path in folder.glob("*.ipynb") if path.stem in expected)
    if not found:
        return _nothing_expected(folder, expected)
    problems = (_notebook_problem(path) for path in found)
    return next((problem for problem in problems if problem), None)


def _nothing_expected(folder: Path, expected: frozenset[str]) -> str:
    wanted = ", ".join(f"{stem}.ipynb" for stem in sorted(expected))
    others = sorted(path.name for path in folder.glob("*.ipynb"))
    listed = ", ".join(others[:MAX_LISTED]) + (", …" if len(others) > MAX_LISTED else "")
    return (
        f"The notebook {wanted} is not among the files handed in "
        f"(found: {listed or 'no notebook at all'}). "
        "Give the file its first name again and hand in once more."
    )


def _notebook_problem(path: Path) -> str | None:
    if not is_regular(path):
        return (
            f"{path.name} is a folder or a link, not a notebook. "
            "Put the notebook itself in its place, and hand in again."
        )
    if path.stat().st_size > MAX_BYTES:
        return (
            f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB. "
            "Clear its outputs (Kernel, Restart Kernel and Clear Outputs), save, and hand in again."
        )
    try:
        with open_regular(path) as file:
            notebook = json.loads(file.read(MAX_BYTES + 1).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return (
            f"{path.name} is damaged: it cannot be read as a notebook. "
            "Fetch the assignment again, copy your answers into it, and hand in once more."
        )
    return _cells_problem(path.name, notebook)


def _cells_problem(name: str, notebook: Any) -> str | None:
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        return (
            f"{name} is not a Jupyter notebook of format 4. "
            "Open it in JupyterLab, save it, and hand in again."
        )
    marks = [_nbgrader(cell) for cell in cells]
    ids = Counter(str(mark.get("grade_id")) for mark in marks if mark.get("grade_id"))
    copied = sorted(cell_id for cell_id, count in ids.items() if count > 1)
    if copied:
        return (
            f"{name} holds the cell {', '.join(copied)} more than once. "
            "Delete the copy you do not want to hand in, save, and hand in again."
        )
    if any(isinstance(v := mark.get("schema_version"), int) and v != SCHEMA for mark in marks):
        return (
            f"{name} was made with another version of nbgrader. "
            "Fetch the assignment again, copy your answers into it, and hand in once more."
        )
    return None


def _nbgrader(cell: dict[str, Any]) -> dict[str, Any]:
    metadata = cell.get("metadata")
    mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return mark if isinstance(mark, dict) else {}
