"""A named person says what they saw, and learners say what they did before: kept, and taken back.

Law: a mentor attests for their own learner only, and nobody for themselves; only the learner
consents; what names a skill or a level that the catalogue does not know is refused.
"""

from dataclasses import dataclass
from datetime import date, datetime

from skillmap.errors import AccessError, EvidenceError, did_you_mean
from skillmap.model import (
    Attestation,
    AttestationId,
    Course,
    LearnerId,
    PersonId,
    SkillId,
    Statement,
    StatementId,
    Witness,
)
from skillmap.ports import Clock
from skillmap.store import Session, attestations, pairings, people, statements
from skillmap.workflows.programme import Programme

__all__ = [
    "Sight",
    "attest",
    "consent_to_attestation",
    "keep_sight",
    "keep_statement",
    "state_skill",
    "withdraw",
    "withdraw_statement",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What somebody wants to attest. by: an id of the register, or somebody from outside."""

    learner: LearnerId
    skill: SkillId
    by: PersonId | Witness
    words: str
    level: str
    seen_on: date


def attest(programme: Programme, sight: Sight, *, clock: Clock) -> Attestation:
    """Keep what somebody saw; it is shown to nobody else before the learner consents.

    Raises EvidenceError for an unknown skill or level, empty words and a day in the future,
    AccessError when `by` may not attest for this learner, StoreError for unknown people.
    """
    with programme.database.begin() as session:
        return keep_sight(session, programme.course, sight, at=clock())


def keep_sight(session: Session, course: Course, sight: Sight, *, at: datetime) -> Attestation:
    """Do what `attest` does, within a transaction that has begun."""
    _require_known(course, sight.skill, sight.level)
    attestation = Attestation(
        learner=sight.learner,
        skill=sight.skill,
        witness=_witness(session, sight.by, sight.learner),
        words=sight.words.strip(),
        level=sight.level,
        seen_on=sight.seen_on,
        recorded_at=at,
    )
    return attestations.keep(session, attestation)


def consent_to_attestation(
    programme: Programme, id: AttestationId, *, by: PersonId, clock: Clock
) -> Attestation:
    """Let an attestation count and be shown. Raises AccessError unless it is about `by`."""
    with programme.database.begin() as session:
        _require_own(attestations.find(session, id).learner, by)
        return attestations.consent(session, id, at=clock())


def withdraw(programme: Programme, id: AttestationId, *, by: PersonId, clock: Clock) -> Attestation:
    """Take an attestation off every page: the learner may, and who wrote it."""
    with programme.database.begin() as session:
        found = attestations.find(session, id)
        if by != found.witness.person:
            _require_own(found.learner, by)
        return attestations.withdraw(session, id, at=clock())


def state_skill(programme: Programme, statement: Statement) -> Statement:
    """Keep what a learner says of a skill, in the place of what they said from the same source.

    Raises EvidenceError for an unknown skill or level, StoreError for an unknown learner.
    """
    with programme.database.begin() as session:
        return keep_statement(session, programme.course, statement)


def keep_statement(session: Session, course: Course, statement: Statement) -> Statement:
    """Do what `state_skill` does, within a transaction that has begun."""
    _require_known(course, statement.skill, statement.level)
    return statements.keep(session, statement)


def withdraw_statement(
    programme: Programme, id: StatementId, *, by: PersonId, clock: Clock
) -> Statement:
    """Take a statement back. Raises AccessError unless it is of `by`."""
    with programme.database.begin() as session:
        _require_own(statements.find(session, id).learner, by)
        return statements.withdraw(session, id, at=clock())


def _witness(session: Session, by: PersonId | Witness, learner: LearnerId) -> Witness:
    if isinstance(by, Witness):
        return by
    person = people.require_known(session, by)
    if person.role == "learner":
        raise AccessError(f"{by!r} is a learner. Learners do not attest; they state.")
    if person.role != "mentor":
        return Witness(name=person.name, role=person.role, person=by)
    mine = [one for one in pairings.published(session) if one.mentor == by]
    pair = next((one for one in mine if one.learner == learner), None)
    if pair is None:
        raise AccessError(f"{by!r} has no published pairing with {learner!r}.")
    organisation = people.mentor(session, pair.mentor).organisation
    role = f"mentor, {organisation}" if organisation else "mentor"
    return Witness(name=person.name, role=role, person=by)


def _require_known(course: Course, skill: SkillId, level: str | None) -> None:
    levels = [one.id for one in course.levels]
    problems = []
    if skill not in course.skills:
        hint = did_you_mean(skill, course.skills)
        problems.append(f"Skill {skill!r} is not in the catalogue.{hint}")
    if level is not None and level not in levels:
        hint = did_you_mean(level, levels)
        problems.append(f"Level {level!r} is not one of {', '.join(levels)}.{hint}")
    if problems:
        raise EvidenceError(" ".join(problems))


def _require_own(learner: LearnerId, by: PersonId) -> None:
    if learner != by:
        raise AccessError(f"This belongs to {learner!r}; {by!r} cannot decide about it.")
