"""Invent a cohort whose true abilities are known, to judge an estimator by.

In: sizes, true sds and a random generator. Out: responses, items and the truth.
The cohort answers as the model assumes; the options of a CohortPlan break that on purpose.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from skillmap.estimation.simulated_answers import (
    ITEMS_PER_ASSIGNMENT,
    CohortPlan,
    SimulatedAnswers,
    simulate_answers,
)
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimulatedCohort:
    """What was answered, and what is true when the data end.

    items: as the programme tagged them, in order; a plan may have them tagged wrongly.
    skill_logit: (n_learners, n_skills), logit P(solving a reference exercise) at `as_of`, slips,
    guesses and noise included; latent_logit: the same without these. Rows as `learners`.
    easiness: (n_items,), without the mean, as `items` are ordered.
    """

    responses: tuple[Response, ...]
    items: Mapping[ItemId, Item]
    learners: tuple[LearnerId, ...]
    skills: tuple[SkillId, ...]
    skill_logit: Floats
    latent_logit: Floats
    easiness: Floats
    as_of: datetime


def simulate_cohort(plan: CohortPlan, rng: np.random.Generator) -> SimulatedCohort:
    """Draw abilities, items and answers."""
    answers = simulate_answers(plan, rng)
    learners = tuple(LearnerId(PersonId(f"learner-{n:04d}")) for n in range(plan.n_learners))
    skills = tuple(SkillId(f"skill-{n:02d}") for n in range(plan.n_skills))
    items = [
        _item(n, int(mark), shares, skills)
        for n, (mark, shares) in enumerate(zip(answers.difficulty, answers.q, strict=True))
    ]
    return SimulatedCohort(
        responses=_responses(answers, learners, items),
        items={item.id: item for item in items},
        learners=learners,
        skills=skills,
        skill_logit=answers.skill_logit,
        latent_logit=answers.latent_logit,
        easiness=answers.easiness,
        as_of=START + timedelta(days=answers.last_day),
    )


def _responses(
    answers: SimulatedAnswers, learners: tuple[LearnerId, ...], items: list[Item]
) -> tuple[Response, ...]:
    columns = (answers.learner, answers.item, answers.fraction, answers.day)
    return tuple(
        _response(learners[learner], items[item], fraction, day)
        for learner, item, fraction, day in zip(*(c.tolist() for c in columns), strict=True)
    )


def _item(number: int, mark: int, shares: Floats, skills: tuple[SkillId, ...]) -> Item:
    assignment = AssignmentId(f"assignment-{number // ITEMS_PER_ASSIGNMENT:02d}")
    grade_id = f"cell-{number:03d}"
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


def _response(learner: LearnerId, item: Item, fraction: float, day: float) -> Response:
    submitted_at = START + timedelta(days=day)
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
