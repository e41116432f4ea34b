"""Who meets whom, who waits, and what a coordinator may decide about it.

Law: a plan is a draft. Moves of running pairs stand beside it as proposals, never in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from skillmap.errors import MatchingError
from skillmap.model.learning import SkillId
from skillmap.model.people import Gender, LearnerId, Meets, MentorId, PersonId, Reason

__all__ = [
    "Pairing",
    "PairingPlan",
    "PlanRecord",
    "Policy",
    "PolicyPrice",
    "Rearrangement",
    "Recruit",
    "SeatChange",
    "Waiting",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The knobs of a pairing; bonuses and floor at 0 are the neutral policy.

    fairness: bonus for a learner with few possible mentors. waited: bonus for a learner who had
    no mentor in a cohort that ended. floor: least utility of a new pair. keep: bonus of leaving a
    running pair as it is, where moves are proposed. n_moves: most running pairs that all proposed
    moves together may touch; 0 proposes none.
    """

    fairness: float = 0.0
    waited: float = 0.0
    floor: float = 0.0
    keep: float = 0.2
    n_moves: int = 0

    def __post_init__(self) -> None:
        for name in ("fairness", "waited", "floor", "keep"):
            if not 0 <= getattr(self, name) <= 1:
                raise MatchingError(f"Policy: {name} is {getattr(self, name)}; give 0 to 1.")
        if self.n_moves < 0:
            raise MatchingError(f"Policy: n_moves is {self.n_moves}; give 0 or more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPrice:
    """What a policy brings. worst, total: in plain utility, without bonuses.

    waiting_share: share of the waiting list that comes from the quarter of learners with the
    fewest possible mentors (those with none left out); None when nobody of them waits.
    n_waited_again: learners who had waited a cohort, and wait again.
    """

    policy: Policy
    n_matched: int
    worst: float
    total: float
    waiting_share: float | None
    n_waited_again: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """A learner with a mentor. utility in [0, 1] compares pairs for this learner, not people.

    chosen_by, chosen_why: who chose this pair by hand, and their reason; empty when nobody did.
    """

    learner: LearnerId
    mentor: MentorId
    utility: float
    reasons: tuple[Reason, ...] = ()
    chosen_by: PersonId | None = None
    chosen_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A learner without a mentor, and what stands in the way."""

    learner: LearnerId
    causes: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatChange:
    """A learner who would join a mentor. leaves: their mentor in the plan, None when waiting."""

    learner: LearnerId
    leaves: MentorId | None
    joins: MentorId


@dataclass(frozen=True, slots=True, kw_only=True)
class Rearrangement:
    """Changes that only make sense together; a proposal that a named person accepts or not.

    n_moved: running pairs that it would end. n_more: learners more with a mentor. gain: utility.
    """

    changes: tuple[SeatChange, ...]
    n_moved: int
    n_more: int
    gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Recruit:
    """Mentors who are not there yet, and whom they would free from the waiting list.

    n_seats: of each of them. n_cleared: counted by pairing again with these mentors alone added.
    """

    n_mentors: int
    n_seats: int
    language: str
    slot: str
    skill: SkillId | None
    gender: Gender
    meets: Meets
    municipality: str
    n_cleared: int
    n_waiting: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRecord:
    """What a plan was made from. inputs_sha256: over everything that pairing was told."""

    inputs_sha256: str
    weights: Mapping[str, float]
    solver: str
    is_proved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingPlan:
    """A draft until a named person publishes it."""

    pairings: tuple[Pairing, ...]
    waiting: tuple[Waiting, ...]
    policy: Policy = field(default_factory=Policy)
    prices: tuple[PolicyPrice, ...] = ()
    moves: tuple[Rearrangement, ...] = ()
    recruiting: tuple[Recruit, ...] = ()
    record: PlanRecord | None = None
