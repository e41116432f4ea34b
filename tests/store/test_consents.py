"""Laws of consent."""

from datetime import datetime

import pytest

from skillmap.errors import StoreError
from skillmap.model import LearnerId, PersonId
from skillmap.store import Database, consents, people
from tests.store.builders import DAY, MONDAY, make_learner, save_cohort

AMINA = LearnerId(PersonId("amina"))


def test_without_a_word_nothing_is_shared(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)

        assert not people.learner(session, AMINA).shares_with_mentor
        assert consents.history(session, AMINA) == []


def test_withdrawing_takes_effect_at_once_and_forgets_nothing(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)
        people.set_sharing(session, AMINA, True, MONDAY)
        people.set_sharing(session, AMINA, False, MONDAY + DAY)
        assert not people.learner(session, AMINA).shares_with_mentor
        people.set_sharing(session, AMINA, True, MONDAY + 2 * DAY)

    with database.begin() as session:
        assert people.learner(session, AMINA).shares_with_mentor
        first, second = consents.history(session, AMINA)
        assert (first.given_at, first.withdrawn_at) == (MONDAY, MONDAY + DAY)
        assert (second.given_at, second.withdrawn_at) == (MONDAY + 2 * DAY, None)
        assert (first.purpose, first.version) == ("share-with-mentor", consents.TEXT_VERSION)


def test_the_language_of_the_page_is_kept_with_the_consent(database: Database) -> None:
    with database.begin() as session:
        people.save_learner(session, make_learner(page_language="nb"))
        people.set_sharing(session, AMINA, True, MONDAY)
        people.save_learner(session, make_learner(page_language="en"))

        assert [one.language for one in consents.history(session, AMINA)] == ["nb"]


@pytest.mark.parametrize("shares", [True, False])
def test_saying_it_twice_is_saying_it_once(database: Database, shares: bool) -> None:
    with database.begin() as session:
        save_cohort(session)
        people.set_sharing(session, AMINA, True, MONDAY)
        people.set_sharing(session, AMINA, shares, MONDAY + DAY)
        once = consents.history(session, AMINA)
        people.set_sharing(session, AMINA, shares, MONDAY + 2 * DAY)

        assert consents.history(session, AMINA) == once


def test_one_learner_s_consent_is_not_another_s(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)
        people.set_sharing(session, AMINA, True, MONDAY)

        shares = {one.id: one.shares_with_mentor for one in people.learners(session)}
        assert shares == {"amina": True, "bashir": False}


def test_only_a_learner_shares(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)

        with pytest.raises(StoreError, match="no learner 'mentor-kari'"):
            people.set_sharing(session, LearnerId(PersonId("mentor-kari")), True, MONDAY)


def test_a_time_without_zone_is_refused(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)

        with pytest.raises(StoreError, match="has no zone"):
            people.set_sharing(session, AMINA, True, datetime(2026, 2, 2))
