"""Give learners nbgrader's feedback pages, through the exchange where there is one."""

from typing import Any

from nbgrader.converters import GenerateFeedback

from skillmap.errors import GradingError
from skillmap.grading.course import NbgraderCourse
from skillmap.grading.run import run

__all__ = ["give_feedback"]

RELEASE_NEEDS = ("timestamp.txt", "submission_secret.txt")  # nbgrader's submit writes both


def give_feedback(course: NbgraderCourse, assignment: str, learner: str) -> None:
    """Write the feedback pages of the latest graded attempt and release them to the learner.

    Raises NbgraderFailureError or UnreleasableFeedbackError for this learner alone, GradingError
    when the gradebook or the disk refuses.
    """
    what = f"Feedback on {assignment} for {learner}"

    def make() -> Any:
        pages = GenerateFeedback(coursedir=course.api.coursedir, parent=course.api)
        pages.force = True
        return pages

    with course.selected(assignment, learner):
        run(course, make, what)
    if not (course.course_id and course.exchange.is_dir()):
        return
    pages = course.feedback(learner, assignment)
    if not all((pages / name).is_file() for name in RELEASE_NEEDS):
        raise UnreleasableFeedbackError(
            f"{what}: the pages lie in {pages}, but cannot go through the exchange, because the "
            "submission did not come from there. Give them by hand."
        )
    with course.selected(assignment, learner):
        run(course, lambda: course.exchange_step("ReleaseFeedback"), what)


class UnreleasableFeedbackError(GradingError):
    """The pages are written, but nbgrader cannot send them to this learner."""
