"""Nothing that a learner or their code writes runs in a feedback page, or is fetched by it."""

import json
import re
from base64 import b64encode
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmap.grading.feedback_clean import clean_html, markdown_html, picture_source
from skillmap.grading.feedback_page import (
    CellScore,
    feedback_cells,
)
from tests.grading.builders import make_cell
from tests.grading.feedback_builders import (
    NASTY,
    NO_POINTS,
    PNG,
    markdown,
    page,
    page_of,
    ran,
    shown,
    stream,
)

ALLOWED = {"href", "rel", "src", "alt", "colspan", "rowspan", "scope", "start"}


OURS = {"class", "id", "lang", "dir", "tabindex", "role", "name", "content", "charset"}


OURS |= {"aria-label", "aria-labelledby", "http-equiv"}


class Tags(HTMLParser):
    """Collects the elements of a page, as a parser sees them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_what_cannot_be_seen_is_written_out() -> None:
    nasty = "if ad\u202emin: \ud800 \u2066 \x07"

    made = page_of(
        ran(make_cell(nasty), stream(nasty), shown(text_html=f"<p>{nasty}&#x202e;</p>")),
        markdown(f"{nasty} &#x202e;"),
    )

    assert made.count("⟨U+202E⟩") == 6
    assert "⟨U+D800⟩" in made
    assert not re.search("[\u202e\u2066\x07]", made)


@pytest.mark.parametrize(
    ("kind", "data", "is_shown"),
    [
        ("image/png", PNG, True),
        ("image/png", PNG[:8] + "\n" + PNG[8:], True),
        ("image/jpeg", PNG, False),
        ("image/png", b64encode(b"<svg onload=alert(1)>").decode(), False),
        ("image/png", PNG + '" onerror="alert(1)', False),
        ("image/png", "A" * 2_000_000, False),
        ("image/svg+xml", PNG, False),
    ],
)
def test_a_picture_is_what_it_says_or_is_not_shown(kind: str, data: str, is_shown: bool) -> None:
    source = picture_source(kind, data)

    assert (source is not None) is is_shown
    assert source is None or re.fullmatch(r"data:image/png;base64,[A-Za-z0-9+/=]+", source)


def test_tables_and_data_pictures_of_html_stay_and_all_else_becomes_text() -> None:
    html = (
        "<style>b{}</style><table border=1 class=dataframe style='x'><tr><th scope=col>a</th>"
        f"<td colspan=2>1</td></tr></table><img src='data:image/png;base64,{PNG}' onerror=x>"
        "<img src=http://evil.example/x.png alt=cat><h1 onclick=x>Head</h1>"
    )

    cleaned = clean_html(html, picture="Picture")

    assert cleaned is not None
    assert '<table><tbody><tr><th scope="col">a</th><td colspan="2">1</td></tr>' in cleaned
    assert f'<img alt="Picture" src="data:image/png;base64,{PNG}">' in cleaned
    assert '<span class="gone">cat</span>' in cleaned
    assert "<div>Head</div>" in cleaned
    assert "evil" not in cleaned


@pytest.mark.parametrize("html", ["<div>" * 5000, "<b>" * 1000, "x" * 100_001])
def test_html_that_would_take_long_to_read_is_not_read(html: str) -> None:
    assert clean_html(html, picture="") is None


def test_headings_go_down_one_step_at_a_time() -> None:
    html, level = markdown_html("# a\n### b\n###### c\n# d", picture="", above=2)

    assert re.findall(r"<h(\d)>", html) == ["3", "4", "5", "3"]
    assert level == 3


def test_tangled_markdown_is_shown_as_it_was_written() -> None:
    html, _ = markdown_html("![" * 5000, picture="", above=2)

    assert html.startswith("<pre>![![")


PIECES = ["<", ">", "'", '"', "=", "/", "&lt;", "\0", "\u202e", "\ud800", "onload=", " src=", "`"]


PIECES += ["](", "![", "\n\n", "http://evil.example"]


nasty_text = st.lists(
    st.one_of(st.sampled_from(NASTY), st.sampled_from(PIECES), st.text(max_size=5)), max_size=8
).map("".join)


def assert_harmless(made: str) -> None:
    assert "<script" not in made.lower()
    for tag, attributes in Tags(made).found:
        assert set(attributes) <= ALLOWED | OURS, (tag, attributes)
        assert tag not in {"iframe", "object", "embed", "form", "base", "link", "svg", "math"}
        assert not any(name.startswith("on") for name in attributes)
        source = attributes.get("src")
        assert source is None or source.startswith(("data:image/png;", "data:image/jpeg;"))
        href = attributes.get("href")
        assert href is None or href.startswith(("#cell-", "#list", "#main", "http://", "https://"))
        if href and not href.startswith("#"):
            assert attributes["rel"] == "noopener noreferrer nofollow"
    assert [tag for tag, _ in Tags(made).found].count("meta") == 4
    assert [tag for tag, _ in Tags(made).found].count("style") == 1


@pytest.mark.slow
@given(text=nasty_text)
@settings(max_examples=200, deadline=None)
def test_nothing_that_a_learner_writes_runs_or_is_fetched(text: str) -> None:
    outputs = [
        shown(text_html=text),
        shown(text_markdown=text),
        shown(text_latex=text),
        shown(image_png=text, text_plain=text),
        shown(application_javascript=text),
        stream(text),
        {"output_type": "error", "ename": text, "evalue": text, "traceback": [text]},
    ]
    cells = [markdown(text), ran(make_cell(text, grade_id="t"), *outputs)]
    score = CellScore(score=0, max_score=1, comment=text, reason=text, note=text)
    built = feedback_cells({"cells": cells}, {"t": score, text: score})

    made = page(built, learner=text, notebook=text, assignment=text, flags=(text,))

    assert_harmless(made)


@pytest.mark.slow
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["cells", "source", "outputs", "metadata", "nbgrader", "data"])
                | st.sampled_from(["grade_id", "output_type", "text", "traceback", "text/html"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
@settings(max_examples=200, deadline=None)
def test_a_malformed_notebook_still_gives_a_page(anything: Any) -> None:
    cell = {"outputs": anything, **as_dict(anything)}
    notebook = json.loads(json.dumps({"cells": [anything, cell, {**cell, "cell_type": "code"}]}))

    built = feedback_cells(notebook, {"t": NO_POINTS})

    assert page(built).startswith("<!doctype html>")


def as_dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {"source": value}
