"""Laws of transactions and of the two engines under them."""

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from skillmap.errors import StoreError
from skillmap.model import PersonId
from skillmap.store import Database, Session, access, open_database, people, responses
from skillmap.store.access import AccessRecord
from tests.store.builders import MONDAY, make_learner, make_response, undone

AMINA = PersonId("amina")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def sqlite(file: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{file}")
    yield opened
    opened.close()


def save_and_fail(database: Database, error: BaseException) -> None:
    with database.begin() as session:
        people.save_learner(session, make_learner())
        raise error


@pytest.mark.parametrize("error", [ZeroDivisionError(), KeyboardInterrupt(), StoreError("no")])
def test_whatever_leaves_the_block_undoes_all_of_it(
    database: Database, error: BaseException
) -> None:
    with pytest.raises(type(error)):
        save_and_fail(database, error)

    with database.begin() as session:
        assert people.learners(session) == []


def test_a_row_that_points_nowhere_is_refused(database: Database) -> None:
    statement = "INSERT INTO exclusion (learner, mentor, why) VALUES ('x', 'y', 'secret reason')"

    with (
        pytest.raises(StoreError, match="refused a change") as refused,
        database.begin() as session,
    ):
        session.execute(text(statement))

    assert "secret reason" not in str(refused.value)


def test_a_reader_is_not_kept_waiting_by_a_writer(database: Database) -> None:
    with database.begin() as writing:
        people.save_learner(writing, make_learner())
        with database.begin(is_read_only=True) as reading:
            assert people.learners(reading) == []

    with database.begin(is_read_only=True) as reading:
        assert len(people.learners(reading)) == 1


def test_a_reader_sees_one_moment(database: Database) -> None:
    with database.begin(is_read_only=True) as reading:
        assert people.learners(reading) == []
        with database.begin() as writing:
            people.save_learner(writing, make_learner())
        reading.expire_all()

        assert people.learners(reading) == []


def test_a_reader_cannot_write_and_a_writer_after_it_can(database: Database) -> None:
    with (
        pytest.raises(StoreError, match="read-only"),
        database.begin(is_read_only=True) as session,
    ):
        people.save_learner(session, make_learner())

    with database.begin() as session:
        people.save_learner(session, make_learner())


def test_writers_take_turns(url: str) -> None:
    database = open_database(url, patience_s=30)
    names = [f"learner-{n}" for n in range(24)]

    def add(name: str) -> None:
        with database.begin() as session:
            n_before = len(people.learners(session))
            people.save_learner(session, make_learner(id=name, topics=str(n_before)))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add, names))

    with database.begin() as session:
        seen = sorted(int(one.topics) for one in people.learners(session))
    database.close()
    assert seen == list(range(24))


@settings(max_examples=25, deadline=None)
@given(
    st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31)),
    st.integers(-14 * 60, 14 * 60).map(lambda n: timezone(timedelta(minutes=n))),
)
def test_a_time_comes_back_as_the_same_instant_in_utc(
    shared: Database, wall: datetime, zone: timezone
) -> None:
    at = wall.replace(tzinfo=zone)
    with undone(shared) as session:
        access.record(session, AccessRecord(who=AMINA, whom=AMINA, what="", why="", at=at))
        session.expire_all()

        (found,) = access.of(session, AMINA)
        assert found.at == at
        assert found.at.tzinfo is UTC


def pragma(session: Session, name: str) -> object:
    return session.execute(text(f"PRAGMA {name}")).scalar_one()


def test_the_file_stays_in_wal_mode_and_every_connection_is_strict(
    sqlite: Database, file: Path
) -> None:
    sqlite.close()
    reopened = open_database(f"sqlite:///{file}")
    with reopened.begin() as session:
        assert pragma(session, "journal_mode") == "wal"
        assert pragma(session, "foreign_keys") == 1
        assert pragma(session, "synchronous") == 2
        assert pragma(session, "busy_timeout") == 5000
    reopened.close()


@pytest.mark.usefixtures("sqlite")
def test_only_the_owner_can_read_the_file(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_database_in_memory_serves_all_threads() -> None:
    database = open_database("sqlite://")

    def add(n: int) -> None:
        with database.begin() as session:
            responses.append(session, [make_response(learner=f"learner-{n}")])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(12)))
    with database.begin(is_read_only=True) as session:
        assert len(responses.current(session)) == 12
    database.close()


def test_a_path_may_hold_any_letters(tmp_path: Path) -> None:
    folder = tmp_path / "søndag 100 % #1"
    folder.mkdir()
    open_database(f"sqlite:///{folder}/størrelse.db").close()

    assert (folder / "størrelse.db").is_file()


def test_the_address_of_a_file_names_it(sqlite: Database, file: Path) -> None:
    assert str(file) in sqlite.url


def test_times_stay_in_order_in_the_file(sqlite: Database) -> None:
    times = [MONDAY.replace(microsecond=n) for n in (0, 1, 10, 999_999)]
    with sqlite.begin() as session:
        for at in times:
            view = AccessRecord(who=AMINA, whom=AMINA, what="", why="", at=at)
            access.record(session, view)

        assert [view.at for view in access.of(session, AMINA)] == times[::-1]
