"""Give learners their feedback pages, through nbgrader's exchange where there is one.

In: the graded notebooks and the gradebook. Out: one page per notebook, in nbgrader's folder.
Law: the folder is whole or as it was before; of what a learner handed in, only the two files that
nbgrader's exchange asks for are copied; hidden tests stay hidden.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC
from pathlib import Path
from typing import Any

from nbgrader.api import MissingEntry

from skillmap.errors import GradingError
from skillmap.grading.course import NbgraderCourse
from skillmap.grading.feedback_hidden import BEGIN, END
from skillmap.grading.feedback_page import CellScore, Feedback, feedback_cells, render_feedback
from skillmap.grading.feedback_words import Language
from skillmap.grading.files import is_regular, notebooks_in
from skillmap.grading.run import run

__all__ = ["UnreleasableFeedbackError", "give_feedback"]

WAITS = "reason.waits"  # a key of the page's words
RELEASE_NEEDS = ("timestamp.txt", "submission_secret.txt")  # nbgrader's submit writes both


def give_feedback(
    course: NbgraderCourse, assignment: str, learner: str, *, language: Language = "en"
) -> None:
    """Write the feedback pages of the latest graded attempt and release them to the learner.

    Raises NbgraderFailureError or UnreleasableFeedbackError for this learner alone, GradingError
    when the gradebook or the disk refuses.
    """
    what = f"Feedback on {assignment} for {learner}"
    pages = _pages(course, assignment, learner, language)
    if not pages:
        raise UnreleasableFeedbackError(f"{what}: nothing of theirs is graded yet. Grade it first.")
    folder = _write(course, assignment, learner, pages)
    if not (course.course_id and course.exchange.is_dir()):
        return
    if not all((folder / name).is_file() for name in RELEASE_NEEDS):
        raise UnreleasableFeedbackError(
            f"{what}: the pages lie in {folder}, but cannot go through the exchange, because the "
            "submission did not come from there. Give them by hand."
        )
    with course.selected(assignment, learner):
        run(course, lambda: course.exchange_step("ReleaseFeedback"), what)


class UnreleasableFeedbackError(GradingError):
    """This learner gets no feedback now: nothing is graded, or nbgrader cannot send the pages."""


def _pages(
    course: NbgraderCourse, assignment: str, learner: str, language: Language
) -> dict[str, bytes]:
    graded = course.autograded(learner, assignment)
    names = notebooks_in(graded)
    with course.gradebook() as gradebook:
        try:
            submission = gradebook.find_submission(assignment, learner)
        except MissingEntry:
            return {}
        handed_in = [one for one in submission.notebooks if one.name in names]
        return {
            one.name: render_feedback(_feedback(course, one, submission, graded, language))
            for one in sorted(handed_in, key=lambda one: str(one.name))
        }


def _feedback(
    course: NbgraderCourse, row: Any, submission: Any, graded: Path, language: Language
) -> Feedback:
    notebook = json.loads((graded / f"{row.name}.ipynb").read_bytes())
    told = notebook.get("metadata", {}).get("skillmap", {})
    scores = _scores(row, told)
    penalty = float(row.late_submission_penalty or 0.0)
    points = sum(one.score for one in scores.values() if one.score is not None)
    when = submission.timestamp
    begin, end = _marks(course)
    return Feedback(
        assignment=submission.name,
        notebook=row.name,
        learner=submission.student_id,
        score=points - penalty,
        max_score=sum(one.max_score for one in scores.values()),
        late_penalty=penalty,
        cells=feedback_cells(notebook, scores, begin=begin, end=end),
        flags=tuple(told.get("flags", ())),
        language=language,
        when=when.replace(tzinfo=UTC) if when else None,
    )


def _scores(row: Any, told: Mapping[str, Any]) -> dict[str, CellScore]:
    stopped = {name: f"reason.{key}" for name, key in told.get("stopped", {}).items()}
    reasons = {**stopped, **dict.fromkeys(told.get("waits", {}), WAITS)}
    comments = {one.name: one.comment for one in row.comments if one.comment}
    scores = {one.name: _score(one, comments, reasons.get(one.name)) for one in row.grades}
    answers = {name: CellScore(comment=said) for name, said in comments.items()}
    return {**answers, **scores}


def _score(grade: Any, comments: Mapping[str, str], reason: str | None) -> CellScore:
    base = grade.auto_score if grade.manual_score is None else grade.manual_score
    return CellScore(
        score=None if base is None else base + (grade.extra_credit or 0.0),
        max_score=float(grade.cell.max_score),
        needs_manual_grade=bool(grade.needs_manual_grade),
        comment=comments.get(grade.name),
        reason=reason,
    )


def _marks(course: NbgraderCourse) -> tuple[str, str]:
    declared = course.config.ClearHiddenTests  # nbgrader spells "delimeter"
    return (
        str(declared.get("begin_test_delimeter", BEGIN)),
        str(declared.get("end_test_delimeter", END)),
    )


def _write(
    course: NbgraderCourse, assignment: str, learner: str, pages: Mapping[str, bytes]
) -> Path:
    folder = course.feedback(learner, assignment)
    new = folder.with_name(f".{folder.name}.new")
    try:
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        for name, content in _files(course.autograded(learner, assignment), pages):
            (new / name).write_bytes(content)
        _permit(course, new)
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
    except OSError as error:
        raise course.refusal(error) or error from error
    return folder


def _files(graded: Path, pages: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name, page in pages.items():
        yield f"{name}.html", page
    for name in RELEASE_NEEDS:
        if is_regular(graded / name):
            yield name, (graded / name).read_bytes()


def _permit(course: NbgraderCourse, folder: Path) -> None:
    is_shared = bool(course.api.coursedir.groupshared)
    for file in folder.iterdir():
        file.chmod(0o664 if is_shared else 0o644)
    if is_shared:
        for one in (folder, folder.parent):
            one.chmod(one.stat().st_mode & 0o2777 | 0o2770)
