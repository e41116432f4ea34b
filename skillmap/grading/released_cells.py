"""Read what the gradebook knows of a released assignment: three queries, whatever its size."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from nbgrader.api import Assignment, BaseCell, GradeCell, Notebook, SourceCell, TaskCell

from skillmap.errors import GradingError
from skillmap.judging.released import ReleasedAssignment, ReleasedCell, ReleasedNotebook

__all__ = ["read_assignment"]

ASSIGNMENTS = Assignment.__table__
NOTEBOOKS = Notebook.__table__
CELLS = BaseCell.__table__
SOURCES = SourceCell.__table__
GRADED = GradeCell.__table__
TASKS = TaskCell.__table__


def read_assignment(
    gradebook: Any, assignment: str, *, order: Mapping[str, Sequence[str]]
) -> ReleasedAssignment:
    """Return the notebooks and cells of an assignment, as the instructor released them.

    order: grade_ids in the notebook's order, by notebook; a cell that is not in it comes last.
    files is left empty: the gradebook does not know them. Raises GradingError when the gradebook
    does not know the assignment, or no notebook of it.
    """
    notebooks = gradebook.db.execute(
        NOTEBOOKS.join(ASSIGNMENTS)
        .select()
        .with_only_columns(NOTEBOOKS.c.id, NOTEBOOKS.c.name, NOTEBOOKS.c.kernelspec)
        .where(ASSIGNMENTS.c.name == assignment)
        .order_by(NOTEBOOKS.c.name)
    ).all()
    if not notebooks:
        raise GradingError(
            f"Assignment {assignment!r}: the gradebook does not know its cells. "
            f"Run `skillmap release {assignment}` first."
        )
    cells = _read_cells(gradebook, [row.id for row in notebooks])
    return ReleasedAssignment(
        name=assignment,
        notebooks=tuple(
            ReleasedNotebook(
                name=row.name,
                cells=_in_order(cells[row.id], order.get(row.name, ())),
                kernelspec=json.loads(row.kernelspec or "null") or None,
            )
            for row in notebooks
        ),
    )


def _read_cells(gradebook: Any, notebooks: list[str]) -> dict[str, list[ReleasedCell]]:
    marks = _read_marks(gradebook, notebooks)
    found = defaultdict(list)
    for row in gradebook.db.execute(SOURCES.select().where(SOURCES.c.notebook_id.in_(notebooks))):
        points = marks[row.notebook_id, row.name]
        found[row.notebook_id].append(
            ReleasedCell(
                grade_id=row.name,
                cell_type=row.cell_type,
                source=row.source or "",
                checksum=row.checksum,
                is_locked=bool(row.locked),
                is_grade="GradeCell" in points,
                is_solution="SolutionCell" in points,
                is_task="TaskCell" in points,
                max_score=max(points.values(), default=0.0),
            )
        )
    return found


def _read_marks(gradebook: Any, notebooks: list[str]) -> dict[tuple[str, str], dict[str, float]]:
    """Points by the cell's kind in nbgrader ("GradeCell"...), by notebook id and grade_id."""
    rows = gradebook.db.execute(
        CELLS.outerjoin(GRADED, GRADED.c.id == CELLS.c.id)
        .outerjoin(TASKS, TASKS.c.id == CELLS.c.id)
        .select()
        .with_only_columns(
            CELLS.c.notebook_id,
            CELLS.c.name,
            CELLS.c.type,
            GRADED.c.max_score,
            TASKS.c.max_score.label("task_score"),
        )
        .where(CELLS.c.notebook_id.in_(notebooks))
    )
    marks: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in rows:
        marks[row.notebook_id, row.name][row.type] = row.max_score or row.task_score or 0.0
    return marks


def _in_order(cells: list[ReleasedCell], grade_ids: Sequence[str]) -> tuple[ReleasedCell, ...]:
    places = {grade_id: place for place, grade_id in enumerate(grade_ids)}
    last = len(places)
    return tuple(sorted(cells, key=lambda cell: (places.get(cell.grade_id, last), cell.grade_id)))
