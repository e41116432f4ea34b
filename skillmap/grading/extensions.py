"""More time for one learner, kept where nbgrader keeps it."""

from typing import Any

from nbgrader.api import MissingEntry

from skillmap.errors import GradingError, did_you_mean
from skillmap.grading.gradebook_rows import GradebookRows

__all__ = ["extend_deadline"]


def extend_deadline(gradebook: Any, assignment: str, learner: str, minutes: int) -> None:
    """Give a learner more time; it counts when a submission is graded next.

    minutes: after the due date, in place of an earlier extension; 0 takes it back. A learner who
    has not handed in yet gets an empty submission in the gradebook, which is where nbgrader keeps
    the extension. Raises GradingError when the gradebook does not know the assignment or learner.
    """
    if minutes < 0:
        raise GradingError(f"{minutes} minutes: an extension cannot be shorter than none.")
    known = {
        "Assignment": (assignment, [one.name for one in gradebook.assignments]),
        "Learner": (learner, [one.id for one in gradebook.students]),
    }
    for what, (name, names) in known.items():
        if name not in names:
            raise GradingError(
                f"{what} {name!r}: the gradebook knows none of that name."
                f"{did_you_mean(name, names)}"
            )
    try:
        gradebook.find_submission(assignment, learner)
    except MissingEntry:
        rows = GradebookRows(gradebook)
        assignment_id = gradebook.find_assignment(assignment).id
        rows.insert(rows.plan(assignment_id), assignment_id, learner, None)
    gradebook.grant_extension(assignment, learner, minutes=minutes)
