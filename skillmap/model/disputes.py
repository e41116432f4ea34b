"""What learners say against a grade, what came of it, and what is known of the tests."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NewType

from skillmap.model.learning import AssignmentId, ItemId, item_id
from skillmap.model.people import LearnerId, PersonId

__all__ = ["Dispute", "DisputeId", "DisputeState", "ItemTier", "Regrading"]

DisputeId = NewType("DisputeId", int)
DisputeState = Literal["open", "answered", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A learner says that the score of one item is wrong, and a person answers.

    old_score: points when it was opened. new_score: points that the answer gives; None leaves the
    score as it is. recorded_at: when the gradebook took the new score; None while it waits.
    """

    id: DisputeId
    learner: LearnerId
    assignment: AssignmentId
    notebook: str
    grade_id: str
    text: str
    opened_at: datetime
    old_score: float
    state: DisputeState = "open"
    answer: str | None = None
    answered_by: PersonId | None = None
    answered_at: datetime | None = None
    new_score: float | None = None
    recorded_at: datetime | None = None

    @property
    def item(self) -> ItemId:
        """The item whose score it is about."""
        return item_id(self.assignment, self.notebook, self.grade_id)

    @property
    def waits_for_gradebook(self) -> bool:
        """Whether a new score was given that the gradebook does not have yet."""
        return self.new_score is not None and self.recorded_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTier:
    """How far the test of one item is kept from learners' code.

    tier: "value" or "extractor" where their code cannot reach the verdict, "in-kernel" where it
    can. reason: why it is not kept apart; None when it is.
    """

    assignment: AssignmentId
    notebook: str
    grade_id: str
    tier: str
    reason: str | None
    decided_at: datetime

    @property
    def item(self) -> ItemId:
        """The item that the test judges."""
        return item_id(self.assignment, self.notebook, self.grade_id)

    @property
    def is_apart(self) -> bool:
        """Whether learners' code cannot reach the verdict."""
        return self.tier != "in-kernel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrading:
    """All of a class was graded again at `at`, because a test was mended.

    item: the item whose test it was; None when several were mended.
    """

    assignment: AssignmentId
    item: ItemId | None
    at: datetime
