"""Companies, offices and associations; one row for one name."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillmap.errors import StoreError
from skillmap.model import Organisation, OrganisationId
from skillmap.store.schema import OrganisationRow

__all__ = ["all_of", "id_of", "names", "save"]


def save(session: Session, organisation: Organisation) -> OrganisationId:
    """Add it, or set the kind of the one with this name; return its number.

    Raises StoreError when it has no name.
    """
    if not organisation.name.strip():
        raise StoreError("An organisation needs a name.")
    row = _row(session, organisation.name)
    if row is None:
        row = OrganisationRow(name=organisation.name, kind=organisation.kind)
        session.add(row)
    row.kind = organisation.kind
    session.flush()
    return row.id


def id_of(session: Session, name: str) -> OrganisationId:
    """The number of the organisation with this name; a new one is taken for an employer."""
    row = _row(session, name)
    return save(session, Organisation(name=name)) if row is None else row.id


def all_of(session: Session) -> list[Organisation]:
    """Return all organisations, sorted by name."""
    rows = session.scalars(select(OrganisationRow))
    found = [Organisation(id=row.id, name=row.name, kind=row.kind) for row in rows]
    return sorted(found, key=lambda one: one.name)


def names(session: Session) -> Mapping[OrganisationId, str]:
    """Return the name of each organisation."""
    return {row.id: row.name for row in session.scalars(select(OrganisationRow))}


def _row(session: Session, name: str) -> OrganisationRow | None:
    return session.scalars(
        select(OrganisationRow).where(OrganisationRow.name == name)
    ).one_or_none()
