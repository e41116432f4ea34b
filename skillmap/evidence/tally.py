"""Count how much evidence touches each skill of each learner."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from skillmap.evidence.frame import EvidenceFrame

__all__ = ["EvidenceTally", "tally_evidence"]

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EvidenceTally:
    """How much evidence touches each skill; rows of weight 0 are no evidence.

    n_responses, n_items: (n_learners, n_skills) counts.
    newest: time of the newest response, keyed by learner index and skill index.
    """

    n_responses: Ints
    n_items: Ints
    newest: Mapping[tuple[int, int], datetime]


def tally_evidence(frame: EvidenceFrame) -> EvidenceTally:
    """Count the evidence for each learner and skill; retries count once in `n_items`."""
    n_learners, n_items = len(frame.learners), len(frame.items)
    counting = frame.weight > 0
    cells = frame.learner_index[counting] * n_items + frame.item_index[counting]
    answers = np.bincount(cells, minlength=n_learners * n_items).reshape(n_learners, n_items)
    touches = (frame.q > 0).astype(np.int64)
    newest: dict[tuple[int, int], datetime] = {}
    for row in np.flatnonzero(counting) if frame.responses else ():
        when = frame.responses[row].submitted_at
        for skill in np.flatnonzero(touches[frame.item_index[row]]):
            key = (int(frame.learner_index[row]), int(skill))
            newest[key] = max(when, newest.get(key, when))
    return EvidenceTally(
        n_responses=answers @ touches, n_items=np.minimum(answers, 1) @ touches, newest=newest
    )
