"""Laws of the openings we may show."""

from dataclasses import replace

import pytest

from skillmap.errors import StoreError
from skillmap.model import FeedCursor, OpeningId
from skillmap.store import Database, openings
from tests.store.builders import DAY, MONDAY, make_opening

ONE = OpeningId("opening-1")
FEED = "https://feed.example.org"


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
    states = [make_opening(title="Dataanalytiker"), make_opening(is_active=False)]
    with database.begin() as session:
        openings.save(session, [make_opening()], MONDAY)
        assert openings.save(session, states, MONDAY) == 1

        assert openings.active(session, MONDAY) == []


def test_of_a_withdrawn_opening_that_we_never_had_nothing_is_kept(database: Database) -> None:
    with database.begin() as session:
        assert openings.save(session, [make_opening(is_active=False)], MONDAY) == 0

        assert openings.opening(session, ONE) is None


def test_of_a_withdrawn_opening_no_text_and_no_employer_is_kept(database: Database) -> None:
    withdrawn = replace(make_opening(), is_active=False)
    with database.begin() as session:
        openings.save(session, [make_opening()], MONDAY)
        assert openings.save(session, [withdrawn], MONDAY) == 1
        assert openings.save(session, [replace(withdrawn, expires=MONDAY)], MONDAY) == 0

        found = openings.opening(session, ONE)
        assert found == replace(withdrawn, text="", employer="", requirements=())
        assert openings.active(session, MONDAY) == []


def test_a_withdrawn_opening_may_come_back(database: Database) -> None:
    with database.begin() as session:
        openings.save(session, [make_opening()], MONDAY)
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


def test_what_saving_would_change_is_told_without_saving(database: Database) -> None:
    with database.begin() as session:
        openings.save(session, [make_opening(), make_opening(id="2")], MONDAY)

    with database.begin(is_read_only=True) as session:
        found = [make_opening(), make_opening(id="2", title="Lærling"), make_opening(id="3")]

        assert [one.id for one in openings.unlike(session, found)] == ["2", "3"]


def test_a_feed_is_found_where_it_was_left(database: Database) -> None:
    place = FeedCursor(page="/api/v1/feed/b", pending=("2", "1"), quiet_until=MONDAY)
    with database.begin() as session:
        assert openings.feed_place(session, FEED) == FeedCursor()
        openings.move_feed(session, FEED, before=FeedCursor(), after=FeedCursor(page="a"))
        openings.move_feed(session, FEED, before=FeedCursor(page="a"), after=place)

    with database.begin(is_read_only=True) as session:
        assert openings.feed_place(session, FEED) == place
        assert openings.feed_place(session, "https://other.example.org") == FeedCursor()


def save_and_move(database: Database, *, before: FeedCursor) -> None:
    with database.begin() as session:
        openings.save(session, [make_opening()], MONDAY)
        openings.move_feed(session, FEED, before=before, after=FeedCursor(page="c"))


def test_of_two_readers_of_a_feed_the_second_to_save_stops_and_saves_nothing(
    database: Database,
) -> None:
    start, after = FeedCursor(), FeedCursor(page="/api/v1/feed/b")
    with database.begin() as session:
        openings.move_feed(session, FEED, before=start, after=after)

    with pytest.raises(StoreError, match="another poll"):
        save_and_move(database, before=start)

    with database.begin(is_read_only=True) as session:
        assert openings.feed_place(session, FEED) == after
        assert openings.active(session, MONDAY) == []
