"""What named persons saw learners do, and whether the learner lets it be shown.

In: an Attestation; later the learner's yes or no. Out: Attestations.
Law: nothing is deleted or rewritten; consent and withdrawal are marks, each set once. Each consent
is also a record of its own (`consents.py`), with the language in which it was asked for.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillmap.errors import StoreError
from skillmap.model import Attestation, AttestationId, LearnerId, Witness
from skillmap.store import consents, people
from skillmap.store.schema import AttestationRow

__all__ = ["MAX_WAITING", "consent", "counting", "find", "keep", "of_learner", "withdraw"]

MAX_WAITING = 20  # for each learner: few enough to read and decide


def keep(session: Session, attestation: Attestation) -> Attestation:
    """Keep what was seen, and return it with its number; it waits for the learner's consent.

    Raises StoreError when the learner is unknown, or when too many wait for them already.
    """
    learner = people.learner(session, attestation.learner)
    waiting = [one for one in of_learner(session, learner.id) if one.state == "waiting"]
    if len(waiting) >= MAX_WAITING:
        raise StoreError(
            f"{learner.id}: {len(waiting)} attestations wait for the learner already. "
            "Let them decide on those first."
        )
    witness = attestation.witness
    row = AttestationRow(
        learner=attestation.learner,
        skill=attestation.skill,
        by_name=witness.name,
        by_role=witness.role,
        by_person=witness.person,
        words=attestation.words,
        level=attestation.level,
        seen_on=attestation.seen_on,
        recorded_at=attestation.recorded_at,
    )
    session.add(row)
    session.flush()
    return replace(attestation, id=row.id, consented_at=None, withdrawn_at=None)


def find(session: Session, id: AttestationId) -> Attestation:
    """Return one attestation. Raises StoreError when there is none of this number."""
    return _attestation(_row(session, id))


def of_learner(session: Session, learner: LearnerId) -> list[Attestation]:
    """Return all attestations of a learner, newest first: for the learner alone."""
    query = (
        select(AttestationRow)
        .where(AttestationRow.learner == learner)
        .order_by(AttestationRow.seen_on.desc(), AttestationRow.id.desc())
    )
    return [_attestation(row) for row in session.scalars(query)]


def counting(session: Session, learner: LearnerId) -> list[Attestation]:
    """Return what others may see of a learner's attestations, newest first."""
    return [one for one in of_learner(session, learner) if one.counts]


def consent(session: Session, id: AttestationId, *, at: datetime) -> Attestation:
    """Let it be shown; repeating it changes nothing. Raises StoreError after a withdrawal."""
    row = _row(session, id)
    if row.withdrawn_at is not None:
        raise StoreError(f"Attestation {id}: it was withdrawn. It has to be written again.")
    if row.consented_at is None:
        row.consented_at = at
        language = people.learner(session, row.learner).page_language
        consents.give(session, row.learner, _purpose(id), language=language, at=at)
    session.flush()
    return _attestation(row)


def withdraw(session: Session, id: AttestationId, *, at: datetime) -> Attestation:
    """Take it off every page, before the consent (a no) or after it; repeating changes nothing."""
    row = _row(session, id)
    if row.withdrawn_at is None:
        row.withdrawn_at = at
        consents.withdraw(session, row.learner, _purpose(id), at=at)
    session.flush()
    return _attestation(row)


def _purpose(id: AttestationId) -> str:
    return f"show-attestation:{id}"


def _row(session: Session, id: AttestationId) -> AttestationRow:
    row = session.get(AttestationRow, id)
    if row is None:
        raise StoreError(
            f"Attestation {id}: there is none of this number. `skillmap evidence` lists them."
        )
    return row


def _attestation(row: AttestationRow) -> Attestation:
    return Attestation(
        id=row.id,
        learner=row.learner,
        skill=row.skill,
        witness=Witness(name=row.by_name, role=row.by_role, person=row.by_person),
        words=row.words,
        level=row.level,
        seen_on=row.seen_on,
        recorded_at=row.recorded_at,
        consented_at=row.consented_at,
        withdrawn_at=row.withdrawn_at,
    )
