from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmap.reading import plain_text
from skillmap.reading.plain_text import MAX_CHARS


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<ul><li>One</li><li><p>Two</p></li></ul>", "- One\n- Two"),
        ("<h2>Head</h2><div>a</div><div>b</div>", "Head\n\na\nb"),
        ("<b>Py</b>thon &amp; C&#35;&nbsp;1 &lt; 2", "Python & C# 1 < 2"),
        ("a<script>x()</script><style>b{}</style><!-- c <p>d</p> -->e", "ae"),
        ("a\n   b", "a\nb"),
        ("<p>a\n   b</p>", "a b"),
        ("1 < 2 <b>og</b> 3 > 2", "1 < 2 og 3 > 2"),
        ("<p>blå\u00adbær</p>", "blåbær"),
        ("<li></li><li>x</li>", "- x"),
        ("<script>never closed", ""),
        ("<!-- never closed", ""),
        ("<![if x]>a<?php b ?><!DOCTYPE html>", "a"),
        ("", ""),
    ],
)
def test_tags_become_lines(html: str, text: str) -> None:
    assert plain_text(html) == text


@given(st.text(alphabet="<>/!-?[]&#;ab pli'\"=\n", max_size=60))
def test_any_input_gives_an_answer(html: str) -> None:
    text = plain_text(html)

    assert text == text.strip()
    assert "\n\n\n" not in text


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<!--", "<a b='x>", "<![a>", "<script>", "</a ", "&#", "<li>", "\n"]
)
@pytest.mark.slow
def test_hostile_input_costs_no_more_than_its_length(piece: str) -> None:
    began = perf_counter()

    text = plain_text(piece * MAX_CHARS)

    assert perf_counter() - began < 5
    assert len(text) <= 4 * MAX_CHARS
