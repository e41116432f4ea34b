"""Laws of the profile history."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmap.errors import StoreError
from skillmap.model import LearnerId, PersonId
from skillmap.store import Database, profiles
from tests.store.builders import DAY, MONDAY, make_line, make_profile, undone

AMINA = LearnerId(PersonId("amina"))
FINITE = st.floats(allow_nan=False, allow_infinity=False)
# PostgreSQL keeps no NUL, and neither keeps half a character.
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=60, deadline=None)
@given(FINITE, FINITE, FINITE, WORDS, st.datetimes(timezones=st.just(UTC)) | st.none())
def test_a_profile_comes_back_to_the_last_bit(
    shared: Database, logit: float, sd: float, low: float, model: str, until: datetime | None
) -> None:
    profile = make_profile(
        lines=(make_line(logit=logit, sd=sd, low=low),), model=model, data_until=until
    )
    with undone(shared) as session:
        assert profiles.save(session, profile, MONDAY)
        session.expire_all()

        found = profiles.latest(session, AMINA)
        assert found == profile
        assert found is not None
        # Equality does not see the sign of zero.
        assert repr(found.lines[0].estimate.logit) == repr(logit)


def test_an_equal_profile_is_not_kept_again(database: Database) -> None:
    with database.begin() as session:
        assert profiles.save(session, make_profile(), MONDAY)

    with database.begin() as session:
        assert not profiles.save(session, make_profile(), MONDAY + DAY)
        assert profiles.history(session, AMINA) == [(MONDAY, make_profile())]


def test_the_history_is_in_the_order_of_time_and_its_last_is_the_latest(database: Database) -> None:
    first, second = make_profile(), make_profile(data_sha256="c" * 64)
    with database.begin() as session:
        for n, profile in enumerate((first, second, first)):
            assert profiles.save(session, profile, MONDAY + n * DAY)

    with database.begin() as session:
        assert profiles.history(session, AMINA) == [
            (MONDAY, first),
            (MONDAY + DAY, second),
            (MONDAY + 2 * DAY, first),
        ]
        assert profiles.latest(session, AMINA) == first


def test_profiles_made_at_the_same_instant_keep_their_order(database: Database) -> None:
    second = make_profile(data_sha256="c" * 64)
    with database.begin() as session:
        profiles.save(session, make_profile(), MONDAY)
        profiles.save(session, second, MONDAY)

        assert profiles.latest(session, AMINA) == second


def test_a_learner_without_a_profile_has_none(database: Database) -> None:
    with database.begin() as session:
        profiles.save(session, make_profile(learner="bashir"), MONDAY)

        assert profiles.latest(session, AMINA) is None
        assert profiles.history(session, AMINA) == []


def test_a_profile_without_evidence_comes_back_too(database: Database) -> None:
    empty = make_profile(lines=(), data_until=None)
    with database.begin() as session:
        profiles.save(session, empty, MONDAY)
        session.expire_all()

        assert profiles.latest(session, AMINA) == empty


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_is_refused(database: Database, number: float) -> None:
    profile = replace(make_profile(), lines=(make_line(sd=number),))

    with database.begin() as session, pytest.raises(StoreError, match="not finite"):
        profiles.save(session, profile, MONDAY)
