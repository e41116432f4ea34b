"""The instructor's page on the exercises: what it tells, and that it tells of nobody."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from skillmap.model import Course, ItemId, LearnerId, PersonId, SkillId, Spoken
from skillmap.store import Database, open_database, people, responses
from skillmap.web import create_app
from tests.web.conftest import Site, TickingClock
from tests.web.test_pages import text_of
from tests.web.world import (
    COHORT,
    add_people,
    make_attempt,
    make_course,
    make_item,
    make_learner,
    make_response,
)

pytestmark = pytest.mark.slow
PAGE = "/instructor/items"


def read(site: Site, person: str = "siri") -> str:
    return text_of(site.visitor(person).get(PAGE).text)


def site_of(database: Database, course: Course) -> Site:
    clock = TickingClock()
    app = create_app(database, course, clock=clock)
    return Site(app=app, database=database, course=course, clock=clock)


def test_no_learner_is_named_or_recorded_as_seen(site: Site) -> None:
    said = read(site)

    assert "Sum what is even" in said
    assert not any(name in said or f" {id} " in said for id, name, _ in COHORT)
    seen = site.visitor("amina", **{"accept-language": "en"}).get("/learner/mentor").text
    assert "Your results in the class list" not in seen


def test_groups_under_five_are_hidden(site: Site) -> None:
    said = read(site)

    assert "Fewer than 5" in said
    assert "Too few" in said
    assert not re.search(r"(?<![\d.,])[1-4] learners?", said)


def test_an_exercise_that_nobody_solves_stands_first(site: Site) -> None:
    item = make_item(
        "pd2", 3, SkillId("joins"), id=ItemId("pd2/tasks/t9"), grade_id="t9", exercise="e9"
    )
    course = replace(site.course, items={**site.course.items, item.id: item})
    graded = [make_attempt(f"new-{k}", "pd2", 1) for k in range(6)]
    with site.database.begin() as session:
        responses.record_attempts(session, graded)
        responses.append(session, [make_response(one, item, 0.0) for one in graded])

    first = read(site_of(site.database, course)).partition("Each exercise")[0]

    assert "Nobody has solved it in any attempt" in first


def test_name_gender_age_and_language_of_the_learners_change_nothing(site: Site) -> None:
    before = site.visitor("siri").get(PAGE).text

    with site.database.begin() as session:
        for k, (id, _, _) in enumerate(COHORT):
            known = people.learner(session, LearnerId(PersonId(id)))
            other = make_learner(
                id,
                name=("Kari", "محمد", "Ms Ngozi, 61", "Sam")[k % 4],
                page_language=("nb", "en")[k % 2],
                spoken=(Spoken(language="ti", level="C2"),),
                shares_with_mentor=known.shares_with_mentor if known else False,
            )
            people.save_learner(session, other)

    assert _without_forms(site.visitor("siri").get(PAGE).text) == _without_forms(before)


def test_a_site_without_answers_says_so(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'skillmap.db'}")
    course = make_course()
    with database.begin() as session:
        add_people(session)

    said = read(site_of(database, course))

    database.close()
    assert "No graded answers yet" in said


def _without_forms(html: str) -> str:
    return re.sub(r"<form.*?</form>", "", html, flags=re.S)
