"""Who saw what of whom, and why; each person can read what is said about them here."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillmap.model import PersonId
from skillmap.store.schema import AccessRow

__all__ = ["AccessRecord", "of", "record"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRecord:
    """`who` saw `what` of `whom`."""

    who: PersonId
    whom: PersonId
    what: str
    why: str
    at: datetime


def record(session: Session, view: AccessRecord) -> None:
    """Keep that somebody looked. Raises StoreError when the time has no zone."""
    session.add(AccessRow(who=view.who, whom=view.whom, what=view.what, why=view.why, at=view.at))
    session.flush()


def of(session: Session, whom: PersonId, *, limit: int = 100) -> list[AccessRecord]:
    """Return the last `limit` views of a person's data, newest first."""
    query = select(AccessRow).where(AccessRow.whom == whom)
    newest_first = query.order_by(AccessRow.at.desc(), AccessRow.id.desc()).limit(limit)
    return [
        AccessRecord(who=row.who, whom=row.whom, what=row.what, why=row.why, at=row.at)
        for row in session.scalars(newest_first)
    ]
