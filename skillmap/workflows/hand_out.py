"""Hand assignments out: the learners' version into the exchange, with a due date."""

from collections.abc import Sequence
from datetime import datetime

from skillmap.grading import release_assignment, set_due_date
from skillmap.ports import Progress
from skillmap.workflows.programme import Programme

__all__ = ["release_assignments"]


def release_assignments(
    programme: Programme, assignments: Sequence[str], *, due: datetime | None, progress: Progress
) -> None:
    """Release each assignment; `due` None leaves a due date that was set before."""
    for n_before, assignment in enumerate(assignments):
        progress(n_before, len(assignments), assignment)
        release_assignment(programme.nbgrader, assignment)
        if due is not None:
            set_due_date(programme.nbgrader, assignment, due)
    progress(len(assignments), len(assignments), "")
