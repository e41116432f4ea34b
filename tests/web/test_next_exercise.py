"""The next exercise, chosen by a person: who may choose, and what the learner reads."""

import pytest

from skillmap.model import LearnerId, Override, PersonId
from skillmap.store import access, overrides, people
from tests.web.conftest import Site, csrf_of
from tests.web.test_access import mentee_of
from tests.web.test_pages import text_of
from tests.web.world import publish_draft

ITEM = "pd2/tasks/t3"


def decide(site: Site, person: str, learner: str, **form: str) -> int:
    client = site.visitor(person)
    path = f"/{'mentor' if person == 'kari' else 'instructor'}/next/{learner}"
    csrf = csrf_of(client.get(path).text)
    return client.post(path, data={"csrf": csrf, **form}).status_code


def log_of(site: Site, learner: str) -> list[Override]:
    with site.database.begin(is_read_only=True) as session:
        return overrides.of_learner(session, LearnerId(PersonId(learner)))


def test_what_an_instructor_puts_first_comes_first_with_their_name(site: Site) -> None:
    title = site.course.items[ITEM].titles["en"]

    assert decide(site, "siri", "yusuf", item=ITEM, kind="pin") == 303

    said = text_of(site.visitor("yusuf").get("/learner").text)
    assert title in said
    assert "Siri Holm chose this exercise for you." in " ".join(said.split())


def test_a_mentor_chooses_for_their_own_learner(site: Site) -> None:
    publish_draft(site.database)
    learner = mentee_of(site, "kari")

    assert decide(site, "kari", learner, item=ITEM, kind="pin") == 303

    assert [(one.item, one.kind, one.by) for one in log_of(site, learner)] == [
        (ITEM, "pin", "kari")
    ]
    page = site.visitor("kari").get(f"/mentor/next/{learner}").text
    assert "Satt først av" in page


def test_a_decision_that_was_taken_back_holds_no_longer(site: Site) -> None:
    decide(site, "siri", "amina", item=ITEM, kind="dismiss")
    assert "Left out by" in site.visitor("siri").get("/instructor/next/amina").text

    decide(site, "siri", "amina", item=ITEM, kind="clear")

    assert "Left out by" not in site.visitor("siri").get("/instructor/next/amina").text
    assert [one.kind for one in log_of(site, "amina")] == ["dismiss", "clear"]


@pytest.mark.parametrize(
    "form",
    [{}, {"item": ITEM}, {"item": ITEM, "kind": "x"}, {"item": "no/such/one", "kind": "pin"}],
)
def test_what_is_no_decision_comes_back_with_words(site: Site, form: dict[str, str]) -> None:
    assert decide(site, "siri", "amina", **form) == 422

    assert log_of(site, "amina") == []


def test_a_learner_who_does_not_share_is_not_shown_to_the_mentor(site: Site) -> None:
    publish_draft(site.database)
    learner = mentee_of(site, "kari")
    with site.database.begin() as session:
        people.set_sharing(session, LearnerId(PersonId(learner)), False, site.clock())

    answer = site.visitor("kari").get(f"/mentor/next/{learner}")

    assert (answer.status_code, answer.headers["location"]) == (303, f"/mentor/brief/{learner}")


@pytest.mark.parametrize("learner", ["nobody", "kari", "%00"])
def test_there_is_no_page_for_who_is_no_learner(site: Site, learner: str) -> None:
    assert site.visitor("siri").get(f"/instructor/next/{learner}").status_code == 404
    assert site.visitor("kari").get(f"/mentor/next/{learner}").status_code == 404


def test_a_look_is_recorded_for_the_learner(site: Site) -> None:
    site.visitor("siri").get("/instructor/next/amina")

    with site.database.begin(is_read_only=True) as session:
        (seen,) = access.of(session, PersonId("amina"), limit=1)
    assert (seen.who, seen.what) == ("siri", "access.what.next")


def test_each_learner_has_a_link_on_the_instructors_page(site: Site) -> None:
    assert "/instructor/next/amina" in site.visitor("siri").get("/instructor").text
