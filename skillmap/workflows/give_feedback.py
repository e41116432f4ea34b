"""Give feedback on graded attempts: nbgrader's pages, released through the exchange."""

from collections.abc import Sequence

from skillmap.grading import (
    NbgraderFailureError,
    UnreleasableFeedbackError,
    give_feedback,
    gradebook_submissions,
)
from skillmap.ports import Progress
from skillmap.workflows.programme import Programme

__all__ = ["feedback_due", "release_feedback"]


def feedback_due(
    programme: Programme, assignments: Sequence[str], *, waiting: bool = False
) -> list[tuple[str, str]]:
    """List (assignment, learner) with scores; `waiting` takes those that await a person, too."""
    return [
        (assignment, held.learner)
        for assignment in assignments
        for held in gradebook_submissions(programme.nbgrader, assignment)
        if held.is_autograded and (waiting or not held.needs_manual_grade)
    ]


def release_feedback(
    programme: Programme, due: Sequence[tuple[str, str]], *, progress: Progress
) -> list[str]:
    """Write and release the pages; return what could not be given, one sentence each.

    Raises GradingError when the gradebook or the disk refuses.
    """
    problems = []
    for n_before, (assignment, learner) in enumerate(due):
        progress(n_before, len(due), f"{learner} · {assignment}")
        try:
            give_feedback(programme.nbgrader, assignment, learner)
        except (NbgraderFailureError, UnreleasableFeedbackError) as error:
            problems.append(str(error))
    progress(len(due), len(due), "")
    return problems
