"""Show what a cell wrote, and say in plain words which public check failed.

In: an output of a notebook. Out: safe `Markup` of bounded size.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from skillmap.grading.feedback_cells import FeedbackCell
from skillmap.grading.feedback_clean import clean_html, markdown_html, picture_source
from skillmap.grading.feedback_text import lines_of, shortened, text_of, without_colours
from skillmap.grading.feedback_words import Words

__all__ = ["failed_check", "output_html"]

MAX_WORDS = 500  # characters of one message
DEEPEST_HEADING = 6

_ARROW = re.compile(r"^-+>\s*\d+\s(.*)$", re.MULTILINE)
_KNOWN = {
    "NameError": "check.name",
    "CellTimeoutError": "reason.cpu",
    "TimeoutError": "reason.cpu",
    "MemoryError": "reason.memory",
    "DeadKernelError": "reason.died",
}


def failed_check(cell: FeedbackCell, w: Words) -> Markup | None:
    """Say which public check of a test cell failed, or how the code stopped; None if neither."""
    error = next((one for one in cell.outputs if one.get("output_type") == "error"), None)
    if error is None:
        return None
    name = text_of(error.get("ename"))
    said = shortened(without_colours(text_of(error.get("evalue"))).strip(), limit=MAX_WORDS)[0]
    if name == "AssertionError":
        return _unmet(said, error, w)
    if name == "NotImplementedError" and not said:
        return w.say("check.no_answer")
    words = f"{name}: {said}" if said else name
    return w.say(_KNOWN.get(name, "check.stopped"), error=_code(words))


def _unmet(said: str, error: Mapping[str, Any], w: Words) -> Markup:
    if said:
        return Markup('<span dir="auto">{}</span>').format(said)
    trace = without_colours(lines_of(error.get("traceback")))
    arrow = _ARROW.search(trace)
    line = arrow[1].strip() if arrow else "AssertionError"
    return w.say("check.unnamed", line=_code(shortened(line, limit=MAX_WORDS)[0]))


def output_html(output: Mapping[str, Any], w: Words, *, is_said: bool = False) -> Markup:
    """Lay out one output; is_said: what an error says stands above it already."""
    kind = output.get("output_type")
    if kind == "stream":
        return _plain(text_of(output.get("text")), w)
    if kind == "error":
        return _error(output, w, is_said)
    data = output.get("data")
    if not isinstance(data, Mapping):
        return _not_shown(w)
    for mime, show in _SHOWS.items():
        if mime in data and (shown := show(mime, text_of(data[mime]), w)) is not None:
            return shown
    return _not_shown(w)


def _error(error: Mapping[str, Any], w: Words, is_said: bool) -> Markup:
    said = text_of(error.get("evalue")).strip()
    name = text_of(error.get("ename"))
    first = shortened(without_colours(f"{name}: {said}" if said else name), limit=MAX_WORDS)[0]
    trace = lines_of(error.get("traceback"))
    top = Markup('<p class="error"><code dir="auto">{}</code></p>').format(first)
    if is_said:
        top = Markup()
    if not trace:
        return top
    fold = Markup("<details><summary>{}</summary>{}</details>")
    return top + fold.format(w.say("details"), _plain(trace, w))


def _plain(text: str, w: Words) -> Markup:
    shown, n_left = shortened(without_colours(text))
    html = Markup('<pre class="out" dir="auto">{}</pre>').format(shown)
    if not n_left:
        return html
    return html + Markup('<p class="small soft">{}</p>').format(w.say("cut", n=n_left))


def _picture(mime: str, data: str, w: Words) -> Markup | None:
    source = picture_source(mime, data)
    if source is None:
        return None
    return Markup('<p><img src="{}" alt="{}"></p>').format(source, w.say("picture"))


def _html(_: str, data: str, w: Words) -> Markup | None:
    cleaned = clean_html(data, picture=w.say("picture"))
    if cleaned is None or not cleaned.strip():
        return None
    scroll = Markup('<div class="scroll rich" tabindex="0" role="region" aria-label="{}">{}</div>')
    if "<table" in cleaned:
        return scroll.format(w.say("table"), cleaned)
    return Markup('<div class="rich">{}</div>').format(cleaned)


def _rich_text(_: str, data: str, w: Words) -> Markup:
    text, n_left = shortened(data)
    html, _level = markdown_html(text, picture=w.say("picture"), above=DEEPEST_HEADING)
    more = Markup('<p class="small soft">{}</p>').format(w.say("cut", n=n_left)) if n_left else ""
    return Markup('<div class="rich">{}{}</div>').format(html, more)


def _text(_: str, data: str, w: Words) -> Markup:
    return _plain(data, w)


def _not_shown(w: Words) -> Markup:
    return Markup('<p class="small soft">{}</p>').format(w.say("not_shown"))


def _code(text: str) -> Markup:
    return Markup('<code dir="auto">{}</code>').format(text)


# The richest kind first; nothing that could run is here.
_SHOWS: Mapping[str, Callable[[str, str, Words], Markup | None]] = {
    "image/png": _picture,
    "image/jpeg": _picture,
    "text/html": _html,
    "text/markdown": _rich_text,
    "text/latex": _text,
    "text/plain": _text,
}
