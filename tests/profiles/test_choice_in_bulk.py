"""The benchmark chooses for many learners at once: as the product does for each of them."""

import importlib
from pathlib import Path

import numpy as np
import pytest

from skillmap.estimation.belief import Ask, Belief
from skillmap.profiles.placement import Candidate, Placement, PlacementPlan

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
SKILLS = tuple(f"skill-{k}" for k in range(4))
MODULES = np.array([[0, 1], [2, 3]])


@pytest.fixture
def bulk(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("skill_choice")


def make_crowd(bulk, items, n_learners=6, seed=3):
    """A crowd that has answered three items each, and its people."""
    rng = np.random.default_rng(seed)
    people = bulk.draw_people(n_learners, items, 0.5, rng)
    crowd = bulk.new_crowd(n_learners, len(SKILLS), 0.5)
    log = []
    for _ in range(3):
        asked = rng.integers(len(items.easiness), size=n_learners)
        fractions = bulk.answer(people, items, asked, rng)
        crowd.learn(items, asked, fractions)
        log.append((asked, fractions))
    return crowd, log


def asks_of(items):
    return [
        Ask(loading=row, easiness=easiness, easiness_sd=items.sd, weight=1.6)
        for row, easiness in zip(items.loading, items.easiness, strict=True)
    ]


def belief_in(crowd, n):
    return Belief(skills=SKILLS, mean=crowd.mean[n], covariance=crowd.covariance[n])


def test_a_crowd_learns_what_each_learner_would(bulk):
    items = bulk.draw_items(12, len(SKILLS), np.random.default_rng(1))
    crowd, log = make_crowd(bulk, items)
    fresh, asks = bulk.new_crowd(1, len(SKILLS), 0.5), asks_of(items)

    for n in range(len(crowd.mean)):
        belief = belief_in(fresh, 0)
        for asked, fractions in log:
            belief = belief.after(asks[asked[n]], fractions[n])

        assert crowd.mean[n] == pytest.approx(belief.mean, abs=1e-8)
        assert crowd.covariance[n] == pytest.approx(belief.covariance, abs=1e-8)


def test_a_crowd_expects_the_drop_that_each_learner_would(bulk):
    items = bulk.draw_items(12, len(SKILLS), np.random.default_rng(1))
    crowd, _ = make_crowd(bulk, items)

    reach, logit, variance = crowd.along(items)
    success, information = bulk.outlook(logit, variance)
    drops = bulk.drops(reach, variance, information)

    for n in range(len(crowd.mean)):
        for j, ask in enumerate(asks_of(items)):
            belief = belief_in(crowd, n)
            assert drops[n, j] == pytest.approx(belief.expected_drop(ask), abs=1e-5)
            assert success[n, j] == pytest.approx(belief.predict(ask).success, abs=1e-5)


def test_a_crowd_is_placed_with_the_items_that_each_check_would_ask(bulk):
    items = bulk.draw_pool(24, MODULES, np.random.default_rng(2))
    crowd, _ = make_crowd(bulk, items)
    pool = tuple(
        Candidate(item=str(j), ask=ask, minutes=3.0) for j, ask in enumerate(asks_of(items))
    )
    modules = {str(m): tuple(SKILLS[k] for k in row) for m, row in enumerate(MODULES)}

    asked = bulk.to_place(crowd, items, np.zeros((6, 24), dtype=bool), MODULES, 0.6)

    for n in range(6):
        plan = PlacementPlan(prior=belief_in(crowd, n), pool=pool, modules=modules, cut=0.6)
        assert Placement(plan).next_item() == str(asked[n])


@pytest.mark.slow
def test_chosen_items_tell_more_than_random_ones(bulk):
    found = bulk.measure_choice(n_learners=40, n_items=60, n_skills=6, n_draws=1)

    assert found["assess"]["as_20_random"] < 20
    assert found["practise"]["mean_fraction"] > found["assess"]["mean_fraction"]


@pytest.mark.slow
def test_placement_skips_what_is_mastered_and_little_else(bulk):
    found = bulk.measure_placement(n_learners=60, n_items=48, n_draws=1)

    assert found["mastered_and_skipped"] > 0.25
    assert found["false_skips"] < 0.15
