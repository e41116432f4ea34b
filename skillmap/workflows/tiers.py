"""Say of each test how far it is kept from learners' code, as our database records it."""

from collections.abc import Mapping
from datetime import datetime

from skillmap.judging import NotebookPlan, Scoring, Tier
from skillmap.model import AssignmentId, ItemTier

__all__ = ["tiers_of"]

NBGRADERS_LAW = "Graded with --scoring nbgrader, which runs all tests beside learners' code."


def tiers_of(
    assignment: AssignmentId,
    plans: Mapping[str, NotebookPlan],
    *,
    scoring: Scoring,
    at: datetime,
) -> list[ItemTier]:
    """Return the tier of each test of an assignment."""
    is_theirs = scoring is Scoring.NBGRADER
    return [
        ItemTier(
            assignment=assignment,
            notebook=notebook,
            grade_id=grade_id,
            tier=(Tier.IN_KERNEL if is_theirs else test.tier).value,
            reason=NBGRADERS_LAW if is_theirs else test.reason,
            decided_at=at,
        )
        for notebook, plan in plans.items()
        for grade_id, test in plan.tests.items()
    ]
