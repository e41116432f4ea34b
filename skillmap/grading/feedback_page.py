"""Make the feedback page of one notebook: one file that runs nothing and fetches nothing.

In: a Feedback. Out: HTML, as bytes.
Law: same input, same bytes; every text is visible and every page bounded, whatever a learner's
code wrote; the page's own policy forbids scripts and requests.
"""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, Template
from markupsafe import Markup, escape

from skillmap.grading.feedback_cells import CellScore, FeedbackCell, Status, feedback_cells
from skillmap.grading.feedback_clean import code_html, markdown_html
from skillmap.grading.feedback_outputs import failed_check, output_html
from skillmap.grading.feedback_text import shortened, text_of, visible
from skillmap.grading.feedback_words import Language, Words

__all__ = ["CellScore", "Feedback", "FeedbackCell", "feedback_cells", "render_feedback"]

MAX_SOURCE = 20_000  # characters of one cell
MAX_SOURCE_LINES = 1_000
MAX_SHOWN = 3_000_000  # characters of all cells, read or shown; the cells after it are left out
MAX_OUTPUTS = 40  # of one cell
MAX_WORDS = 500  # characters of one message in the list
NBGRADERS = {"No response.": "no_response"}  # nbgrader's own comment, in English only

STATUSES: tuple[Status, ...] = ("done", "not_yet", "waits", "unchecked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What a learner gets to know about one notebook.

    score: with the late penalty already taken off. flags: what holds for the whole notebook, in
    plain words. when: the time it was handed in, with a zone.
    """

    assignment: str
    notebook: str
    learner: str
    score: float
    max_score: float
    cells: tuple[FeedbackCell, ...]
    late_penalty: float = 0.0
    flags: tuple[str, ...] = ()
    language: Language = "en"
    when: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """One line of the list: a graded cell, or an answer that somebody commented on."""

    place: str
    title: str
    name: str
    status: str
    points: Markup | None
    says: tuple[Markup, ...]
    comment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """One cell, laid out."""

    place: str
    kind: str
    html: Markup
    outputs: tuple[Markup, ...]
    item: _Item | None
    label: Markup | None


def render_feedback(feedback: Feedback) -> bytes:
    """Render the page."""
    w = Words(feedback.language)
    items = {n: item for n, cell in enumerate(feedback.cells) if (item := _item(n, cell, w))}
    page = _template().render(
        f=feedback,
        w=w,
        items=tuple(items.values()),
        counts=_counts(feedback, w),
        waits=any(item.status == "waits" for item in items.values()),
        cells=tuple(_laid_out(feedback, items, w)),
        style=_style(),
        policy=_policy(),
    )
    return visible(page).encode()


def _item(n: int, cell: FeedbackCell, w: Words) -> _Item | None:
    if not (cell.is_graded or cell.comment):
        return None
    status = cell.status if cell.is_graded else "comment"
    is_scored = cell.status in ("done", "not_yet")
    return _Item(
        place=f"cell-{n}",
        title=cell.title or cell.grade_id or w.say("task"),
        name=cell.grade_id or "" if cell.title else "",
        status=status,
        points=w.points(cell.score if is_scored else None, cell.max_score)
        if cell.is_graded
        else None,
        says=tuple(_says(cell, w)) if cell.is_graded else (),
        comment=_comment(cell, w),
    )


def _says(cell: FeedbackCell, w: Words) -> Iterator[Markup]:
    status = cell.status
    if status == "waits":
        yield w.say("waits.text")
    if status == "not_yet":
        if (cell.score or 0) > 0:
            yield w.say("part")
        if cell.reason is None and (failed := failed_check(cell, w)):
            yield failed
    if cell.reason is not None and status != "done":
        yield w.known_or_own(shortened(cell.reason, limit=MAX_WORDS)[0])
    if cell.hidden_check_failed and status != "done":
        yield w.say("hidden.failed")
    elif cell.has_hidden_checks:
        yield w.say("hidden.some")
    if status == "unchecked":
        yield w.say("unchecked.text")
    if cell.note:
        yield w.known_or_own(shortened(cell.note, limit=MAX_WORDS)[0])


def _comment(cell: FeedbackCell, w: Words) -> str | None:
    if not cell.comment:
        return None
    known = NBGRADERS.get(cell.comment.strip())
    return w.say(known) if known else shortened(cell.comment)[0]


def _counts(feedback: Feedback, w: Words) -> list[tuple[str, int, Markup]]:
    found = [cell.status for cell in feedback.cells if cell.is_graded]
    return [(one, n, w.say(f"count.{one}")) for one in STATUSES if (n := found.count(one))]


def _laid_out(feedback: Feedback, items: dict[int, _Item], w: Words) -> Iterator[_Cell]:
    n_shown, level = 0, 2
    for n, cell in enumerate(feedback.cells):
        if n_shown > MAX_SHOWN:
            left = w.say("cut.cells", n=len(feedback.cells) - n)
            yield _Cell(place="", kind="cut", html=left, outputs=(), item=None, label=None)
            return
        html, level = _source(cell, w, level)
        outputs = tuple(_outputs(cell, w))
        n_shown += max(_n_characters(cell), len(html) + sum(map(len, outputs)))
        yield _Cell(
            place=f"cell-{n}",
            kind=cell.kind,
            html=html,
            outputs=outputs,
            item=items.get(n),
            label=_label(cell, w),
        )


def _n_characters(cell: FeedbackCell) -> int:
    # What is read counts, too: a short page can take long to make.
    data = (one.get("data") for one in cell.outputs[:MAX_OUTPUTS])
    rich = (text_of(one.get("text/html")) for one in data if isinstance(one, dict))
    return len(cell.source[:MAX_SOURCE]) + sum(len(html) for html in rich)


def _source(cell: FeedbackCell, w: Words, level: int) -> tuple[Markup, int]:
    if cell.is_missing:
        return Markup(), level
    text, n_left = shortened(cell.source, limit=MAX_SOURCE, lines=MAX_SOURCE_LINES)
    if cell.kind == "markdown":
        html, level = markdown_html(text, picture=w.say("picture"), above=level)
    else:
        marked = code_html(text) if cell.kind == "code" else escape(text)
        html = Markup('<pre class="source"><code>{}</code></pre>').format(marked)
    return html + _cut(n_left, w), level


def _outputs(cell: FeedbackCell, w: Words) -> Iterator[Markup]:
    is_said = cell.is_graded and cell.status == "not_yet" and cell.reason is None
    for output in cell.outputs[:MAX_OUTPUTS]:
        yield output_html(output, w, is_said=is_said)
    if len(cell.outputs) > MAX_OUTPUTS:
        more = w.say("cut.outputs", n=len(cell.outputs) - MAX_OUTPUTS)
        yield Markup('<p class="small soft">{}</p>').format(more)
    if cell.is_withheld:
        yield Markup('<p class="small soft">{}</p>').format(w.say("withheld"))


def _cut(n_left: int, w: Words) -> Markup:
    said = Markup('<p class="small soft">{}</p>')
    return said.format(w.say("cut", n=n_left)) if n_left else Markup()


def _label(cell: FeedbackCell, w: Words) -> Markup | None:
    if cell.is_answer:
        return w.say("answer")
    if cell.is_test:
        return w.say("check")
    return w.say("task") if cell.is_graded or cell.is_missing else None


@lru_cache(maxsize=1)
def _template() -> Template:
    loader = PackageLoader("skillmap.grading")
    environment = Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    return environment.get_template("feedback.html")


@lru_cache(maxsize=1)
def _style() -> Markup:
    style = files("skillmap.grading").joinpath("templates/feedback.css").read_text("utf-8")
    return Markup(style)


@lru_cache(maxsize=1)
def _policy() -> str:
    digest = b64encode(sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
