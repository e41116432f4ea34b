from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmap.estimation import CohortPlan, simulate_cohort
from skillmap.estimation.simulated_answers import simulate_answers

CROWD = CohortPlan(n_learners=3000, n_items=40, n_skills=4)
OPTIONS = {
    "partial credit": {"has_partial_credit": True},
    "drift": {"drift": 0.2},
    "forgetting": {"forgetting_days": 90.0, "away_share": 0.5, "away_days": 1500.0},
    "practice": {"practice_gain": 0.1},
    "slips": {"slip": 0.05, "guess": 0.1},
    "noise": {"noise_sd": 0.8},
    "wrong tags": {"wrong_tag_share": 0.1},
    "few items each": {"items_per_learner": 7},
}


def simulated(seed=0, **changes):
    return simulate_answers(replace(CROWD, **changes), np.random.default_rng(seed))


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    options=st.lists(st.sampled_from(sorted(OPTIONS)), unique=True),
    n_items=st.integers(1, 25),
    n_skills=st.integers(1, 5),
    seed=st.integers(0, 1000),
)
def test_every_plan_gives_answers_in_order_of_time_and_a_finite_truth(
    options, n_items, n_skills, seed
):
    changes = {name: value for option in options for name, value in OPTIONS[option].items()}

    answers = simulated(seed, n_learners=9, n_items=n_items, n_skills=n_skills, **changes)

    assert np.isfinite(answers.skill_logit).all()
    assert ((answers.fraction >= 0) & (answers.fraction <= 1)).all()
    assert (np.diff(answers.learner) >= 0).all()
    assert (np.diff(answers.day)[np.diff(answers.learner) == 0] >= 0).all()
    assert answers.day.max(initial=0.0) <= answers.last_day
    np.testing.assert_allclose(answers.q.sum(axis=1), 1.0)


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_the_same_seed_simulates_the_same_answers(options):
    first, second = (simulated(3, n_learners=20, **options) for _ in range(2))

    np.testing.assert_array_equal(first.fraction, second.fraction)
    np.testing.assert_array_equal(first.skill_logit, second.skill_logit)


def test_the_truth_is_the_chance_of_solving_a_reference_exercise():
    # With this seed the only item has difficulty 3 and, without spread, is a reference exercise.
    answers = simulated(
        n_learners=40_000, n_items=1, n_skills=1, sigma_item=1e-9, sigma_general=1e-9,
        sigma_skill=1e-9, mean=1.0, slip=0.05, guess=0.1, noise_sd=1.0,
    )  # fmt: skip

    expected = 1 / (1 + np.exp(-answers.skill_logit[0, 0]))

    assert answers.difficulty[0] == 3
    assert answers.fraction.mean() == pytest.approx(expected, abs=0.008)


def test_slips_guesses_and_noise_pull_the_truth_towards_the_middle():
    answers = simulated(slip=0.1, guess=0.1, noise_sd=0.8)

    assert (np.abs(answers.skill_logit) < np.abs(answers.latent_logit)).all()


def test_without_slips_guesses_and_noise_the_truth_is_the_ability():
    answers = simulated(drift=0.1, practice_gain=0.1)

    np.testing.assert_array_equal(answers.skill_logit, answers.latent_logit)


def test_drift_spreads_abilities_by_its_variance_per_week():
    # Four assignments are three weeks; level and skill each gain 3 * 0.5 ** 2.
    still, drifting = simulated(), simulated(drift=0.5)

    gained = drifting.skill_logit.var() - still.skill_logit.var()

    assert gained == pytest.approx(1.5, abs=0.2)


def test_years_away_bring_a_practised_skill_back_to_the_level_of_the_learner():
    practised = simulated(practice_gain=0.3, away_share=1.0, away_days=3650.0)
    forgotten = simulated(
        practice_gain=0.3, away_share=1.0, away_days=3650.0, forgetting_days=365.0
    )

    # Ten items of four skills: 20 before the pause and 20 after it, about 5 of a skill each.
    assert practised.skill_logit.mean() == pytest.approx(10 * 0.3, abs=0.1)
    assert forgotten.skill_logit.mean() == pytest.approx(5 * 0.3, abs=0.15)


def test_forgetting_keeps_the_spread_of_people():
    still, forgetting = simulated(), simulated(forgetting_days=10.0)

    assert forgetting.skill_logit.std() == pytest.approx(still.skill_logit.std(), rel=0.03)


def test_only_those_who_are_away_answer_later():
    answers = simulated(away_share=0.3, away_days=1000.0)

    last = np.array([answers.day[answers.learner == n].max() for n in range(300)])

    assert set(np.unique(last)) == {21.0, 1021.0}
    assert (last > 1000).mean() == pytest.approx(0.3, abs=0.08)


def test_wrong_tags_name_other_skills_and_leave_the_answers_alone():
    answers = simulated(wrong_tag_share=0.1)

    is_wrong = (answers.q != answers.true_q).any(axis=1)
    right = simulated()

    assert is_wrong.sum() == 4
    np.testing.assert_array_equal(answers.true_q, right.true_q)
    np.testing.assert_array_equal(answers.fraction, right.fraction)


def test_a_wider_spread_widens_people_and_items_alike():
    plan = CROWD.spread(2.0)

    assert plan.sigma_general == 2 * CROWD.sigma_general
    assert plan.sigma_skill == 2 * CROWD.sigma_skill
    assert plan.sigma_item == 2 * CROWD.sigma_item


def test_noise_lets_answers_scatter_beyond_the_tests_of_a_cell():
    fixed = {"n_learners": 4000, "n_items": 1, "n_skills": 1, "has_partial_credit": True}
    plan = replace(CohortPlan(**fixed), sigma_general=1e-9, sigma_skill=1e-9, sigma_item=1e-9)

    plain, noisy = (
        simulate_answers(replace(plan, noise_sd=sd), np.random.default_rng(1)).fraction
        for sd in (0.0, 1.0)
    )

    dispersion = [one.var() / (one.mean() * (1 - one.mean())) for one in (plain, noisy)]
    assert dispersion[1] > dispersion[0] + 0.05


def test_a_cohort_tells_what_its_answers_tell():
    plan = replace(CROWD, n_learners=5, wrong_tag_share=0.2, has_partial_credit=True)
    cohort = simulate_cohort(plan, np.random.default_rng(4))
    answers = simulate_answers(plan, np.random.default_rng(4))

    tags = [
        [item.skills.get(skill, 0.0) for skill in cohort.skills] for item in cohort.items.values()
    ]

    assert [r.fraction for r in cohort.responses] == answers.fraction.tolist()
    assert max(r.submitted_at for r in cohort.responses) == cohort.as_of
    np.testing.assert_allclose(tags, answers.q)
    np.testing.assert_array_equal(cohort.skill_logit, answers.skill_logit)
