"""Make of a submitted notebook what nbgrader 0.9.6 makes of it before it runs it.

In: a notebook as `read_notebook` gives it, and its release. Out: the same notebook, changed.
Law: equal to ClearOutput, DeduplicateIds, OverwriteKernelspec, OverwriteCells and
CheckCellMetadata, one after the other; where one of them raises, so does this, in words for the
learner. Only a `grade_id` that is no text is always refused; nbgrader lets it pass on a cell that
is neither test, answer nor locked.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from skillmap.errors import GradingError
from skillmap.judging.notebook_text import new_cell_id
from skillmap.judging.released import ReleasedCell, ReleasedNotebook
from skillmap.judging.scoring import checksum, is_locked
from skillmap.judging.wording import printable

__all__ = ["SCHEMA", "UnrestorableNotebookError", "restore_by_nbgrader"]

SCHEMA = 3  # nbgrader's metadata format since 0.6
MAX_SHOWN = 40  # characters of a name in a sentence
OUTPUT_FIELDS = ("collapsed", "scrolled")
MISSING = (
    "This cell (id:{grade_id}) was missing from the submission. It was added back by nbgrader.\n\n"
)

AGAIN = "Fetch the assignment again, copy your answers into it, and hand in once more."
DAMAGED = f"has a cell whose settings for grading are damaged. {AGAIN}"
OTHER_VERSION = f"was made with another version of nbgrader. {AGAIN}"
COPIED = (
    "holds the cell {grade_id} more than once. "
    "Delete the copy you do not want to hand in, save, and hand in again."
)

Cell = dict[str, Any]
Mark = dict[str, Any]


class UnrestorableNotebookError(GradingError):
    """nbgrader stops at what the learner's notebook says about its cells."""


class _StopError(ValueError):
    """Why nbgrader stops, without the name of the notebook."""


def restore_by_nbgrader(
    notebook: dict[str, Any], released: ReleasedNotebook, *, add_missing_cells: bool = False
) -> dict[str, Any]:
    """Return the notebook as nbgrader would run it; it is changed in place.

    add_missing_cells: nbgrader's option of that name. Raises UnrestorableNotebookError.
    """
    try:
        _sanitize(notebook, released, add_missing_cells=add_missing_cells)
    except _StopError as stop:
        raise UnrestorableNotebookError(f"{released.name}.ipynb {stop}") from stop
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        # Metadata of a wrong type fail here at the same steps as in nbgrader.
        raise UnrestorableNotebookError(f"{released.name}.ipynb {DAMAGED}") from error
    return notebook


def _sanitize(
    notebook: dict[str, Any], released: ReleasedNotebook, *, add_missing_cells: bool
) -> None:
    cells: list[Cell] = notebook["cells"]
    for cell in cells:
        _clear_output(cell)
    _deduplicate(cells)
    if released.kernelspec:
        notebook["metadata"]["kernelspec"] = dict(released.kernelspec)
    known = {cell.grade_id: cell for cell in released.cells}
    for cell in cells:
        _overwrite(cell, known)
    if add_missing_cells:
        _add_missing_grade_cells(cells, released.cells)
        _add_missing_task_cells(cells, released.cells)
    _check(cells)


def _clear_output(cell: Cell) -> None:
    if cell["cell_type"] == "code":
        cell["outputs"] = []
        cell["execution_count"] = None
        for field in OUTPUT_FIELDS:
            cell["metadata"].pop(field, None)


def _deduplicate(cells: Sequence[Cell]) -> None:
    """Keep the last copy; nbgrader empties the metadata of the others, and then dies of that."""
    seen: set[str] = set()
    for cell in cells:
        mark = cell["metadata"].get("nbgrader", {})
        if mark.get("grade") or mark.get("solution") or is_locked(mark):
            if mark["grade_id"] in seen:
                raise _copied(mark["grade_id"])
            seen.add(mark["grade_id"])


def _copied(grade_id: Any) -> _StopError:
    return _StopError(COPIED.format(grade_id=printable(str(grade_id), limit=MAX_SHOWN)))


def _overwrite(cell: Cell, known: Mapping[str, ReleasedCell]) -> None:
    mark = cell["metadata"].get("nbgrader", {})
    grade_id = mark.get("grade_id")
    if grade_id is None:
        return
    if not isinstance(grade_id, str):
        raise _StopError(DAMAGED)
    released = known.get(grade_id)
    if released is None:
        del mark["grade_id"]
        return
    if cell["cell_type"] != released.cell_type:
        _retype(cell, released.cell_type)
    if is_locked(mark) != released.is_locked:
        mark["locked"] = released.is_locked
    if mark.get("grade"):
        _repoint(mark, released)
    mark["checksum"] = released.checksum
    if released.is_locked and checksum(cell) != released.checksum:
        cell["source"] = released.source
        if checksum(cell) != released.checksum:  # the learner changed what kind of cell it is
            raise _StopError(DAMAGED)


def _retype(cell: Cell, cell_type: str) -> None:
    if cell_type == "code":
        if "attachments" in cell:  # nbformat refuses them on a code cell
            raise _StopError(DAMAGED)
        cell |= {"cell_type": "code", "outputs": [], "execution_count": None}
    elif cell_type == "markdown":
        cell["cell_type"] = "markdown"
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def _repoint(mark: Mark, released: ReleasedCell) -> None:
    if not (released.is_grade or released.is_task):
        raise _StopError(DAMAGED)
    if float(mark["points"]) != float(released.max_score):
        mark["points"] = float(released.max_score)


def _add_missing_grade_cells(cells: list[Cell], released: Sequence[ReleasedCell]) -> None:
    marks = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    places = {
        mark["grade_id"]: place
        for place, mark in enumerate(marks)
        if mark.get("grade") or mark.get("solution")
    }
    n_added = 0
    for order, cell in enumerate(released):
        if not cell.is_grade or cell.grade_id in places:
            continue
        if order == 0:
            cells.insert(0, _missing_cell(cell, cells))
            places[cell.grade_id] = 0
        else:
            # A KeyError when the cell before is none that nbgrader grades: it stops there, too.
            before = places[released[order - 1].grade_id]
            cells.insert(before + n_added + 1, _missing_cell(cell, cells))
            places[cell.grade_id] = before
        n_added += 1


def _add_missing_task_cells(cells: list[Cell], released: Sequence[ReleasedCell]) -> None:
    marks = [cell["metadata"]["nbgrader"] for cell in cells if "nbgrader" in cell["metadata"]]
    found = {mark["grade_id"] for mark in marks}
    for cell in released:
        if cell.is_task and cell.grade_id not in found:
            cells.append(_missing_cell(cell, cells))


def _missing_cell(released: ReleasedCell, others: Sequence[Cell]) -> Cell:
    mark: Mark = {
        "schema_version": SCHEMA,
        "grade": released.is_grade,
        "grade_id": released.grade_id,
        "locked": released.is_locked,
        "checksum": released.checksum,
        "cell_type": released.cell_type,
        "points": released.max_score,
        "solution": released.is_solution,
    }
    if not released.is_grade:
        mark["task"] = True
    metadata: dict[str, Any] = {"deletable": False, "editable": False, "nbgrader": mark}
    if released.is_solution:
        del metadata["editable"]
    source = MISSING.format(grade_id=released.grade_id) + released.source
    cell: Cell = {
        "cell_type": released.cell_type,
        "id": new_cell_id(others),
        "metadata": metadata,
        "source": source,
    }
    if released.cell_type == "code":
        cell |= {"source": f"# {source}", "execution_count": None, "outputs": []}
    return cell


def _check(cells: Sequence[Cell]) -> None:
    marked = [cell for cell in cells if "nbgrader" in cell["metadata"]]
    for cell in marked:
        _check_cell(cell, cell["metadata"]["nbgrader"])
    seen: set[str] = set()
    for cell in marked:
        mark = cell["metadata"]["nbgrader"]
        if mark["grade"] or mark["solution"] or mark["locked"]:
            if mark["grade_id"] in seen:
                raise _copied(mark["grade_id"])
            seen.add(mark["grade_id"])


def _check_cell(cell: Cell, mark: Mark) -> None:
    if mark.get("schema_version", 0) != SCHEMA:
        raise _StopError(OTHER_VERSION)
    if not REQUIRED <= mark.keys() <= FIELDS.keys():
        raise _StopError(DAMAGED)
    if not all(FIELDS[field](value) for field, value in mark.items()):
        raise _StopError(DAMAGED)
    if (mark["grade"] or mark["solution"] or mark["locked"]) and not mark.get("grade_id"):
        raise _StopError(DAMAGED)
    if mark["grade"] and "points" not in mark:
        raise _StopError(DAMAGED)
    is_markdown = cell["cell_type"] == "markdown"
    if mark.get("task"):
        is_right = is_markdown
    else:
        is_right = not is_markdown or mark["grade"] == mark["solution"]
    if not is_right:
        raise _StopError(DAMAGED)


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


# nbgrader/nbgraderformat/v3.json
FIELDS: Mapping[str, Callable[[Any], bool]] = {
    "schema_version": lambda value: type(value) is int,
    "grade": _is_bool,
    "locked": _is_bool,
    "solution": _is_bool,
    "task": _is_bool,
    "grade_id": lambda value: (
        isinstance(value, str) and re.search(r"^[a-zA-Z0-9_\-]*$", value) is not None
    ),
    "points": lambda value: (
        isinstance(value, int | float) and not isinstance(value, bool) and not value < 0
    ),
    "checksum": lambda value: isinstance(value, str) and len(value) == 32,
    "cell_type": lambda value: value in ("raw", "code", "markdown"),
}
REQUIRED = frozenset({"schema_version", "grade", "locked", "solution"})
