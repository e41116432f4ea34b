"""Which assignments wait for another module to be begun or mastered first.

In: a course, a belief, the items answered. Out: assignments.
"""

from collections.abc import Collection

from skillmap.estimation.belief import Belief
from skillmap.model import AssignmentId, Course, ItemId, Module
from skillmap.profiles.mastery import middle_cut, probability_of_all, skills_of_assignment

__all__ = ["waiting_assignments"]

SURE_ENOUGH = 0.8  # probability that a learner masters what was not asked of them


def waiting_assignments(
    course: Course, belief: Belief, answered: Collection[ItemId]
) -> set[AssignmentId]:
    """Return the assignments of modules that come after one neither begun nor mastered."""
    begun = {course.items[item].assignment for item in answered}
    waiting = set()
    for track in course.tracks:
        open_modules = {
            module.id
            for module in track.modules
            if module.assignment in begun or _is_mastered(module, course, belief)
        }
        waiting |= {
            module.assignment
            for module in track.modules
            if module.assignment not in begun and not open_modules.issuperset(module.after)
        }
    return waiting


def _is_mastered(module: Module, course: Course, belief: Belief) -> bool:
    """Whether the belief is sure enough of all skills that the module's items show."""
    cut = middle_cut(course)
    if cut is None:
        return False
    skills = skills_of_assignment(course, module.assignment)
    return probability_of_all(belief, skills, cut) >= SURE_ENOUGH
