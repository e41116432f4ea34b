"""What grading noted at each item, when it noted the same for a whole group.

In: graded attempts with their findings. Out: for each item, sentences and how many they concern.
Law: a sentence may carry a learner's own words, so it is shown only when MIN_GROUP learners have
the same; their later attempts count no second time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skillmap.model import AssignmentId, Course, GradedAttempt, ItemId, LearnerId
from skillmap.profiles.groups import MIN_GROUP

__all__ = ["Finding", "findings_by_item"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A sentence of the grader, and for how many learners: MIN_GROUP or more."""

    text: str
    n_learners: int


def findings_by_item(
    attempts: Sequence[GradedAttempt], course: Course
) -> dict[ItemId, tuple[Finding, ...]]:
    """Return what was noted at each item, most frequent first."""
    cells = {
        (item.assignment, f"{item.notebook}/{item.grade_id}"): item.id
        for item in course.items.values()
    }
    who: dict[tuple[ItemId, str], set[LearnerId]] = {}
    for graded in attempts:
        for text in graded.findings:
            if item := _item_of(graded.attempt.assignment, text, cells):
                who.setdefault((item, text), set()).add(graded.attempt.learner)
    frequent = [(item, text, len(learners)) for (item, text), learners in who.items()]
    ordered = sorted(frequent, key=lambda one: (-one[2], one[1]))
    found: dict[ItemId, tuple[Finding, ...]] = {}
    for item, text, n in ordered:
        if n >= MIN_GROUP:
            found[item] = (*found.get(item, ()), Finding(text=text, n_learners=n))
    return found


def _item_of(
    assignment: AssignmentId, text: str, cells: Mapping[tuple[AssignmentId, str], ItemId]
) -> ItemId | None:
    """Return the item that a finding names first, as `notebook/grade_id: …`."""
    where = text.split(" ", 1)[0].removesuffix(":")
    return cells.get((assignment, where))
