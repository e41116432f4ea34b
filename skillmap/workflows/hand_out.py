"""Hand assignments out: the learners' version into the exchange, with a due date.

Law: an assignment keeps the language of its last release until another one is asked for; the first
one is in the cohort's language, as skillmap.toml says.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from skillmap.content import has_texts, release_notebooks, require_language
from skillmap.grading import release_assignment, released_language, set_due_date
from skillmap.ports import Progress
from skillmap.workflows.programme import Programme

__all__ = ["notebooks_to_release", "release_assignments", "untranslated"]


def release_assignments(
    programme: Programme,
    assignments: Sequence[str],
    *,
    due: datetime | None,
    progress: Progress,
    language: str | None = None,
) -> None:
    """Release each assignment; `due` None leaves a due date that was set before.

    language: None for the one of before. Raises ContentError when nothing has texts in it.
    """
    if language:
        require_language(programme.paths, language)
    for n_before, assignment in enumerate(assignments):
        progress(n_before, len(assignments), assignment)
        notebooks = notebooks_to_release(programme, assignment, language)
        release_assignment(programme.nbgrader, assignment, notebooks=notebooks)
        if due is not None:
            set_due_date(programme.nbgrader, assignment, due)
    progress(len(assignments), len(assignments), "")


def notebooks_to_release(
    programme: Programme, assignment: str, language: str | None = None
) -> Mapping[str, bytes]:
    """Return the notebooks that stand in place of the source's, in the learners' language."""
    return release_notebooks(
        programme.paths, assignment, _language(programme, assignment, language)
    )


def untranslated(
    programme: Programme, assignments: Sequence[str], language: str | None = None
) -> list[str]:
    """Return the assignments that will be in English, because they lack texts in the language."""
    return [
        one
        for one in assignments
        if not has_texts(programme.paths, one, _language(programme, one, language))
    ]


def _language(programme: Programme, assignment: str, asked: str | None) -> str:
    before = None if asked else released_language(programme.nbgrader, assignment)
    return asked or before or programme.settings.language
