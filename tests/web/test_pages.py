"""What the pages say and what they never say."""

import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillmap.model import Course, LearnerId, PersonId
from skillmap.store import open_database, openings, pairings, people
from skillmap.web import create_app
from tests.web.conftest import Site, TickingClock, csrf_of
from tests.web.world import NOW, add_people, make_learner, make_opening, publish_draft

LEARNER_PAGES = ("/learner", "/learner/skills", "/learner/openings", "/learner/mentor")
FORBIDDEN = (
    r"\brank(ed|ing)?\b|percentile|top \d|better than|worse than|average|plagiar|suspicio|"
    r"nationality|religion|residen|health|benefit|\bweak(ness)?\b(?! *:)|\d+([.,]\d+)? ?%|logit|"
    r"rangering|prosentil|gjennomsnitt|plagiat|mistanke|nasjonalitet|religion|helse|trygd"
)


def text_of(html: str) -> str:
    """Return what a reader sees of the body's main part."""
    main = html.partition("<main")[2].partition("</main>")[0]
    return unescape(re.sub(r"<[^>]*>", " ", main.partition(">")[2]))


def mentees(site: Site) -> list[tuple[str, str]]:
    with site.database.begin() as session:
        return [
            (p.mentor, p.learner)
            for p in pairings.published(session)
            if people.learner(session, p.learner).shares_with_mentor
        ]


def test_a_brief_has_at_most_450_words(site: Site) -> None:
    publish_draft(site.database)

    for mentor, learner in mentees(site):
        html = site.visitor(mentor).get(f"/mentor/brief/{learner}").text
        assert 100 < len(text_of(html).split()) <= 450


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_brief_of_somebody_who_writes_a_lot_still_has_450_words(
    site: Site, language: str
) -> None:
    publish_draft(site.database)
    mentor, learner = mentees(site)[0]
    with site.database.begin() as session:
        known = people.learner(session, LearnerId(PersonId(learner)))
        long = make_learner(learner, name=known.name, topics="a long story " * 500)
        people.save_learner(session, long)

    html = site.visitor(mentor).get(f"/mentor/brief/{learner}").text

    assert len(text_of(html).split()) <= 450


def test_no_page_ranks_compares_or_suspects_anybody(site: Site) -> None:
    publish_draft(site.database)
    pages = [(m, f"/mentor/brief/{one}") for m, one in mentees(site)]
    pages += [(one, page) for one in ("amina", "ingrid", "yusuf") for page in LEARNER_PAGES]

    for person, path in pages:
        said = text_of(site.visitor(person).get(path).text).replace("does not mean weak", "")
        assert not re.search(FORBIDDEN, said, re.IGNORECASE), path


def test_a_coordinator_sees_no_score(site: Site) -> None:
    said = text_of(site.visitor("bjorn").get("/coordinator").text)

    assert not re.search(r"poeng|av 10|Minst|Tidlig tegn", said)


def test_a_skill_that_was_not_tested_stands_apart_and_has_no_bar(site: Site) -> None:
    html = site.visitor("yusuf").get("/learner/skills").text
    bars, _, apart = html.partition("Not tested yet")

    assert "SQL queries" in apart
    assert "SQL queries" not in bars
    assert bars.count("<svg") == bars.count('class="row"') - bars.count("<foot")


def test_an_ungradable_attempt_tells_its_learner_why(site: Site) -> None:
    said = text_of(site.visitor("selam").get("/learner").text)

    assert "Did you mean `total`?" in said
    assert "Earlier results still count" in said


def test_consent_takes_one_button_each_way_and_shows_on_each_page(site: Site) -> None:
    client = site.visitor("amina")
    for share, sign in (("no", "share nothing"), ("yes", "Stop sharing now")):
        form = {"csrf": csrf_of(client.get("/learner/mentor").text), "share": share}
        assert client.post("/learner/sharing", data=form).status_code == 303
        for page in LEARNER_PAGES:
            assert sign in client.get(page).text


def test_every_learner_page_names_whom_to_talk_to(site: Site) -> None:
    client = site.visitor("amina")

    for page in LEARNER_PAGES:
        assert "Talk to <bdi>Bjørn Vik</bdi>" in client.get(page).text


def test_what_was_read_is_what_is_published_by_a_named_person(site: Site) -> None:
    client = site.visitor("bjorn")
    page = client.get("/coordinator/publish").text
    plan = re.search(r'name="plan" value="(\w+)"', page)
    assert plan

    stale = client.post("/coordinator/publish", data={"csrf": csrf_of(page), "plan": "other"})
    assert stale.status_code == 409
    assert "Siri" not in client.get("/coordinator").text
    form = {"csrf": csrf_of(page), "plan": plan[1]}
    assert client.post("/coordinator/publish", data=form).status_code == 303

    assert "Publisert av <bdi>Bjørn Vik</bdi> 23. nov. 2026" in client.get("/coordinator").text
    assert client.post("/coordinator/publish", data=form).status_code == 409


def test_whoever_publishes_reads_who_is_left_waiting(site: Site) -> None:
    html = site.visitor("bjorn").get("/coordinator/publish").text

    with site.database.begin(is_read_only=True) as session:
        draft = pairings.draft(session)
        assert draft
        names = [people.learner(session, one.learner).name for one in draft.waiting]
    assert names
    assert all(name in html.partition("Venter på mentor")[2] for name in names)


def test_nobody_meets_anybody_before_publication(site: Site) -> None:
    assert "No mentor yet" in site.visitor("amina").get("/learner/mentor").text
    assert "Ingen deltakere ennå" in site.visitor("kari").get("/mentor").text


def test_means_of_small_groups_are_hidden(site: Site) -> None:
    html = site.visitor("siri").get("/instructor").text

    assert "Too few" in html
    assert "of 10 points" in html


def test_an_instructor_reads_names_in_order(site: Site) -> None:
    html = site.visitor("siri").get("/instructor").text
    stuck = re.findall(r'<th scope="row"><bdi>(.*?)</bdi>', html)

    assert stuck
    assert stuck == sorted(stuck)


def test_the_same_request_gives_the_same_bytes(site: Site) -> None:
    client = site.visitor("amina")

    for page in LEARNER_PAGES:
        assert client.get(page).content == client.get(page).content


def test_a_page_that_records_nothing_waits_for_no_writer(site: Site) -> None:
    visits = [("amina", page) for page in LEARNER_PAGES]
    visits += [("kari", "/mentor"), ("bjorn", "/coordinator/publish"), (None, "/login")]
    clients = {person: site.visitor(person) for person, _ in visits}

    with site.database.begin() as session:
        people.save_learner(session, make_learner("newcomer"))
        answers = [clients[person].get(path) for person, path in visits]

    assert {answer.status_code for answer in answers} == {200}


def test_pages_speak_the_language_of_the_person(site: Site) -> None:
    page = site.visitor("ingrid").get("/learner/skills").text

    assert '<html lang="nb" dir="ltr">' in page
    assert "Mine ferdigheter" in page
    assert "Løkker" in page


def test_a_programme_without_data_teaches_instead_of_failing(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    with database.begin() as session:
        add_people(session)
    empty = Course(skills={}, levels=(), tracks=(), items={})
    clock = TickingClock()
    app = create_app(database, empty, clock=clock)
    site = Site(app=app, database=database, course=empty, clock=clock)
    pages = [("amina", page) for page in LEARNER_PAGES]
    pages += [("kari", "/mentor"), ("siri", "/instructor"), ("bjorn", "/coordinator")]

    for person, path in pages:
        answer = site.visitor(person).get(path)
        assert answer.status_code == 200
        assert 'class="empty"' in answer.text
    assert "Ingen forslag ennå" in site.visitor("bjorn").get("/coordinator/publish").text
    database.close()


hostile = st.one_of(
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "\"'><img src=x onerror=y>",
            "{{ 7*7 }} {% raise %} {0} {name}",
            "</title></bdi></main>",
            "\u202eleft\u2066right",
            "javascript:alert(1)",
            "&lt;b&gt; ]]> --> <!--",
        ]
    ),
    st.text(max_size=60),
).map(lambda text: text.replace("\x00", ""))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=hostile, topics=hostile, title=hostile, link=hostile)
def test_what_people_write_never_becomes_markup(
    site: Site, name: str, topics: str, title: str, link: str
) -> None:
    with site.database.begin() as session:
        known = people.learner(session, LearnerId(PersonId("amina")))
        people.save_learner(
            session, make_learner("amina", name=name, topics=topics, goals=known.goals)
        )
        people.set_sharing(session, known.id, True, NOW)
        ad = make_opening(1, ("loops",), title=title, employer=name, apply_url=link)
        openings.save(session, [ad], NOW)
        if pairings.draft(session):
            pairings.publish(session, by=PersonId("bjorn"), at=NOW)
    pages = [("amina", page) for page in LEARNER_PAGES] + [("siri", "/instructor")]
    pages += [(m, f"/mentor/brief/{one}") for m, one in mentees(site) if one == "amina"]
    pages += [("bjorn", "/coordinator")]

    for person, path in pages:
        html = site.visitor(person).get(path).text
        assert html.count("<html") == 1
        assert not re.search(r"<script|<img|onerror=y>|href=\"(?!/|https?://|#)", html)
        assert html.count("<bdi>") == html.count("</bdi>")
        assert html.count("</main>") == 1
