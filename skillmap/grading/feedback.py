"""Give learners nbgrader's feedback pages, through the exchange where there is one."""

from nbgrader.converters import GenerateFeedback

from skillmap.grading.course import NbgraderCourse
from skillmap.grading.run import run

__all__ = ["give_feedback"]


def give_feedback(course: NbgraderCourse, assignment: str, learner: str) -> None:
    """Write the feedback pages of the latest graded attempt and release them to the learner."""
    what = f"Feedback on {assignment} for {learner}"
    with course.selected(assignment, learner):
        pages = GenerateFeedback(coursedir=course.api.coursedir, parent=course.api)
        pages.force = True
        run(course, pages, what)
        if course.course_id and course.exchange.is_dir():
            run(course, course.exchange_step("ReleaseFeedback"), what)
