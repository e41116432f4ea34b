"""Tell from an instructor's notebooks what a gradebook would know of their release.

In: notebooks as `read_notebook` gives them, or an assignment's source folder. Out: the values that
submissions are matched against, without a gradebook.
Law: cells, points and checksums equal what nbgrader's generate_assignment saves, course
configuration aside: no header or footer is put in, and no autotest is written out.
"""

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from skillmap.judging.notebook_text import read_notebook
from skillmap.judging.released import ReleasedAssignment, ReleasedCell, ReleasedNotebook
from skillmap.judging.scoring import checksum, is_locked

__all__ = ["NEVER_RELEASED", "assignment_from_source", "blank_of", "released_from_source"]

# What nbgrader's ClearSolutions writes in place of a solution.
CODE_STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")
TEXT_STUB = ("YOUR ANSWER HERE",)
BEGIN, END = "BEGIN SOLUTION", "END SOLUTION"
NEVER_RELEASED = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback")  # nbgrader 0.9.6
ROLES = ("grade", "solution", "locked", "task")


def assignment_from_source(folder: Path) -> ReleasedAssignment:
    """Return an assignment as it would be released, with the other files that learners get.

    Raises UnreadableNotebookError.
    """
    notebooks = {file.stem: file for file in folder.glob("*.ipynb") if file.name[0] != "."}
    return ReleasedAssignment(
        name=folder.name,
        notebooks=tuple(
            released_from_source(name, read_notebook(file.read_bytes(), name=file.name))
            for name, file in sorted(notebooks.items())
        ),
        files={file.relative_to(folder).as_posix(): file.read_bytes() for file in _others(folder)},
    )


def released_from_source(name: str, notebook: Mapping[str, Any]) -> ReleasedNotebook:
    """Return what nbgrader would save of a notebook; of two cells with one grade_id the first."""
    cells: dict[str, ReleasedCell] = {}
    for cell in notebook["cells"]:
        released = _released(cell)
        if released:
            cells.setdefault(released.grade_id, released)
    kernelspec = notebook["metadata"].get("kernelspec") or None
    return ReleasedNotebook(name=name, cells=tuple(cells.values()), kernelspec=kernelspec)


def blank_of(source: str, *, cell_type: str = "code") -> str:
    """Return an answer cell as learners get it: nbgrader's stub instead of each solution."""
    stub = CODE_STUB if cell_type == "code" else TEXT_STUB
    if BEGIN not in source:
        return "\n".join(stub)
    lines: list[str] = []
    is_inside = False
    for line in source.split("\n"):
        if BEGIN in line:
            is_inside = True
            indent = re.match(r"\s*", line)
            lines += [f"{indent.group() if indent else ''}{text}" for text in stub]
        elif END in line:
            is_inside = False
        elif not is_inside:
            lines.append(line)
    return "\n".join(lines)


def _released(cell: Mapping[str, Any]) -> ReleasedCell | None:
    """Return what nbgrader would save of a cell; None for one that it leaves alone."""
    found = cell["metadata"].get("nbgrader")
    mark = dict(found) if isinstance(found, Mapping) else {}
    if not isinstance(mark.get("grade_id"), str) or not any(mark.get(role) for role in ROLES):
        return None
    has_points = bool(mark.get("grade") or mark.get("task"))
    mark["points"] = _points(mark.get("points")) if has_points else 0.0
    is_answer = bool(mark.get("solution"))
    source = cell["source"]
    text = blank_of(source, cell_type=cell["cell_type"]) if is_answer else source
    has_checksum = bool(mark.get("grade") or is_answer or is_locked(mark))
    saved = {**cell, "source": text, "metadata": {"nbgrader": mark}}
    return ReleasedCell(
        grade_id=mark["grade_id"],
        cell_type=cell["cell_type"],
        source=text,
        checksum=checksum(saved) if has_checksum else None,
        is_locked=bool(is_locked(mark)),
        is_grade=bool(mark.get("grade")),
        is_solution=is_answer,
        is_task=bool(mark.get("task")),
        max_score=mark["points"],
    )


def _points(value: Any) -> float:
    """Read points; what is no number, at which nbgrader stops, gives none."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else 0.0


def _others(folder: Path) -> Iterator[Path]:
    """Yield what nbgrader hands out beside the notebooks; links and notebooks never."""
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or any(fnmatch(path.name, pattern) for pattern in NEVER_RELEASED):
            continue
        if path.is_dir():
            yield from _others(path)
        elif path.is_file() and path.suffix != ".ipynb":
            yield path
