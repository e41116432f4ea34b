"""A grade in question, on the pages: who may ask, who reads, what is refused, what is shown."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from skillmap.model import AssignmentId, Dispute, DisputeId, ItemTier, Regrading, item_id
from skillmap.store import access, disputes, item_tests, responses
from skillmap.store.disputes import MAX_OPEN, MAX_TEXT
from skillmap.web import create_app
from skillmap.workflows.disputes import DisputeOffice
from tests.web.conftest import Site, csrf_of
from tests.web.test_pages import hostile, text_of
from tests.web.world import DOT, NOW, ask_about, make_work

PAGE = "/learner/dispute/py1/tasks/t1"
PY1 = AssignmentId("py1")


def ask(site: Site, text: str, *, person: str = "amina", path: str = PAGE) -> int:
    client = site.visitor(person)
    form = {"csrf": csrf_of(client.get("/learner").text), "text": text}
    return client.post(path, data=form).status_code


def answer(site: Site, number: int, **form: str) -> int:
    client = site.visitor("siri")
    path = f"/instructor/dispute/{number}"
    return client.post(path, data={"csrf": csrf_of(client.get(path).text), **form}).status_code


def found(site: Site, number: int = 1) -> Dispute:
    with site.database.begin(is_read_only=True) as session:
        return disputes.find(session, DisputeId(number))


def of_amina(site: Site) -> Sequence[Dispute]:
    with site.database.begin(is_read_only=True) as session:
        return disputes.of_learner(session, found(site).learner)


def test_a_question_is_answered_where_it_was_asked(site: Site) -> None:
    assert "Is this wrong?" in site.visitor("amina").get("/learner").text
    assert ask(site, "My answer\r\nis right.") == 303
    assert found(site).text == "My answer\nis right."
    assert "Waits for an answer" in site.visitor("amina").get("/learner").text

    assert "/instructor/dispute/1" in site.visitor("siri").get("/instructor").text
    assert answer(site, 1, words="It is not, look at line 3.", score="") == 303

    said = text_of(site.visitor("amina").get("/learner").text)
    assert "look at line 3." in said
    assert "Siri Holm answered on 23 Nov 2026" in re.sub(r"\s+", " ", said)
    assert "The score stays at" in said


def test_without_a_gradebook_a_new_score_is_kept_and_waits(site: Site) -> None:
    ask(site, "It is right.")

    assert answer(site, 1, words="Yes.", score="1,5") == 303

    assert found(site).new_score == 1.5
    assert found(site).waits_for_gradebook
    assert "1 new score waits for the gradebook" in site.visitor("siri").get("/instructor").text
    assert "It becomes 1.5" in site.visitor("amina").get("/learner").text


@pytest.mark.parametrize("text", ["", "  \r\n ", "x" * (MAX_TEXT + 1)])
def test_a_text_that_cannot_be_kept_comes_back_with_words(site: Site, text: str) -> None:
    assert ask(site, text) == 422

    with site.database.begin() as session:
        assert disputes.count(session) == {}


def test_one_question_at_a_time_about_one_grade(site: Site) -> None:
    assert ask(site, "First.") == 303

    assert ask(site, "Second.") == 422

    assert [one.text for one in of_amina(site)] == ["First."]
    assert 'name="text"' not in site.visitor("amina").get(PAGE).text


def test_a_learner_has_a_bounded_number_of_open_questions(site: Site) -> None:
    ask(site, "First.")
    dispute = found(site)
    with site.database.begin() as session:
        # Other items than those of the course: only the number counts.
        about = responses.current(session, learner=dispute.learner)[0]
        for n in range(MAX_OPEN - 1):
            other = replace(about, item=item_id("py1", "tasks", f"x{n}"))
            disputes.raise_dispute(session, other, "x", at=NOW)

    assert ask(site, "One more.", path="/learner/dispute/py1/tasks/t2") == 422


@pytest.mark.parametrize(
    "path",
    [
        "/learner/dispute/py1/tasks/zz",
        "/learner/dispute/zz/tasks/t0",
        "/learner/dispute/py1/tasks/%00",
        "/learner/dispute/..%2f..%2fpy1/tasks/t0",
    ],
)
def test_what_a_learner_never_had_graded_is_no_page(site: Site, path: str) -> None:
    assert site.visitor("amina").get(path).status_code == 404
    assert ask(site, "x", path=path) == 404


def test_a_learner_reads_only_their_own_questions(site: Site) -> None:
    ask_about(site.database, "amina", text="the words of amina")

    for person in ("farid", "oksana", "kari", "bjorn"):
        client = site.visitor(person)
        for path in ("/learner", "/learner/dispute/py1/tasks/t0", "/coordinator", "/mentor"):
            assert "the words of amina" not in client.get(path).text


def test_only_its_learner_withdraws_a_question(site: Site) -> None:
    ask_about(site.database)
    for person, status in (("farid", 404), ("amina", 303), ("amina", 303)):
        client = site.visitor(person)
        form = {"csrf": csrf_of(client.get("/learner").text)}
        assert client.post("/learner/withdraw/1", data=form).status_code == status
        assert found(site).state == ("open" if person == "farid" else "withdrawn")

    assert answer(site, 1, words="Too late.") == 422
    assert "Taken back" in site.visitor("amina").get("/learner").text


@pytest.mark.parametrize("number", ["2", "0", "-1", "x", "1x", "9" * 40, "%00", "²"])
def test_a_number_that_is_none_is_no_page(site: Site, number: str) -> None:
    ask_about(site.database)

    assert site.visitor("siri").get(f"/instructor/dispute/{number}").status_code == 404


@pytest.mark.parametrize("score", ["-1", "2.1", "nan", "inf", "many", "1e999"])
def test_a_score_that_the_item_cannot_give_is_refused(site: Site, score: str) -> None:
    ask_about(site.database)

    assert answer(site, 1, words="Yes.", score=score) == 422

    assert found(site).state == "open"


def test_each_look_at_a_question_is_kept(site: Site) -> None:
    dispute = ask_about(site.database)

    site.visitor("siri").get("/instructor/dispute/1")

    with site.database.begin(is_read_only=True) as session:
        [view] = access.of(session, dispute.learner)
    assert (view.who, view.what) == ("siri", "access.what.dispute")


def test_a_coordinator_sees_how_many_and_nothing_else(site: Site) -> None:
    ask_about(site.database, text="the words of amina")

    page = site.visitor("bjorn").get("/coordinator").text

    assert re.search(r"Spørsmål om vurderinger</dt><dd class=\"num\">1<", page)
    assert "the words of amina" not in page


def test_a_class_graded_again_reads_so(site: Site) -> None:
    mended = Regrading(assignment=PY1, item=item_id("py1", "tasks", "t0"), at=NOW)
    before = Regrading(assignment=AssignmentId("py2"), item=None, at=NOW - timedelta(days=300))
    with site.database.begin() as session:
        item_tests.record_regrading(session, mended)
        item_tests.record_regrading(session, before)

    said = re.sub(r"\s+", " ", text_of(site.visitor("amina").get("/learner").text))

    assert said.count("Graded again on 23 Nov 2026") == 1
    assert "because the test of Sum what is even (py1) was mended" in said


def test_an_instructor_reads_which_tests_are_not_tamper_proof_and_why(site: Site) -> None:
    assert "not known yet which tests" in site.visitor("siri").get("/instructor").text
    tiers = [
        ItemTier(
            assignment=PY1,
            notebook="tasks",
            grade_id=f"t{n}",
            tier=tier,
            reason=reason,
            decided_at=NOW,
        )
        for n, (tier, reason) in enumerate(
            [("value", None), ("in-kernel", "Later cells use <what> this test makes.")]
        )
    ]
    with site.database.begin() as session:
        item_tests.record_tiers(session, PY1, tiers)

    page = site.visitor("siri").get("/instructor").text

    assert "1 test is not tamper-proof" in page
    assert "Later cells use &lt;what&gt; this test makes." in page
    assert page.count("Kept apart") == page.count("Not tamper-proof") == 1


def with_office(site: Site, root: Path, outputs: Sequence[dict[str, Any]]) -> Site:
    office = DisputeOffice(make_work(root, outputs=outputs), clock=site.clock)
    return replace(
        site, app=create_app(site.database, site.course, clock=site.clock, office=office)
    )


@pytest.mark.slow
def test_the_work_is_shown_and_nothing_in_it_runs(site: Site, tmp_path: Path) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=y><a href='javascript:x'>a</a><b>bold</b>"
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": evil + "\u202e"},
        {"output_type": "display_data", "data": {"text/html": evil}, "metadata": {}},
        {"output_type": "display_data", "data": {"image/png": DOT}, "metadata": {}},
    ]
    ask_about(site.database)

    page = with_office(site, tmp_path, outputs).visitor("siri").get("/instructor/dispute/1")

    assert page.status_code == 200
    assert "double" in page.text
    assert "Did not pass" in page.text
    assert "<b>bold</b>" in page.text
    assert page.text.count("data:image/png;base64,") == 1
    assert "⟨U+202E⟩" in page.text
    assert not re.search(r"<script|onerror=y>|<img src=\"?x|href=\"javascript", page.text)
    assert "img-src 'self' data:" in page.headers["content-security-policy"]
    assert "data:" not in site.visitor("siri").get("/instructor").headers["content-security-policy"]


@pytest.mark.slow
def test_work_that_cannot_be_read_leaves_the_page_usable(site: Site, tmp_path: Path) -> None:
    ask_about(site.database, item="py1/tasks/t1")

    page = with_office(site, tmp_path, []).visitor("siri").get("/instructor/dispute/1").text

    assert "cannot be read from here" in page
    assert 'name="words"' in page


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=hostile, words=hostile)
def test_what_both_sides_write_never_becomes_markup(site: Site, text: str, words: str) -> None:
    ask(site, text)
    with site.database.begin(is_read_only=True) as session:
        opened = disputes.opened(session)
    for dispute in opened:
        pages = [("siri", "/instructor"), ("siri", f"/instructor/dispute/{dispute.id}")]
        check_markup(site, [*pages, ("amina", "/learner"), ("amina", PAGE)])
        if answer(site, dispute.id, words=words) != 303:
            answer(site, dispute.id, words="No.")
        check_markup(site, [("amina", "/learner"), ("amina", PAGE), pages[1]])


def check_markup(site: Site, pages: Sequence[tuple[str, str]]) -> None:
    for person, path in pages:
        html = site.visitor(person).get(path).text
        assert html.count("<html") == html.count("</main>") == 1
        assert not re.search(r"<script|<img|onerror=y>|href=\"(?!/|https?://|#)", html)
        assert html.count("<bdi") == html.count("</bdi>")
