"""Judge one notebook: what nbgrader would refuse or release, and the rules of the house.

In: a Notebook. Out: Problems with the cell's number and grade_id.
Law: what breaks or leaks is an error everywhere. What only skillmap asks for (kernel python3,
points above 0) is an error where a blueprint stands, else a warning; outputs and long cells are
warnings.
"""

from collections import Counter
from collections.abc import Iterator

from skillmap.content.messages_cell import CELL_ID as MESSAGES_ID
from skillmap.content.notebooks import Cell, Notebook
from skillmap.content.problems import Problem, Severity

__all__ = ["judge_lesson", "judge_source"]

SCHEMA = 3  # what nbgrader 0.6 and newer writes and demands
MAX_LINES = 15  # a cell that a learner sees at one glance
REGIONS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
NOT_SHOWN = ("SOLUTION", "HIDDEN TESTS")


def judge_source(notebook: Notebook, *, is_tagged: bool) -> Iterator[Problem]:
    """Judge an assignment's notebook. is_tagged: a blueprint speaks of its assignment."""
    ours: Severity = "error" if is_tagged else "warning"
    yield from _judge_kernel(notebook, ours)
    yield from _judge_repeats(notebook)
    for cell in notebook.cells:
        yield from _judge_metadata(notebook, cell)
        yield from _judge_points(notebook, cell, ours)
        yield from _judge_regions(notebook, cell)
        yield from _judge_outputs(notebook, cell)
        if is_tagged:
            yield from _judge_length(notebook, cell)


def judge_lesson(notebook: Notebook) -> Iterator[Problem]:
    """Judge a lesson or a tour, which nbgrader never sees."""
    yield from _judge_kernel(notebook, "error")
    for cell in notebook.cells:
        yield from _judge_outputs(notebook, cell)
        yield from _judge_length(notebook, cell)


def _problem(
    notebook: Notebook, cell: Cell | None, message: str, hint: str, *, severity: Severity = "error"
) -> Problem:
    place = cell.place if cell else ""
    return Problem(
        file=str(notebook.file), place=place, message=message, hint=hint, severity=severity
    )


def _judge_kernel(notebook: Notebook, severity: Severity) -> Iterator[Problem]:
    if notebook.kernel != "python3":
        message = f"its kernel is {notebook.kernel or 'not named'}, not python3"
        hint = "choose Python 3 in JupyterLab and save"
        yield _problem(notebook, None, message, hint, severity=severity)


def _judge_repeats(notebook: Notebook) -> Iterator[Problem]:
    counts = Counter(cell.grade_id for cell in notebook.cells if cell.grade_id)
    seen: set[str] = set()
    for cell in notebook.cells:
        if counts[cell.grade_id] > 1 and cell.grade_id in seen:
            hint = "a copied cell keeps its id: give this one a new id"
            yield _problem(notebook, cell, "another cell has this grade_id", hint)
        seen.add(cell.grade_id)


def _judge_metadata(notebook: Notebook, cell: Cell) -> Iterator[Problem]:
    if cell.schema is not None and cell.schema != SCHEMA:
        message = f"its nbgrader metadata have version {cell.schema}, not {SCHEMA}"
        yield _problem(notebook, cell, message, "run `nbgrader update` on the notebook")
    if (cell.is_item or cell.is_solution) and not cell.grade_id:
        hint = "give it an id in nbgrader's Create Assignment panel"
        yield _problem(notebook, cell, "nbgrader marks it, and it has no grade_id", hint)
    if cell.cell_type == "markdown" and not cell.is_task and cell.is_grade != cell.is_solution:
        hint = "make it a manually graded answer or a task"
        yield _problem(notebook, cell, "text cannot be graded or solved by code alone", hint)


def _judge_points(notebook: Notebook, cell: Cell, severity: Severity) -> Iterator[Problem]:
    hint = "set its points in nbgrader's Create Assignment panel"
    if cell.is_item and cell.points is None:
        yield _problem(notebook, cell, "it is graded and has no points", hint)
    elif cell.is_item and cell.points is not None and cell.points <= 0:
        message = f"its points are {cell.points:g}, so it shows nothing"
        yield _problem(notebook, cell, message, hint, severity=severity)


def _judge_regions(notebook: Notebook, cell: Cell) -> Iterator[Problem]:
    """Learners would be given an END's text without a BEGIN; nbgrader stops at the reverse."""
    for region in REGIONS:
        marks = _marks(cell.source, region)
        if marks != ["BEGIN", "END"] * (len(marks) // 2):
            hint = f"each BEGIN {region} needs one END {region} after it"
            yield _problem(notebook, cell, f"its {region} markers do not match", hint)
    if _marks(cell.source, "SOLUTION") and not cell.is_solution:
        hint = "mark the cell as an answer, or remove the markers"
        yield _problem(notebook, cell, "it holds a solution and is no solution cell", hint)


def _marks(source: str, region: str) -> list[str]:
    return [
        word
        for line in source.split("\n")
        for word in ("BEGIN", "END")
        if f"{word} {region}" in line
    ]


def _judge_outputs(notebook: Notebook, cell: Cell) -> Iterator[Problem]:
    if cell.has_outputs:
        hint = "clear all outputs and save"
        yield _problem(notebook, cell, "it keeps its output", hint, severity="warning")


def _judge_length(notebook: Notebook, cell: Cell) -> Iterator[Problem]:
    n_lines = _count_shown(cell.source)
    if cell.cell_type == "code" and n_lines > MAX_LINES and cell.cell_id != MESSAGES_ID:
        message = f"it has {n_lines} lines of code, more than {MAX_LINES}"
        yield _problem(notebook, cell, message, "split it", severity="warning")


def _count_shown(source: str) -> int:
    """Count the lines that learners see: the release has no hidden tests and no solutions."""
    n_shown, hidden = 0, ""
    for line in source.splitlines():
        hidden = hidden or next((one for one in NOT_SHOWN if f"BEGIN {one}" in line), "")
        n_shown += not hidden
        hidden = "" if hidden and f"END {hidden}" in line else hidden
    return n_shown
