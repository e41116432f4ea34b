"""Give feedback on graded attempts: nbgrader's pages, released through the exchange.

Law: a page speaks the language in which its learner reads all other pages.
"""

from collections.abc import Sequence
from typing import Literal

from skillmap.grading import (
    NbgraderFailureError,
    UnreleasableFeedbackError,
    give_feedback,
    gradebook_submissions,
)
from skillmap.model import PersonId
from skillmap.ports import Progress
from skillmap.store import people
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
            language = _language(programme, learner)
            give_feedback(programme.nbgrader, assignment, learner, language=language)
        except (NbgraderFailureError, UnreleasableFeedbackError) as error:
            problems.append(str(error))
    progress(len(due), len(due), "")
    return problems


def _language(programme: Programme, learner: str) -> Literal["en", "nb"]:
    with programme.database.begin(is_read_only=True) as session:
        known = people.person(session, PersonId(learner))
    return "nb" if known and known.page_language == "nb" else "en"
