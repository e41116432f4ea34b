"""The pages in a real browser: as phones, laptops, dark rooms and printers show them."""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, StorageState

from skillmap.model import AssignmentId, Course, ItemTier, PersonId, Regrading
from skillmap.store import Database, disputes, item_tests, open_database, pairings
from skillmap.web import add_link, create_app
from skillmap.workflows.disputes import DisputeOffice
from tests.web.browser import CHROMIUM, chromium, served
from tests.web.conftest import TickingClock
from tests.web.world import DOT, NOW, ask_about, make_work, publish_draft, said, saw

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not CHROMIUM.exists(), reason="Chromium is not installed: run `make system-deps`"
    ),
]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PAGES = (
    ("amina", "/login"),
    ("amina", "/learner"),
    ("amina", "/learner/skills"),
    ("amina", "/learner/skills/loops"),
    ("amina", "/learner/skills/testing"),
    ("amina", "/learner/evidence"),
    ("amina", "/learner/openings"),
    ("amina", "/learner/mentor"),
    ("selam", "/learner"),
    ("farid", "/learner/mentor"),
    ("kari", "/mentor"),
    ("kari", "/mentor/brief/{learner}"),
    ("kari", "/mentor/skill/{learner}/loops"),
    ("kari", "/mentor/attest/{learner}"),
    ("kari", "/mentor/attest/{learner}/thanks"),
    ("siri", "/instructor"),
    ("siri", "/instructor/items"),
    ("amina", "/learner/dispute/py1/tasks/t0"),
    ("amina", "/learner/dispute/py1/tasks/t1"),
    ("siri", "/instructor/dispute/1"),
    ("siri", "/instructor/dispute/2"),
    ("bjorn", "/coordinator"),
    ("bjorn", "/coordinator/publish"),
    ("amina", "/nowhere"),
)


TABLE = "<table><tr><th>navn</th><th>sum</th></tr><tr><td>a</td><td>1</td></tr></table>"
OUTPUTS = (
    {"output_type": "stream", "name": "stdout", "text": "a long line of many words " * 12},
    {"output_type": "display_data", "data": {"image/png": DOT}, "metadata": {}},
    {"output_type": "display_data", "data": {"text/html": TABLE}, "metadata": {}},
)


def question_grades(database: Database) -> None:
    """One question that is open and one that is answered; some tests are not tamper-proof."""
    long = "The task says that double(3) is 6, and my function gives 6 on my machine.\n" * 3
    ask_about(database, text=long)
    answered = ask_about(database, item="py1/tasks/t1")
    tiers = [
        ItemTier(
            assignment=AssignmentId("py1"),
            notebook="tasks",
            grade_id=f"t{n}",
            tier=tier,
            reason=None if tier == "value" else "Later cells use what this test makes.",
            decided_at=NOW,
        )
        for n, tier in enumerate(("value", "in-kernel", "value"))
    ]
    with database.begin() as session:
        siri = PersonId("siri")
        disputes.answer(session, answered.id, "You are right.", by=siri, at=NOW, score=2)
        item_tests.record_tiers(session, AssignmentId("py1"), tiers)
        mended = Regrading(assignment=AssignmentId("py1"), item=None, at=NOW)
        item_tests.record_regrading(session, mended)


class Visits:
    """Opens pages as a person; each person logs in once."""

    def __init__(self, browser: Browser, address: str, database: Database) -> None:
        self.browser, self.address, self.database = browser, address, database
        self.said: list[str] = []
        self._states: dict[str, StorageState] = {}

    def open(self, person: str, path: str, *, width: int = 1280, **look: Any) -> Page:
        state = None if path == "/login" else self._state(person)
        context = self.browser.new_context(
            viewport={"width": width, "height": 800}, storage_state=state, **look
        )
        page = context.new_page()
        self.said.clear()
        page.on("console", lambda message: self.said.append(message.text))
        page.goto(self.address + path.replace("{learner}", self._mentee_of_kari()))
        return page

    def _state(self, person: str) -> StorageState:
        if person not in self._states:
            hour = timedelta(hours=1)
            link = add_link(self.database, PersonId(person), clock=TickingClock(), valid_for=hour)
            page = self.browser.new_page()
            page.goto(self.address + link)
            page.get_by_role("button", name=re.compile("Log me in|Logg meg inn")).click()
            self._states[person] = page.context.storage_state()
            page.context.close()
        return self._states[person]

    def _mentee_of_kari(self) -> str:
        with self.database.begin(is_read_only=True) as session:
            return min(p.learner for p in pairings.published(session) if p.mentor == "kari")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Closed with this module: two of Playwright's loops cannot run in one process.
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def visits(
    browser: Browser,
    world_file: tuple[Path, Course],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Visits]:
    file, course = world_file
    copy = tmp_path_factory.mktemp("browser") / "skillmap.db"
    copyfile(file, copy)
    database = open_database(f"sqlite:///{copy}")
    publish_draft(database)
    question_grades(database)
    saw(database)
    saw(database, consents=False)
    said(database)
    work = make_work(tmp_path_factory.mktemp("work"), outputs=OUTPUTS)
    office = DisputeOffice(work, clock=TickingClock())
    with served(create_app(database, course, clock=TickingClock(), office=office)) as address:
        yield Visits(browser, address, database)
    database.close()


@pytest.mark.parametrize(("person", "path"), PAGES)
def test_each_page_fits_passes_axe_and_keeps_its_policy(
    visits: Visits, person: str, path: str
) -> None:
    page = visits.open(person, path, reduced_motion="reduce")
    assert [text for text in visits.said if "Content Security Policy" in text] == []
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

    for width, scheme in product((360, 1280), ("light", "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
        assert found.violations_count == 0, f"{width} {scheme}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    page.context.close()


def test_everything_works_without_javascript_and_asks_no_other_host(visits: Visits) -> None:
    # She logs out in the end; nobody else's visit uses her session.
    page = visits.open("oksana", "/learner", java_script_enabled=False)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.get_by_role("button", name="Stop sharing now").click()
    page.get_by_role("button", name="Share with my mentor").click()
    for name in ("Skills", "Jobs", "Mentor", "Today"):
        page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("button", name="Log out").click()

    assert page.url == f"{visits.address}/login"
    assert asked
    assert all(url.startswith(visits.address) for url in asked)
    page.context.close()


def test_the_brief_prints_on_one_page(visits: Visits, tmp_path: Path) -> None:
    page = visits.open("kari", "/mentor/brief/{learner}")

    pdf = page.pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    page.context.close()


def test_a_right_to_left_page_mirrors(visits: Visits) -> None:
    page = visits.open("amina", "/learner/skills", width=360)
    mark = page.locator(".mark")
    left = mark.bounding_box()

    page.evaluate("document.documentElement.dir = 'rtl'")
    right = mark.bounding_box()

    assert left
    assert right
    assert left["x"] + right["x"] + right["width"] == pytest.approx(360, abs=2)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.close()


def test_targets_are_large_enough_for_a_thumb(visits: Visits) -> None:
    page = visits.open("amina", "/learner", width=360)

    for button in page.locator("button, .tabs a, summary, .button").all():
        box = button.bounding_box()
        assert box is None or box["height"] >= 44
    page.context.close()


@pytest.mark.parametrize(
    "name",
    ["Олександра-Вікторія Мрійченко-Загорулько", "ریحانه کاوه‌پور نورستانی بختیاری", "W" * 60],
)
@pytest.mark.parametrize("width", [360, 390])
def test_the_bar_on_top_is_one_line_for_every_name(visits: Visits, name: str, width: int) -> None:
    page = visits.open("amina", "/learner", width=width)
    page.locator(".who").evaluate("(who, name) => { who.textContent = name }", name)

    mark, who, leave = (page.locator(one).bounding_box() for one in (".mark", ".who", ".quiet"))

    assert mark
    assert who
    assert leave
    assert mark["height"] == leave["height"] == 44
    assert mark["y"] == leave["y"]
    assert mark["x"] + mark["width"] <= who["x"]
    assert who["x"] + who["width"] <= leave["x"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.close()


@pytest.mark.parametrize("person", ["amina", "ingrid"])
@pytest.mark.parametrize("width", [320, 360])
def test_the_tabs_of_a_learner_stand_on_one_line_on_a_phone(
    visits: Visits, person: str, width: int
) -> None:
    page = visits.open(person, "/learner", width=width)

    boxes = [tab.bounding_box() for tab in page.locator(".tabs a").all()]

    assert len(boxes) == 4
    assert len({(box["y"], box["height"]) for box in boxes if box}) == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.close()
