"""Turn nbgrader's gradebook into responses.

In: nbgrader's gradebook. Out: one Response per learner and grade cell that has a final score.
Law: score = (manual if set, else auto) + extra credit, as nbgrader computes it; a cell that waits
for a person gives no response; fraction = score / maximum, clipped to [0, 1]; a late penalty is
taken from the notebook's score by nbgrader and is not part of any fraction; a notebook that was
not handed in scores 0 in the gradebook but is no evidence, so it gives no response.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from nbgrader.api import MissingEntry

from skillmap.grading.course import NbgraderCourse
from skillmap.model import Attempt, Response, item_id

__all__ = [
    "ISOLATION_OF_NBGRADER",
    "GradebookCell",
    "GradebookSubmission",
    "gradebook_submissions",
    "released_notebooks",
    "responses_of",
]


ISOLATION_OF_NBGRADER = "none"  # its kernels run as the person who grades


@dataclass(frozen=True, slots=True, kw_only=True)
class GradebookCell:
    """One row of nbgrader's grade table, with the cell it belongs to.

    is_test: graded by its tests alone; False for an answer that a person grades.
    """

    notebook: str
    grade_id: str
    max_score: float
    auto_score: float | None
    manual_score: float | None
    extra_credit: float | None
    needs_manual_grade: bool
    is_test: bool = True

    @property
    def score(self) -> float | None:
        """nbgrader's score; None while neither a test nor a person gave one."""
        base = self.auto_score if self.manual_score is None else self.manual_score
        return None if base is None else base + (self.extra_credit or 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class GradebookSubmission:
    """What the gradebook holds of one learner and assignment: always the latest graded attempt."""

    learner: str
    assignment: str
    timestamp: datetime | None
    seconds_late: float
    late_penalty: float
    cells: tuple[GradebookCell, ...]

    @property
    def needs_manual_grade(self) -> bool:
        """Whether a person still has to grade a cell."""
        return any(cell.needs_manual_grade for cell in self.cells)

    @property
    def is_autograded(self) -> bool:
        """Whether every test has given its points."""
        return all(cell.score is not None for cell in self.cells if cell.is_test)


def released_notebooks(course: NbgraderCourse, assignment: str) -> frozenset[str]:
    """Names of the notebooks that the gradebook knows for an assignment; empty when unknown."""
    with course.gradebook() as gradebook:
        try:
            return frozenset(n.name for n in gradebook.find_assignment(assignment).notebooks)
        except MissingEntry:
            return frozenset()


def gradebook_submissions(
    course: NbgraderCourse, assignment: str, *, learner: str | None = None
) -> list[GradebookSubmission]:
    """Read the gradebook's rows of one assignment, of one learner or of all, sorted by learner."""
    with course.gradebook() as gradebook:
        try:
            submissions = gradebook.assignment_submissions(assignment)
        except MissingEntry:
            return []
        read = [_read(s, assignment) for s in submissions if learner in (None, s.student_id)]
    return sorted(read, key=lambda submission: submission.learner)


def _read(submission: Any, assignment: str) -> GradebookSubmission:
    timestamp = submission.timestamp
    penalties = (notebook.late_submission_penalty or 0.0 for notebook in submission.notebooks)
    return GradebookSubmission(
        learner=submission.student_id,
        assignment=assignment,
        timestamp=timestamp.replace(tzinfo=UTC) if timestamp else None,
        seconds_late=float(submission.total_seconds_late),
        late_penalty=float(sum(penalties)),
        cells=tuple(_read_cells(submission)),
    )


def _read_cells(submission: Any) -> Iterator[GradebookCell]:
    for notebook in submission.notebooks:
        answers = {cell.name for cell in notebook.notebook.solution_cells}
        for grade in notebook.grades:
            yield GradebookCell(
                notebook=notebook.name,
                grade_id=grade.cell.name,
                max_score=float(grade.cell.max_score),
                auto_score=grade.auto_score,
                manual_score=grade.manual_score,
                extra_credit=grade.extra_credit,
                needs_manual_grade=bool(grade.needs_manual_grade),
                is_test=grade.cell.cell_type == "code" and grade.cell.name not in answers,
            )


def responses_of(
    submission: GradebookSubmission,
    attempt: Attempt,
    *,
    handed_in: frozenset[str],
    graded_at: datetime,
    scoring: str,
    isolation: str,
) -> list[Response]:
    """Turn the final scores of one gradebook submission into responses of `attempt`.

    handed_in: names of the notebooks that the learner really handed in.
    """
    responses = []
    for cell in submission.cells:
        score = cell.score
        if score is None or cell.needs_manual_grade or not _is_possible(score, cell.max_score):
            continue
        if cell.notebook in handed_in:
            responses.append(
                Response(
                    learner=attempt.learner,
                    item=item_id(attempt.assignment, cell.notebook, cell.grade_id),
                    attempt=attempt.number,
                    fraction=min(1.0, max(0.0, score / cell.max_score)),
                    points=score,
                    max_points=cell.max_score,
                    submitted_at=attempt.submitted_at,
                    graded_at=graded_at,
                    is_manual=cell.manual_score is not None,
                    is_late=submission.seconds_late > 0,
                    scoring=scoring,
                    isolation=isolation,
                    sha256=attempt.sha256,
                )
            )
    return responses


def _is_possible(score: float, max_score: float) -> bool:
    return math.isfinite(score) and math.isfinite(max_score) and max_score > 0
