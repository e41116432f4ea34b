"""What the gradebook knows of a released assignment: its cells, as the instructor wrote them.

Values only: what a submission is matched against, cell by cell, by nbgrader's `grade_id`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["ReleasedAssignment", "ReleasedCell", "ReleasedNotebook"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedCell:
    """One cell that nbgrader knows: a test, an answer, a task, or a locked one.

    source: with the hidden tests for a locked cell. checksum: nbgrader's, of that source.
    max_score: points of a grade or task cell, else 0. others: the same text in other languages, in
    which a learner may hand in a locked cell.
    """

    grade_id: str
    cell_type: str
    source: str
    checksum: str | None
    is_locked: bool
    is_grade: bool
    is_solution: bool
    is_task: bool = False
    max_score: float = 0.0
    others: tuple[str, ...] = ()

    @property
    def is_test(self) -> bool:
        """Whether the points come from running the cell alone."""
        return self.is_grade and not self.is_solution and self.cell_type == "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedNotebook:
    """One notebook, its cells in the order in which the learner sees them."""

    name: str
    cells: tuple[ReleasedCell, ...]
    kernelspec: Mapping[str, Any] | None = None

    def find(self, grade_id: str) -> ReleasedCell | None:
        """Return the cell of that id."""
        return next((cell for cell in self.cells if cell.grade_id == grade_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedAssignment:
    """All notebooks of an assignment; files: what else is given to learners, by relative path."""

    name: str
    notebooks: tuple[ReleasedNotebook, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)

    def find(self, notebook: str) -> ReleasedNotebook | None:
        """Return the notebook of that name."""
        return next((one for one in self.notebooks if one.name == notebook), None)
