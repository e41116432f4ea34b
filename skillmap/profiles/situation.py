"""What the choice of a next exercise is made from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from skillmap.estimation.belief import Belief
from skillmap.evidence import solved_items
from skillmap.model import Course, ItemEstimate, ItemId, LearnerId, Override, Response, in_force

__all__ = ["Situation"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Situation:
    """One learner before the next exercise.

    belief: as of today; forgetting is part of it. responses: those of others are ignored.
    estimates: items known better than by their author's mark. overrides: in the order made.
    without: items that are no use now, because a teacher is about to read them.
    """

    learner: LearnerId
    belief: Belief
    course: Course
    responses: Sequence[Response]
    estimates: Sequence[ItemEstimate] = ()
    overrides: Sequence[Override] = ()
    without: Collection[ItemId] = ()

    def answered(self) -> set[ItemId]:
        """Items of the course that the learner has answered."""
        mine = {one.item for one in self.responses if one.learner == self.learner}
        return mine & self.course.items.keys()

    def decisions(self) -> dict[ItemId, Override]:
        """What is decided for this learner and in force, by item, oldest first."""
        mine = (one for one in self.overrides if one.learner == self.learner)
        return {one.item: one for one in in_force(mine)}

    def closed(self) -> set[ItemId]:
        """Items that must not be proposed: solved, dismissed, or of no use now."""
        dismissed = {item for item, one in self.decisions().items() if one.kind == "dismiss"}
        return solved_items(self.responses, self.learner) | dismissed | set(self.without)
