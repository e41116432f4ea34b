"""The demo's invented openings and people, as the rest of the product will read them."""

import json
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from skillmap.catalog import ReadOpenings, read_openings
from skillmap.content import find_content, load_course, load_people
from skillmap.model import Course

DEMO = Path(__file__).parents[2] / "demo"
ENTRIES = json.loads((DEMO / "openings.json").read_text(encoding="utf-8"))
ACTIVE = [one for one in ENTRIES if one["status"] == "ACTIVE"]
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course(find_content(None))


@pytest.fixture(scope="module")
def read(course: Course) -> ReadOpenings:
    return read_openings(DEMO / "openings.json", fetched_at=NOW, skills=course.skills)


@pytest.mark.slow
def test_all_sixty_openings_are_read_without_a_problem(read: ReadOpenings) -> None:
    assert read.problems == ()
    assert len(read.openings) == 60
    assert sum(not one.is_active for one in read.openings) == 4


@pytest.mark.slow
def test_every_opening_asks_for_a_skill_and_quotes_its_own_words(read: ReadOpenings) -> None:
    for opening in (one for one in read.openings if one.is_active):
        assert any(one.kind == "skill" for one in opening.requirements), opening.title
        assert all(
            one.words in opening.text or one.words in opening.title for one in opening.requirements
        )


@pytest.mark.slow
def test_required_and_preferred_skills_are_told_apart(read: ReadOpenings) -> None:
    asked = [one for opening in read.openings for one in opening.requirements]
    required = [one for one in asked if one.is_required]

    assert 0.4 < len(required) / len(asked) < 0.8


@pytest.mark.slow
def test_openings_are_current_and_no_contact_person_is_left(read: ReadOpenings) -> None:
    persons = [one["name"] for entry in ACTIVE for one in entry["ad_content"]["contactList"]]

    assert persons
    assert not [name for name in persons if name in repr(read)]
    for opening in (one for one in read.openings if one.is_active):
        assert datetime(2026, 9, 30, tzinfo=UTC) < opening.published < NOW < opening.expires


def test_openings_have_the_feed_s_shape() -> None:
    assert len({one["uuid"] for one in ENTRIES}) == 60
    for entry in ENTRIES:
        assert {"uuid", "sistEndret", "status"} <= set(entry)
        assert ("ad_content" in entry) == (entry["status"] == "ACTIVE")
    for content in (one["ad_content"] for one in ACTIVE):
        assert (
            content["workLocations"][0]["municipal"].isupper()
            or not (content["workLocations"][0]["municipal"])
        )
        assert isinstance(content["positioncount"], str)
        assert 900 <= len(re.sub(r"<[^>]*>", "", content["description"])) <= 3500


def test_every_address_of_an_opening_is_reserved_for_examples() -> None:
    text = json.dumps(ENTRIES)

    hosts = {urlsplit(url).hostname or "" for url in re.findall(r"https?://[^\s\"<]+", text)}
    mails = set(re.findall(r"[\w.-]+@[\w.-]+", text))

    assert all(host.endswith((".example.no", ".example.org")) for host in hosts)
    assert all(mail.endswith("@example.org") for mail in mails)


def test_every_learner_has_a_way_of_working_and_real_skills(course: Course) -> None:
    people = load_people(DEMO / "people.toml", skills=course.skills)
    with (DEMO / "behaviour.toml").open("rb") as file:
        behaviour = tomllib.load(file)["learners"]

    assert [one["id"] for one in behaviour] == [one.id for one in people.learners]
    named = {skill for one in behaviour for skill in one["strength"]} - {"default"}
    assert named <= set(course.skills)
    assert sum(mentor.capacity for mentor in people.mentors) < len(people.learners)
    assert sum(not one.shares_with_mentor for one in people.learners) == 2
