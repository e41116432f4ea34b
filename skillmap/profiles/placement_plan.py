"""Make a placement check from the items of a course.

In: the course, what is believed before the first answer. Out: a plan.
Law: only items that a machine judges are asked, for nobody waits for a person in a check; one item
stands for its exercise.
"""

from collections.abc import Sequence

from skillmap.errors import EvidenceError
from skillmap.estimation.belief import Belief
from skillmap.evidence import exercise_of
from skillmap.model import Course, Item, ItemEstimate
from skillmap.profiles.asks import asks_of
from skillmap.profiles.mastery import middle_cut, skills_of_assignment
from skillmap.profiles.placement import MINUTES, Candidate, PlacementPlan

__all__ = ["plan_of_course"]

USUAL_MINUTES = 10  # of an item whose author gives none


def plan_of_course(
    course: Course,
    prior: Belief,
    *,
    estimates: Sequence[ItemEstimate] = (),
    minutes: float = MINUTES,
) -> PlacementPlan:
    """Plan a check over all modules, at the cut of the middle level.

    estimates: items known better than by their author's mark. Raises EvidenceError when the course
    has no levels.
    """
    cut = middle_cut(course)
    if cut is None:
        raise EvidenceError("This course defines no levels, so nothing can be skipped.")
    items = _one_of_each_exercise(course)
    asks = asks_of(items, prior.skills, estimates)
    modules = [module for track in course.tracks for module in track.modules]
    return PlacementPlan(
        prior=prior,
        pool=tuple(
            Candidate(item=one.id, ask=asks[one.id], minutes=float(one.minutes or USUAL_MINUTES))
            for one in items
        ),
        modules={one.id: skills_of_assignment(course, one.assignment) for one in modules},
        cut=cut,
        minutes=minutes,
    )


def _one_of_each_exercise(course: Course) -> list[Item]:
    """The first tagged item of each exercise that is judged by machine alone."""
    by_hand = {exercise_of(one) for one in course.items.values() if one.kind == "manual"}
    first: dict[tuple[str, str, str], Item] = {}
    for item in course.items.values():
        if item.skills and exercise_of(item) not in by_hand:
            first.setdefault(exercise_of(item), item)
    return list(first.values())
