"""Laws of the register of people."""

from dataclasses import replace

import pytest

from skillmap.errors import StoreError
from skillmap.model import Exclusion, LearnerId, MentorId, Person, PersonId
from skillmap.store import Database, people
from tests.store.builders import MONDAY, make_coordinator, make_learner, make_mentor, save_cohort

AMINA = LearnerId(PersonId("amina"))
KARI = MentorId(PersonId("mentor-kari"))


def test_a_learner_comes_back_as_saved(database: Database) -> None:
    with database.begin() as session:
        people.save_learner(session, make_learner())

    with database.begin() as session:
        assert people.learner(session, AMINA) == make_learner()


def test_a_mentor_comes_back_as_saved(database: Database) -> None:
    with database.begin() as session:
        people.save_mentor(session, make_mentor(capacity=0))

    with database.begin() as session:
        assert people.mentor(session, KARI) == make_mentor(capacity=0)


def test_saving_again_replaces(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)
        people.save_learner(session, make_learner(name="Amina B.", slots=()))
        people.save_mentor(session, make_mentor(teaches=("loops",)))

    with database.begin() as session:
        assert people.learner(session, AMINA) == make_learner(name="Amina B.", slots=())
        assert people.mentor(session, KARI).teaches == ("loops",)
        assert len(people.learners(session)) == 2


def test_lists_are_sorted_by_id_whatever_the_order_of_arrival(database: Database) -> None:
    ids = ["b", "A", "å", "a", "Ø", "_"]
    with database.begin() as session:
        for id in ids:
            people.save_learner(session, make_learner(id=id))
            people.save_mentor(session, make_mentor(id=f"m-{id}"))
            people.save_person(session, make_coordinator(id=f"c-{id}"))

    with database.begin() as session:
        assert [one.id for one in people.learners(session)] == sorted(ids)
        assert [one.id for one in people.mentors(session)] == sorted(f"m-{id}" for id in ids)
        assert [one.id for one in people.staff(session)] == sorted(f"c-{id}" for id in ids)


def test_every_learner_and_mentor_is_also_a_person(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)

        assert people.person(session, AMINA) == Person(
            id=AMINA, name="Amina Ø. Vårdal", role="learner", page_language="nb"
        )
        kari = people.person(session, KARI)
        assert kari is not None
        assert kari.role == "mentor"
        assert people.person(session, PersonId("nobody")) is None


def test_staff_are_instructors_and_coordinators_only(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)

        assert [one.id for one in people.staff(session)] == ["coordinator-lise", "teacher-per"]


def test_an_unknown_learner_is_named_with_the_closest_id(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)

        with pytest.raises(StoreError, match="no learner 'amna'.* Did you mean 'amina'"):
            people.learner(session, LearnerId(PersonId("amna")))
        with pytest.raises(StoreError, match="no mentor 'mentor-kai'.* Did you mean 'mentor-kari'"):
            people.mentor(session, MentorId(PersonId("mentor-kai")))


def test_nobody_has_two_roles(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)

        with pytest.raises(StoreError, match="'amina': this id already belongs to a learner"):
            people.save_mentor(session, make_mentor(id="amina"))
        with pytest.raises(StoreError, match="already belongs to a mentor"):
            people.save_person(session, make_coordinator(id="mentor-kari"))
        with pytest.raises(StoreError, match="Save them as a learner"):
            people.save_person(session, make_coordinator(id="new", role="learner"))


def test_an_instructor_may_become_coordinator(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)
        people.save_person(session, make_coordinator(id="teacher-per"))

        per = people.person(session, PersonId("teacher-per"))
        assert per is not None
        assert per.role == "coordinator"


def test_an_exclusion_is_kept_once_with_its_newest_reason(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)
        people.exclude(session, Exclusion(learner=AMINA, mentor=KARI, why="cousins"))
        people.exclude(session, Exclusion(learner=AMINA, mentor=KARI, why="relatives"))

    with database.begin() as session:
        assert people.exclusions(session) == [
            Exclusion(learner=AMINA, mentor=KARI, why="relatives")
        ]


def test_an_exclusion_of_somebody_unknown_is_refused(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)

        with pytest.raises(StoreError, match="no mentor 'x'"):
            people.exclude(
                session, Exclusion(learner=AMINA, mentor=MentorId(PersonId("x")), why="")
            )


def test_saving_a_learner_neither_gives_nor_withdraws_consent(database: Database) -> None:
    with database.begin() as session:
        people.save_learner(session, make_learner(shares_with_mentor=True))
        assert not people.learner(session, AMINA).shares_with_mentor

        people.set_sharing(session, AMINA, True, MONDAY)
        people.save_learner(session, replace(make_learner(), shares_with_mentor=False))
        assert people.learner(session, AMINA).shares_with_mentor
