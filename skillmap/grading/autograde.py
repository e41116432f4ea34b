"""Let nbgrader grade one attempt, with its own preprocessors and its own executor.

In: a submission. Out: Autograded: a problem in words, or findings.
Law: whatever a submission does, it costs only itself: a problem is returned, never raised; only the
gradebook or the disk stops the class. A problem that the learner did not make is not final.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde

from skillmap.grading.course import NbgraderCourse
from skillmap.grading.executor import with_our_executor
from skillmap.grading.files import UnreadableSubmissionError, notebooks_in
from skillmap.grading.findings import find_in_folder
from skillmap.grading.gradebook import forget_time, released_notebooks
from skillmap.grading.precheck import find_problem
from skillmap.grading.run import NbgraderFailureError, run
from skillmap.grading.submissions import Submission, place
from skillmap.judging.wording import printable

__all__ = ["ISOLATION", "Autograded", "autograde", "not_graded"]

ISOLATION = "none"  # nbgrader's kernels run as the person who grades

# What nbgrader or a kernel says, and what it means. The next run tries again where the cause lies
# with the machine or the course.
THE_LEARNERS = {
    "DeadKernelError": (
        "Your code ended Python itself (exit, a crash, or too much memory), so no cell could be "
        "graded. Find the cell that does it with Kernel, Restart Kernel and Run All Cells."
    ),
    "cannot be greater than maximum": (
        "A test gave more points than its maximum. This is a fault in the assignment, not in your "
        "work: your instructor has to mend the test and grade again."
    ),
    "SchemaTooOldError": (
        "The notebook was made with another version of nbgrader. "
        "Fetch the assignment again, copy your answers into it, and hand in once more."
    ),
    "Inconsistent checksums": (
        "A test was changed after you fetched the assignment. "
        "Fetch it again, copy your answers into it, and hand in once more."
    ),
}
THE_MACHINES = {
    "NoSuchKernel": (
        "The assignment asks for a kernel that is not installed where it is graded: "
        "your instructor has to install it."
    ),
    "Kernel died before": "Python could not be started to grade this; the next run tries again.",
    "Kernel didn't respond": "Python could not be started to grade this; the next run tries again.",
    "No student with ID": (
        "nbgrader does not know this learner, and c.Autograde.create_student is False: "
        "your instructor has to add the learner with `nbgrader db student add`."
    ),
}
LEFT_OUT = (
    "nbgrader left this learner out: your instructor has to look at "
    "c.CourseDirectory.student_id_exclude in nbgrader_config.py."
)
NOT_RELEASED = "nbgrader does not know the cells of this assignment: your instructor has to look."


@dataclass(frozen=True, slots=True, kw_only=True)
class Autograded:
    """problem: why there are no scores, for the learner. findings: for the instructor.

    is_final: False when the next run may do better with the same submission.
    """

    problem: str | None = None
    findings: tuple[str, ...] = ()
    is_final: bool = True


def not_graded(problem: str, *, is_final: bool = True) -> Autograded:
    """Say why an attempt has no scores, in text that can be shown and stored."""
    return Autograded(problem=printable(problem), is_final=is_final)


def autograde(course: NbgraderCourse, submission: Submission) -> Autograded:
    """Grade one attempt and leave its scores in nbgrader's gradebook.

    Raises GradingError when the gradebook or the disk cannot be used; the class cannot go on then.
    """
    attempt = submission.attempt
    if submission.problem:
        return not_graded(submission.problem, is_final=False)
    expected = released_notebooks(course, attempt.assignment)
    if not expected:
        return not_graded(NOT_RELEASED, is_final=False)
    problem = find_problem(submission.folder, expected)
    if problem:
        return not_graded(problem)
    try:
        place(course, submission)
        if not submission.has_time:
            forget_time(course, attempt.assignment, attempt.learner)
        _run_nbgrader(course, attempt.learner, attempt.assignment)
    except UnreadableSubmissionError as error:
        return not_graded(str(error))
    except NbgraderFailureError as failure:
        return _in_plain_words(failure)
    return _look_at(course, submission, expected)


def _run_nbgrader(course: NbgraderCourse, learner: str, assignment: str) -> None:
    def make() -> Any:
        app = Autograde(coursedir=course.api.coursedir, parent=course.api)
        app.force = True
        app.autograde_preprocessors = with_our_executor(app.autograde_preprocessors)
        return app

    with course.selected(assignment, learner):
        run(course, make, f"Autograding {assignment} of {learner}")


def _look_at(
    course: NbgraderCourse, submission: Submission, expected: frozenset[str]
) -> Autograded:
    attempt = submission.attempt
    graded = course.autograded(attempt.learner, attempt.assignment)
    if not graded.is_dir():
        return not_graded(LEFT_OUT, is_final=False)
    missing = _missing(course.submitted(attempt.learner, attempt.assignment), expected)
    found = (*missing, *find_in_folder(graded, expected))
    return Autograded(findings=tuple(printable(finding) for finding in found))


def _missing(folder: Path, expected: frozenset[str]) -> tuple[str, ...]:
    return tuple(
        f"{stem}.ipynb was not handed in: nbgrader gives 0 points; it is not counted as evidence."
        for stem in sorted(expected - notebooks_in(folder))
    )


def _in_plain_words(failure: NbgraderFailureError) -> Autograded:
    said = f"{type(failure.reason).__name__}: {failure.reason}"
    for signs, is_final in ((THE_LEARNERS, True), (THE_MACHINES, False)):
        for sign, words in signs.items():
            if sign in said:
                return not_graded(words, is_final=is_final)
    return not_graded(
        f"The notebook could not be graded ({printable(said, limit=200)}). "
        "Ask your instructor to look at it."
    )
