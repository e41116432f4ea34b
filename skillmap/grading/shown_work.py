"""Show an instructor what a learner handed in for one item, safe to put into a page.

In: the graded notebook. Out: the answer and the test with what they wrote, as `Markup`.
Law: nothing in it runs or is fetched (see `feedback_clean`); each part is bounded; hidden tests are
shown, for only instructors get this.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from skillmap.errors import GradingError
from skillmap.grading.course import NbgraderCourse
from skillmap.grading.feedback_cells import FeedbackCell, feedback_cells
from skillmap.grading.feedback_clean import code_html, markdown_html
from skillmap.grading.feedback_outputs import failed_check, output_html
from skillmap.grading.feedback_text import shortened, visible
from skillmap.grading.feedback_words import Language, Words
from skillmap.grading.files import is_regular, open_regular

__all__ = ["ShownCell", "ShownWork", "show_work"]

MAX_SOURCE = 8_000  # characters of one cell
MAX_OUTPUTS = 10  # of one cell
ABOVE = 3  # the level of the heading that an answer in words stands under


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCell:
    """One cell: what stands in it, what it wrote, and which check failed; safe HTML."""

    source: Markup
    outputs: tuple[Markup, ...]
    failed: Markup | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownWork:
    """The answer cells that a test judges, and the test; None where a person judges."""

    answers: tuple[ShownCell, ...]
    test: ShownCell | None


def show_work(
    course: NbgraderCourse,
    *,
    assignment: str,
    learner: str,
    notebook: str,
    grade_id: str,
    language: Language = "en",
) -> ShownWork:
    """Lay out the latest graded work on one item.

    Raises GradingError when the graded notebook or the cell is not there.
    """
    where = f"{assignment}/{notebook} of {learner}"
    cells = _read(course, where, assignment=assignment, learner=learner, notebook=notebook)
    place = next((n for n, cell in enumerate(cells) if cell.grade_id == grade_id), None)
    if place is None:
        raise GradingError(f"{where}: the graded notebook has no cell {grade_id!r}.")
    w = Words(language)
    judged = cells[place]
    if judged.is_answer:
        return ShownWork(answers=(_shown(judged, w),), test=None)
    answers = tuple(_shown(cell, w) for cell in _answers_before(cells, place))
    return ShownWork(answers=answers, test=_shown(judged, w, is_test=True))


def _read(
    course: NbgraderCourse, where: str, *, assignment: str, learner: str, notebook: str
) -> Sequence[FeedbackCell]:
    path = course.autograded(learner, assignment) / f"{notebook}.ipynb"
    if not is_regular(path):
        raise GradingError(f"{where}: there is no graded notebook here. Grade it first.")
    try:
        with open_regular(path) as file:
            loaded = json.load(file)
    except (OSError, ValueError, RecursionError) as error:
        raise GradingError(f"{where}: the graded notebook cannot be read ({error}).") from error
    return feedback_cells(loaded if isinstance(loaded, dict) else {}, {}, show_hidden=True)


def _answers_before(cells: Sequence[FeedbackCell], place: int) -> Iterator[FeedbackCell]:
    """Yield the answer cells between the last test of another exercise and this test."""
    found: list[FeedbackCell] = []
    for cell in reversed(cells[:place]):
        if found and not cell.is_answer and cell.is_test:
            break
        if cell.is_answer:
            found.append(cell)
    yield from reversed(found)


def _shown(cell: FeedbackCell, w: Words, *, is_test: bool = False) -> ShownCell:
    failed = failed_check(cell, w) if is_test else None
    shown = (output_html(o, w, is_said=failed is not None) for o in cell.outputs[:MAX_OUTPUTS])
    return ShownCell(
        source=_source(cell, w),
        outputs=tuple(Markup(visible(one)) for one in shown),
        failed=Markup(visible(failed)) if failed is not None else None,
    )


def _source(cell: FeedbackCell, w: Words) -> Markup:
    text = visible(shortened(cell.source, limit=MAX_SOURCE)[0])
    if cell.kind == "markdown":
        return markdown_html(text, picture=w.say("picture"), above=ABOVE)[0]
    return Markup('<pre class="code" dir="ltr"><code>{}</code></pre>').format(code_html(text))
