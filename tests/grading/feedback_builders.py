"""Graded cells with what they wrote, hostile texts, and pages made of them."""

from base64 import b64encode
from typing import Any

from skillmap.grading.feedback_page import (
    CellScore,
    Feedback,
    FeedbackCell,
    feedback_cells,
    render_feedback,
)

PNG = b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 20).decode()


HIDDEN = "### BEGIN HIDDEN TESTS\nassert double(-41) == -82, 'secret_case'\n### END HIDDEN TESTS"


PUBLIC = "assert double(3) == 6, f'double(3) gave {double(3)}, expected 6'"


def make_error(source: str, line: int, *, name: str = "AssertionError", said: str = "") -> dict:
    """An error as IPython writes it, with the lines around the failing one."""
    around = [
        f"{'----> ' if n == line else '      '}{n} {text}"
        for n, text in enumerate(source.splitlines(), 1)
        if abs(n - line) <= 2
    ]
    trace = ["\x1b[31m" + "-" * 9 + "\x1b[0m", f"{name}   Traceback", "Cell In[1], line 1"]
    text = "\n".join([*trace, *around, f"{name}: {said}"])
    return {"output_type": "error", "ename": name, "evalue": said, "traceback": [text]}


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def shown(**data: str) -> dict[str, Any]:
    named = {kind.replace("_", "/"): value for kind, value in data.items()}
    return {"output_type": "display_data", "data": named, "metadata": {}}


def ran(cell: dict[str, Any], *outputs: dict[str, Any]) -> dict[str, Any]:
    return {**cell, "outputs": list(outputs)}


def markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def page_of(
    *cells: dict[str, Any], language: str = "en", show_hidden: bool = False, **scores: CellScore
) -> str:
    built = feedback_cells({"cells": list(cells)}, scores, show_hidden=show_hidden)
    return page(built, language=language)


def page(cells: tuple[FeedbackCell, ...], **overrides: Any) -> str:
    values: dict[str, Any] = {
        "assignment": "a1",
        "notebook": "one",
        "learner": "Ada",
        "score": 1.0,
        "max_score": 3.0,
        "cells": cells,
    }
    return render_feedback(Feedback(**{**values, **overrides})).decode()


NO_POINTS = CellScore(score=0, max_score=2)


SVG = "<svg onload=alert(1)><script>alert(1)</script></svg>"


NASTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="&#x6a;avascript:alert(1)">x</a>',
    SVG,
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<p style="background:url(http://evil.example/x)">x</p>',
    "<style>@import 'http://evil.example/x';</style>",
    "<meta http-equiv=refresh content='0;url=http://evil.example/'>",
    "<iframe src=http://evil.example/></iframe><iframe srcdoc='<script>alert(1)</script>'>",
    "<form action=http://evil.example/><button>x</button></form>",
    "<base href=http://evil.example/>",
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<link rel=stylesheet href=http://evil.example/x.css>",
    "<video src=http://evil.example/x poster=http://evil.example/y>",
    "<table background=http://evil.example/x><td background=http://evil.example/y>z",
    "</div></main></body></html><body onload=alert(1)>",
    "<div id=main class=skip name=f>x</div><!-- --!><script>alert(1)</script>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "![x](http://evil.example/x.png) ![y](javascript:alert(1)) [z](javascript:alert(1))",
    "[x]: http://evil.example 'onmouseover=alert(1)'\n[x]\n\n<http://evil.example/\"onclick=1>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<a href='http://evil.example/' ping=http://evil.example/p target=_top>x</a>",
    "<textarea></textarea><title></title><svg><style><a title='</style><img src onerror=a>'>",
]
