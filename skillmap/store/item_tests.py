"""What is known of the tests: how far they are kept from learners' code, and when they were mended.

Law: of each item only the last decision is kept; what another assignment has is not touched.
"""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from skillmap.model import AssignmentId, ItemTier, Regrading
from skillmap.store.schema import ItemTierRow, RegradingRow

__all__ = ["read_regradings", "read_tiers", "record_regrading", "record_tiers"]


def record_tiers(session: Session, assignment: AssignmentId, tiers: Sequence[ItemTier]) -> None:
    """Keep the tiers of all tests of an assignment, in place of those known before."""
    session.execute(delete(ItemTierRow).where(ItemTierRow.assignment == assignment))
    session.add_all(
        ItemTierRow(
            assignment=assignment,
            notebook=one.notebook,
            grade_id=one.grade_id,
            tier=one.tier,
            reason=one.reason,
            decided_at=one.decided_at,
        )
        for one in tiers
    )
    session.flush()


def read_tiers(session: Session, *, assignment: AssignmentId | None = None) -> list[ItemTier]:
    """Return the tiers of one or all assignments, sorted by item; empty when not decided yet."""
    query = select(ItemTierRow)
    if assignment is not None:
        query = query.where(ItemTierRow.assignment == assignment)
    found = [
        ItemTier(
            assignment=row.assignment,
            notebook=row.notebook,
            grade_id=row.grade_id,
            tier=row.tier,
            reason=row.reason,
            decided_at=row.decided_at,
        )
        for row in session.scalars(query)
    ]
    return sorted(found, key=lambda one: one.item)


def record_regrading(session: Session, regrading: Regrading) -> None:
    """Keep that a class was graded again."""
    session.add(RegradingRow(assignment=regrading.assignment, item=regrading.item, at=regrading.at))
    session.flush()


def read_regradings(session: Session) -> list[Regrading]:
    """Return when which assignment was graded again, oldest first."""
    rows = session.scalars(select(RegradingRow).order_by(RegradingRow.at, RegradingRow.id))
    return [Regrading(assignment=row.assignment, item=row.item, at=row.at) for row in rows]
