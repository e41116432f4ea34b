"""Write what was graded into nbgrader's gradebook, as nbgrader's own autograde would leave it.

In: GradedSubmission. Out: rows in nbgrader's tables, one transaction for each submission.
Law: row for row what nbgrader 0.9.6 writes, with one mend: a submission without a time takes the
time of an earlier one out. A person's scores, extra credit and comments are never touched. A cell
of which nothing is said keeps what it had. After an error everything is as it was before.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nbgrader.converters import Autograde

from skillmap.errors import GradingError
from skillmap.grading.course import NbgraderCourse
from skillmap.grading.gradebook_rows import GradebookRows, Key, Row, SubmissionRows
from skillmap.grading.graded import GradedSubmission
from skillmap.grading.lateness import LatePenalties, seconds_late

__all__ = ["Books", "Recorded", "UnknownLearnerError"]

LEARNERS_ARE_ADDED_BY_HAND = (
    "nbgrader does not know this learner, and c.Autograde.create_student is False: "
    "your instructor has to add the learner with `nbgrader db student add`."
)


class UnknownLearnerError(GradingError):
    """The course adds learners by hand, and this one was not added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What the gradebook holds after a submission was written; grades: rows of its grade table."""

    grades: Mapping[Key, Mapping[str, Any]]
    seconds_late: float


class Books:
    """Keeps the gradebook of a course during one run.

    gradebook: open, and used by nobody else in this process meanwhile; changes in its session that
    were not committed are committed or dropped with ours.
    """

    def __init__(self, course: NbgraderCourse, gradebook: Any) -> None:
        app = Autograde(coursedir=course.api.coursedir, parent=course.api)
        self._course = course
        self._rows = GradebookRows(gradebook)
        self._adds_students = bool(app.create_student)
        self._penalties = LatePenalties(course.api, app.autograde_preprocessors)
        self._assignment_ids: dict[str, str] = {}

    def record(self, graded: GradedSubmission) -> Recorded:
        """Write one submission and commit. Waits while another program writes.

        Returns what the gradebook holds of it now, the points that people gave included.
        Raises UnknownLearnerError, or GradingError when the gradebook does not know a cell or
        cannot be written. Nothing is written then.
        """
        try:
            recorded = self._write(graded)
            self._rows.db.commit()
            return recorded
        except BaseException as error:
            self._rows.db.rollback()
            refused = self._course.refusal(error)
            if refused:
                raise refused from error
            raise

    def _write(self, graded: GradedSubmission) -> Recorded:
        assignment_id = self._assignment_id(graded.assignment)
        time = graded.stored_time
        if self._rows.claim(assignment_id, graded.learner, time):
            rows = self._rows.read(assignment_id, graded.learner)
            self._rows.change(*_apply(rows, graded))
        else:
            rows = self._rows.plan(assignment_id)
            _apply(rows, graded)
            self._require_student(graded.learner)
            self._rows.insert(rows, assignment_id, graded.learner, time)
        due = self._rows.due(assignment_id) if graded.timestamp else None
        late_s = seconds_late(time, due, rows.extension)
        if self._penalties.is_on:
            self._assign_penalties(rows, graded, late_s)
        return Recorded(grades=rows.grades, seconds_late=late_s)

    def _assignment_id(self, assignment: str) -> str:
        known = self._assignment_ids.get(assignment) or self._rows.find_assignment(assignment)
        if known is None:
            raise GradingError(
                f"Assignment {assignment!r}: the gradebook does not know it. "
                f"Run `skillmap release {assignment}` first."
            )
        self._assignment_ids[assignment] = known
        return known

    def _require_student(self, learner: str) -> None:
        if self._rows.has_student(learner):
            return
        if not self._adds_students:
            raise UnknownLearnerError(LEARNERS_ARE_ADDED_BY_HAND)
        self._rows.add_student(learner)

    def _assign_penalties(
        self, rows: SubmissionRows, graded: GradedSubmission, late_s: float
    ) -> None:
        # nbgrader leaves the penalty of a notebook that was not handed in as it was.
        handed_in = rows.notebooks.keys() - set(graded.missing_notebooks)
        penalties: dict[str, float | None] = dict.fromkeys(handed_in)
        if late_s > 0:
            for name in sorted(handed_in):
                score = _score(rows, name)
                penalties[name] = self._penalties.penalty(graded.learner, score, late_s)
        self._rows.change_penalties(
            {
                rows.notebooks[name]["id"]: penalty
                for name, penalty in penalties.items()
                if rows.notebooks[name]["late_submission_penalty"] != penalty
            }
        )


def _score(rows: SubmissionRows, notebook: str) -> float:
    """Return nbgrader's score of a notebook: manual before automatic points, and extra credit."""
    scores = []
    for (name, _), row in rows.grades.items():
        base = row["auto_score"] if row["manual_score"] is None else row["manual_score"]
        if name == notebook and base is not None:
            scores.append(base + (row["extra_credit"] or 0.0))
    return math.fsum(scores)


def _apply(rows: SubmissionRows, graded: GradedSubmission) -> tuple[list[Row], list[Row]]:
    """Put scores and comments into the rows; return the grades and the comments that changed."""
    _require_known(rows, graded)
    grades: dict[Key, Row] = {}
    for key in rows.grades:
        if key[0] in graded.missing_notebooks:
            grades[key] = {"auto_score": 0.0, "needs_manual_grade": False}
    for cell in graded.grades:
        key = (cell.notebook, cell.grade_id)
        waits = rows.grades[key]["manual_score"] is not None or cell.given is None
        grades[key] = {"auto_score": cell.given, "needs_manual_grade": waits}
    comments: dict[Key, Row] = {
        (one.notebook, one.grade_id): {"auto_comment": one.auto_comment} for one in graded.comments
    }
    return _update(rows.grades, grades), _update(rows.comments, comments)


def _update(rows: Mapping[Key, Row], changes: Mapping[Key, Row]) -> list[Row]:
    changed = []
    for key, change in changes.items():
        row = rows[key]
        if any(row[column] != value for column, value in change.items()):
            row.update(change)
            changed.append({"id": row["id"], **change})
    return changed


def _require_known(rows: SubmissionRows, graded: GradedSubmission) -> None:
    unknown = sorted(set(_unknown(rows, graded)))
    if unknown:
        raise GradingError(
            f"{graded.assignment} of {graded.learner}: the gradebook has no {', '.join(unknown)}. "
            f"Run `skillmap release {graded.assignment}` and grade again."
        )


def _unknown(rows: SubmissionRows, graded: GradedSubmission) -> Iterator[str]:
    yield from set(graded.missing_notebooks) - rows.notebooks.keys()
    for cells, table in ((graded.grades, rows.grades), (graded.comments, rows.comments)):
        for cell in cells:
            if (cell.notebook, cell.grade_id) not in table:
                yield f"{cell.notebook}/{cell.grade_id}"
