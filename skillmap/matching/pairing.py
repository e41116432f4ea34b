"""Draft who meets which mentor.

In: learners, mentors, profiles, exclusions, running pairings. Out: a PairingPlan, a draft until a
named person publishes it. Order of goals: most learners matched, best worst match, best total;
what is still equal falls by a lot drawn from the ids, never by the order of the input.
Law: a running pairing that is still feasible is kept as it is, and only free seats are filled; the
goals hold for the seats that are filled now. One that is no longer feasible is given up.
Never inputs: nationality, religion, gender, age, names.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from skillmap.errors import MatchingError
from skillmap.matching.allocation import FORBIDDEN, NOBODY, allocate
from skillmap.matching.audit import audit_plan
from skillmap.matching.feasibility import Excluded
from skillmap.matching.pair_reasons import pair_reasons, waiting_causes
from skillmap.matching.pair_table import UTILITY_STEPS, PairTable, weigh_pairs
from skillmap.matching.people_check import check_people
from skillmap.model import (
    Course,
    Exclusion,
    Learner,
    LearnerId,
    Mentor,
    MentorId,
    Pairing,
    PairingPlan,
    SkillProfile,
    Waiting,
)

__all__ = ["plan_pairings"]


def plan_pairings(
    *,
    learners: Sequence[Learner],
    mentors: Sequence[Mentor],
    profiles: Mapping[LearnerId, SkillProfile],
    exclusions: Sequence[Exclusion],
    running: Sequence[Pairing] = (),
    course: Course,
) -> PairingPlan:
    """Pair learners with mentors and say why; every plan is audited before it is returned.

    Raises MatchingError for repeated or unknown ids and for more running pairings than seats,
    and when the audit objects.
    """
    check_people(learners, mentors, exclusions, running)
    excluded = {(one.learner, one.mentor) for one in exclusions}
    table = weigh_pairs(
        learners=learners, mentors=mentors, profiles=profiles, excluded=excluded, course=course
    )
    plan = _as_plan(table, _fill(table, _kept(table, running)), excluded, course)
    problems = audit_plan(
        plan, learners=learners, mentors=mentors, exclusions=exclusions, running=running
    )
    if problems:
        raise MatchingError("The pairing failed its audit: " + " ".join(problems))
    return plan


def _kept(table: PairTable, running: Sequence[Pairing]) -> NDArray[np.int64]:
    """Column of each learner's running and still feasible mentor, else NOBODY."""
    column: dict[MentorId, int] = {one.id: place for place, one in enumerate(table.mentors)}
    mentor_of = {pair.learner: column[pair.mentor] for pair in running}
    kept = [mentor_of.get(one.id, NOBODY) for one in table.learners]
    return np.array(
        [
            place if place != NOBODY and table.utility[row, place] != FORBIDDEN else NOBODY
            for row, place in enumerate(kept)
        ],
        dtype=np.int64,
    )


def _fill(table: PairTable, kept: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the free seats to the learners who have none."""
    taken = np.bincount(kept[kept != NOBODY], minlength=len(table.mentors))
    free = np.array([one.capacity for one in table.mentors], dtype=np.int64) - taken
    if (free < 0).any():
        raise MatchingError(_overfull(table, taken))
    is_open = kept == NOBODY
    chosen = kept.copy()
    chosen[is_open] = allocate(table.utility[is_open], free)
    return chosen


def _overfull(table: PairTable, taken: NDArray[np.int64]) -> str:
    over = [
        f"Mentor {mentor.id!r} has {n} running pairings and capacity {mentor.capacity}."
        for mentor, n in zip(table.mentors, taken, strict=True)
        if n > mentor.capacity
    ]
    return " ".join([*sorted(over), "Raise the capacity or end a pairing; that is for a person."])


def _as_plan(
    table: PairTable, chosen: NDArray[np.int64], excluded: Excluded, course: Course
) -> PairingPlan:
    pairings, waiting = [], []
    for row, learner in enumerate(table.learners):
        column = int(chosen[row])
        if column == NOBODY:
            causes = waiting_causes(learner, table.mentors, excluded)
            waiting.append(Waiting(learner=learner.id, causes=causes))
        else:
            pairings.append(_as_pairing(table, row, column, course))
    return PairingPlan(
        pairings=tuple(sorted(pairings, key=lambda pair: pair.learner)),
        waiting=tuple(sorted(waiting, key=lambda one: one.learner)),
    )


def _as_pairing(table: PairTable, row: int, column: int, course: Course) -> Pairing:
    return Pairing(
        learner=table.learners[row].id,
        mentor=table.mentors[column].id,
        utility=int(table.utility[row, column]) / UTILITY_STEPS,
        reasons=pair_reasons(table, row, column, course),
    )
