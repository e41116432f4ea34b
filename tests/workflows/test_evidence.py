"""Laws of attesting and stating: who may, what is refused, and what others read."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from skillmap.errors import AccessError, EvidenceError, StoreError
from skillmap.model import (
    AttestationId,
    LearnerId,
    MentorId,
    Pairing,
    PairingPlan,
    PersonId,
    SkillId,
    Statement,
    Witness,
)
from skillmap.store import access, disputes, pairings, people, responses
from skillmap.workflows.attest import (
    Sight,
    attest,
    consent_to_attestation,
    state_skill,
    withdraw,
    withdraw_statement,
)
from skillmap.workflows.evidence import evidence_of
from skillmap.workflows.export import export_learner
from skillmap.workflows.programme import Programme
from tests.web.world import NOW, add_people, make_course, work_of
from tests.workflows.builders import clock

AMINA, OKSANA = (LearnerId(PersonId(one)) for one in ("amina", "oksana"))
SIRI, KARI, MEI = (PersonId(one) for one in ("siri", "kari", "mei"))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The people of the web tests, amina graded and paired with kari."""
    root = tmp_path_factory.mktemp("evidence")
    (root / "source").mkdir()
    programme = Programme(root)
    programme.course = make_course()
    with programme.database.begin() as session:
        add_people(session)
        for graded, rows in work_of("amina", 0.85, programme.course):
            responses.record_attempt(session, graded)
            responses.append(session, rows)
        pairs = (("amina", "kari"), ("oksana", "mei"))
        plan = PairingPlan(pairings=tuple(pair(*names) for names in pairs), waiting=())
        pairings.save_draft(session, plan, NOW)
        pairings.publish(session, by=PersonId("bjorn"), at=NOW)
    programme.database.close()
    return root


@pytest.fixture
def world(template: Path, tmp_path: Path) -> Iterator[Programme]:
    programme = Programme(copytree(template, tmp_path / "world"))
    programme.course = make_course()
    yield programme
    programme.database.close()


def pair(learner: str, mentor: str) -> Pairing:
    who, whom = LearnerId(PersonId(learner)), MentorId(PersonId(mentor))
    return Pairing(learner=who, mentor=whom, utility=0.5)


def sight(**overrides: Any) -> Sight:
    values: dict[str, Any] = {
        "learner": AMINA,
        "skill": SkillId("joins"),
        "by": KARI,
        "words": " She joined two tables. ",
        "level": "working",
        "seen_on": date(2026, 11, 20),
    }
    return Sight(**values | overrides)


def statement(**overrides: Any) -> Statement:
    values: dict[str, Any] = {"learner": AMINA, "skill": SkillId("sql"), "source": "work"}
    return Statement(**values | {"stated_at": NOW, "years": 4.0} | overrides)


def test_the_three_kinds_come_apart_and_a_disputed_grade_is_marked(world: Programme) -> None:
    kept = attest(world, sight(), clock=clock)
    said = state_skill(world, statement())
    with world.database.begin() as session:
        about = responses.current(session, learner=AMINA)[0]
        asked = disputes.raise_dispute(session, about, "It works.", at=NOW)

    before = evidence_of(world, AMINA, by=SIRI, clock=clock)
    agreed = consent_to_attestation(world, kept.id, by=AMINA, clock=clock)
    after = evidence_of(world, AMINA, by=SIRI, clock=clock)

    assert (before.attested, after.attested) == ((), (agreed,))
    assert before.stated == after.stated == (said,)
    assert [one.response.item for one in after.graded if one.is_disputed] == [asked.item]
    assert len({one.response.item for one in after.graded}) == len(after.graded) > 3


def test_an_answered_dispute_is_in_question_until_the_gradebook_has_the_score(
    world: Programme,
) -> None:
    def in_question() -> list[bool]:
        found = evidence_of(world, AMINA, by=AMINA, clock=clock)
        return [one.is_disputed for one in found.graded if one.is_disputed]

    with world.database.begin() as session:
        about = responses.current(session, learner=AMINA)[0]
        asked = disputes.raise_dispute(session, about, "It works.", at=NOW)
        disputes.answer(session, asked.id, "Yes.", by=SIRI, at=NOW, score=1)
    assert in_question() == [True]
    with world.database.begin() as session:
        disputes.mark_recorded(session, [asked.id], at=NOW)

    assert in_question() == []


def test_a_look_of_another_is_logged_and_ones_own_is_not(world: Programme) -> None:
    evidence_of(world, AMINA, by=AMINA, clock=clock)
    evidence_of(world, AMINA, by=SIRI, clock=clock)

    with world.database.begin() as session:
        [look] = access.of(session, AMINA)
    assert (look.who, look.what) == (SIRI, "access.what.evidence")


def test_a_mentor_attests_for_their_own_learner_only(world: Programme) -> None:
    kept = attest(world, sight(), clock=clock)

    assert kept.witness == Witness(name="Kari Nordmann", role="mentor, Fjordbanken", person=KARI)
    assert kept.words == "She joined two tables."
    with pytest.raises(AccessError, match="no published pairing with 'oksana'"):
        attest(world, sight(learner=OKSANA), clock=clock)
    with pytest.raises(AccessError, match="no published pairing"):
        attest(world, sight(by=MEI), clock=clock)


@pytest.mark.parametrize("by", [AMINA, OKSANA])
def test_no_learner_attests(world: Programme, by: PersonId) -> None:
    with pytest.raises(AccessError, match="Learners do not attest"):
        attest(world, sight(by=by), clock=clock)


def test_staff_and_outsiders_attest_by_name(world: Programme) -> None:
    outside = Witness(name="Zofia Nowak", role="team lead, Nordlys")

    assert attest(world, sight(by=SIRI), clock=clock).witness.role == "instructor"
    assert attest(world, sight(by=outside), clock=clock).witness == outside
    with pytest.raises(StoreError, match="Did you mean 'siri'"):
        attest(world, sight(by=PersonId("sirri")), clock=clock)


def test_only_the_learner_consents_and_only_learner_or_witness_withdraw(world: Programme) -> None:
    kept = attest(world, sight(), clock=clock)

    for stranger in (KARI, OKSANA, SIRI):
        with pytest.raises(AccessError, match="belongs to 'amina'"):
            consent_to_attestation(world, kept.id, by=stranger, clock=clock)
    for stranger in (MEI, OKSANA, SIRI):
        with pytest.raises(AccessError, match="belongs to 'amina'"):
            withdraw(world, kept.id, by=stranger, clock=clock)
    consent_to_attestation(world, kept.id, by=AMINA, clock=clock)
    withdraw(world, kept.id, by=KARI, clock=clock)

    assert evidence_of(world, AMINA, by=AMINA, clock=clock).attested == ()
    with pytest.raises(StoreError, match="none of this number"):
        withdraw(world, AttestationId(99), by=AMINA, clock=clock)


def test_a_statement_is_taken_back_by_its_learner_only(world: Programme) -> None:
    said = state_skill(world, statement())

    with pytest.raises(AccessError, match="belongs to 'amina'"):
        withdraw_statement(world, said.id, by=OKSANA, clock=clock)
    withdraw_statement(world, said.id, by=AMINA, clock=clock)

    assert evidence_of(world, AMINA, by=AMINA, clock=clock).stated == ()


def test_what_the_catalogue_does_not_know_is_named_with_the_closest(world: Programme) -> None:
    wrong = sight(skill=SkillId("join"), level="workin")

    with pytest.raises(EvidenceError, match="Did you mean 'joins'.*Did you mean 'working'"):
        attest(world, wrong, clock=clock)
    with pytest.raises(EvidenceError, match="Did you mean 'sql'"):
        state_skill(world, statement(skill=SkillId("sqll")))


def test_a_learner_who_is_unknown_has_no_evidence(world: Programme) -> None:
    with pytest.raises(StoreError, match="Did you mean 'amina'"):
        evidence_of(world, LearnerId(PersonId("amna")), by=SIRI, clock=clock)


def test_the_learners_copy_holds_all_of_it(world: Programme, tmp_path: Path) -> None:
    kept = attest(world, sight(), clock=clock)
    withdraw(world, kept.id, by=AMINA, clock=clock)
    state_skill(world, statement(text="At a bank."))

    [path] = export_learner(world, AMINA, tmp_path / "copy", by=AMINA, clock=clock)

    copy = path.read_text(encoding="utf-8")
    assert "She joined two tables." in copy
    assert "At a bank." in copy


def test_name_and_language_of_a_learner_change_nothing(world: Programme) -> None:
    kept = attest(world, sight(), clock=clock)
    consent_to_attestation(world, kept.id, by=AMINA, clock=clock)
    state_skill(world, statement())
    before = evidence_of(world, AMINA, by=SIRI, clock=clock)
    with world.database.begin() as session:
        known = people.learner(session, AMINA)
        people.save_learner(session, replace(known, name="Xolani", page_language="nb"))

    assert evidence_of(world, AMINA, by=SIRI, clock=clock) == before
