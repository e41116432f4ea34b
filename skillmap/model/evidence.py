"""What was shown, and what it says: attempts, responses, estimates, profiles."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from skillmap.errors import EvidenceError
from skillmap.model.basis import Basis
from skillmap.model.learning import AssignmentId, ItemId, SkillId
from skillmap.model.people import LearnerId

__all__ = [
    "Attempt",
    "GradedAttempt",
    "ItemEstimate",
    "Response",
    "SkillEstimate",
    "SkillLine",
    "SkillProfile",
    "Standing",
]

SOLVED = 0.8  # of the points: a small slip in a hand-graded answer is no reason to do it again

Standing = Literal["at_least", "early_sign", "not_enough_evidence", "not_tested"]


def _require_zone(when: datetime, what: str) -> None:
    if when.tzinfo is None:
        raise EvidenceError(f"{what}: the time {when} has no zone. Store times with their zone.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One submission of one learner, as found in the exchange or in `submitted/`.

    number: 1, 2, … in the order of time. sha256: over the names and bytes of the submitted files.
    """

    learner: LearnerId
    assignment: AssignmentId
    number: int
    submitted_at: datetime
    sha256: str

    def __post_init__(self) -> None:
        _require_zone(self.submitted_at, f"Attempt of {self.learner!r} at {self.assignment!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedAttempt:
    """What became of an attempt; a finished row of this is the only sign that grading is done.

    is_finished: False from the moment grading begins until its scores are safe.
    problem: why it could not be graded, in words for the learner; None when it was graded.
    isolation: what stood between the learner's code and the grader ("none" or the sandbox's name).
    """

    attempt: Attempt
    graded_at: datetime
    scoring: str
    isolation: str
    is_finished: bool = True
    problem: str | None = None
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """Learner × item × attempt with a fraction in [0, 1].

    points may exceed max_points (extra credit) or fall below 0; fraction is clipped to [0, 1].
    is_late: handed in after the due date; the penalty is not part of the fraction.
    """

    learner: LearnerId
    item: ItemId
    attempt: int
    fraction: float
    points: float
    max_points: float
    submitted_at: datetime
    graded_at: datetime
    is_manual: bool
    is_late: bool
    scoring: str
    isolation: str
    sha256: str

    def __post_init__(self) -> None:
        where = f"Response of {self.learner!r} to {self.item!r}"
        if not 0 <= self.fraction <= 1:
            raise EvidenceError(f"{where}: fraction {self.fraction} is outside 0 to 1.")
        if self.attempt < 1:
            raise EvidenceError(f"{where}: attempts are counted from 1, not {self.attempt}.")
        _require_zone(self.submitted_at, where)
        _require_zone(self.graded_at, where)

    @property
    def is_solved(self) -> bool:
        """Whether the item is done for the learner, and speaks for its skills."""
        return self.fraction >= SOLVED


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillEstimate:
    """Posterior of one ability, normal on the logit scale of a reference exercise.

    logit: mean of logit P(solving a reference exercise of this skill). sd: its standard deviation.
    n_responses, n_items: how much evidence touches this skill (retries count once in n_items).
    """

    learner: LearnerId
    skill: SkillId
    logit: float
    sd: float
    n_responses: int
    n_items: int
    newest: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEstimate:
    """Posterior of one item's easiness, normal, in logits relative to a reference exercise.

    prior: what the author's mark alone says. n_responses: how many responses inform it.
    """

    item: ItemId
    easiness: float
    sd: float
    prior: float
    n_responses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillLine:
    """One row of a profile. probability, low, high: mean and 90 % interval, all in [0, 1].

    level: id of the level, only when standing is "at_least". start, practice: logits that are
    believed of anybody, and that having practised adds; the rest is what the answers moved.
    """

    estimate: SkillEstimate
    standing: Standing
    level: str | None
    probability: float
    low: float
    high: float
    evidence: tuple[ItemId, ...] = ()
    start: float = 0.0
    practice: float = 0.0

    @property
    def skill(self) -> SkillId:
        """The skill this line speaks of."""
        return self.estimate.skill


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillProfile:
    """All that graded evidence says of one learner; no total, no rank.

    data_until: time of the learner's own newest response used, None when there is none.
    data_sha256: hash over the responses used, those of others too: they tell how hard items are.
    as_of: the day that the estimates hold for, to its end in UTC; the same responses, course and
    day give the same profile. basis: what the estimates were made from; None in profiles of
    earlier versions.
    """

    learner: LearnerId
    lines: tuple[SkillLine, ...]
    model: str
    data_until: datetime | None
    data_sha256: str
    as_of: date | None = None
    basis: Basis | None = None

    def by_skill(self) -> Mapping[SkillId, SkillLine]:
        """The lines, keyed by skill."""
        return {line.skill: line for line in self.lines}
