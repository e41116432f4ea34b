"""Laws of the openings we may show."""

from dataclasses import replace

import pytest

from skillmap.model import OpeningId
from skillmap.store import Database, openings
from tests.store.builders import DAY, MONDAY, make_opening

ONE = OpeningId("opening-1")


def test_an_opening_comes_back_as_saved(database: Database) -> None:
    with database.begin() as session:
        assert openings.save(session, [make_opening()], MONDAY) == 1

    with database.begin() as session:
        assert openings.opening(session, ONE) == make_opening()
        assert openings.active(session, MONDAY) == [make_opening()]
        assert openings.opening(session, OpeningId("other")) is None


def test_only_new_and_changed_ones_are_counted(database: Database) -> None:
    with database.begin() as session:
        assert openings.save(session, [], MONDAY) == 0
        assert openings.save(session, [make_opening()], MONDAY) == 1
        assert openings.save(session, [make_opening()], MONDAY + DAY) == 0
        changed = make_opening(title="Dataanalytiker")
        assert openings.save(session, [changed, make_opening(id="2")], MONDAY) == 2

        assert openings.opening(session, ONE) == changed


def test_the_last_state_in_one_import_holds(database: Database) -> None:
    states = [make_opening(), make_opening(is_active=False)]
    with database.begin() as session:
        assert openings.save(session, states, MONDAY) == 1

        assert openings.active(session, MONDAY) == []


def test_of_a_withdrawn_opening_no_text_and_no_employer_is_kept(database: Database) -> None:
    withdrawn = replace(make_opening(), is_active=False)
    with database.begin() as session:
        openings.save(session, [make_opening()], MONDAY)
        assert openings.save(session, [withdrawn], MONDAY) == 1
        assert openings.save(session, [withdrawn], MONDAY) == 0

        found = openings.opening(session, ONE)
        assert found == replace(withdrawn, text="", employer="", requirements=())
        assert openings.active(session, MONDAY) == []


def test_a_withdrawn_opening_may_come_back(database: Database) -> None:
    with database.begin() as session:
        openings.save(session, [make_opening(is_active=False)], MONDAY)
        assert openings.save(session, [make_opening()], MONDAY) == 1

        assert openings.active(session, MONDAY) == [make_opening()]


def test_an_opening_leaves_the_list_the_moment_it_expires(database: Database) -> None:
    expires = make_opening().expires
    with database.begin() as session:
        openings.save(session, [make_opening()], MONDAY)

        assert openings.active(session, expires - DAY / 86_400_000_000) != []
        assert openings.active(session, expires) == []


def test_the_newest_comes_first_and_ties_are_in_the_order_of_ids(database: Database) -> None:
    found = [
        make_opening(id="b"),
        make_opening(id="B"),
        make_opening(id="a", published=MONDAY - DAY),
        make_opening(id="c", published=MONDAY + DAY),
    ]
    with database.begin() as session:
        openings.save(session, found, MONDAY)

        assert [one.id for one in openings.active(session, MONDAY)] == ["c", "B", "b", "a"]


def test_an_import_larger_than_one_question_is_saved_whole(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openings, "AT_ONCE", 3)
    many = [make_opening(id=f"opening-{n}") for n in range(10)]
    with database.begin() as session:
        assert openings.save(session, many, MONDAY) == 10
        assert openings.save(session, many, MONDAY) == 0
