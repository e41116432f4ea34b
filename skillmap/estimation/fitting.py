"""Fit a log: lay it out, learn what is worth learning from it, and find the mode.

In: an EvidenceFrame and Settings. Out: Fitted. A log under ROWS_TO_LEARN rows keeps the settings
as they are; a larger one adjusts them, each with a strong prior around its setting.
A log with more items or longer histories than EXACT_* is solved by parts, and histories are cut in
pieces of LONGEST rows for the sake of the items: the cost stays linear in the rows.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from skillmap.estimation.calibration import Calibration, learn_calibration
from skillmap.estimation.histories import GAINS, Histories, lay_out
from skillmap.estimation.joint import Globals, JointModel, Mode, logits, sigmoid, start
from skillmap.estimation.learning import (
    learn_abilities,
    learn_dispersion,
    learn_item_sd,
    learn_slopes,
)
from skillmap.estimation.newton import find_mode
from skillmap.estimation.online import Shared, follow
from skillmap.estimation.prior import AbilityPrior, Memory
from skillmap.evidence import EvidenceFrame

__all__ = ["Dispersion", "Fitted", "Settings", "fit_log", "row_weight"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ROWS_TO_LEARN = 500  # fewer leave the settings as they are
ROUNDS = 2  # of learning and fitting; a third changes nothing that is shown
EXACT_ITEMS = 1500
EXACT_CELLS = 40_000_000  # of covariances between rows of one learner
LONGEST = 256  # rows
COARSE = 0.1  # logits; good enough between rounds, and for the items of a large log
COARSE_STEPS = 8
GAIN_DOUBT = (0.05, 0.05, 0.3)  # sd of practice, routine and retries around their settings
# Where learning starts for what the settings leave out: the form of the day, and what moments do.
USUAL_FORM = Memory(0.12, 10.0, 3.0)
USUAL_STEPS = {"level": 10_000.0, "skill": 300.0}
USUAL_DISPERSION = 0.6  # of cells with many tests, as measured on university scores
LEARNING_ROWS = 60_000  # of a larger log some learners stand for all while settings are learnt
SLOPE_CELLS = 40_000_000  # of covariances; beyond, slopes cost more time than they are worth
ROWS_TO_CALIBRATE = 5_000
CALIBRATING_ROWS = 15_000  # tell shift and slope to a hundredth


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispersion:
    """Variance of fractions as a share of right-or-wrong answers', by kind of item."""

    partial: float
    binary: float
    manual: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Hyper-parameters: sds in logits; gains in the order of GAINS, logits."""

    ability: AbilityPrior
    sigma_mean: float
    sigma_item: float
    gains: tuple[float, float, float]
    dispersion: Dispersion
    has_learning: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """A model at its mode.

    is_exact: items and abilities were solved together, nothing was cut. n_items: of the log; an
    empty one is fitted with an item that nobody met.
    """

    n_items: int
    model: JointModel
    mode: Mode
    is_exact: bool
    converged: bool
    dispersion: Dispersion
    calibration: Calibration

    def easiness_variance(self) -> Floats:
        """Doubt of each item's easiness, abilities given, (n_items,)."""
        model, expected = self.model, sigmoid(logits(self.model, self.mode))
        told = model.weight * expected * (1 - expected)
        per_item = np.bincount(model.histories.item, told, len(model.slope))
        return np.asarray(1.0 / (per_item + model.prior_sd.easiness**-2.0))


def fit_log(frame: EvidenceFrame, easiness: Floats, settings: Settings) -> Fitted:
    """Fit; easiness: (n_items,) what the authors' marks say."""
    fitted = _unfitted(frame, easiness, settings)
    learns = settings.has_learning and len(frame.fraction) >= ROWS_TO_LEARN
    if learns:
        fitted = _learned(frame, fitted, settings)
    mode, converged = _settled(fitted)
    fitted = replace(fitted, mode=mode, converged=converged)
    if not learns or len(frame.fraction) < ROWS_TO_CALIBRATE:
        return fitted
    return replace(fitted, calibration=_calibrated(fitted))


def row_weight(frame: EvidenceFrame, histories: Histories, dispersion: Dispersion) -> Floats:
    """How many right-or-wrong answers each row is worth, (n_rows + 1,)."""
    kind = np.where(partial_rows(frame), dispersion.partial, dispersion.binary)
    kind = np.where(frame.is_manual, dispersion.manual, kind)
    return np.asarray(histories.weight / np.r_[kind[histories.order], 1.0])


def partial_rows(frame: EvidenceFrame) -> Bools:
    """Rows of items that were credited partly at least once, (n_rows,)."""
    between = (frame.fraction > 0) & (frame.fraction < 1)
    ever = np.bincount(frame.item_index, between, len(frame.items)) > 0
    return np.asarray(ever[frame.item_index] & ~frame.is_manual)


def _unfitted(frame: EvidenceFrame, easiness: Floats, settings: Settings) -> Fitted:
    histories = lay_out(frame)
    easiness = easiness if len(easiness) else np.zeros(1)
    is_exact = len(easiness) <= EXACT_ITEMS and _cells(histories) <= EXACT_CELLS
    if not is_exact:
        histories = lay_out(frame, longest=LONGEST)
    model = JointModel(
        histories=histories,
        ability=settings.ability,
        prior_mean=Globals(offset=np.r_[0.0, settings.gains], easiness=easiness),
        prior_sd=Globals(
            offset=np.r_[settings.sigma_mean, np.zeros(len(GAINS))],
            easiness=np.full(len(easiness), settings.sigma_item),
        ),
        slope=np.ones(len(easiness)),
        weight=row_weight(frame, histories, settings.dispersion),
    )
    return Fitted(
        n_items=len(frame.items),
        model=model,
        mode=start(model),
        is_exact=is_exact,
        converged=False,
        dispersion=settings.dispersion,
        calibration=Calibration(),
    )


def _learned(frame: EvidenceFrame, fitted: Fitted, settings: Settings) -> Fitted:
    """Adjust the settings, on a part of a large log, and then the items' slopes on all of it."""
    part = _some_learners(frame, LEARNING_ROWS)
    if part is frame:
        fitted = _adjusted(frame, fitted, settings)
    else:
        easiness = fitted.model.prior_mean.easiness
        lent = _adjusted(part, _unfitted(part, easiness, settings), settings)
        weight = row_weight(frame, fitted.model.histories, lent.dispersion)
        ability, prior_sd = lent.model.ability, lent.model.prior_sd
        model = replace(fitted.model, ability=ability, prior_sd=prior_sd, weight=weight)
        fitted = replace(fitted, model=model, mode=lent.mode, dispersion=lent.dispersion)
    if _cells(fitted.model.histories) > SLOPE_CELLS:
        return fitted
    mode = _roughly(fitted.model)
    return replace(
        fitted, model=replace(fitted.model, slope=learn_slopes(fitted.model, mode)), mode=mode
    )


def _adjusted(frame: EvidenceFrame, fitted: Fitted, settings: Settings) -> Fitted:
    """Adjust the settings in turn with the mode."""
    model, dispersion = fitted.model, settings.dispersion
    usual = _usual(settings.ability) if frame.moment.any() else settings.ability
    doubt = np.r_[settings.sigma_mean, GAIN_DOUBT]
    model = replace(model, ability=usual, prior_sd=replace(model.prior_sd, offset=doubt))
    partial = np.r_[partial_rows(frame)[model.histories.order], False]
    for _ in range(ROUNDS):
        mode = _roughly(model)
        if partial.any():
            found = learn_dispersion(model, mode, partial, USUAL_DISPERSION)
            dispersion = replace(dispersion, partial=found)
            weight = row_weight(frame, model.histories, dispersion)
            model = replace(model, weight=weight)
        ability = learn_abilities(model, mode, usual)
        sd = np.full(len(model.slope), learn_item_sd(model, mode, settings.sigma_item))
        prior_sd = replace(model.prior_sd, easiness=sd)
        model = replace(model, ability=ability, prior_sd=prior_sd)
    return replace(fitted, model=model, mode=mode, dispersion=dispersion)


def _usual(ability: AbilityPrior) -> AbilityPrior:
    """Fill in what the settings leave out, where learners were seen at several moments."""
    steps = {
        name: replace(memory, steps=min(memory.steps, USUAL_STEPS[name]))
        for name, memory in (("level", ability.level), ("skill", ability.skill))
    }
    form = ability.form if ability.form.sd > 0 else USUAL_FORM
    return replace(ability, form=form, **steps)


def _roughly(model: JointModel) -> Mode:
    return find_mode(model, is_exact=False, tolerance=COARSE, max_steps=COARSE_STEPS)[0]


def _settled(fitted: Fitted) -> tuple[Mode, bool]:
    if fitted.is_exact:
        return find_mode(fitted.model)
    begin = replace(start(fitted.model), shared=fitted.mode.shared)
    return find_mode(fitted.model, begin, is_exact=False, tolerance=COARSE)


def _calibrated(fitted: Fitted) -> Calibration:
    """Predict learners of the log ahead, each answer taken out of its item first."""
    model, mode = fitted.model, fitted.mode
    h, variance = _calibrating(model.histories), fitted.easiness_variance()
    expected = sigmoid(logits(model, mode))
    told = variance[h.item] * model.weight * expected * (1 - expected)
    without = variance[h.item] * mode.pull / np.maximum(1.0 - told, 0.1)
    shared = Shared(
        fixed=model.design() @ mode.shared.offset - without,
        easiness=mode.shared.easiness,
        variance=variance,
        slope=model.slope,
    )
    followed = follow(h, model.ability, model.weight, shared)
    met = np.isfinite(followed.logit)
    return learn_calibration(
        h.fraction[:-1][met], followed.logit[met], followed.variance[met], model.weight[:-1][met]
    )


def _calibrating(histories: Histories) -> Histories:
    """Keep learners, evenly spread, with CALIBRATING_ROWS rows in all, in one piece each."""
    stride = max(histories.n_rows // CALIBRATING_ROWS, 1)
    first, last = histories.starts[:-1][::stride], histories.starts[1:][::stride]
    return replace(histories, pieces=np.stack([first, last], axis=1))


def _some_learners(frame: EvidenceFrame, n_rows: int) -> EvidenceFrame:
    """Keep the rows of learners, evenly spread, until there are about `n_rows`."""
    stride = -(-len(frame.fraction) // n_rows)
    if stride < 2:
        return frame
    kept = frame.learner_index % stride == 0
    rows = ("learner_index", "item_index", "attempt", "fraction", "weight", "is_manual")
    arrays = {name: getattr(frame, name)[kept] for name in (*rows, "moment", "days")}
    return replace(frame, responses=(), **arrays)


def _cells(histories: Histories) -> float:
    """Covariances between the rows of each piece."""
    return float((np.diff(histories.pieces, axis=1).astype(np.float64) ** 2).sum())
