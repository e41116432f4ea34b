"""Take an estimate apart: what is believed of anybody, what practice adds, what each answer moved.

In: a fitted HierarchicalIRT and a learner. Out: logits that add up to the shown value to 1e-9,
with mean, gains and items as the fit has them. What an answer moved is its pull, weight * (fraction
- expected), times the prior covariance of the skill now with the ability at that row (present.py);
so an old answer moves less than a new one, and one to another skill moves by way of the level.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from skillmap.errors import EvidenceError
from skillmap.estimation.hierarchical import HierarchicalIRT
from skillmap.estimation.histories import lay_out
from skillmap.estimation.joint import JointModel, Mode, with_frozen_globals
from skillmap.estimation.ledger import Ledger
from skillmap.estimation.newton import find_mode
from skillmap.model import LearnerId

__all__ = ["Explanation", "explain", "explain_all", "value_without"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explanation:
    """The summands of a learner's reference logits.

    start: (n_skills,) what is believed of anybody. practice: (n_skills,) what having practised
    adds. rows: (n_answers,) numbers of the learner's rows in the frame, in the order of time.
    moved: (n_answers, n_skills) logits. value: (n_skills,) their sum, which is what is shown.
    ledger: the answers themselves, to be solved again.
    """

    start: Floats
    practice: Floats
    rows: Ints
    moved: Floats
    value: Floats
    ledger: Ledger


def explain(model: HierarchicalIRT, learner: LearnerId) -> Explanation:
    """Take a learner's estimates apart; EvidenceError for one who was not in the fit."""
    if learner not in model.learners_:
        raise EvidenceError(f"Learner {learner!r} was not in the fit; name one of those who were.")
    return explain_all(model)[learner]


def explain_all(model: HierarchicalIRT) -> dict[LearnerId, Explanation]:
    """Take the estimates of everybody in the fit apart."""
    joint, mode = _frozen(model)
    base = joint.design() @ mode.shared.offset + mode.shared.easiness[joint.histories.item]
    starts = joint.histories.starts
    return {
        learner: _explanation(model, learner, slice(first, last), joint, mode, base)
        for learner, first, last in zip(model.learners_, starts[:-1], starts[1:], strict=True)
    }


def value_without(model: HierarchicalIRT, learner: LearnerId, row: int) -> Floats:
    """Reference logits of a learner if one row of the frame said nothing, (n_skills,).

    Solved again with mean, gains and items as they are. That the answer was practice stays.
    Raises EvidenceError when the row is none of the learner's.
    """
    whole = explain(model, learner)
    place = np.flatnonzero(whole.rows == row)
    if len(place) == 0:
        raise EvidenceError(f"Row {row} is no answer of {learner!r}: name one of `rows`.")
    fixed = whole.start + whole.practice
    return np.asarray(fixed + whole.ledger.moved_without(int(place[0]), model.as_of_))


def _frozen(model: HierarchicalIRT) -> tuple[JointModel, Mode]:
    """Everybody's whole history at its mode, mean, gains and items as the fit has them."""
    fitted = model.fitted_
    whole = replace(fitted.model, histories=lay_out(model.frame_), weight=model.weight())
    begin = fitted.mode if fitted.is_exact else None
    frozen = with_frozen_globals(whole, fitted.mode)
    return frozen, find_mode(frozen, begin, is_exact=False)[0]


def _explanation(
    model: HierarchicalIRT,
    learner: LearnerId,
    own: slice,
    joint: JointModel,
    mode: Mode,
    base: Floats,
) -> Explanation:
    ledger = _ledger(joint, own, base, mode.pull)
    offset, entering = mode.shared.offset, model.practised(learner)
    start, gains = entering[:, :1] @ offset[:1], entering[:, 1:] @ offset[1:]
    start, practice = start[0] + start[1:], gains[0] + gains[1:]
    moved = ledger.moved(model.as_of_)
    return Explanation(
        start=start,
        practice=practice,
        rows=joint.histories.order[own],
        moved=moved,
        value=start + practice + moved.sum(axis=0),
        ledger=ledger,
    )


def _ledger(joint: JointModel, own: slice, base: Floats, pull: Floats) -> Ledger:
    h = joint.histories
    item = h.item[own]
    return Ledger(
        ability=joint.ability,
        base=base[own],
        slope=joint.slope[item],
        weight=joint.weight[own],
        fraction=h.fraction[own],
        moment=h.moment[own],
        days=h.days[own],
        q=h.q[item],
        pull=pull[own],
    )
