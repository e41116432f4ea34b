"""Let nbgrader grade one attempt, with its own preprocessors and its own executor.

In: a submission that lies in `submitted/`. Out: Autograded: a problem in words, or findings.
Law: whatever a submission does, it costs only itself: a problem is returned, never raised; only the
gradebook or the disk stops the class.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from nbgrader.converters import Autograde

from skillmap.grading.course import NbgraderCourse
from skillmap.grading.findings import find_in_folder
from skillmap.grading.gradebook import released_notebooks
from skillmap.grading.precheck import find_problem
from skillmap.grading.run import NbgraderFailureError, run
from skillmap.grading.submissions import Submission, place

__all__ = ["ISOLATION", "Autograded", "autograde"]

ISOLATION = "none"  # nbgrader's kernels run as the person who grades

SIGNS = {
    "DeadKernelError": (
        "Your code ended Python itself (exit, a crash, or too much memory), so no cell could be "
        "graded. Find the cell that does it with Kernel, Restart Kernel and Run All Cells."
    ),
    "NoSuchKernel": (
        "The notebook asks for a kernel that the grader does not have. "
        "Choose the kernel Python 3, save, and hand in again."
    ),
    "cannot be greater than maximum": (
        "A test gave more points than its maximum. This is a fault in the assignment, not in your "
        "work: your instructor has to mend the test."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Autograded:
    """problem: why there are no scores, for the learner. findings: for the instructor."""

    problem: str | None = None
    findings: tuple[str, ...] = ()


def autograde(course: NbgraderCourse, submission: Submission) -> Autograded:
    """Grade one attempt and leave its scores in nbgrader's gradebook.

    Raises GradingError when the gradebook cannot be used; the class cannot go on then.
    """
    attempt = submission.attempt
    expected = released_notebooks(course, attempt.assignment)
    problem = find_problem(submission.folder, expected)
    if problem:
        return Autograded(problem=problem)
    place(course, submission)
    try:
        _run_nbgrader(course, attempt.learner, attempt.assignment)
    except NbgraderFailureError as failure:
        return Autograded(problem=_in_plain_words(failure))
    missing = _missing(course.submitted(attempt.learner, attempt.assignment), expected)
    graded = course.autograded(attempt.learner, attempt.assignment)
    return Autograded(findings=(*missing, *find_in_folder(graded)))


def _run_nbgrader(course: NbgraderCourse, learner: str, assignment: str) -> None:
    with course.selected(assignment, learner):
        app = Autograde(coursedir=course.api.coursedir, parent=course.api)
        app.force = True
        run(course, app, f"Autograding {assignment} of {learner}")


def _missing(folder: Path, expected: frozenset[str]) -> tuple[str, ...]:
    absent = sorted(stem for stem in expected if not (folder / f"{stem}.ipynb").is_file())
    return tuple(
        f"{stem}.ipynb was not handed in: nbgrader gives 0 points; it is not counted as evidence."
        for stem in absent
    )


def _in_plain_words(failure: NbgraderFailureError) -> str:
    for sign, words in SIGNS.items():
        if sign in failure.log:
            return words
    errors = re.findall(
        r"^([A-Za-z_.]+(?:Error|Exception)): (.*)$", failure.log, flags=re.MULTILINE
    )
    said = f"{errors[-1][0].rpartition('.')[2]}: {errors[-1][1][:200]}" if errors else str(failure)
    return f"The notebook could not be graded ({said}). Ask your instructor to look at it."
