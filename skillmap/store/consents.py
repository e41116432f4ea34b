"""Consents: one purpose at a time, with the text shown, and as easy to withdraw as to give.

Law: nothing is forgotten; a consent given again is a new row, and only the last one can be open.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillmap.model import PersonId
from skillmap.store.schema import ConsentRow

__all__ = ["SHARE_WITH_MENTOR", "TEXT_VERSION", "Consent", "give", "history", "withdraw"]

SHARE_WITH_MENTOR = "share-with-mentor"
TEXT_VERSION = "2"  # raise it with the meaning of the consent text on the page


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One consent. withdrawn_at: None while it holds."""

    person: PersonId
    purpose: str
    version: str
    language: str
    given_at: datetime
    withdrawn_at: datetime | None
    channel: str = "page"
    expires_at: datetime | None = None


def give(
    session: Session,
    person: PersonId,
    purpose: str,
    *,
    language: str,
    at: datetime,
    channel: str = "page",
    expires_at: datetime | None = None,
) -> None:
    """Record consent to the present text; one that holds already is left as it is.

    channel: "page", "form", "paper" or "import". expires_at: None for until it is withdrawn.
    """
    if _open(session, person, purpose) is None:
        session.add(
            ConsentRow(
                person=person,
                purpose=purpose,
                version=TEXT_VERSION,
                language=language,
                given_at=at,
                withdrawn_at=None,
                channel=channel,
                expires_at=expires_at,
            )
        )
        session.flush()


def withdraw(session: Session, person: PersonId, purpose: str, *, at: datetime) -> None:
    """End the consent that holds; without one, change nothing."""
    row = _open(session, person, purpose)
    if row is not None:
        row.withdrawn_at = at
        session.flush()


def history(session: Session, person: PersonId) -> list[Consent]:
    """Return all consents of a person in the order they were given."""
    rows = select(ConsentRow).where(ConsentRow.person == person).order_by(ConsentRow.id)
    return [
        Consent(
            person=row.person,
            purpose=row.purpose,
            version=row.version,
            language=row.language,
            given_at=row.given_at,
            withdrawn_at=row.withdrawn_at,
            channel=row.channel,
            expires_at=row.expires_at,
        )
        for row in session.scalars(rows)
    ]


def _open(session: Session, person: PersonId, purpose: str) -> ConsentRow | None:
    return session.scalars(
        select(ConsentRow).where(
            ConsentRow.person == person,
            ConsentRow.purpose == purpose,
            ConsentRow.withdrawn_at.is_(None),
        )
    ).one_or_none()
