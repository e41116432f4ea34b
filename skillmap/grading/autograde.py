"""Grade attempts: judges at work behind walls, and a gradebook that is open all the while.

In: submissions. Out: an Outcome for each: a problem in words, or findings and scores.
Law: whatever a submission does, it costs only itself: a problem is returned, never raised; only the
gradebook, the disk or missing walls stop the class. A problem that the learner did not make is not
final: the next run tries again.
The graded files are written first, the gradebook is committed then: what is in it, is done.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol, Self

from skillmap.errors import GradingError
from skillmap.grading.bookkeeping import Books, Recorded, UnknownLearnerError
from skillmap.grading.case import put_together, read_case
from skillmap.grading.course import NbgraderCourse, nbgrader_version
from skillmap.grading.files import UnreadableSubmissionError
from skillmap.grading.gradebook import GradebookCell, GradebookSubmission
from skillmap.grading.graded import CellComment, CellGrade, GradedSubmission
from skillmap.grading.graded_folder import permissions, write_graded
from skillmap.grading.judge_rules import read_rules
from skillmap.grading.matter import read_matter
from skillmap.grading.metadata import metadata_cleaner
from skillmap.grading.submissions import Submission, place
from skillmap.judging import (
    Case,
    Judged,
    JudgeDiedError,
    Matter,
    NotebookPlan,
    ReleasedAssignment,
    Running,
    Scoring,
    all_beside,
    printable,
)

__all__ = ["Autograded", "Autograder", "Judges", "Outcome", "not_graded", "scoring_name"]

CORRECTED_VERSION = 1  # of the corrected law, as each response records it
MAX_DEATHS = 3  # judges in a row; then it is the machine, not the submissions
NOT_RELEASED = "nbgrader does not know the cells of this assignment: your instructor has to look."
NBGRADERS_LAW = "Graded with --scoring nbgrader, which runs all tests beside learners' code."
UNPLANNED = "A test ended Python itself when it was tried with the solution."
LEFT_OUT = (
    "nbgrader left this learner out: your instructor has to look at "
    "c.CourseDirectory.student_id_exclude in nbgrader_config.py."
)
DIED = (
    "The program that graded this was ended from outside, perhaps because the memory was full. The "
    "next run tries again; if it happens again, your instructor has to look at the notebook."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Autograded:
    """problem: why there are no scores, for the learner. findings: for both.

    is_final: False when the next run may do better with the same submission.
    """

    problem: str | None = None
    findings: tuple[str, ...] = ()
    is_final: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one attempt, and what the gradebook holds of its learner afterwards."""

    submission: Submission
    result: Autograded
    held: tuple[GradebookSubmission, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _AtWork:
    submission: Submission
    case: Case
    running: Running


def not_graded(problem: str, *, is_final: bool = True) -> Autograded:
    """Say why an attempt has no scores, in text that can be shown and stored."""
    return Autograded(problem=printable(problem), is_final=is_final)


def scoring_name(scoring: Scoring) -> str:
    """Name the law and its version, as each response records it."""
    if scoring is Scoring.NBGRADER:
        return nbgrader_version()
    return f"corrected {CORRECTED_VERSION} on {nbgrader_version()}"


class Judges(Protocol):
    """Where judges are had: a Courtroom of this machine, or a cluster's.

    isolation: how strong the walls are; bench: `prepare` an assignment, `start` a submission.
    """

    isolation: str
    bench: Any


class Autograder:
    """Judges at work on a course, and its gradebook; a context, because that is open meanwhile."""

    def __init__(
        self,
        course: NbgraderCourse,
        courtroom: Judges,
        *,
        scoring: Scoring = Scoring.CORRECTED,
    ) -> None:
        self._course = course
        self._rules = read_rules(course, scoring)
        self._clear = metadata_cleaner(course)
        self._permissions = permissions(course)
        self._bench = courtroom.bench
        self.isolation = courtroom.isolation
        self._stack = ExitStack()
        self._matters: dict[str, Matter | None] = {}
        self._at_work: dict[Connection, _AtWork] = {}
        self._n_deaths = 0

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._gradebook = stack.enter_context(self._course.gradebook())
            self._books = Books(self._course, self._gradebook)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def busy(self) -> list[Submission]:
        """Submissions that are being judged."""
        return [one.submission for one in self._at_work.values()]

    def plans(self, assignment: str) -> Mapping[str, NotebookPlan]:
        """How the tests of an assignment are run, by notebook."""
        matter = self._matter(assignment)
        return matter.plans if matter else {}

    def begin(self, submission: Submission) -> Outcome | None:
        """Let a judge begin; an Outcome when there is nothing to judge."""
        attempt = submission.attempt
        try:
            matter = self._matter(attempt.assignment)
            problem = self._problem(submission, matter)
            if problem or matter is None:
                result = not_graded(problem or NOT_RELEASED, is_final=False)
                return Outcome(submission=submission, result=result)
            case = read_case(self._course, submission.folder, matter.assignment)
        except UnreadableSubmissionError as error:
            return Outcome(submission=submission, result=not_graded(str(error)))
        running = self._bench.start(attempt.assignment, case)
        at_work = _AtWork(submission=submission, case=case, running=running)
        self._at_work[running.connection] = at_work
        return None

    def finish_some(self) -> list[Outcome]:
        """Wait until some judges are done; write what they found."""
        ready = wait(list(self._at_work))
        return [
            self._finish(self._at_work.pop(one)) for one in ready if isinstance(one, Connection)
        ]

    def _matter(self, assignment: str) -> Matter | None:
        if assignment not in self._matters:
            matter = read_matter(self._course, self._gradebook, assignment, self._rules)
            self._gradebook.db.rollback()  # let go of what was read: others may write
            known = matter if matter.assignment.notebooks else None
            if known:
                known = replace(known, plans=self._plans(assignment, known))
                self._bench.prepare(assignment, known)
            self._matters[assignment] = known
        return self._matters[assignment]

    def _plans(self, assignment: str, matter: Matter) -> Mapping[str, NotebookPlan]:
        reason = NBGRADERS_LAW
        if matter.rules.scoring is Scoring.CORRECTED:
            self._bench.prepare(assignment, matter)
            try:
                plans: Mapping[str, NotebookPlan] = self._bench.start(assignment, None).finish()
                return plans
            except JudgeDiedError:
                reason = UNPLANNED
        return {one.name: all_beside(one, reason) for one in matter.assignment.notebooks}

    def _problem(self, submission: Submission, matter: Matter | None) -> str | None:
        if submission.problem:
            return submission.problem
        if matter is None:
            return NOT_RELEASED
        excluded = str(self._course.api.coursedir.student_id_exclude or "").split(",")
        return LEFT_OUT if submission.attempt.learner in excluded else None

    def _finish(self, at_work: _AtWork) -> Outcome:
        submission = at_work.submission
        try:
            judged: Judged = at_work.running.finish()
        except JudgeDiedError:
            self._n_deaths += 1
            self._stop_if_hopeless()
            return Outcome(submission=submission, result=not_graded(DIED, is_final=False))
        self._n_deaths = 0
        if judged.problem is not None:
            return Outcome(submission=submission, result=not_graded(judged.problem))
        try:
            return self._record(at_work, judged)
        except UnreadableSubmissionError as error:
            return Outcome(submission=submission, result=not_graded(str(error)))
        except UnknownLearnerError as error:
            return Outcome(submission=submission, result=not_graded(str(error), is_final=False))

    def _record(self, at_work: _AtWork, judged: Judged) -> Outcome:
        submission, attempt = at_work.submission, at_work.submission.attempt
        place(self._course, submission)
        texts = {f"{name}.ipynb": self._clear(text) for name, text in judged.notebooks.items()}
        files = put_together({**texts, **at_work.case.files}, judged.made)
        write_graded(
            self._course, attempt.assignment, attempt.learner, files, mode=self._permissions
        )
        graded = _graded(submission, judged)
        recorded = self._books.record(graded)
        matter = self._matter(attempt.assignment)
        held = _held(graded, recorded, matter.assignment) if matter else ()
        found = tuple(printable(one) for one in (*judged.flags, *judged.findings))
        return Outcome(submission=submission, result=Autograded(findings=found), held=held)

    def _stop_if_hopeless(self) -> None:
        if self._n_deaths >= MAX_DEATHS:
            raise GradingError(
                f"{self._n_deaths} judges in a row were ended while they worked. Free some memory, "
                "or grade fewer learners at once (--workers 1), and run the command again."
            )


def _graded(submission: Submission, judged: Judged) -> GradedSubmission:
    attempt = submission.attempt
    return GradedSubmission(
        assignment=attempt.assignment,
        learner=attempt.learner,
        timestamp=attempt.submitted_at if submission.has_time else None,
        grades=tuple(
            CellGrade(
                notebook=one.notebook,
                grade_id=one.grade_id,
                auto_score=one.score,
                needs_review=one.waits_because is not None,
            )
            for one in judged.verdicts
        ),
        comments=tuple(
            CellComment(notebook=notebook, grade_id=grade_id, auto_comment=text)
            for (notebook, grade_id), text in judged.comments.items()
        ),
        missing_notebooks=judged.missing,
    )


def _held(
    graded: GradedSubmission, recorded: Recorded, released: ReleasedAssignment
) -> tuple[GradebookSubmission, ...]:
    cells = []
    for notebook in released.notebooks:
        for known in notebook.cells:
            row = recorded.grades.get((notebook.name, known.grade_id))
            if row is not None:
                cells.append(
                    GradebookCell(
                        notebook=notebook.name,
                        grade_id=known.grade_id,
                        max_score=known.max_score,
                        auto_score=row["auto_score"],
                        manual_score=row["manual_score"],
                        extra_credit=row["extra_credit"],
                        needs_manual_grade=bool(row["needs_manual_grade"]),
                        is_test=known.is_test,
                    )
                )
    held = GradebookSubmission(
        learner=graded.learner,
        assignment=graded.assignment,
        timestamp=graded.timestamp,
        seconds_late=recorded.seconds_late,
        late_penalty=0.0,
        cells=tuple(cells),
    )
    return (held,)
