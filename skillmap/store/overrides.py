"""What mentors and instructors decided about the next exercise of a learner.

Law: a log; a later decision on an item takes the place of an earlier one, and none is changed or
taken out.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillmap.model import LearnerId, Override
from skillmap.store.schema import OverrideRow

__all__ = ["add", "of_learner"]


def add(session: Session, override: Override) -> None:
    """Keep a decision. Raises StoreError when its time has no zone."""
    session.add(
        OverrideRow(
            learner=override.learner,
            item=override.item,
            kind=override.kind,
            by=override.by,
            at=override.at,
        )
    )
    session.flush()


def of_learner(session: Session, learner: LearnerId) -> list[Override]:
    """Return all decisions about a learner in the order they were made."""
    query = select(OverrideRow).where(OverrideRow.learner == learner).order_by(OverrideRow.id)
    return [
        Override(learner=row.learner, item=row.item, kind=row.kind, by=row.by, at=row.at)
        for row in session.scalars(query)
    ]
