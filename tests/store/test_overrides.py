"""Laws of decisions about the next exercise: a log that keeps its order and forgets nothing."""

import pytest
from sqlalchemy.exc import IntegrityError

from skillmap.model import LearnerId, Override, PersonId, in_force
from skillmap.store import Database, overrides, people
from tests.store.builders import DAY, MONDAY, make_learner, undone

AMINA = LearnerId(PersonId("amina"))


def make_override(**changes: object) -> Override:
    values = {"learner": AMINA, "item": "loops/exercise/max", "kind": "pin", "by": "siri"}
    return Override(**(values | {"at": MONDAY} | changes))


@pytest.fixture
def register(database: Database) -> Database:
    with database.begin() as session:
        people.save_learner(session, make_learner())
    return database


def test_decisions_come_back_whole_and_in_the_order_made(register: Database) -> None:
    made = [
        make_override(),
        make_override(kind="clear"),
        make_override(item="a/b/c", at=MONDAY + DAY),
    ]
    with register.begin() as session:
        for one in made:
            overrides.add(session, one)

    with register.begin() as session:
        assert overrides.of_learner(session, AMINA) == made


def test_the_last_decision_about_an_item_is_in_force() -> None:
    other = make_override(item="a/b/c", kind="dismiss")
    log = [make_override(), other, make_override(kind="clear"), make_override(by="kari")]

    assert in_force(log) == [other, make_override(by="kari")]
    assert in_force(log[:3]) == [other]


def test_decisions_about_others_are_not_mine(register: Database) -> None:
    with register.begin() as session:
        overrides.add(session, make_override())

        assert overrides.of_learner(session, LearnerId(PersonId("bo"))) == []


@pytest.mark.parametrize("change", [{"kind": "forbid"}, {"learner": "nobody"}])
def test_the_database_refuses_what_is_no_decision(register: Database, change: dict) -> None:
    with undone(register) as session, pytest.raises(IntegrityError):
        overrides.add(session, make_override(**change))
