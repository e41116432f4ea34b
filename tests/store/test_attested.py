"""Laws of attestations and statements: marks that are set once, and what counts."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from skillmap.errors import EvidenceError, StoreError
from skillmap.model import (
    Attestation,
    AttestationId,
    LearnerId,
    PersonId,
    Statement,
    StatementId,
    Witness,
)
from skillmap.store import Database, attestations, consents, people, statements
from skillmap.store.attestations import MAX_WAITING
from skillmap.store.schema import StatementRow
from tests.store.builders import DAY, MONDAY, make_learner, undone

AMINA = LearnerId(PersonId("amina"))
KARI = Witness(name="Kari Ødegård", role="mentor, Fjordtall AS", person=PersonId("mentor-kari"))


def make_attestation(**overrides: Any) -> Attestation:
    values: dict[str, Any] = {
        "learner": AMINA,
        "skill": "loops",
        "witness": KARI,
        "words": "Hun viste meg løkken.\n«Fint» 🐍",
        "level": "basic",
        "seen_on": MONDAY.date(),
        "recorded_at": MONDAY,
    }
    return Attestation(**values | overrides)


def make_statement(**overrides: Any) -> Statement:
    values: dict[str, Any] = {
        "learner": AMINA,
        "skill": "pandas",
        "source": "work",
        "stated_at": MONDAY,
        "years": 1 / 3,
        "last_used": 2021,
        "level": "basic",
        "text": "Rapporter.",
    }
    return Statement(**values | overrides)


@pytest.fixture
def with_amina(database: Database) -> Database:
    with database.begin() as session:
        people.save_learner(session, make_learner())
    return database


def test_what_was_seen_comes_back_whole_and_waits(with_amina: Database) -> None:
    with with_amina.begin() as session:
        kept = attestations.keep(session, make_attestation())

    with with_amina.begin() as session:
        assert attestations.find(session, kept.id) == kept == make_attestation(id=kept.id)
        assert attestations.of_learner(session, AMINA) == [kept]
        assert attestations.counting(session, AMINA) == []
    assert (kept.state, kept.counts) == ("waiting", False)


def test_consent_is_recorded_with_its_language_and_ends_with_the_withdrawal(
    with_amina: Database,
) -> None:
    with with_amina.begin() as session:
        kept = attestations.keep(session, make_attestation())
        for _ in range(2):
            agreed = attestations.consent(session, kept.id, at=MONDAY + DAY)
        assert attestations.counting(session, AMINA) == [agreed]
        [record] = consents.history(session, AMINA)
        assert (record.purpose, record.language) == (f"show-attestation:{kept.id}", "nb")

        over = attestations.withdraw(session, kept.id, at=MONDAY + 2 * DAY)
        again = attestations.withdraw(session, kept.id, at=MONDAY + 3 * DAY)

        assert attestations.counting(session, AMINA) == []
        assert over == again
        assert (over.consented_at, over.withdrawn_at) == (MONDAY + DAY, MONDAY + 2 * DAY)
        assert [one.withdrawn_at for one in consents.history(session, AMINA)] == [MONDAY + 2 * DAY]


def test_a_no_is_final(with_amina: Database) -> None:
    with with_amina.begin() as session:
        kept = attestations.keep(session, make_attestation())
        attestations.withdraw(session, kept.id, at=MONDAY)

        with pytest.raises(StoreError, match="written again"):
            attestations.consent(session, kept.id, at=MONDAY)

        assert consents.history(session, AMINA) == []


def test_few_attestations_wait_at_once(with_amina: Database) -> None:
    with with_amina.begin() as session:
        first, *_ = [attestations.keep(session, make_attestation()) for _ in range(MAX_WAITING)]
        with pytest.raises(StoreError, match="decide on those first"):
            attestations.keep(session, make_attestation())
        attestations.consent(session, first.id, at=MONDAY)

        assert attestations.keep(session, make_attestation()).state == "waiting"


def test_a_statement_comes_back_whole_and_is_replaced_by_the_next(with_amina: Database) -> None:
    with with_amina.begin() as session:
        first = statements.keep(session, make_statement())
        other = statements.keep(session, make_statement(source="study"))
        assert statements.find(session, first.id) == first == make_statement(id=first.id)

        second = statements.keep(session, make_statement(years=2, stated_at=MONDAY + DAY))

        assert statements.standing(session, AMINA) == [second, other]
        assert statements.find(session, first.id).withdrawn_at == MONDAY + DAY
        over = statements.withdraw(session, second.id, at=MONDAY + 2 * DAY)
        assert statements.withdraw(session, second.id, at=MONDAY + 3 * DAY) == over
        assert statements.standing(session, AMINA) == [other]


def test_the_database_itself_refuses_a_second_standing_statement(with_amina: Database) -> None:
    with undone(with_amina) as session:
        statements.keep(session, make_statement())
        row = {"learner": "amina", "skill": "pandas", "source": "work", "text": "x"}

        with pytest.raises(IntegrityError):
            session.execute(insert(StatementRow), [row | {"stated_at": MONDAY}])


def test_unknown_people_and_numbers_are_refused(database: Database) -> None:
    with database.begin() as session:
        with pytest.raises(StoreError, match="no learner 'amina'"):
            attestations.keep(session, make_attestation())
        with pytest.raises(StoreError, match="no learner 'amina'"):
            statements.keep(session, make_statement())
        with pytest.raises(StoreError, match="none of this number"):
            attestations.find(session, AttestationId(7))
        with pytest.raises(StoreError, match="none of this number"):
            statements.withdraw(session, StatementId(7), at=MONDAY)


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"words": " \n"}, "what was seen has 0 characters"),
        ({"words": "x" * 1001}, "1001 characters"),
        ({"level": ""}, "no level"),
        ({"seen_on": (MONDAY + 2 * DAY).date()}, "in the future"),
        ({"recorded_at": MONDAY.replace(tzinfo=None)}, "no zone"),
        ({"consented_at": MONDAY.replace(tzinfo=None)}, "no zone"),
    ],
)
def test_an_attestation_that_cannot_be_true_is_named(overrides: dict[str, Any], said: str) -> None:
    with pytest.raises(EvidenceError, match=said):
        make_attestation(**overrides)


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"years": None, "level": None, "text": " "}, "says nothing"),
        ({"years": float("nan")}, "nan years"),
        ({"years": -1.0}, "outside 0 to 60"),
        ({"last_used": 2027}, "in the future"),
        ({"last_used": 21}, "before 1950"),
        ({"text": "x" * 1001}, "1001 characters"),
        ({"stated_at": MONDAY.replace(tzinfo=None)}, "no zone"),
    ],
)
def test_a_statement_that_cannot_be_true_is_named(overrides: dict[str, Any], said: str) -> None:
    with pytest.raises(EvidenceError, match=said):
        make_statement(**overrides)


def test_a_witness_has_a_name_and_a_role() -> None:
    with pytest.raises(EvidenceError, match="the name has 0.*the role has 201"):
        Witness(name=" ", role="x" * 201)


_TEXT = st.text(
    alphabet=st.characters(exclude_characters="\x00", codec="utf-8"), min_size=1, max_size=200
).filter(str.strip)


@settings(max_examples=25)
@given(words=_TEXT, name=_TEXT, years=st.floats(0, 60))
def test_what_goes_in_comes_out(shared: Database, words: str, name: str, years: float) -> None:
    with undone(shared) as session:
        people.save_learner(session, make_learner())
        witness = Witness(name=name, role=name)
        seen = attestations.keep(session, make_attestation(words=words, witness=witness))
        said = statements.keep(session, make_statement(text=words, years=years))
        session.expire_all()

        assert attestations.find(session, seen.id) == seen
        assert statements.find(session, said.id) == said
        assert (seen.words, seen.witness, said.years) == (words, witness, years)
