"""The page that takes one estimate apart: what it says, and who may read it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from skillmap.model import LearnerId, PersonId
from skillmap.store import access, profiles
from tests.web.conftest import Site
from tests.web.test_pages import FORBIDDEN, text_of
from tests.web.world import NOW, ask_about, publish_draft, said, saw

AMINA = LearnerId(PersonId("amina"))
PAGE = "/learner/skills/loops"


def mentee_of_kari(site: Site) -> LearnerId:
    html = site.visitor("kari").get("/mentor").text
    return LearnerId(PersonId(re.findall(r"/mentor/brief/(\w+)", html)[0]))


def test_every_answer_is_listed_with_words_before_numbers(site: Site) -> None:
    with site.database.begin() as session:
        profile = profiles.latest(session, AMINA)
    assert profile is not None
    assert profile.basis is not None

    html = site.visitor("amina").get(PAGE).text

    assert html.count('<th scope="row" dir="auto">') == len(profile.basis.answers)
    assert html.index("moved it up") < html.index("called logits")
    assert "Estimate without this answer" in html


def test_three_kinds_of_evidence_stand_apart_and_a_statement_is_its_own_figure(site: Site) -> None:
    before = site.visitor("amina").get("/learner/skills/testing").text
    said(site.database)
    saw(site.database, skill="testing")

    html = site.visitor("amina").get("/learner/skills/testing").text

    assert "With what you told us as a start" in html
    assert "With what you told us as a start" not in before
    shown = re.compile(r'id="attested".*Zofia Nowak.*id="stated".*Test plans', re.DOTALL)
    assert shown.search(html)
    assert re.findall(r'<td class="num">[^/]*', html) == re.findall(
        r'<td class="num">[^/]*', before
    )


def test_an_answer_whose_grade_is_in_question_is_marked(site: Site) -> None:
    ask_about(site.database, item="py1/tasks/t1")

    assert "Grade in question" in site.visitor("amina").get(PAGE).text


def test_a_mentor_reaches_it_from_the_brief_and_the_look_is_recorded(site: Site) -> None:
    publish_draft(site.database)
    learner, kari = mentee_of_kari(site), site.visitor("kari")
    path = re.findall(r'href="(/mentor/skill/[^"]+)"', kari.get(f"/mentor/brief/{learner}").text)[0]

    answer = kari.get(path)

    assert answer.status_code == 200
    with site.database.begin() as session:
        newest = access.of(session, learner)[0]
    assert (newest.who, newest.what) == ("kari", "access.what.explanation")


@pytest.mark.parametrize("person", ["mei", "siri", "bjorn"])
def test_nobody_else_reads_it(site: Site, person: str) -> None:
    publish_draft(site.database)
    learner = mentee_of_kari(site)

    assert site.visitor(person).get(f"/mentor/skill/{learner}/loops").status_code == 404


def test_a_mentor_is_sent_to_the_brief_while_the_learner_does_not_share(site: Site) -> None:
    publish_draft(site.database)
    learner = mentee_of_kari(site)
    own = site.visitor(learner)
    token = re.findall(r'name="csrf" value="([^"]+)"', own.get("/learner").text)[0]
    own.post("/learner/sharing", data={"csrf": token, "share": "no"})

    answer = site.visitor("kari").get(f"/mentor/skill/{learner}/loops")

    assert (answer.status_code, answer.headers["location"]) == (303, f"/mentor/brief/{learner}")


def test_an_unknown_skill_is_no_such_page(site: Site) -> None:
    assert site.visitor("amina").get("/learner/skills/cooking").status_code == 404


def test_a_profile_of_an_earlier_version_says_so(site: Site) -> None:
    with site.database.begin() as session:
        profile = profiles.latest(session, AMINA)
        assert profile is not None
        profiles.save(session, replace(profile, basis=None), NOW + timedelta(days=1))

    assert "does not keep what it was made from" in site.visitor("amina").get(PAGE).text


@pytest.mark.parametrize("person", ["amina", "ingrid"])
def test_it_ranks_and_compares_nobody(site: Site, person: str) -> None:
    said_here = text_of(site.visitor(person).get(PAGE).text)

    # The scale is named once, in brackets, after its meaning in tasks.
    assert not re.search(FORBIDDEN.replace("|logit", ""), said_here, re.IGNORECASE)
    assert len(re.findall("logit", said_here)) == 1


def test_the_brief_dates_the_data_of_this_learner(site: Site) -> None:
    with site.database.begin() as session:
        profile = profiles.latest(session, AMINA)
    assert profile is not None
    assert profile.basis is not None

    assert profile.data_until == max(one.submitted_at for one in profile.basis.answers)
