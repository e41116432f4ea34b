"""Take an estimate apart: what was believed at first, what practice adds, what each answer moved.

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
from skillmap.estimation.joint import with_frozen_globals
from skillmap.estimation.newton import find_mode
from skillmap.estimation.present import contributions
from skillmap.model import LearnerId

__all__ = ["Explanation", "explain", "value_without"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explanation:
    """The summands of a learner's reference logits.

    start: (n_skills,) what is believed of anybody. practice: (n_skills,) what having practised
    adds. rows: (n_answers,) numbers of the learner's rows in the frame, in the order of time.
    moved: (n_answers, n_skills) logits. value: (n_skills,) their sum, which is what is shown.
    """

    start: Floats
    practice: Floats
    rows: Ints
    moved: Floats
    value: Floats


def explain(model: HierarchicalIRT, learner: LearnerId) -> Explanation:
    """Take a learner's estimates apart; EvidenceError for one who was not in the fit."""
    rows, reach, pull = _reach(model, learner, None)
    offset = model.fitted_.mode.shared.offset
    entering = model.practised(learner)
    start, gains = entering[:, :1] @ offset[:1], entering[:, 1:] @ offset[1:]
    moved = reach * pull[:, None]
    return Explanation(
        start=_of_skills(start),
        practice=_of_skills(gains),
        rows=rows,
        moved=moved,
        value=_of_skills(start) + _of_skills(gains) + moved.sum(axis=0),
    )


def value_without(model: HierarchicalIRT, learner: LearnerId, row: int) -> Floats:
    """Reference logits of a learner if one row of the frame said nothing, (n_skills,).

    Refitted with mean, gains and items as they are. That the answer was practice stays.
    """
    _, reach, pull = _reach(model, learner, row)
    fixed = model.practised(learner) @ model.fitted_.mode.shared.offset
    return _of_skills(fixed) + pull @ reach


def _reach(
    model: HierarchicalIRT, learner: LearnerId, left_out: int | None
) -> tuple[Ints, Floats, Floats]:
    """Rows of a learner, how each reaches the skills (n_answers, n_skills), and its pull."""
    if learner not in model.learners_:
        raise EvidenceError(f"Learner {learner!r} was not in the fit; name one of those who were.")
    who = model.learners_.index(learner)
    histories = lay_out(model.frame_)
    own = np.arange(histories.starts[who], histories.starts[who + 1])
    alone = replace(
        model.fitted_.model,
        histories=replace(histories, pieces=histories.starts[[who, who + 1]][None]),
        weight=model.weight(),
    )
    if left_out is not None:
        heard = np.append(histories.order, -1) != left_out
        alone = replace(alone, weight=alone.weight * heard)
    mode, _ = find_mode(with_frozen_globals(alone, model.fitted_.mode), is_exact=False)
    reach = contributions(alone, own[None], model.as_of_)[0] if len(own) else np.zeros((1, 0))
    return histories.order[own], _of_skills(reach).T, mode.pull[own]


def _of_skills(parts: Floats) -> Floats:
    """Add the level to each skill's part, along the first axis."""
    return np.asarray(parts[:1] + parts[1:])
