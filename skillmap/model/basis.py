"""What the estimates of a profile were made from, kept beside them so that each can be checked.

All logits are those of the model that made the profile, with its items as they were then. There is
no number over all skills in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from skillmap.model.learning import ItemId, SkillId

__all__ = ["Basis", "Lasting", "WeighedAnswer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """How one part of ability varies: sd in logits, and what is lost of it.

    Of a deviation exp(-per_moment * moments - per_day * days) is left.
    """

    sd: float
    per_moment: float
    per_day: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedAnswer:
    """One response as the model met it.

    weight: right-or-wrong answers that it is worth. base: logits expected of a learner of whom
    nothing is known. slope: how sharply the item tells learners apart. shares: of its skills.
    pull: weight * (fraction - expected), with all answers taken into account.
    """

    item: ItemId
    attempt: int
    submitted_at: datetime
    fraction: float
    weight: float
    base: float
    slope: float
    shares: Mapping[SkillId, float]
    pull: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """How abilities vary, the answers in the order of time, and how the doubts hang together.

    general, form, skill: what all skills share, what a day adds, what a skill has of its own.
    covariance: of the reference logits, in the order of the profile's lines, row by row up to the
    diagonal.
    """

    general: Lasting
    form: Lasting
    skill: Lasting
    answers: tuple[WeighedAnswer, ...]
    covariance: tuple[float, ...]
