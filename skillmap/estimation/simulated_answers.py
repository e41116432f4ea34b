"""Invent abilities, items and answers as arrays, with the truth beside them.

In: a CohortPlan and a random generator. Out: SimulatedAnswers. A learner's abilities live in
calendar time: they drift, fade and grow by practice from one assignment to the next.
Law: without options set, the answers are those that the model assumes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

__all__ = ["ITEMS_PER_ASSIGNMENT", "CohortPlan", "SimulatedAnswers", "simulate_answers"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

ITEMS_PER_ASSIGNMENT = 10
DAYS_PER_ASSIGNMENT = 7.0
N_TESTS = 5  # tests in a cell with partial credit
MARKS_PER_LOGIT = 1 / 0.75  # an author's mark is worth 0.75 logits
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(31)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortPlan:
    """Sizes and truth of a cohort; sds and gains in logits.

    items_per_learner: how many random items each learner answers once; None means all.
    two_skill_share: share of items that ask for two skills. slip, guess: chance that somebody who
    knows fails, and that somebody who does not know succeeds.
    test_correlation: of the tests of one cell with partial credit; 0.45 gives the dispersion of
    0.56 that measured scores have. noise_sd: of each answer on its own, beyond ability and item.
    drift: sd that a random walk adds to the level and to each skill in a week.
    forgetting_days: time constant in which a skill falls back to the learner's level and becomes
    uncertain again (Ornstein-Uhlenbeck); None means never.
    away_share, away_days: which share of learners pauses, and how long, halfway through.
    practice_gain: what answering one item adds to its skill, by the item's share of it.
    wrong_tag_share: share of items whose given tags name other skills than the answers need.
    """

    n_learners: int = 40
    n_items: int = 60
    n_skills: int = 6
    items_per_learner: int | None = None
    has_partial_credit: bool = False
    mean: float = 0.0
    sigma_general: float = 1.0
    sigma_skill: float = 0.7
    sigma_item: float = 0.75
    two_skill_share: float = 0.2
    slip: float = 0.0
    guess: float = 0.0
    test_correlation: float = 0.45
    noise_sd: float = 0.0
    drift: float = 0.0
    forgetting_days: float | None = None
    away_share: float = 0.0
    away_days: float = 0.0
    practice_gain: float = 0.0
    wrong_tag_share: float = 0.0

    def spread(self, factor: float) -> "CohortPlan":
        """The same plan with all sds of people and items multiplied."""
        return replace(
            self,
            sigma_general=factor * self.sigma_general,
            sigma_skill=factor * self.sigma_skill,
            sigma_item=factor * self.sigma_item,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimulatedAnswers:
    """What was answered, and what is true when the data end.

    learner, item: (n_rows,) codes, sorted by learner, then in order of time. fraction: (n_rows,)
    in [0, 1]. day: (n_rows,) days since the start; last_day: when the data end.
    q: (n_items, n_skills) shares as tagged; true_q: as the answers need them; rows sum to 1.
    difficulty: (n_items,) the author's 1 to 5. easiness: (n_items,) logits, without the mean.
    skill_logit: (n_learners, n_skills), the estimand: logit P(solving a reference exercise of the
    skill) on last_day, slips, guesses and noise included. latent_logit: the same without these.
    """

    learner: Ints
    item: Ints
    fraction: Floats
    day: Floats
    last_day: float
    q: Floats
    true_q: Floats
    difficulty: Ints
    easiness: Floats
    skill_logit: Floats
    latent_logit: Floats


def simulate_answers(plan: CohortPlan, rng: np.random.Generator) -> SimulatedAnswers:
    """Draw abilities, items and answers; a million answers take less than a second."""
    true_q = _draw_q(plan, rng)
    difficulty = rng.integers(1, 6, plan.n_items)
    easiness = (3 - difficulty) / MARKS_PER_LOGIT + rng.normal(0, plan.sigma_item, plan.n_items)
    answered = _draw_answered(plan, rng)
    days = _draw_days(plan, rng)
    fraction, latent = _live(plan, true_q, easiness, answered, days, rng)
    learner, item = np.nonzero(answered)
    return SimulatedAnswers(
        learner=learner,
        item=item,
        fraction=fraction[learner, item],
        day=days[learner, item // ITEMS_PER_ASSIGNMENT],
        last_day=float(days.max(initial=0.0)),
        q=_mistag(true_q, plan, rng),
        true_q=true_q,
        difficulty=difficulty,
        easiness=easiness,
        skill_logit=_solving_logit(latent, plan),
        latent_logit=latent,
    )


def _draw_q(plan: CohortPlan, rng: np.random.Generator) -> Floats:
    """Skills take turns; some items ask for a second one as well. Rows sum to 1."""
    q = np.zeros((plan.n_items, plan.n_skills))
    first = np.arange(plan.n_items) % plan.n_skills
    second = (first + rng.integers(1, max(plan.n_skills, 2), plan.n_items)) % plan.n_skills
    rows = np.arange(plan.n_items)
    q[rows, first] = 1.0
    is_double = rng.random(plan.n_items) < plan.two_skill_share
    q[rows[is_double], second[is_double]] = 1.0
    return np.asarray(q / q.sum(axis=1, keepdims=True))


def _mistag(q: Floats, plan: CohortPlan, rng: np.random.Generator) -> Floats:
    """Tag a share of the items with other skills than they ask for."""
    n_wrong = round(plan.wrong_tag_share * plan.n_items) if plan.n_skills > 1 else 0
    tags = q.copy()
    for row in rng.choice(plan.n_items, n_wrong, replace=False):
        tags[row] = np.roll(q[row], rng.integers(1, plan.n_skills))
    return tags


def _draw_answered(plan: CohortPlan, rng: np.random.Generator) -> Bools:
    """Mark which learner answers which item, (n_learners, n_items)."""
    shape = (plan.n_learners, plan.n_items)
    if plan.items_per_learner is None:
        return np.ones(shape, dtype=np.bool_)
    order = rng.random(shape).argsort(axis=1).argsort(axis=1)
    return np.asarray(order < plan.items_per_learner)


def _draw_days(plan: CohortPlan, rng: np.random.Generator) -> Floats:
    """Day on which each learner hands in each assignment, (n_learners, n_assignments)."""
    number = np.arange(-(-plan.n_items // ITEMS_PER_ASSIGNMENT))
    is_away = rng.random((plan.n_learners, 1)) < plan.away_share
    is_after = number >= len(number) / 2
    return np.asarray(DAYS_PER_ASSIGNMENT * number + plan.away_days * (is_away & is_after))


def _live(
    plan: CohortPlan,
    q: Floats,
    easiness: Floats,
    answered: Bools,
    days: Floats,
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Fractions (n_learners, n_items), and each learner's skills on the last day."""
    level = rng.normal(0, plan.sigma_general, (plan.n_learners, 1))
    own = rng.normal(0, plan.sigma_skill, (plan.n_learners, plan.n_skills))
    fraction = np.zeros(answered.shape)
    today = np.zeros(plan.n_learners)
    for items, day in _assignments(plan, days):
        level, own = _pass_days(level, own, day - today, plan, rng)
        logits = plan.mean + level + own @ q[items].T + easiness[items]
        fraction[:, items] = _draw_fraction(logits, plan, rng)
        own = own + plan.practice_gain * (answered[:, items] @ q[items])
        today = day
    level, own = _pass_days(level, own, days.max(initial=0.0) - today, plan, rng)
    return fraction, plan.mean + level + own


def _assignments(plan: CohortPlan, days: Floats) -> Iterator[tuple[slice, Floats]]:
    """Items of each assignment, with the day on which each learner does them."""
    for place, first in enumerate(range(0, plan.n_items, ITEMS_PER_ASSIGNMENT)):
        yield slice(first, first + ITEMS_PER_ASSIGNMENT), days[:, place]


def _pass_days(
    level: Floats, own: Floats, days: Floats, plan: CohortPlan, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Let abilities drift and fade for a number of days, (n_learners,)."""
    passed = days[:, np.newaxis]
    if plan.drift:
        sd = plan.drift * np.sqrt(passed / 7.0)
        level = level + sd * rng.normal(size=level.shape)
        own = own + sd * rng.normal(size=own.shape)
    if plan.forgetting_days is not None:
        kept = np.exp(-passed / plan.forgetting_days)
        fresh = plan.sigma_skill * np.sqrt(1 - kept**2)
        own = kept * own + fresh * rng.normal(size=own.shape)
    return level, own


def _draw_fraction(logits: Floats, plan: CohortPlan, rng: np.random.Generator) -> Floats:
    """One pass or fail per cell, or a beta-binomial share of N_TESTS correlated tests."""
    noise = rng.normal(0, plan.noise_sd, logits.shape) if plan.noise_sd else 0.0
    success = _success(logits + noise, plan)
    if not plan.has_partial_credit:
        return (rng.random(success.shape) < success).astype(np.float64)
    size = 1 / plan.test_correlation - 1
    lucky = rng.beta(np.maximum(success * size, 1e-9), np.maximum((1 - success) * size, 1e-9))
    return np.asarray(rng.binomial(N_TESTS, lucky) / N_TESTS)


def _success(logits: Floats, plan: CohortPlan) -> Floats:
    knows = 0.5 + 0.5 * np.tanh(0.5 * logits)
    return np.asarray(plan.guess + (1 - plan.guess - plan.slip) * knows)


def _solving_logit(latent: Floats, plan: CohortPlan) -> Floats:
    """Logit of the success that is expected on a reference exercise."""
    if not (plan.noise_sd or plan.slip or plan.guess):
        return latent
    noisy = latent[..., np.newaxis] + plan.noise_sd * _NODES
    success = _success(noisy, plan) @ _WEIGHTS
    return np.asarray(np.log(success) - np.log1p(-success))
