"""Find prerequisites that the answers contradict.

In: responses and the course. Out: a PrerequisiteDoubt for each `after` of a module that seems
needless. Law: a learner is judged by the best answer to each item. Of the learners who solve less
than half of what they answered in the earlier module, the share that solves half or more of the
later one is unknown, uniform at first; a doubt is a posterior probability of SURE_ENOUGH that more
than half of such learners manage, with at least MIN_GROUP of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy.stats import beta

from skillmap.model import AssignmentId, Course, ItemId, LearnerId, Response
from skillmap.profiles.groups import MIN_GROUP, GroupCount, count_group

__all__ = ["PrerequisiteDoubt", "doubt_prerequisites"]

PASSED = 0.5  # of the items answered
MOST = 0.5  # of those who fail the earlier module
SURE_ENOUGH = 0.95

_Shares = Mapping[tuple[LearnerId, AssignmentId], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrerequisiteDoubt:
    """Most of `n_learners`, who do not manage `earlier`, manage `later` all the same.

    probability: that more than half of such learners would.
    """

    later: AssignmentId
    earlier: AssignmentId
    n_learners: GroupCount
    probability: float


def doubt_prerequisites(responses: Sequence[Response], course: Course) -> list[PrerequisiteDoubt]:
    """Return the prerequisites that the data contradict, in the order of the tracks."""
    shares = _solved_shares(responses, course)
    doubts = (_doubt(later, earlier, shares) for later, earlier in _prerequisites(course))
    return [one for one in doubts if one is not None]


def _prerequisites(course: Course) -> list[tuple[AssignmentId, AssignmentId]]:
    """Return each pair of a later and an earlier assignment once."""
    pairs = []
    for track in course.tracks:
        assignments = {module.id: module.assignment for module in track.modules}
        pairs += [
            (module.assignment, assignments[earlier])
            for module in track.modules
            for earlier in module.after
            if earlier in assignments
        ]
    return list(dict.fromkeys(pairs))


def _solved_shares(responses: Sequence[Response], course: Course) -> _Shares:
    """Share of the items that a learner answered in an assignment and ever solved."""
    best: dict[tuple[LearnerId, ItemId], bool] = {}
    for one in responses:
        key = (one.learner, one.item)
        best[key] = best.get(key, False) or one.is_solved
    solved: dict[tuple[LearnerId, AssignmentId], list[bool]] = {}
    for (learner, item), is_solved in best.items():
        if known := course.items.get(item):
            solved.setdefault((learner, known.assignment), []).append(is_solved)
    return {key: sum(found) / len(found) for key, found in solved.items()}


def _doubt(later: AssignmentId, earlier: AssignmentId, shares: _Shares) -> PrerequisiteDoubt | None:
    failed = [
        learner
        for (learner, assignment), share in shares.items()
        if assignment == earlier and share < PASSED and (learner, later) in shares
    ]
    n_managed = sum(shares[learner, later] >= PASSED for learner in failed)
    probability = float(beta.sf(MOST, 1 + n_managed, 1 + len(failed) - n_managed))
    if len(failed) < MIN_GROUP or probability < SURE_ENOUGH:
        return None
    return PrerequisiteDoubt(
        later=later,
        earlier=earlier,
        n_learners=count_group(len(failed)),
        probability=probability,
    )
