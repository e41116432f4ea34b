"""Check a plan the slow, obvious way, with a walk and plain rules instead of the solver's matrix.

In: a plan and the people. Out: one sentence per fault, none when the plan holds.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from skillmap.matching.feasibility import Excluded, first_block
from skillmap.model import (
    Exclusion,
    Learner,
    LearnerId,
    Mentor,
    MentorId,
    Pairing,
    PairingPlan,
)

__all__ = ["audit_plan"]

Kept = Mapping[LearnerId, MentorId]


def audit_plan(
    plan: PairingPlan,
    *,
    learners: Sequence[Learner],
    mentors: Sequence[Mentor],
    exclusions: Sequence[Exclusion],
    running: Sequence[Pairing] = (),
) -> list[str]:
    """List what is wrong with a plan.

    Capacity, feasibility, each learner exactly once, running pairings that are still feasible
    kept, nobody waiting beside a free feasible seat, and no way to match one learner more without
    moving a kept pairing.
    """
    excluded = {(one.learner, one.mentor) for one in exclusions}
    learner_by_id = {one.id: one for one in learners}
    mentor_by_id = {one.id: one for one in mentors}
    strangers = [*_strangers(plan, learner_by_id, mentor_by_id)]
    if strangers:
        return strangers
    kept = dict(_still_feasible(running, learner_by_id, mentor_by_id, excluded))
    return [
        *_not_once(plan, learners),
        *_over_capacity(plan, mentors),
        *_infeasible(plan, learner_by_id, mentor_by_id, excluded),
        *_moved(plan, kept),
        *_free_beside_waiting(plan, learner_by_id, mentors, excluded),
        *_one_more(plan, learner_by_id, mentors, excluded, kept),
    ]


def _strangers(
    plan: PairingPlan,
    learners: Mapping[LearnerId, Learner],
    mentors: Mapping[MentorId, Mentor],
) -> Iterator[str]:
    named = [*(pair.learner for pair in plan.pairings), *(one.learner for one in plan.waiting)]
    for learner in sorted(set(named) - set(learners)):
        yield f"Learner {learner!r} is not in the cohort."
    for mentor in sorted({pair.mentor for pair in plan.pairings} - set(mentors)):
        yield f"Mentor {mentor!r} is not in the cohort."


def _not_once(plan: PairingPlan, learners: Iterable[Learner]) -> Iterator[str]:
    times = Counter(pair.learner for pair in plan.pairings)
    times.update(one.learner for one in plan.waiting)
    for learner in learners:
        if times[learner.id] != 1:
            yield f"Learner {learner.id!r} appears {times[learner.id]} times, not once."


def _over_capacity(plan: PairingPlan, mentors: Iterable[Mentor]) -> Iterator[str]:
    held = Counter(pair.mentor for pair in plan.pairings)
    for mentor in mentors:
        if held[mentor.id] > mentor.capacity:
            yield (
                f"Mentor {mentor.id!r} has {held[mentor.id]} learners, capacity {mentor.capacity}."
            )


def _infeasible(
    plan: PairingPlan,
    learners: Mapping[LearnerId, Learner],
    mentors: Mapping[MentorId, Mentor],
    excluded: Excluded,
) -> Iterator[str]:
    for pair in plan.pairings:
        block = first_block(learners[pair.learner], mentors[pair.mentor], excluded)
        if block is not None:
            yield f"Learner {pair.learner!r} cannot meet mentor {pair.mentor!r}: {block}."


def _still_feasible(
    running: Iterable[Pairing],
    learners: Mapping[LearnerId, Learner],
    mentors: Mapping[MentorId, Mentor],
    excluded: Excluded,
) -> Iterator[tuple[LearnerId, MentorId]]:
    for pair in running:
        if first_block(learners[pair.learner], mentors[pair.mentor], excluded) is None:
            yield pair.learner, pair.mentor


def _moved(plan: PairingPlan, kept: Kept) -> Iterator[str]:
    mentor_of = {pair.learner: pair.mentor for pair in plan.pairings}
    for learner, mentor in kept.items():
        if mentor_of.get(learner) != mentor:
            yield f"Learner {learner!r} lost the running mentor {mentor!r}."


def _free_beside_waiting(
    plan: PairingPlan,
    learners: Mapping[LearnerId, Learner],
    mentors: Iterable[Mentor],
    excluded: Excluded,
) -> Iterator[str]:
    held = Counter(pair.mentor for pair in plan.pairings)
    free = [mentor for mentor in mentors if held[mentor.id] < mentor.capacity]
    for one in plan.waiting:
        for mentor in free:
            if first_block(learners[one.learner], mentor, excluded) is None:
                yield f"Learner {one.learner!r} waits though mentor {mentor.id!r} has a free seat."


def _one_more(
    plan: PairingPlan,
    learners: Mapping[LearnerId, Learner],
    mentors: Sequence[Mentor],
    excluded: Excluded,
    kept: Kept,
) -> Iterator[str]:
    """Walk from the waiting: to any mentor they could meet, on to whom that mentor would let go.

    Reaching a free seat proves that one more could be matched; not reaching one, that none can
    (Berge 1957).
    """
    held = Counter(pair.mentor for pair in plan.pairings)
    may_move = [pair for pair in plan.pairings if kept.get(pair.learner) != pair.mentor]
    to_visit = deque(one.learner for one in plan.waiting)
    unreached = {mentor.id: mentor for mentor in mentors if mentor.capacity > 0}
    while to_visit:
        learner = learners[to_visit.popleft()]
        reached = [one for one in unreached.values() if first_block(learner, one, excluded) is None]
        for mentor in reached:
            if held[mentor.id] < mentor.capacity:
                yield f"One more learner could be matched, ending at mentor {mentor.id!r}."
                return
            del unreached[mentor.id]
            to_visit.extend(pair.learner for pair in may_move if pair.mentor == mentor.id)
