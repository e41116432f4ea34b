"""The feedback page in a real browser with scripts on, opened as the file that learners get."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from skillmap.grading.feedback_page import CellScore, feedback_cells
from tests.grading.builders import make_cell
from tests.grading.feedback_builders import (
    HIDDEN,
    NASTY,
    NO_POINTS,
    PUBLIC,
    make_error,
    markdown,
    page,
    page_of,
    ran,
    shown,
    stream,
)
from tests.web.browser import CHROMIUM, chromium

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not CHROMIUM.exists(), reason="Chromium is not installed: run `make system-deps`"
    ),
]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DOT = (  # a PNG of one grey point
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)
TABLE = "<table><tr><th>town</th><th>n</th></tr><tr><td>Bø</td><td>3</td></tr></table>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Closed with this module: two of Playwright's loops cannot run in one process.
    with chromium() as one:
        yield one


def opened(browser: Browser, made: str, folder: Path) -> tuple[Page, list[str]]:
    """Open a page; returns what it asked for, said and tried, beside itself."""
    file = folder / "one.html"
    file.write_text(made, encoding="utf-8")
    told: list[str] = []
    view = browser.new_page()
    view.on("request", lambda one: told.append(one.url))
    view.on("requestfailed", lambda one: told.append(f"refused {one.url} by {one.failure}"))
    view.on("console", lambda one: told.append(one.text))
    view.on("pageerror", lambda one: told.append(str(one)))
    view.on("dialog", lambda one: (told.append(one.message), one.dismiss()))
    view.on("popup", lambda one: told.append(one.url))
    view.goto(file.as_uri())
    told.remove(file.as_uri())
    return view, [text for text in told if not text.startswith("data:image/png;base64,")]


def full_page(language: str) -> str:
    source = f"{PUBLIC}\n{HIDDEN}"
    return page_of(
        markdown("# Doubles\n\nSee [the docs](https://docs.python.org), `x` and *this*.\n\n> So."),
        ran(make_cell("def double(x):  # mine\n    return 'a' + 5", kind="solution", grade_id="a")),
        ran(
            make_cell("double(3)", kind="plain"),
            stream("\x1b[31mred\x1b[0m\n"),
            shown(text_html=TABLE * 3),
            shown(image_png=DOT),
            shown(application_javascript="alert(1)"),
        ),
        ran(make_cell(source, grade_id="t"), make_error(source, 1, said="double(3) gave 5")),
        ran(make_cell(source, grade_id="u"), make_error(source, 3, said="secret_case")),
        make_cell("An essay " * 90, kind="manual", grade_id="e"),
        language=language,
        a=CellScore(comment="Well done.\nGo on."),
        t=CellScore(score=1, max_score=2),
        u=NO_POINTS,
        e=CellScore(max_score=3, needs_manual_grade=True),
        gone=CellScore(score=None, max_score=1),
        d=CellScore(score=1, max_score=1),
    )


@pytest.mark.parametrize("language", ["en", "nb"])
def test_the_page_fits_and_passes_axe(browser: Browser, tmp_path: Path, language: str) -> None:
    view, told = opened(browser, full_page(language), tmp_path)
    view.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

    for width, scheme in product((360, 1280), ("light", "dark")):
        view.set_viewport_size({"width": width, "height": 800})
        view.emulate_media(color_scheme=scheme)
        found = Axe().run(view, options={"runOnly": {"type": "tag", "values": RULES}})
        assert found.violations_count == 0, f"{width} {scheme}\n{found.generate_report()}"
        assert view.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    assert told == []
    view.close()


@pytest.mark.parametrize("is_raw", [False, True])
def test_hostile_outputs_run_nothing_and_ask_for_nothing(
    browser: Browser, tmp_path: Path, is_raw: bool
) -> None:
    cells = [markdown("\n\n".join(NASTY))]
    for text in ["".join(NASTY), *NASTY]:
        outputs = [shown(text_html=text), shown(text_markdown=text), stream(text)]
        cells.append(ran(make_cell(text, grade_id="t"), *outputs))
    score = CellScore(score=0, max_score=1, comment="".join(NASTY), reason=NASTY[0])
    made = page(feedback_cells({"cells": cells}, {"t": score}), learner=NASTY[0], notebook=NASTY[1])
    if is_raw:  # what if the cleaning had a hole: the policy alone holds
        made = made.replace("<section", f"{''.join(without_navigation(NASTY))}<section", 1)

    view, told = opened(browser, made, tmp_path)
    view.wait_for_load_state("networkidle")
    at_first = view.url
    view.keyboard.press("Tab")

    if is_raw:
        assert told
        asked = {text for text in told if "Content Security Policy" not in text}
        refused = {text for text in asked if text.startswith("refused ")}
        assert {f"refused {url} by csp" for url in asked - refused} == refused
    else:
        assert told == []
        assert view.locator("script, iframe, svg, object, form, base, link").count() == 0
    assert view.url == at_first
    view.close()


def without_navigation(nasty: list[str]) -> list[str]:
    # A policy in a page cannot forbid leaving it.
    return [text for text in nasty if "refresh" not in text and "evil" not in text]


def test_a_print_leaves_out_what_only_a_screen_needs(browser: Browser, tmp_path: Path) -> None:
    view, _ = opened(browser, full_page("en"), tmp_path)

    pdf = view.pdf(prefer_css_page_size=True)

    assert pdf.startswith(b"%PDF")
    view.emulate_media(media="print")
    assert not view.locator(".skip").is_visible()
    assert not view.locator(".back").first.is_visible()
    view.close()


def test_the_list_leads_to_each_cell_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    view, _ = opened(browser, full_page("en"), tmp_path)

    for link in view.locator(".list a").all():
        link.press("Enter")
        place = view.evaluate("location.hash.slice(1)")
        assert view.locator(f"#{place}").is_visible()
    view.close()
