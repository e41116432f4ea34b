"""The only room that knows nbgrader: release, submissions, autograde, gradebook, feedback."""

from skillmap.grading.quick_import import grammar_of_iris_put_off

with grammar_of_iris_put_off():
    from skillmap.grading.autograde import (
        Autograder,
        Judges,
        Outcome,
        not_graded,
        scoring_name,
    )
    from skillmap.grading.course import NbgraderCourse, nbgrader_version, open_course
    from skillmap.grading.extensions import extend_deadline
    from skillmap.grading.feedback import UnreleasableFeedbackError, give_feedback
    from skillmap.grading.files import notebooks_in
    from skillmap.grading.gradebook import (
        ISOLATION_OF_NBGRADER,
        GradebookSubmission,
        gradebook_submissions,
        released_notebooks,
        responses_of,
    )
    from skillmap.grading.learner import fetch_assignment, fetch_feedback, submit_assignment
    from skillmap.grading.lock import alone
    from skillmap.grading.release import (
        collect_submissions,
        generate_release,
        known_assignments,
        needs_release,
        release_assignment,
        set_due_date,
        source_assignments,
    )
    from skillmap.grading.released_texts import released_language
    from skillmap.grading.run import NbgraderFailureError
    from skillmap.grading.stopping import Stopping
    from skillmap.grading.submissions import Submission, find_submissions, place, preserve_submitted

__all__ = [
    "ISOLATION_OF_NBGRADER",
    "Autograder",
    "GradebookSubmission",
    "Judges",
    "NbgraderCourse",
    "NbgraderFailureError",
    "Outcome",
    "Stopping",
    "Submission",
    "UnreleasableFeedbackError",
    "alone",
    "collect_submissions",
    "extend_deadline",
    "fetch_assignment",
    "fetch_feedback",
    "find_submissions",
    "generate_release",
    "give_feedback",
    "gradebook_submissions",
    "known_assignments",
    "nbgrader_version",
    "needs_release",
    "not_graded",
    "notebooks_in",
    "open_course",
    "place",
    "preserve_submitted",
    "release_assignment",
    "released_language",
    "released_notebooks",
    "responses_of",
    "scoring_name",
    "set_due_date",
    "source_assignments",
    "submit_assignment",
]
