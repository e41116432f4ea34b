"""Invent a cohort whose true abilities are known, to judge an estimator by.

In: sizes, true sds and a random generator. Out: responses, items and the truth.
The cohort answers as the model assumes; `slip` and `guess` break that on purpose.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from skillmap.model import (
    AssignmentId,
    Item,
    ItemId,
    LearnerId,
    PersonId,
    Response,
    SkillId,
    item_id,
)

__all__ = ["CohortPlan", "SimulatedCohort", "simulate_cohort"]

Floats = NDArray[np.float64]

START = datetime(2026, 1, 5, 17, tzinfo=UTC)
N_TESTS = 5  # tests in a cell with partial credit
TEST_CORRELATION = 0.45  # of these tests; gives a dispersion of 0.56, as measured scores have
MARKS_PER_LOGIT = 1 / 0.75  # an author's mark is worth 0.75 logits


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortPlan:
    """Sizes and truth of a cohort; sds in logits.

    items_per_learner: how many random items each learner answers once; None means all.
    two_skill_share: share of items that ask for two skills. slip, guess: chance that somebody who
    knows fails, and that somebody who does not know succeeds.
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimulatedCohort:
    """What was answered, and what is true.

    skill_logit: (n_learners, n_skills), logit P(solving a reference exercise), rows as `learners`.
    easiness: (n_items,), without the mean, as `items` are ordered.
    """

    responses: tuple[Response, ...]
    items: Mapping[ItemId, Item]
    learners: tuple[LearnerId, ...]
    skills: tuple[SkillId, ...]
    skill_logit: Floats
    easiness: Floats


def simulate_cohort(plan: CohortPlan, rng: np.random.Generator) -> SimulatedCohort:
    """Draw abilities, items and answers."""
    learners = tuple(LearnerId(PersonId(f"learner-{n:04d}")) for n in range(plan.n_learners))
    skills = tuple(SkillId(f"skill-{n:02d}") for n in range(plan.n_skills))
    general = rng.normal(0, plan.sigma_general, (plan.n_learners, 1))
    special = rng.normal(0, plan.sigma_skill, (plan.n_learners, plan.n_skills))
    skill_logit = plan.mean + general + special
    q = _draw_q(plan, rng)
    marks = rng.integers(1, 6, plan.n_items)
    easiness = (3 - marks) / MARKS_PER_LOGIT + rng.normal(0, plan.sigma_item, plan.n_items)
    items = [_item(n, int(marks[n]), q[n], skills) for n in range(plan.n_items)]
    success = _success(skill_logit @ q.T + easiness, plan)
    fraction = _draw_fraction(success, plan, rng)
    answered = _draw_answered(plan, rng)
    return SimulatedCohort(
        responses=tuple(
            _response(learners[row], items[column], float(fraction[row, column]))
            for row, column in np.argwhere(answered)
        ),
        items={item.id: item for item in items},
        learners=learners,
        skills=skills,
        skill_logit=skill_logit,
        easiness=easiness,
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


def _success(logits: Floats, plan: CohortPlan) -> Floats:
    knows = 0.5 + 0.5 * np.tanh(0.5 * logits)
    return np.asarray(plan.guess + (1 - plan.guess - plan.slip) * knows)


def _draw_fraction(success: Floats, plan: CohortPlan, rng: np.random.Generator) -> Floats:
    """One pass or fail per cell, or a beta-binomial share of N_TESTS correlated tests."""
    if not plan.has_partial_credit:
        return (rng.random(success.shape) < success).astype(np.float64)
    size = 1 / TEST_CORRELATION - 1
    lucky = rng.beta(np.maximum(success * size, 1e-9), np.maximum((1 - success) * size, 1e-9))
    return np.asarray(rng.binomial(N_TESTS, lucky) / N_TESTS)


def _draw_answered(plan: CohortPlan, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Mark which learner answers which item, (n_learners, n_items)."""
    order = rng.random((plan.n_learners, plan.n_items)).argsort(axis=1).argsort(axis=1)
    n_answered = plan.n_items if plan.items_per_learner is None else plan.items_per_learner
    return np.asarray(order < n_answered)


def _item(number: int, mark: int, shares: Floats, skills: tuple[SkillId, ...]) -> Item:
    assignment, grade_id = AssignmentId(f"assignment-{number // 10:02d}"), f"cell-{number:03d}"
    return Item(
        id=item_id(assignment, "exercises", grade_id),
        assignment=assignment,
        notebook="exercises",
        grade_id=grade_id,
        exercise=f"solution-{number:03d}",
        max_points=1.0,
        skills={skills[k]: float(shares[k]) for k in np.flatnonzero(shares)},
        difficulty=mark,
        titles={"en": f"Exercise {number}"},
    )


def _response(learner: LearnerId, item: Item, fraction: float) -> Response:
    submitted_at = START + timedelta(days=7 * int(item.assignment.rpartition("-")[2]))
    return Response(
        learner=learner,
        item=item.id,
        attempt=1,
        fraction=fraction,
        points=fraction * item.max_points,
        max_points=item.max_points,
        submitted_at=submitted_at,
        graded_at=submitted_at + timedelta(hours=1),
        is_manual=False,
        is_late=False,
        scoring="simulated",
        isolation="none",
        sha256=f"{learner}/{item.assignment}/1",
    )
