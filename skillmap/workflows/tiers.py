"""Say of each test how far it is kept from learners' code, as our database records it."""

from collections.abc import Mapping
from datetime import datetime

from skillmap.judging import NotebookPlan
from skillmap.model import AssignmentId, ItemTier

__all__ = ["tiers_of"]


def tiers_of(
    assignment: AssignmentId,
    plans: Mapping[str, NotebookPlan],
    *,
    at: datetime,
) -> list[ItemTier]:
    """Return the tier of each test of an assignment."""
    return [
        ItemTier(
            assignment=assignment,
            notebook=notebook,
            grade_id=grade_id,
            tier=test.tier.value,
            reason=test.reason,
            decided_at=at,
        )
        for notebook, plan in plans.items()
        for grade_id, test in plan.tests.items()
    ]
