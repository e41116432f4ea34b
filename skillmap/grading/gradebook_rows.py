"""The rows of one submission in nbgrader's tables: found, made and changed, without a commit.

Law: the caller's transaction. `claim` comes first: it is a write, so that whoever else writes
waits from then on, and what is read afterwards is not changed under our hands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)

__all__ = ["GradebookRows", "Key", "Row", "SubmissionRows"]

ASSIGNMENTS = Assignment.__table__
CELLS = BaseCell.__table__
COMMENTS = Comment.__table__
GRADES = Grade.__table__
HANDED_IN = SubmittedAssignment.__table__
HANDED_IN_NOTEBOOKS = SubmittedNotebook.__table__
NOTEBOOKS = Notebook.__table__
STUDENTS = Student.__table__

PATIENCE_MS = 30_000  # for another program that writes, such as the formgrader
GRADED_KINDS = ("GradeCell", "TaskCell")
COMMENTED_KINDS = ("SolutionCell", "TaskCell")
NEW_GRADE = {
    "auto_score": None,
    "manual_score": None,
    "extra_credit": None,
    "needs_manual_grade": True,
}
NEW_COMMENT = {"auto_comment": None, "manual_comment": None}
Key = tuple[str, str]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Structure:
    """An assignment's notebooks by id, and (notebook, grade_id) of its cells by the cell's id."""

    notebooks: dict[str, str]
    graded: dict[str, Key]
    commented: dict[str, Key]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionRows:
    """One submission's rows, as dicts by column.

    notebooks: by name. grades, comments: by (notebook, grade_id).
    """

    id: str
    extension: timedelta | None
    notebooks: dict[str, Row]
    grades: dict[Key, Row]
    comments: dict[Key, Row]


class GradebookRows:
    """Reads and writes in the session of an open gradebook."""

    def __init__(self, gradebook: Any) -> None:
        self.db = gradebook.db
        self._structures: dict[str, _Structure] = {}

    @property
    def connection(self) -> Any:
        """The session's connection; on SQLite it waits for others who write."""
        connection = self.db.connection()
        if connection.dialect.name == "sqlite" and "patience" not in connection.info:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {PATIENCE_MS}")
            connection.info["patience"] = PATIENCE_MS
        return connection

    def find_assignment(self, name: str) -> str | None:
        """Return the assignment's id."""
        found = self._first(ASSIGNMENTS, name=name)
        return str(found.id) if found else None

    def due(self, assignment_id: str) -> datetime | None:
        """Return the due date, UTC without a time zone."""
        due: datetime | None = self._first(ASSIGNMENTS, id=assignment_id).duedate
        return due

    def has_student(self, student: str) -> bool:
        """Whether nbgrader knows the learner."""
        return self._first(STUDENTS, id=student) is not None

    def add_student(self, student: str) -> None:
        """Add a learner as nbgrader's autograde does, with nothing but the id."""
        self.connection.execute(STUDENTS.insert(), {"id": student})

    def claim(self, assignment_id: str, student: str, timestamp: datetime | None) -> bool:
        """Set the time of a submission; False when there is none yet."""
        change = (
            HANDED_IN.update()
            .where(HANDED_IN.c.assignment_id == assignment_id, HANDED_IN.c.student_id == student)
            .values(timestamp=timestamp)
        )
        return bool(self.connection.execute(change).rowcount)

    def read(self, assignment_id: str, student: str) -> SubmissionRows:
        """Return the rows of a submission that is there."""
        known = self._structures.get(assignment_id) or self._read_structure(assignment_id)
        submission = self._first(HANDED_IN, assignment_id=assignment_id, student_id=student)
        # nbgrader's indexes begin with the notebook and the cell: without them a table is scanned.
        table = HANDED_IN_NOTEBOOKS
        query = table.select().where(
            table.c.notebook_id.in_(known.notebooks), table.c.assignment_id == submission.id
        )
        found = self.connection.execute(query).mappings()
        notebooks = {known.notebooks[row["notebook_id"]]: dict(row) for row in found}
        ids = [row["id"] for row in notebooks.values()]
        return SubmissionRows(
            id=submission.id,
            extension=submission.extension,
            notebooks=notebooks,
            grades=self._read_cells(GRADES, known.graded, ids),
            comments=self._read_cells(COMMENTS, known.commented, ids),
        )

    def _read_cells(
        self, table: Any, cells: dict[str, Key], notebooks: list[str]
    ) -> dict[Key, Row]:
        # Locked on PostgreSQL: a manual score that is given now must be seen, or wait for us.
        query = (
            table.select()
            .where(table.c.cell_id.in_(cells), table.c.notebook_id.in_(notebooks))
            .with_for_update()
        )
        return {
            cells[row["cell_id"]]: dict(row) for row in self.connection.execute(query).mappings()
        }

    def _read_structure(self, assignment_id: str) -> _Structure:
        query = (
            NOTEBOOKS.outerjoin(CELLS)
            .select()
            .with_only_columns(NOTEBOOKS.c.id, NOTEBOOKS.c.name, *_of_cells())
            .where(NOTEBOOKS.c.assignment_id == assignment_id)
        )
        found = _Structure(notebooks={}, graded={}, commented={})
        for row in self.connection.execute(query):
            found.notebooks[row.id] = row.name
            if row.kind in GRADED_KINDS:
                found.graded[row.cell_id] = (row.name, row.grade_id)
            if row.kind in COMMENTED_KINDS:
                found.commented[row.cell_id] = (row.name, row.grade_id)
        self._structures[assignment_id] = found
        return found

    def plan(self, assignment_id: str) -> SubmissionRows:
        """Return the rows that nbgrader would make for a new submission; nothing is written.

        The cells are read again: until the first submission an instructor may release new ones.
        """
        known = self._read_structure(assignment_id)
        submission = uuid4().hex
        notebooks = {name: _new_notebook(i, submission) for i, name in known.notebooks.items()}
        return SubmissionRows(
            id=submission,
            extension=None,
            notebooks=notebooks,
            grades={
                key: _new_row(NEW_GRADE, cell, notebooks[key[0]])
                for cell, key in known.graded.items()
            },
            comments={
                key: _new_row(NEW_COMMENT, cell, notebooks[key[0]])
                for cell, key in known.commented.items()
            },
        )

    def insert(
        self, rows: SubmissionRows, assignment_id: str, student: str, timestamp: datetime | None
    ) -> None:
        """Write the rows of a new submission."""
        submission = {
            "id": rows.id,
            "assignment_id": assignment_id,
            "student_id": student,
            "timestamp": timestamp,
        }
        self._insert(HANDED_IN, [submission])
        self._insert(HANDED_IN_NOTEBOOKS, rows.notebooks.values())
        self._insert(GRADES, rows.grades.values())
        self._insert(COMMENTS, rows.comments.values())

    def _insert(self, table: Any, rows: Iterable[Row]) -> None:
        values = list(rows)
        if values:
            self.connection.execute(table.insert(), values)

    def change(self, grades: list[Row], comments: list[Row]) -> None:
        """Write changed columns; each row has its id and the same columns as its neighbours."""
        for kind, rows in ((Grade, grades), (Comment, comments)):
            if rows:
                self.db.bulk_update_mappings(kind, rows)

    def change_penalties(self, penalties: Mapping[str, float | None]) -> None:
        """Write late penalties, by the id of the submitted notebook."""
        if penalties:
            self.db.bulk_update_mappings(
                SubmittedNotebook,
                [
                    {"id": notebook, "late_submission_penalty": penalty}
                    for notebook, penalty in penalties.items()
                ],
            )

    def _first(self, table: Any, **values: str) -> Any:
        wanted = (table.c[column] == value for column, value in values.items())
        return self.connection.execute(table.select().where(*wanted)).first()


def _of_cells() -> tuple[Any, ...]:
    return (
        CELLS.c.id.label("cell_id"),
        CELLS.c.name.label("grade_id"),
        CELLS.c.type.label("kind"),
    )


def _new_notebook(notebook: str, submission: str) -> Row:
    return {
        "id": uuid4().hex,
        "assignment_id": submission,
        "notebook_id": notebook,
        "flagged": False,
        "late_submission_penalty": None,
    }


def _new_row(columns: Row, cell: str, notebook: Row) -> Row:
    return {"id": uuid4().hex, "cell_id": cell, "notebook_id": notebook["id"], **columns}
