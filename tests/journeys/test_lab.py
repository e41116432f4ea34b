"""A learner's evening in a real JupyterLab: fetch, solve, hand in; then the grading that follows.

The evening happens once; each test states one law that it kept.
"""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from playwright.sync_api import Page
from typer.testing import CliRunner

from skillmap.cli import app
from skillmap.content import find_content, read_answers
from skillmap.model import AssignmentId, LearnerId, PersonId
from skillmap.store import open_database, responses
from skillmap.store.attempts import graded_attempts
from tests.web.browser import CHROMIUM, chromium

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not CHROMIUM.exists(), reason="Chromium is not installed: run `make system-deps`"
    ),
]

LEARNER = LearnerId(PersonId("learner-01"))
ASSIGNMENT = AssignmentId("python-1-values")
SOLVED = {f"{ASSIGNMENT}/values/is_open_public", f"{ASSIGNMENT}/values/is_open_more"}
SKILLMAP = Path(sys.executable).parent / "skillmap"
PATIENCE_S = 60  # ten times what a step takes here, for a machine that is busy
PEOPLE = f'[[learners]]\nid = "{LEARNER}"\nname = "Amina Ezzahra"\n'


@dataclass(kw_only=True)
class Evening:
    """What was seen while the learner worked, and what it left behind."""

    course: Path
    home: Path
    menu: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    n_kernels: int = 0
    left_over: list[psutil.Process] = field(default_factory=list)
    exit_code: int | None = None
    at_home: list[Path] = field(default_factory=list)
    graded: str = ""
    before: Any = None
    after: Any = None


def run(course: Path, *args: str) -> str:
    result = CliRunner().invoke(app, ["--course", str(course), *args], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    root = tmp_path_factory.mktemp("evening")
    seen = Evening(course=root / "course", home=root / "home")
    seen.home.mkdir()
    set_up(seen.course)
    seen.before = profile(seen.course)
    with lab(seen) as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.set_default_timeout(PATIENCE_S * 1000)
        page.on("console", lambda m: seen.errors.append(m.text) if m.type == "error" else None)
        try:
            ask_for_instructor_tools(seen, address)
            fetch(seen, page, address)
            solve(seen, page)
            hand_in(page)
        finally:
            page.screenshot(path=root / "end.png")
    seen.at_home = list(seen.home.rglob("*"))
    with skillmap(seen, "grade", stdout=subprocess.PIPE, text=True) as grading:
        seen.graded, _ = grading.communicate(timeout=PATIENCE_S)
    seen.after = profile(seen.course)
    return seen


def set_up(course: Path) -> None:
    CliRunner().invoke(app, ["init", str(course), "--id", "spring"], catch_exceptions=False)
    people = course / "people.toml"
    people.write_text(PEOPLE, encoding="utf-8")
    run(course, "people", "--import", str(people))
    run(course, "release", ASSIGNMENT)


def profile(course: Path) -> Any:
    run(course, "profile")
    return json.loads(run(course, "profile", LEARNER, "--json"))


def skillmap(seen: Evening, *args: str, **how: Any) -> "subprocess.Popen[str]":
    """Start the command as its own process, with a home of its own."""
    env = {**os.environ, "HOME": str(seen.home)}
    return subprocess.Popen([str(SKILLMAP), "--course", str(seen.course), *args], env=env, **how)


@contextmanager
def lab(seen: Evening) -> Iterator[str]:
    """Open the Lab at a terminal, yield its address, and end it with one interrupt."""
    terminal, keyboard = pty.openpty()
    words = ("lab", "--as", LEARNER, "--no-browser", "--port", "0")
    out = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    try:
        with skillmap(seen, *words, stdin=keyboard, **out) as process:
            try:
                yield address_of(process)
                interrupt(seen, process)
            finally:
                process.kill()
    finally:
        os.close(terminal)
        os.close(keyboard)


def interrupt(seen: Evening, process: "subprocess.Popen[str]") -> None:
    kernels = psutil.Process(process.pid).children(recursive=True)
    seen.n_kernels = len(kernels)
    process.send_signal(signal.SIGINT)
    seen.exit_code = process.wait(timeout=PATIENCE_S)
    _, seen.left_over = psutil.wait_procs(kernels, timeout=10)


def address_of(process: "subprocess.Popen[str]") -> str:
    said = []
    watchdog = threading.Timer(PATIENCE_S, process.kill)
    watchdog.start()
    try:
        for line in process.stdout or ():
            said.append(line)
            found = re.search(r"http://127\.0\.0\.1:\d+/lab\?token=\w+", line)
            if found:
                return found.group()
    finally:
        watchdog.cancel()
    pytest.fail("The Lab did not start:\n" + "".join(said))


def ask_for_instructor_tools(seen: Evening, address: str) -> None:
    for path in ("formgrader", "formgraders", "assignments?course_id=spring"):
        answer = httpx.get(address.replace("lab?", f"{path}{'&' if '?' in path else '?'}"))
        seen.answers[path.partition("?")[0]] = answer.status_code


def fetch(seen: Evening, page: Page, address: str) -> None:
    page.goto(address.replace("/lab?", "/lab?reset&"))
    # The launcher comes when the workspace is restored; a panel opened earlier would vanish.
    page.locator("#jp-main-dock-panel").get_by_text("Launcher").wait_for()
    page.get_by_role("menuitem", name="Nbgrader").click()
    entries = page.locator(".lm-Menu-itemLabel")
    entries.first.wait_for()
    seen.menu = [text for text in entries.all_inner_texts() if text]
    page.get_by_role("menuitem", name="Assignment List").click()
    page.get_by_role("button", name="Fetch").click()
    page.locator("#fetched_assignments_list").get_by_text(ASSIGNMENT).wait_for()


def solve(seen: Evening, page: Page) -> None:
    page.locator("#fetched_assignments_list").get_by_text(ASSIGNMENT).click()
    page.get_by_role("link", name="values", exact=True).click()
    page.get_by_text("| Idle").wait_for()
    cell = page.locator(".jp-NotebookPanel .jp-CodeCell").filter(has_text="def is_open(")
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(right_answer(seen.course))
    page.keyboard.press("Shift+Enter")
    cell.get_by_text("[1]:", exact=True).wait_for()
    seen.dialogs = page.locator(".jp-Dialog").all_inner_texts()
    with page.expect_response(is_save):
        page.keyboard.press("Control+S")


def right_answer(course: Path) -> str:
    answers = read_answers(find_content(course), ASSIGNMENT)
    return next(one.right for one in answers if one.cell == "is_open")


def is_save(response: Any) -> bool:
    return response.request.method == "PUT" and "/api/contents/" in response.url


def hand_in(page: Page) -> None:
    page.get_by_role("tab", name="Assignments").click()
    page.get_by_role("button", name="Submit").click()
    page.locator("#submitted_assignments_list").get_by_text(ASSIGNMENT).first.wait_for()


def test_a_learner_finds_the_assignment_list_and_no_instructor_s_tool(evening: Evening) -> None:
    assert evening.menu == ["Assignment List"]
    assert evening.answers == {"formgrader": 404, "formgraders": 404, "assignments": 200}


def test_a_notebook_opens_with_its_kernel_and_asks_nothing(evening: Evening) -> None:
    assert evening.n_kernels == 1
    assert evening.dialogs == []
    assert [error for error in evening.errors if "plugin" in error] == []


def test_what_was_handed_in_is_an_attempt_in_the_log(evening: Evening) -> None:
    database = open_database(f"sqlite:///{evening.course / 'skillmap.db'}")
    with database.begin(is_read_only=True) as session:
        attempts = graded_attempts(session, assignment=ASSIGNMENT)
        log = responses.current(session, learner=LEARNER)
    database.close()

    assert [(one.attempt.learner, one.attempt.number) for one in attempts] == [(LEARNER, 1)]
    assert "1 graded, 0 not graded" in evening.graded
    assert {one.item for one in log if one.fraction == 1} == SOLVED
    assert len(log) == 10


def test_the_profile_moves_with_the_grading(evening: Evening) -> None:
    assert all(line["estimate"]["n_items"] == 0 for line in evening.before["lines"])
    assert any(line["estimate"]["n_items"] > 0 for line in evening.after["lines"])


def test_one_interrupt_ends_the_lab_and_its_kernels(evening: Evening) -> None:
    assert evening.exit_code == 0
    assert evening.left_over == []


def test_the_lab_leaves_nothing_in_the_home_of_who_started_it(evening: Evening) -> None:
    assert evening.at_home == []
