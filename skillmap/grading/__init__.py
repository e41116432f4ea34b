"""The only room that knows nbgrader: release, submissions, autograde, gradebook, feedback."""

from skillmap.grading.autograde import ISOLATION, Autograded, autograde
from skillmap.grading.course import NbgraderCourse, nbgrader_version, open_course
from skillmap.grading.feedback import give_feedback
from skillmap.grading.gradebook import (
    GradebookSubmission,
    gradebook_submissions,
    released_notebooks,
    responses_of,
)
from skillmap.grading.learner import fetch_assignment, fetch_feedback, submit_assignment
from skillmap.grading.release import (
    collect_submissions,
    generate_release,
    known_assignments,
    release_assignment,
    set_due_date,
    source_assignments,
)
from skillmap.grading.submissions import Submission, find_submissions, place, preserve_submitted

__all__ = [
    "ISOLATION",
    "Autograded",
    "GradebookSubmission",
    "NbgraderCourse",
    "Submission",
    "autograde",
    "collect_submissions",
    "fetch_assignment",
    "fetch_feedback",
    "find_submissions",
    "generate_release",
    "give_feedback",
    "gradebook_submissions",
    "known_assignments",
    "nbgrader_version",
    "open_course",
    "place",
    "preserve_submitted",
    "release_assignment",
    "released_notebooks",
    "responses_of",
    "set_due_date",
    "source_assignments",
    "submit_assignment",
]
