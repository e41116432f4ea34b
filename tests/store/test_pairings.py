"""Laws of drafts, publications and running pairs."""

import pytest

from skillmap.errors import AccessError, MatchingError, StoreError
from skillmap.model import Exclusion, LearnerId, MentorId, PairingPlan, PersonId, Reason, Waiting
from skillmap.store import Database, Session, pairings, people
from tests.store.builders import DAY, MONDAY, make_pairing, make_plan, save_cohort

LISE = PersonId("coordinator-lise")
EMPTY = PairingPlan(pairings=(), waiting=())


def publish(session: Session, plan: PairingPlan, *, n_days: int = 0) -> int:
    pairings.save_draft(session, plan, MONDAY + n_days * DAY)
    return pairings.publish(session, by=LISE, at=MONDAY + n_days * DAY)


def test_before_the_first_plan_there_is_nothing(database: Database) -> None:
    with database.begin() as session:
        assert pairings.draft(session) is None
        assert pairings.published(session) == []
        assert pairings.published_by(session) is None
        assert pairings.waiting(session) == []


def test_a_draft_comes_back_as_saved_and_binds_nobody(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)
        pairings.save_draft(session, make_plan(), MONDAY)

    with database.begin() as session:
        assert pairings.draft(session) == make_plan()
        assert pairings.published(session) == []
        assert pairings.waiting(session) == []


def test_a_new_draft_replaces_the_earlier_one(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)
        first = pairings.save_draft(session, make_plan(), MONDAY)
        second = pairings.save_draft(session, EMPTY, MONDAY)

        assert second > first
        assert pairings.draft(session) == EMPTY


def test_a_draft_of_strangers_is_refused(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)

        with pytest.raises(StoreError, match="no learner 'amin'.* Did you mean 'amina'"):
            pairings.save_draft(
                session, make_plan(pairings=(make_pairing(learner="amin"),)), MONDAY
            )


def test_publishing_makes_exactly_the_draft_valid(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)
        assert publish(session, make_plan()) == 1

    with database.begin() as session:
        assert pairings.published(session) == list(make_plan().pairings)
        assert pairings.waiting(session) == list(make_plan().waiting)
        assert pairings.published_by(session) == (LISE, MONDAY)
        assert pairings.draft(session) is None


@pytest.mark.parametrize(
    ("by", "why"),
    [
        ("nobody", "Nobody here has the id 'nobody'"),
        ("", "Nobody here has the id ''"),
        ("teacher-per", r"Per \(teacher-per\) is a instructor|Only a coordinator"),
        ("mentor-kari", "Only a coordinator"),
        ("amina", "Only a coordinator"),
    ],
)
def test_only_a_named_coordinator_publishes(database: Database, by: str, why: str) -> None:
    with database.begin() as session:
        save_cohort(session)
        pairings.save_draft(session, make_plan(), MONDAY)

        with pytest.raises(AccessError, match=why):
            pairings.publish(session, by=PersonId(by), at=MONDAY)
        assert pairings.published(session) == []
        assert pairings.draft(session) == make_plan()


def test_without_a_draft_there_is_nothing_to_publish(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)
        publish(session, make_plan())

        with pytest.raises(MatchingError, match="no draft"):
            pairings.publish(session, by=LISE, at=MONDAY)


def test_a_pair_excluded_since_the_draft_is_not_published(database: Database) -> None:
    amina, kari = make_pairing().learner, make_pairing().mentor
    with database.begin() as session:
        save_cohort(session)
        pairings.save_draft(session, make_plan(), MONDAY)
        people.exclude(session, Exclusion(learner=amina, mentor=kari, why="relatives"))

        with pytest.raises(MatchingError, match="amina with mentor-kari"):
            pairings.publish(session, by=LISE, at=MONDAY)
        assert pairings.published(session) == []


def test_a_pair_that_the_plan_leaves_out_ends_and_stays_in_the_history(database: Database) -> None:
    other = make_pairing(mentor="mentor-ola")
    with database.begin() as session:
        save_cohort(session)
        publish(session, make_plan())
        publish(session, make_plan(pairings=(other,), waiting=()), n_days=7)

    with database.begin() as session:
        assert pairings.published(session) == [other]
        assert pairings.waiting(session) == []
        first, second = pairings.history(session)
        assert first == pairings.PairingSpan(
            pairing=make_pairing(), started_at=MONDAY, ended_at=MONDAY + 7 * DAY
        )
        assert (second.started_at, second.ended_at) == (MONDAY + 7 * DAY, None)


def test_a_pair_that_stays_keeps_its_start_and_has_the_new_reasons(database: Database) -> None:
    renewed = make_pairing(utility=0.9, reasons=(Reason(key="pair.running"),))
    with database.begin() as session:
        save_cohort(session)
        publish(session, make_plan())
        publish(session, make_plan(pairings=(renewed,)), n_days=7)

        (span,) = pairings.history(session)
        assert span == pairings.PairingSpan(pairing=renewed, started_at=MONDAY, ended_at=None)


def test_a_pair_may_meet_again_after_it_ended(database: Database) -> None:
    with database.begin() as session:
        save_cohort(session)
        publish(session, make_plan())
        publish(session, EMPTY, n_days=7)
        publish(session, make_plan(), n_days=14)

        assert pairings.published(session) == [make_pairing()]
        spans = [(one.started_at, one.ended_at) for one in pairings.history(session)]
        assert spans == [(MONDAY, MONDAY + 7 * DAY), (MONDAY + 14 * DAY, None)]


def test_published_pairs_are_sorted_and_waiting_keeps_the_order_of_the_plan(
    database: Database,
) -> None:
    pairs = tuple(
        make_pairing(learner=learner, mentor=mentor)
        for learner, mentor in (("bashir", "mentor-ola"), ("bashir", "mentor-kari"))
    )
    wait = tuple(
        Waiting(learner=LearnerId(PersonId(name)), causes=()) for name in ("bashir", "amina")
    )
    with database.begin() as session:
        save_cohort(session)
        publish(session, PairingPlan(pairings=pairs, waiting=wait))

        found = [(one.learner, one.mentor) for one in pairings.published(session)]
        assert found == [("bashir", "mentor-kari"), ("bashir", "mentor-ola")]
        assert [one.learner for one in pairings.waiting(session)] == ["bashir", "amina"]


def test_values_of_reasons_keep_their_kinds(database: Database) -> None:
    values: dict[str, str | int | float] = {"count": 1, "share": 1.0, "word": "1", "tiny": 5e-324}
    pairing = make_pairing(reasons=(Reason(key="k", values=values),))
    with database.begin() as session:
        save_cohort(session)
        publish(session, make_plan(pairings=(pairing,)))
        session.expire_all()

        (found,) = pairings.published(session)
        kinds = {key: type(value) for key, value in found.reasons[0].values.items()}
        assert found == pairing
        assert kinds == {"count": int, "share": float, "word": str, "tiny": float}


def test_a_publication_that_fails_half_way_publishes_nothing(database: Database) -> None:
    kari = MentorId(PersonId("mentor-kari"))
    with database.begin() as session:
        save_cohort(session)
        pairings.save_draft(session, make_plan(), MONDAY)

    with pytest.raises(StoreError, match="has no zone"):
        publish_and_fail(database)

    with database.begin() as session:
        assert pairings.published(session) == []
        assert pairings.draft(session) == make_plan()
        assert people.mentor(session, kari).capacity == 2


def publish_and_fail(database: Database) -> None:
    with database.begin() as session:
        pairings.publish(session, by=LISE, at=MONDAY.replace(tzinfo=None))
