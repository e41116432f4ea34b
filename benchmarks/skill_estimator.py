"""The estimator under measurement, with its defaults, behind plain arrays.

In: Logs and SimulatedAnswers. Out: predictions (n_rows,), or skills (n_learners, n_skills).
"""

import numpy as np
from numpy.typing import NDArray
from skill_data import Log, Split

from skillmap.estimation import HierarchicalIRT, SimulatedCohort
from skillmap.estimation.simulated_answers import SimulatedAnswers
from skillmap.evidence import EvidenceFrame, build_frame, frame_from_arrays
from skillmap.model import SkillEstimate

__all__ = ["fill_in", "fit_cohort", "frame_of_answers", "predict_ahead", "table_of"]

Floats = NDArray[np.float64]

SECONDS_PER_DAY = 86_400


def predict_ahead(split: Split, *, items_learn: bool = False) -> Floats:
    """P(success) of each test row from the training learners and the learner's own past.

    items_learn: whether items go on learning while test learners pass, as in live use.
    """
    model = HierarchicalIRT().fit(_frame(split.train))
    return model.predict_ahead(_frame(split.test), is_learning=items_learn)


def fill_in(split: Split) -> Floats:
    """Expected fraction of each test row, when train and test are cells of the same learners."""
    return HierarchicalIRT().fit(_frame(split.train)).predict(_frame(split.test))


def fit_cohort(cohort: SimulatedCohort) -> list[SkillEstimate]:
    """Estimates of every simulated learner and skill, by the road that real responses take."""
    frame = build_frame(cohort.responses, cohort.items, cohort.skills, learners=cohort.learners)
    as_of = cohort.as_of.timestamp() / SECONDS_PER_DAY
    return HierarchicalIRT().fit(frame, as_of=as_of).estimates()


def table_of(estimates: list[SkillEstimate], n_skills: int) -> tuple[Floats, Floats]:
    """Logits and sds of estimates, both (n_learners, n_skills)."""
    logit, sd = np.array([(one.logit, one.sd) for one in estimates]).T
    return logit.reshape(-1, n_skills), sd.reshape(-1, n_skills)


def frame_of_answers(answers: SimulatedAnswers) -> EvidenceFrame:
    """Simulated answers with their tags and the author's marks, and nothing of the truth."""
    return frame_from_arrays(
        answers.learner,
        answers.item,
        answers.fraction,
        answers.q,
        days=answers.day,
        difficulty=answers.difficulty.astype(np.float64),
    )


def _frame(log: Log) -> EvidenceFrame:
    days = None if log.seconds is None else log.seconds / SECONDS_PER_DAY
    return frame_from_arrays(log.learner, log.item, log.fraction, log.q * 1.0, days=days)
