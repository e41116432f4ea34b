"""Simulated classes with something wrong in them, as the item analysis meets them."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from skillmap.estimation import CohortPlan, HierarchicalIRT, SimulatedCohort, simulate_cohort
from skillmap.evidence import build_frame
from skillmap.model import Item, ItemId, Response
from skillmap.profiles import Fitted
from tests.profiles.builders import make_course


def make_class(seed: int, **overrides: object) -> SimulatedCohort:
    """Forty learners, sixty items, six skills, partial credit."""
    plan = CohortPlan(**({"has_partial_credit": True} | overrides))
    return simulate_cohort(plan, np.random.default_rng(seed))


def rescored(
    cohort: SimulatedCohort, item: ItemId, score: float | None = None
) -> tuple[Response, ...]:
    """Give every answer to an item this score; None turns right into wrong and back."""
    return tuple(
        replace(r, fraction=1 - r.fraction if score is None else score) if r.item == item else r
        for r in cohort.responses
    )


def retagged(
    cohort: SimulatedCohort, wrong: Collection[ItemId], rng: np.random.Generator
) -> dict[ItemId, Item]:
    """Tag some items with one skill that they do not ask for."""
    items = dict(cohort.items)
    for name in sorted(wrong):
        others = [skill for skill in cohort.skills if skill not in items[name].skills]
        items[name] = replace(items[name], skills={others[rng.integers(len(others))]: 1.0})
    return items


def fit_class(
    responses: Sequence[Response], items: dict[ItemId, Item], skills: Sequence[str]
) -> Fitted:
    frame = build_frame(responses, items, skills)
    model = HierarchicalIRT().fit(frame)
    ability = np.array([e.logit for e in model.estimates()])
    shape = (len(frame.learners), len(frame.skills))
    return Fitted(frame=frame, expected=model.predict(frame), ability=ability.reshape(shape))


def course_of(cohort: SimulatedCohort, items: dict[ItemId, Item] | None = None):
    return make_course(items=items or dict(cohort.items), tracks=())
