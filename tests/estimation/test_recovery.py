from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from skillmap.estimation import (
    CohortPlan,
    HierarchicalIRT,
    MeanScore,
    evaluate,
    interval_coverage,
    simulate_cohort,
)
from skillmap.evidence import build_frame

SEEDS = range(4)
PLAN = CohortPlan()


def simulated(seed, plan=PLAN):
    return simulate_cohort(plan, np.random.default_rng(seed))


@cache
def fitted(seed, plan):
    cohort = simulated(seed, plan)
    frame = build_frame(cohort.responses, cohort.items, cohort.skills, learners=cohort.learners)
    return cohort, frame, HierarchicalIRT().fit(frame)


def correlation(left, right):
    return np.corrcoef(left.ravel(), right.ravel())[0, 1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "plan",
    [PLAN, CohortPlan(items_per_learner=10), CohortPlan(has_partial_credit=True)],
    ids=["binary", "ten items", "partial credit"],
)
def test_ninety_percent_intervals_hold_ninety_percent_of_the_truth(plan):
    runs = [fitted(seed, plan) for seed in SEEDS]

    coverage = np.mean(
        [interval_coverage(c.skill_logit, m.skill_logit_, m.skill_sd_) for c, _, m in runs]
    )

    assert 0.85 <= coverage <= 0.95


@pytest.mark.slow
@pytest.mark.parametrize("items_per_learner", [10, PLAN.items_per_learner])
def test_the_truth_is_recovered_better_than_by_mean_scores(items_per_learner):
    for seed in SEEDS:
        cohort, frame, model = fitted(seed, replace(PLAN, items_per_learner=items_per_learner))

        baseline = MeanScore().fit(frame).skill_score_

        assert correlation(model.skill_logit_, cohort.skill_logit) > correlation(
            baseline, cohort.skill_logit
        )


@pytest.mark.slow
def test_item_easiness_is_recovered():
    cohort, frame, model = fitted(0, PLAN)

    truth = dict(zip(cohort.items, cohort.easiness, strict=True))
    assert correlation(model.easiness_, np.array([truth[i] for i in frame.items])) > 0.9


@pytest.mark.slow
def test_held_out_answers_are_predicted_better_than_by_mean_scores():
    cohort = simulated(0)
    seen, unseen = (
        build_frame(part, cohort.items, cohort.skills)
        for part in (cohort.responses[::2], cohort.responses[1::2])
    )

    model, baseline = (
        evaluate(unseen.fraction, estimator.fit(seen).predict(unseen))
        for estimator in (HierarchicalIRT(), MeanScore())
    )

    assert model.auc > baseline.auc
    assert model.log_loss < baseline.log_loss
    assert model.rmse < baseline.rmse


def test_the_same_seed_simulates_the_same_cohort():
    first, second = (simulated(3) for _ in range(2))

    assert first.responses == second.responses


@pytest.mark.parametrize("items_per_learner", [0, 7])
def test_each_simulated_learner_answers_as_many_items_as_planned(items_per_learner):
    cohort = simulated(0, CohortPlan(items_per_learner=items_per_learner))

    assert len(cohort.responses) == 40 * items_per_learner


def test_simulated_partial_credit_has_the_dispersion_of_measured_scores():
    # Measured cells with many tests have 0.51 to 0.64 of the variance of right or wrong.
    plan = CohortPlan(
        n_learners=4000, n_items=1, n_skills=1, has_partial_credit=True,
        sigma_general=1e-9, sigma_skill=1e-9, sigma_item=1e-9,
    )  # fmt: skip
    cohort = simulate_cohort(plan, np.random.default_rng(1))

    score = np.array([r.fraction for r in cohort.responses])

    dispersion = score.var() / (score.mean() * (1 - score.mean()))
    assert dispersion == pytest.approx(0.56, abs=0.04)


def test_slips_and_guesses_bound_success():
    plan = CohortPlan(n_learners=400, mean=9.0, slip=0.2, guess=0.1)
    cohort = simulate_cohort(plan, np.random.default_rng(0))

    assert np.mean([r.fraction for r in cohort.responses]) == pytest.approx(0.8, abs=0.02)
