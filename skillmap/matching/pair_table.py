"""Weigh every learner with every mentor.

In: learners, mentors, needs, excluded pairs. Out: a table of whole-number utilities.
Law: rows and columns lie in the order of a lot drawn from the id, so that neither arrival nor
alphabet decides a tie. Utility = .5 needs covered + .25 common evenings + .25 ease in a language.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skillmap.matching.allocation import FORBIDDEN
from skillmap.matching.feasibility import Excluded
from skillmap.matching.languages import MEETING_RANK, ranks_by_language
from skillmap.matching.needs import needs_of, taught
from skillmap.model import Course, Learner, LearnerId, Mentor, SkillId, SkillProfile, Spoken

__all__ = ["UTILITY_STEPS", "PairTable", "weigh_pairs"]

UTILITY_STEPS = 1_000_000  # utilities are counted in millionths: sums are exact

_COVERAGE, _EVENINGS, _EASE = 0.5, 0.25, 0.25
_ENOUGH_EVENINGS = 3  # a fourth common evening no longer makes meetings easier to agree on
_EASE_BY_RANK = np.array([0, 0, 0.4, 0.7, 0.9, 1.0])  # of the weaker side, A1 to C2

Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairTable:
    """utility: (n_learners, n_mentors) in millionths, FORBIDDEN where a pair cannot meet."""

    learners: tuple[Learner, ...]
    mentors: tuple[Mentor, ...]
    needs: Mapping[LearnerId, Mapping[SkillId, float]]
    utility: NDArray[np.int64]


def weigh_pairs(
    *,
    learners: Sequence[Learner],
    mentors: Sequence[Mentor],
    profiles: Mapping[LearnerId, SkillProfile],
    excluded: Excluded,
    course: Course,
) -> PairTable:
    """Weigh all pairs; a learner without a profile is weighed by goals alone."""
    rows = tuple(sorted(learners, key=lambda learner: _lot(learner.id)))
    columns = tuple(sorted(mentors, key=lambda mentor: _lot(mentor.id)))
    needs = {one.id: needs_of(one, profiles.get(one.id), course) for one in rows}
    ranks, n_evenings = _shared_ranks(rows, columns), _n_common_slots(rows, columns)
    utility = (
        _COVERAGE * _coverage([needs[one.id] for one in rows], columns, course)
        + _EVENINGS * np.minimum(n_evenings, _ENOUGH_EVENINGS) / _ENOUGH_EVENINGS
        + _EASE * _EASE_BY_RANK[np.maximum(ranks, 0)]
    )
    can_meet = (ranks >= MEETING_RANK) & (n_evenings > 0) & ~_is_excluded(rows, columns, excluded)
    whole = np.rint(utility * UTILITY_STEPS).astype(np.int64)
    allowed = np.where(can_meet, whole, FORBIDDEN)
    return PairTable(learners=rows, mentors=columns, needs=needs, utility=allowed)


def _lot(person: str) -> tuple[str, str]:
    return hashlib.sha256(person.encode()).hexdigest(), person


def _shared_ranks(learners: Sequence[Learner], mentors: Sequence[Mentor]) -> NDArray[np.int64]:
    """Best rank of the weaker side over all languages, -1 where none is shared."""
    shared = np.full((len(learners), len(mentors)), -1, dtype=np.int64)
    spoken = {code for mentor in mentors for code in ranks_by_language(mentor.spoken)}
    for code in sorted(spoken):
        mine = _ranks_in(code, [one.spoken for one in learners])
        theirs = _ranks_in(code, [one.spoken for one in mentors])
        np.maximum(shared, np.minimum.outer(mine, theirs), out=shared)
    return shared


def _ranks_in(code: str, people: Iterable[Sequence[Spoken]]) -> NDArray[np.int64]:
    return np.array([ranks_by_language(one).get(code, -1) for one in people], dtype=np.int64)


def _n_common_slots(learners: Sequence[Learner], mentors: Sequence[Mentor]) -> Real:
    slots = sorted({slot for mentor in mentors for slot in mentor.slots})
    mine = _marks([set(one.slots) for one in learners], slots)
    theirs = _marks([set(one.slots) for one in mentors], slots)
    return mine @ theirs.T


def _marks(held: Sequence[set[str]], wanted: Sequence[str]) -> Real:
    """(n_people, n_wanted) of 0 and 1."""
    marks = [[word in one for word in wanted] for one in held]
    return np.array(marks, dtype=np.float64).reshape(len(held), len(wanted))


def _coverage(
    needs: Sequence[Mapping[SkillId, float]], mentors: Sequence[Mentor], course: Course
) -> Real:
    """Share of the weight of needs that a mentor teaches; 1 for a learner without needs."""
    skills = sorted({skill for one in needs for skill in one})
    weights = np.array([[one.get(skill, 0.0) for skill in skills] for one in needs])
    weights = weights.reshape(len(needs), len(skills))
    teaches = [[taught(skill, mentor, course) for mentor in mentors] for skill in skills]
    by_mentor = np.array(teaches, dtype=np.float64).reshape(len(skills), len(mentors))
    total = weights.sum(axis=1, keepdims=True)
    return np.where(total > 0, weights @ by_mentor / np.where(total > 0, total, 1), 1.0)


def _is_excluded(
    learners: Sequence[Learner], mentors: Sequence[Mentor], excluded: Excluded
) -> NDArray[np.bool_]:
    row = {one.id: place for place, one in enumerate(learners)}
    column = {one.id: place for place, one in enumerate(mentors)}
    is_excluded = np.zeros((len(row), len(column)), dtype=np.bool_)
    for learner, mentor in excluded:
        is_excluded[row[learner], column[mentor]] = True
    return is_excluded
