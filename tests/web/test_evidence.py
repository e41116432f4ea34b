"""Laws of what nobody graded, on the pages: withheld until consent, gone after withdrawal."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from skillmap.model import LearnerId, MentorId, Pairing, PairingPlan, PersonId, Witness
from skillmap.store import attestations, pairings, people, statements
from tests.web.conftest import Site, csrf_of
from tests.web.test_pages import hostile, mentees, text_of
from tests.web.world import NOW, ask_about, make_learner, publish_draft, said, saw

AMINA = LearnerId(PersonId("amina"))
MINE = "/learner/evidence"
WITNESS = "Zofia Nowak"
OWN = ("/learner", "/learner/skills", "/learner/openings", "/learner/mentor", MINE)


def pair_up(site: Site) -> None:
    """Publish amina with kari and oksana with mei, whatever the planner would say."""
    plan = PairingPlan(
        pairings=tuple(
            Pairing(learner=LearnerId(PersonId(one)), mentor=MentorId(PersonId(m)), utility=0.5)
            for one, m in (("amina", "kari"), ("oksana", "mei"))
        ),
        waiting=(),
    )
    with site.database.begin() as session:
        pairings.save_draft(session, plan, NOW)
    publish_draft(site.database)


def post(site: Site, person: str, path: str, form_page: str = MINE, **fields: str) -> int:
    client = site.visitor(person)
    token = csrf_of(client.get(form_page).text)
    return int(client.post(path, data={"csrf": token, **fields}).status_code)


def pages_of_others(site: Site) -> str:
    """All that mentors, the instructor and the coordinator can read."""
    looks = [(mentor, f"/mentor/brief/{learner}") for mentor, learner in mentees(site)]
    looks += [(mentor, "/mentor") for mentor in ("kari", "ola", "mei")]
    looks += [(mentor, f"/mentor/attest/{learner}") for mentor, learner in mentees(site)]
    looks += [("siri", "/instructor"), ("bjorn", "/coordinator"), ("oksana", "/learner/skills")]
    return "".join(site.visitor(person).get(path).text for person, path in looks)


def statement_form(**overrides: str) -> dict[str, str]:
    form = {"skill": "sql", "source": "work", "years": "4,5", "last_used": "2020"}
    return form | {"level": "working", "text": "In a bank."} | overrides


def sight_form(**overrides: str) -> dict[str, str]:
    form = {"skill": "joins", "words": "She joined two tables.", "level": "working"}
    return form | {"seen_on": NOW.date().isoformat()} | overrides


@pytest.mark.slow
def test_nobody_else_reads_an_attestation_before_the_consent(site: Site) -> None:
    pair_up(site)

    kept = saw(site.database, consents=False)

    assert WITNESS not in pages_of_others(site)
    client = site.visitor("amina")
    assert WITNESS in client.get(MINE).text
    others = [client.get(page).text for page in OWN if page != MINE]
    assert all(WITNESS not in html for html in others)
    assert post(site, "amina", f"/learner/attested/{kept.id}/consent") == 303
    assert WITNESS in pages_of_others(site)


@pytest.mark.slow
@pytest.mark.parametrize("consents", [True, False])
def test_what_was_withdrawn_or_refused_vanishes_from_every_page(site: Site, consents: bool) -> None:
    pair_up(site)
    kept = saw(site.database, consents=consents)

    assert post(site, "amina", f"/learner/attested/{kept.id}/withdraw") == 303

    client = site.visitor("amina")
    assert WITNESS not in pages_of_others(site) + "".join(client.get(page).text for page in OWN)
    assert post(site, "amina", f"/learner/attested/{kept.id}/consent") == 303
    with site.database.begin() as session:
        assert attestations.counting(session, AMINA) == []


def test_one_button_takes_back_what_one_button_gave(site: Site) -> None:
    kept = saw(site.database, consents=False)
    client = site.visitor("amina")

    for act in ("consent", "withdraw"):
        assert client.get(MINE).text.count(f"/learner/attested/{kept.id}/{act}") == 1
        assert post(site, "amina", f"/learner/attested/{kept.id}/{act}") == 303


def test_what_is_about_another_learner_looks_like_nothing(site: Site) -> None:
    kept = saw(site.database, consents=False)
    client = site.visitor("oksana")
    form = {"csrf": csrf_of(client.get(MINE).text)}

    for number in (str(kept.id), "999", "0", "x", "9" * 30):
        for act in ("consent", "withdraw"):
            assert client.post(f"/learner/attested/{number}/{act}", data=form).status_code == 404

    with site.database.begin() as session:
        assert attestations.find(session, kept.id).state == "waiting"


def test_a_statement_is_added_shown_as_stated_and_taken_back(site: Site) -> None:
    pair_up(site)

    assert post(site, "amina", MINE, **statement_form()) == 303

    shown = text_of(site.visitor("amina").get("/learner/skills").text).partition("What you say")[2]
    assert "SQL queries" in shown
    assert "4.5 years" in shown
    assert "last used in 2020" in shown
    assert "sist brukt i 2020" in site.visitor("kari").get("/mentor/brief/amina").text
    with site.database.begin() as session:
        [kept] = statements.standing(session, AMINA)
    assert post(site, "oksana", f"/learner/stated/{kept.id}/withdraw") == 404
    assert post(site, "amina", f"/learner/stated/{kept.id}/withdraw") == 303
    for person, path in (("amina", MINE), ("amina", "/learner/skills"), ("kari", "/mentor")):
        assert "2020" not in text_of(site.visitor(person).get(path).text)
    assert "2020" not in site.visitor("kari").get("/mentor/brief/amina").text


WRONG_STATEMENTS = (
    {"skill": ""},
    {"skill": "cobol"},
    {"source": "friends"},
    {"level": "genius"},
    {"years": "many"},
    {"years": "-1"},
    {"years": "61"},
    {"years": "nan"},
    {"years": "inf"},
    {"last_used": "2027"},
    {"last_used": "1949"},
    {"last_used": "last"},
    {"text": "x" * 1001},
    {"years": "", "level": "", "text": " \r\n "},
)


def test_a_statement_that_cannot_be_kept_is_answered_with_why(site: Site) -> None:
    client = site.visitor("amina")
    token = csrf_of(client.get(MINE).text)

    for wrong in WRONG_STATEMENTS:
        answer = client.post(MINE, data={"csrf": token, **statement_form(**wrong)})
        assert answer.status_code == 422, wrong
        assert 'role="alert"' in answer.text

    with site.database.begin() as session:
        assert statements.of_learner(session, AMINA) == []


def test_what_was_typed_is_still_there_after_a_problem(site: Site) -> None:
    client = site.visitor("amina")
    form = {"csrf": csrf_of(client.get(MINE).text), **statement_form(years="x", text="Kept <b>.")}

    html = client.post(MINE, data=form).text

    assert "Kept &lt;b&gt;." in html
    assert '<option value="sql" selected>' in html


def test_a_mentor_writes_what_they_saw_of_their_own_learner(site: Site) -> None:
    pair_up(site)
    path = "/mentor/attest/amina"

    assert post(site, "kari", path, path, **sight_form(words="I saw <i>it</i>.")) == 303

    assert site.visitor("kari").get(f"{path}/thanks").status_code == 200
    page = site.visitor("amina").get(MINE).text
    assert "I saw &lt;i&gt;it&lt;/i&gt;." in page
    assert "mentor, Fjordbanken" in page
    assert "1 person wrote what they saw" in text_of(page)


def test_another_mentor_can_neither_attest_nor_see(site: Site) -> None:
    pair_up(site)
    saw(site.database)
    client = site.visitor("mei")
    form = {"csrf": csrf_of(client.get("/mentor").text), **sight_form()}

    for learner in ("amina", "nobody", "kari", "%00"):
        path = f"/mentor/attest/{learner}"
        assert client.get(path).status_code == client.get(f"{path}/thanks").status_code == 404
        assert client.post(path, data=form).status_code == 404

    assert client.get("/mentor/brief/amina").status_code == 404
    with site.database.begin() as session:
        assert len(attestations.of_learner(session, AMINA)) == 1


def test_a_pair_is_enough_to_attest_and_shows_nothing_of_one_who_does_not_share(
    site: Site,
) -> None:
    pair_up(site)
    with site.database.begin() as session:
        people.set_sharing(session, AMINA, False, NOW)
    saw(site.database)
    said(site.database)

    client = site.visitor("kari")

    form = client.get("/mentor/attest/amina")
    brief = client.get("/mentor/brief/amina")
    assert form.status_code == brief.status_code == 200
    assert WITNESS not in form.text + brief.text
    assert "2021" not in form.text + brief.text


WRONG_SIGHTS = (
    {"skill": "cobol"},
    {"level": ""},
    {"words": " "},
    {"words": "x" * 1001},
    {"seen_on": "2027-01-01"},
    {"seen_on": "yesterday"},
    {"seen_on": ""},
)


def test_an_attestation_that_cannot_be_kept_is_answered_with_why(site: Site) -> None:
    pair_up(site)
    client, path = site.visitor("kari"), "/mentor/attest/amina"
    token = csrf_of(client.get(path).text)

    for wrong in WRONG_SIGHTS:
        answer = client.post(path, data={"csrf": token, **sight_form(**wrong)})
        assert answer.status_code == 422, wrong
        assert 'role="alert"' in answer.text

    with site.database.begin() as session:
        assert attestations.of_learner(session, AMINA) == []


def test_the_three_kinds_stand_apart(site: Site) -> None:
    saw(site.database)
    said(site.database)

    html = site.visitor("amina").get("/learner/skills").text
    graded, _, others = html.partition('id="attested"')
    attested, _, stated = others.partition('id="stated"')

    assert WITNESS in attested
    assert WITNESS not in graded + stated
    assert "Test plans for a shop system." in stated
    assert "Test plans for a shop system." not in graded + attested
    assert "<svg" not in attested + stated


@pytest.mark.slow
def test_a_brief_with_all_three_kinds_still_has_450_words(site: Site) -> None:
    pair_up(site)
    for mentor, learner in mentees(site):
        who = LearnerId(PersonId(learner))
        for skill in ("joins", "grouping", "sql", "dataframes"):
            saw(site.database, learner=who, skill=skill)
            said(site.database, learner=who, skill=skill)
        for number in range(3):
            ask_about(site.database, learner, item=f"py1/tasks/t{number}")
        with site.database.begin() as session:
            name = people.learner(session, who).name
            long = make_learner(learner, name=name, topics="a long story " * 500)
            people.save_learner(session, long)

        html = site.visitor(mentor).get(f"/mentor/brief/{learner}").text

        assert len(text_of(html).split()) <= 450


def test_a_questioned_grade_is_marked_where_it_speaks(site: Site) -> None:
    pair_up(site)
    items = [item for item in site.course.items.values() if item.assignment == "py1"]
    before = site.visitor("amina").get("/learner/skills").text
    assert 'id="disputed"' not in before

    for item in items[:3]:
        ask_about(site.database, item=item.id)

    assert 'id="disputed"' in site.visitor("amina").get("/learner/skills").text
    brief = site.visitor("kari").get("/mentor/brief/amina").text
    assert "Vurderinger det stilles spørsmål ved" in brief


def test_an_attestation_meets_a_demand_and_says_whose_it_is(site: Site) -> None:
    before = text_of(site.visitor("amina").get("/learner/openings").text)

    saw(site.database)
    said(site.database, skill="sql")
    after = text_of(site.visitor("amina").get("/learner/openings").text)

    assert WITNESS not in before
    assert re.search(
        r"Attested by\s+Zofia Nowak\s+\(\s*team lead, Nordlys\s*\), 14 Nov 2026", after
    )


@pytest.mark.parametrize("change", [{"name": "Xolani"}, {"page_language": "nb"}])
def test_name_and_language_change_nothing_of_what_counts(
    site: Site, change: dict[str, Any]
) -> None:
    saw(site.database)
    said(site.database)

    def counted() -> list[str]:
        html = site.visitor("amina").get("/learner/openings").text
        return re.findall(r'class="tag (\w*)"', html)

    before = counted()
    with site.database.begin() as session:
        people.save_learner(session, make_learner("amina", **change))

    assert counted() == before


@pytest.mark.slow
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=hostile, name=hostile, text=hostile)
def test_what_witnesses_and_learners_write_never_becomes_markup(
    site: Site, words: str, name: str, text: str
) -> None:
    with site.database.begin() as session:
        for one in attestations.of_learner(session, AMINA):
            attestations.withdraw(session, one.id, at=NOW)
    witness = Witness(name=name if name.strip() else "Z", role="lead")
    saw(site.database, witness=witness, words=words if words.strip() else "Yes.")
    saw(site.database, witness=witness, words=words if words.strip() else "Yes.", consents=False)
    said(site.database, text=text)

    for path in (MINE, "/learner/skills", "/learner/openings"):
        html = site.visitor("amina").get(path).text
        assert html.count("<html") == html.count("</main>") == 1
        assert not re.search(r"<script|<img|onerror=y>", html)
        assert html.count("<bdi") == html.count("</bdi>")
