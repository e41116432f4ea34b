"""Give points by hand where nbgrader's formgrader would put them.

Law: one transaction; the automatic points, the comments and all other cells stay as they are.
"""

import math
from typing import Any

from nbgrader.api import MissingEntry

from skillmap.errors import GradingError, did_you_mean
from skillmap.grading.course import NbgraderCourse

__all__ = ["require_score", "set_manual_score"]


def set_manual_score(
    course: NbgraderCourse,
    *,
    assignment: str,
    learner: str,
    notebook: str,
    grade_id: str,
    score: float,
) -> None:
    """Write `score` as the manual points of one cell of the submission in the gradebook.

    Raises GradingError when the gradebook has no such cell, when the score is not between 0 and
    its maximum, or when the gradebook cannot be written.
    """
    with course.gradebook() as gradebook:
        try:
            grade = gradebook.find_grade(grade_id, notebook, assignment, learner)
        except MissingEntry as error:
            raise _unknown(gradebook, assignment, learner, f"{notebook}/{grade_id}") from error
        require_score(score, float(grade.cell.max_score))
        try:
            grade.manual_score = score
            grade.needs_manual_grade = False
            gradebook.db.commit()
        except BaseException:
            gradebook.db.rollback()
            raise


def require_score(score: float, max_score: float) -> None:
    """Raise GradingError unless `score` can be given for a cell of `max_score` points."""
    if not (math.isfinite(score) and 0 <= score <= max_score):
        raise GradingError(f"{score:g} points: this item gives 0 to {max_score:g} points.")


def _unknown(gradebook: Any, assignment: str, learner: str, cell: str) -> GradingError:
    try:
        submission = gradebook.find_submission(assignment, learner)
    except MissingEntry:
        return GradingError(
            f"{assignment} of {learner}: the gradebook has no submission. "
            f"Run `skillmap grade {assignment}` first."
        )
    known = [f"{one.name}/{g.cell.name}" for one in submission.notebooks for g in one.grades]
    return GradingError(
        f"{assignment}: the gradebook has no item {cell!r}.{did_you_mean(cell, known)}"
    )
