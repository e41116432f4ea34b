"""Laws of passwords, links, sessions and failures."""

import pytest

from skillmap.errors import StoreError
from skillmap.model import PersonId
from skillmap.store import Database, accounts
from tests.store.builders import DAY, MONDAY, save_cohort

AMINA = PersonId("amina")
NOBODY = PersonId("amnia")


def test_the_newest_password_holds(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)
        assert accounts.password_hash(session, AMINA) is None
        accounts.set_password_hash(session, AMINA, "$argon2id$1")
        accounts.set_password_hash(session, AMINA, "$argon2id$2")

    with database.begin() as session:
        assert accounts.password_hash(session, AMINA) == "$argon2id$2"
        assert accounts.password_hash(session, NOBODY) is None


def test_nobody_unknown_gets_an_account(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)

        with pytest.raises(StoreError, match="no person 'amnia'.* Did you mean 'amina'"):
            accounts.set_password_hash(session, NOBODY, "h")
        with pytest.raises(StoreError, match="no person"):
            accounts.add_link(session, NOBODY, "t", MONDAY)
        with pytest.raises(StoreError, match="no person"):
            accounts.start_session(session, NOBODY, "t", "c", MONDAY)


def test_a_link_works_once(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)
        accounts.add_link(session, AMINA, "token", MONDAY + DAY)
        accounts.add_link(session, AMINA, "spare", MONDAY + DAY)

    with database.begin() as session:
        assert accounts.take_link(session, "token", MONDAY) == AMINA
        assert accounts.take_link(session, "token", MONDAY) is None
        assert accounts.take_link(session, "other", MONDAY) is None
        assert accounts.take_link(session, "spare", MONDAY) == AMINA


def test_a_link_that_was_not_committed_works_again(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)
        accounts.add_link(session, AMINA, "token", MONDAY + DAY)
    with pytest.raises(ZeroDivisionError):
        take_and_fail(database)

    with database.begin() as session:
        assert accounts.take_link(session, "token", MONDAY) == AMINA


def take_and_fail(database: Database) -> None:
    with database.begin() as session:
        accounts.take_link(session, "token", MONDAY)
        raise ZeroDivisionError


def test_an_expired_link_lets_nobody_in(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)
        accounts.add_link(session, AMINA, "token", MONDAY)

        assert accounts.take_link(session, "token", MONDAY) is None


def test_a_session_holds_until_it_ends_or_expires(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)
        accounts.start_session(session, AMINA, "token", "csrf", MONDAY + DAY)

    with database.begin() as session:
        assert accounts.session_of(session, "token", MONDAY) == accounts.WebSession(
            person=AMINA, csrf="csrf", expires_at=MONDAY + DAY
        )
        assert accounts.session_of(session, "other", MONDAY) is None
        assert accounts.session_of(session, "token", MONDAY + DAY) is None
        accounts.end_session(session, "token")
        accounts.end_session(session, "token")
        assert accounts.session_of(session, "token", MONDAY) is None


def test_failures_are_counted_per_id_since_a_time(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)
        for n in range(4):
            accounts.record_login_failure(session, AMINA, MONDAY + n * DAY / 24)
        accounts.record_login_failure(session, PersonId("bashir"), MONDAY)

        assert accounts.recent_login_failures(session, AMINA, MONDAY + DAY / 24) == 3
        assert accounts.recent_login_failures(session, AMINA, MONDAY) == 4
        assert accounts.recent_login_failures(session, AMINA, MONDAY + DAY) == 0


def test_an_id_that_nobody_has_is_counted_like_any_other(database: Database) -> None:
    with database.begin() as session:
        accounts.record_login_failure(session, PersonId("no\0body \ud800"), MONDAY)

        assert accounts.recent_login_failures(session, PersonId("no\0body \ud800"), MONDAY) == 1


def test_old_failures_are_forgotten(database: Database) -> None:
    with database.begin() as session:
        accounts.record_login_failure(session, AMINA, MONDAY)
        accounts.record_login_failure(session, AMINA, MONDAY + 2 * DAY)

        assert accounts.recent_login_failures(session, AMINA, MONDAY) == 1
