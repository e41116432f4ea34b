"""Laws of disputes: who may have how many, what is kept, and what waits for the gradebook."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from skillmap.errors import StoreError
from skillmap.model import Dispute, DisputeId, LearnerId, PersonId
from skillmap.store import Database, Session, disputes, people
from skillmap.store.disputes import MAX_OPEN, MAX_TEXT
from skillmap.store.schema import DisputeRow
from tests.store.builders import DAY, MONDAY, make_learner, make_response, undone

AMINA = LearnerId(PersonId("amina"))
SIRI = PersonId("siri")


def ask(session: Session, item: str = "loops/exercise/max", **overrides: object) -> Dispute:
    about = make_response(item=item, learner="amina", points=1.5)
    return disputes.raise_dispute(
        session, about, str(overrides.get("text", "It is right.")), at=MONDAY
    )


@pytest.fixture
def session_with_amina(database: Database) -> Database:
    with database.begin() as session:
        people.save_learner(session, make_learner())
    return database


def test_what_was_asked_comes_back_whole(session_with_amina: Database) -> None:
    text = "Svaret mitt er 6.\n«Hvorfor» 0? 🐍"
    with session_with_amina.begin() as session:
        asked = ask(session, text=text)

    with session_with_amina.begin() as session:
        assert disputes.of_learner(session, AMINA) == [asked]
        assert disputes.opened(session) == [asked]
        assert disputes.find(session, asked.id) == asked
    assert (asked.text, asked.item, asked.old_score) == (text, "loops/exercise/max", 1.5)
    assert (asked.state, asked.answer, asked.new_score) == ("open", None, None)


def test_one_item_has_one_open_dispute_of_a_learner(session_with_amina: Database) -> None:
    with session_with_amina.begin() as session:
        first = ask(session)
        with pytest.raises(StoreError, match="questioned already"):
            ask(session)
        disputes.withdraw(session, first.id)

        assert ask(session).id != first.id


def test_the_database_itself_refuses_a_second_open_one(session_with_amina: Database) -> None:
    with undone(session_with_amina) as session:
        asked = ask(session)
        row = {"learner": "amina", "assignment": "loops", "notebook": "exercise", "text": "x"}
        row |= {"grade_id": "max", "old_score": 0, "state": asked.state, "opened_at": MONDAY}

        with pytest.raises(IntegrityError):
            session.execute(insert(DisputeRow), [row])


def test_a_learner_has_a_bounded_number_of_open_disputes(session_with_amina: Database) -> None:
    with session_with_amina.begin() as session:
        first, *_ = [ask(session, f"loops/exercise/t{n}") for n in range(MAX_OPEN)]
        with pytest.raises(StoreError, match="Wait for an answer, or withdraw one"):
            ask(session)
        disputes.answer(session, first.id, "No.", by=SIRI, at=MONDAY)

        assert ask(session).state == "open"


@given(st.text(alphabet=st.characters(exclude_characters="\x00", codec="utf-8"), max_size=1500))
def test_a_text_is_kept_when_it_has_1_to_1000_characters(shared: Database, text: str) -> None:
    said = text.replace("\r\n", "\n").strip()
    with undone(shared) as session:
        people.save_learner(session, make_learner())
        if 1 <= len(said) <= MAX_TEXT:
            assert ask(session, text=text).text == said
        else:
            with pytest.raises(StoreError, match="characters"):
                ask(session, text=text)


def test_an_answer_closes_and_a_new_score_waits_for_the_gradebook(
    session_with_amina: Database,
) -> None:
    with session_with_amina.begin() as session:
        kept, mended = ask(session), ask(session, "loops/exercise/min")
        disputes.answer(session, kept.id, "It stays.", by=SIRI, at=MONDAY + DAY)
        disputes.answer(session, mended.id, "Yes.", by=SIRI, at=MONDAY + DAY, score=0.0)

        assert disputes.opened(session) == []
        [waiting] = disputes.waiting_for_gradebook(session)
        assert (waiting.id, waiting.new_score, waiting.waits_for_gradebook) == (mended.id, 0, True)
        disputes.mark_recorded(session, [mended.id], at=MONDAY + 2 * DAY)

        assert disputes.waiting_for_gradebook(session) == []
        assert disputes.find(session, mended.id).recorded_at == MONDAY + 2 * DAY


@pytest.mark.parametrize("ending", ["answered", "withdrawn"])
def test_what_is_not_open_any_more_stays_as_it_is(
    session_with_amina: Database, ending: str
) -> None:
    with session_with_amina.begin() as session:
        asked = ask(session)
        if ending == "answered":
            disputes.answer(session, asked.id, "No.", by=SIRI, at=MONDAY)
        else:
            disputes.withdraw(session, asked.id)
        with pytest.raises(StoreError, match=ending):
            disputes.answer(session, asked.id, "Yes.", by=SIRI, at=MONDAY, score=2)
        with pytest.raises(StoreError, match=ending):
            disputes.withdraw(session, asked.id)


def test_a_number_that_nobody_has_is_refused(database: Database) -> None:
    with database.begin() as session, pytest.raises(StoreError, match="none of this number"):
        disputes.find(session, DisputeId(7))


def test_counts_say_how_many_and_not_whose(session_with_amina: Database) -> None:
    with session_with_amina.begin() as session:
        assert disputes.count(session) == {}
        first, _ = ask(session), ask(session, "loops/exercise/min")
        disputes.answer(session, first.id, "No.", by=SIRI, at=MONDAY)

        assert disputes.count(session) == {"open": 1, "answered": 1}
