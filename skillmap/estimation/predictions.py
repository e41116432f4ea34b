"""Predict answers: of learners as they are known today, or of strangers answer by answer.

In: a fitted model, and how the names of another frame stand in it. Out: expected fractions of that
frame's rows, (n_rows,), the doubt about learner and item integrated.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skillmap.estimation.calibration import Calibration
from skillmap.estimation.fitting import Fitted, row_weight
from skillmap.estimation.histories import RETRIES_THAT_HELP, lay_out
from skillmap.estimation.online import Shared, follow
from skillmap.estimation.present import Present
from skillmap.evidence import EvidenceFrame

__all__ = ["Known", "places", "predict_ahead", "predict_now"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """Where the learners and items of a frame stand in a fit; one past its last for a new one.

    author: (n_items,) easiness by the authors' marks, for new items.
    """

    learner: Ints
    item: Ints
    author: Floats


def places(names: Sequence[str], known: Sequence[str]) -> Ints:
    """Where each name stands among the known; one past the last when it does not."""
    position = {name: n for n, name in enumerate(known)}
    return np.array([position.get(name, len(known)) for name in names], dtype=np.int64)


def predict_now(fitted: Fitted, present: Present, known: Known, frame: EvidenceFrame) -> Floats:
    """Predict from what is known of each learner on the day of `present`."""
    if len(frame.fraction) == 0:
        return np.zeros(0)
    offset, n_skills = fitted.mode.shared.offset, len(frame.skills)
    prior = np.diag(fitted.model.ability.present(n_skills))
    mean = np.vstack([present.mean, np.r_[offset[0], np.zeros(n_skills)]])
    spread = np.concatenate([present.covariance, prior[None]])
    who, item = known.learner[frame.learner_index], frame.item_index
    load = np.hstack([np.ones((len(frame.items), 1)), frame.q])[item]
    easiness, variance, slope = _items(fitted, known)
    own = np.einsum("rp,rp->r", load, mean[who]) - offset[0]
    doubt = np.einsum("rp,rpq,rq->r", load, spread[who], load, optimize=True)
    gained = offset[-1] * np.minimum(frame.attempt - 1, RETRIES_THAT_HELP)
    logit = offset[0] + gained + easiness[item] + slope[item] * own
    return Calibration().apply(logit, slope[item] ** 2 * doubt + variance[item])


def predict_ahead(
    fitted: Fitted, known: Known, frame: EvidenceFrame, *, is_learning: bool
) -> Floats:
    """Predict each row from its learner's own earlier rows."""
    histories = lay_out(frame)
    easiness, variance, slope = _items(fitted, known)
    design = np.hstack([np.ones((histories.n_rows + 1, 1)), histories.gains])
    shared = Shared(
        fixed=design @ fitted.mode.shared.offset,
        easiness=easiness,
        variance=variance,
        slope=slope,
        is_learning=is_learning,
    )
    weight = row_weight(frame, histories, fitted.dispersion)
    followed = follow(histories, fitted.model.ability, weight, shared)
    expected = np.empty(histories.n_rows)
    expected[histories.order] = fitted.calibration.apply(followed.logit, followed.variance)
    return expected


def _items(fitted: Fitted, known: Known) -> tuple[Floats, Floats, Floats]:
    """Easiness, its variance and slope of a frame's items."""
    model, n_known = fitted.model, fitted.n_items
    is_new = known.item >= n_known
    easiness = np.r_[fitted.mode.shared.easiness[:n_known], 0.0][known.item]
    new_variance = model.prior_sd.easiness[0] ** 2
    variance = np.r_[fitted.easiness_variance()[:n_known], new_variance][known.item]
    slope = np.r_[model.slope[:n_known], 1.0][known.item]
    return np.where(is_new, known.author, easiness), variance, slope
