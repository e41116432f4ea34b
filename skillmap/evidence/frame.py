"""Turn the response log into the arrays that estimation reads.

In: responses, the items of the course, the skills to estimate. Out: one EvidenceFrame.
Laws: the order of the input does not matter; importing twice changes nothing; an item that left
the course is left out and named.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from skillmap.errors import EvidenceError
from skillmap.evidence.weights import exercise_shares, novelty
from skillmap.model import Item, ItemId, LearnerId, PersonId, Response, SkillId

__all__ = ["SECONDS_PER_DAY", "EvidenceFrame", "build_frame", "frame_from_arrays", "moments"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Array = TypeVar("Array", bound=NDArray[Any])

SECONDS_PER_DAY = 86_400
_RESPONSE_FIELDS = tuple(field.name for field in fields(Response))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EvidenceFrame:
    """Responses as read-only arrays; rows are sorted by learner, item and attempt.

    learners, items, skills: names of the indices; items are those with at least one row.
    learner_index, item_index, attempt: (n_rows,) integers; attempt is counted from 1.
    fraction: (n_rows,) in [0, 1]. weight: (n_rows,) in [0, 1], how many answers the row is worth.
    is_manual: (n_rows,) booleans.
    moment: (n_rows,) integers; which moment of its learner a row belongs to, counted from 0 in the
        order of time. What was handed in together shares a moment.
    days: (n_rows,) days from 1970-01-01 to the submission; all 0 where times are not known.
    q: (n_items, n_skills) shares of the skills in each item; a row sums to 1, or to 0 when the
        item is untagged and speaks of general ability only.
    difficulty: (n_items,) the author's 1 (easy) to 5 (hard).
    responses: the rows themselves. unknown_items: named by responses, absent from the course.
    """

    learners: tuple[LearnerId, ...]
    items: tuple[ItemId, ...]
    skills: tuple[SkillId, ...]
    learner_index: Ints
    item_index: Ints
    attempt: Ints
    fraction: Floats
    weight: Floats
    is_manual: NDArray[np.bool_]
    moment: Ints
    days: Floats
    q: Floats
    difficulty: Floats
    responses: tuple[Response, ...]
    unknown_items: tuple[ItemId, ...] = ()

    @property
    def newest(self) -> datetime | None:
        """Time of the newest response in the frame."""
        return max((r.submitted_at for r in self.responses), default=None)

    def sha256(self) -> str:
        """Hash over the responses used; it does not depend on their order in the input."""
        digest = sha256()
        for response in self.responses:
            digest.update(repr(_precise(response)).encode())
        return digest.hexdigest()


def build_frame(
    responses: Sequence[Response],
    items: Mapping[ItemId, Item],
    skills: Sequence[SkillId],
    *,
    learners: Sequence[LearnerId] = (),
) -> EvidenceFrame:
    """Arrange the responses for estimation.

    learners: whom to include even when they have no response. Of two gradings of one attempt the
    newer counts. Tags outside `skills` keep their share and inform general ability only.
    """
    distinct = _newest_gradings(responses)
    rows = tuple(r for r in distinct if r.item in items)
    who = tuple(sorted({*learners, *(r.learner for r in rows)}))
    what = tuple(sorted({r.item for r in rows}))
    learner_index = _indices([r.learner for r in rows], who)
    seconds = np.array([r.submitted_at.timestamp() for r in rows], dtype=np.float64)
    return EvidenceFrame(
        learners=who,
        items=what,
        skills=tuple(skills),
        learner_index=learner_index,
        item_index=_indices([r.item for r in rows], what),
        attempt=_sealed(np.array([r.attempt for r in rows], dtype=np.int64)),
        fraction=_sealed(np.array([r.fraction for r in rows], dtype=np.float64)),
        weight=_sealed(novelty(rows) * exercise_shares(rows, items)),
        is_manual=_sealed(np.array([r.is_manual for r in rows], dtype=np.bool_)),
        moment=_sealed(moments(learner_index, seconds)),
        days=_sealed(seconds / SECONDS_PER_DAY),
        q=_sealed(_skill_shares([items[i] for i in what], skills)),
        difficulty=_sealed(np.array([items[i].difficulty for i in what], dtype=np.float64)),
        responses=rows,
        unknown_items=tuple(sorted({r.item for r in distinct if r.item not in items})),
    )


def frame_from_arrays(
    learner: Ints,
    item: Ints,
    fraction: Floats,
    q: Floats,
    *,
    days: Floats | None = None,
    attempt: Ints | None = None,
    difficulty: Floats | None = None,
) -> EvidenceFrame:
    """Arrange a log of another origin, whose rows are in the order of time; all (n_rows,).

    learner, item: numbers from 0; q: (n_items, n_skills), non-negative, scaled here so that a row
    sums to 1 or 0. Without days each row is a moment of its own. Learners, items and skills are
    named by their numbers. Raises EvidenceError when a fraction is not in [0, 1].
    """
    if not ((fraction >= 0) & (fraction <= 1)).all():
        raise EvidenceError("Fractions must be numbers from 0 to 1; look for NaN and percentages.")
    n_rows, total = len(fraction), q.sum(axis=1, keepdims=True)
    order = np.arange(n_rows, dtype=np.float64) if days is None else days
    n_learners = int(learner.max(initial=-1)) + 1
    return EvidenceFrame(
        learners=tuple(LearnerId(PersonId(str(n))) for n in range(n_learners)),
        items=tuple(ItemId(str(n)) for n in range(len(q))),
        skills=tuple(SkillId(str(n)) for n in range(q.shape[1])),
        learner_index=_sealed(np.array(learner, dtype=np.int64)),
        item_index=_sealed(np.array(item, dtype=np.int64)),
        attempt=_sealed(np.ones(n_rows, np.int64) if attempt is None else np.array(attempt)),
        fraction=_sealed(np.array(fraction, dtype=np.float64)),
        weight=_sealed(np.ones(n_rows)),
        is_manual=_sealed(np.zeros(n_rows, dtype=np.bool_)),
        moment=_sealed(moments(learner, order)),
        days=_sealed(np.zeros(n_rows) if days is None else np.array(days)),
        q=_sealed(np.divide(q, total, out=np.zeros(q.shape), where=total > 0)),
        difficulty=_sealed(np.full(len(q), 3.0) if difficulty is None else np.array(difficulty)),
        responses=(),
    )


def moments(learner: Ints, when: Floats) -> Ints:
    """Number the distinct times of each learner from 0, (n_rows,)."""
    order = np.lexsort((when, learner))
    who, time = learner[order], when[order]
    is_other = np.r_[True, who[1:] != who[:-1]][: len(who)]
    is_later = is_other | np.r_[True, time[1:] != time[:-1]][: len(who)]
    count = np.cumsum(is_later)
    number = np.empty(len(who), dtype=np.int64)
    number[order] = count - np.maximum.accumulate(np.where(is_other, count, 0))
    return number


def _newest_gradings(responses: Iterable[Response]) -> list[Response]:
    """One response per learner, item and attempt, sorted by these three."""
    kept: dict[tuple[LearnerId, ItemId, int], Response] = {}
    for response in responses:
        key = (response.learner, response.item, response.attempt)
        other = kept.setdefault(key, response)
        if other is not response:
            kept[key] = max(other, response, key=_precedence)
    return [kept[key] for key in sorted(kept)]


def _precedence(response: Response) -> tuple[object, ...]:
    """Newest grading first, manual before automatic; the rest only makes the choice definite."""
    return (response.graded_at, response.is_manual, *_precise(response))


def _precise(response: Response) -> tuple[object, ...]:
    """All fields, times as UTC seconds and numbers as floats: how they are spelled is no matter."""
    values = (getattr(response, field) for field in _RESPONSE_FIELDS)
    return tuple(
        v.timestamp() if isinstance(v, datetime) else v if isinstance(v, str) else float(v)
        for v in values
    )


def _skill_shares(items: Sequence[Item], skills: Sequence[SkillId]) -> Floats:
    """Q-matrix with rows that sum to 1: an item asks for the weighted mean of its skills.

    Scaling by 1 / sqrt(n) would make one item of three skills tell 1.7 times what three items do.
    """
    column = {skill: k for k, skill in enumerate(skills)}
    q = np.zeros((len(items), len(skills)))
    for row, item in enumerate(items):
        total = sum(item.skills.values())
        for skill, share in item.skills.items():
            if skill in column:
                q[row, column[skill]] = share / total
    return q


def _indices(names: Sequence[str], known: Sequence[str]) -> Ints:
    position = {name: index for index, name in enumerate(known)}
    return _sealed(np.array([position[name] for name in names], dtype=np.int64))


def _sealed(array: Array) -> Array:
    array.setflags(write=False)
    return array
