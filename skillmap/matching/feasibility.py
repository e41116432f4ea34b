"""Say whether a learner and a mentor can meet at all.

In: two people and the excluded pairs. Out: the first thing in the way, or the common evenings.
Law: only language, evenings and exclusions decide; nobody's origin, gender, age or name is asked.
"""

from collections.abc import Set
from typing import Literal

from skillmap.matching.languages import shared_language
from skillmap.model import Learner, LearnerId, Mentor, MentorId

__all__ = ["Block", "Excluded", "common_slots", "first_block"]

Block = Literal["language", "evening", "excluded"]
Excluded = Set[tuple[LearnerId, MentorId]]

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def first_block(learner: Learner, mentor: Mentor, excluded: Excluded) -> Block | None:
    """The first constraint that forbids this pair, in the order language, evening, excluded."""
    if shared_language(learner.spoken, mentor.spoken) is None:
        return "language"
    if set(learner.slots).isdisjoint(mentor.slots):
        return "evening"
    return "excluded" if (learner.id, mentor.id) in excluded else None


def common_slots(learner: Learner, mentor: Mentor) -> tuple[str, ...]:
    """Evenings that both have free, in the order of the week."""
    return tuple(sorted(set(learner.slots) & set(mentor.slots), key=_place_in_week))


def _place_in_week(slot: str) -> tuple[int, str]:
    """Weekday first, then the hour; unknown weekdays come last."""
    day = slot.partition("-")[0]
    return (_WEEK.index(day) if day in _WEEK else len(_WEEK), slot)
