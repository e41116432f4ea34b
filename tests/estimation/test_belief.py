from itertools import permutations
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmap.errors import EvidenceError
from skillmap.estimation.belief import Ask, Belief, prior_belief

N_SKILLS = 4

fractions = st.floats(0, 1)
weights = st.sampled_from([0.5, 1.0, 1.7])
seeds = st.integers(0, 10_000)


def make_ask(*skills, easiness=0.0, sd=0.5, weight=1.0, n_skills=N_SKILLS):
    loading = np.zeros(1 + n_skills)
    loading[0] = 1.0
    for skill in skills:
        loading[1 + skill] = 1 / len(skills)
    return Ask(loading=loading, easiness=easiness, easiness_sd=sd, weight=weight)


def make_prior(n_skills=N_SKILLS, **overrides):
    names = tuple(f"skill-{k}" for k in range(n_skills))
    values = {"mean": 0.3, "sigma_general": 1.0, "sigma_skill": 0.7} | overrides
    return prior_belief(names, **values)


def random_belief(seed, n_answers=6):
    rng = np.random.default_rng(seed)
    belief = make_prior()
    for _ in range(n_answers):
        belief = belief.after(random_ask(rng), rng.random())
    return belief, rng


def random_ask(rng):
    skills = rng.choice(N_SKILLS, size=rng.integers(0, 3), replace=False)
    return make_ask(*skills, easiness=rng.normal(), weight=rng.uniform(0.2, 2))


def test_a_prior_knows_the_same_of_every_skill():
    mean, covariance = make_prior(mean=0.3).reference()

    assert mean == pytest.approx([0.3] * 4)
    assert np.diag(covariance) == pytest.approx([1.0 + 0.49] * 4)
    assert covariance[0, 1] == pytest.approx(1.0)


def test_the_reference_logit_is_the_one_of_a_plain_item_of_the_skill():
    belief, _ = random_belief(1)
    mean, covariance = belief.reference()

    plain = belief.predict(make_ask(2, sd=0.0))

    assert plain.logit == pytest.approx(mean[2])
    assert plain.variance == pytest.approx(covariance[2, 2])


def test_the_doubt_about_an_item_is_part_of_the_prediction():
    belief = make_prior()

    sure, unsure = belief.predict(make_ask(0, sd=0.0)), belief.predict(make_ask(0, sd=0.75))

    assert unsure.variance - sure.variance == pytest.approx(0.75**2)
    assert abs(unsure.success - 0.5) < abs(sure.success - 0.5)


def test_a_prediction_integrates_over_the_doubt():
    belief = make_prior(mean=1.0)
    prediction = belief.predict(make_ask(0, sd=0.75))
    draws = np.linspace(-9, 9, 20_001)
    density = np.exp(-0.5 * draws**2)
    chance = 1 / (1 + np.exp(-(prediction.logit + prediction.variance**0.5 * draws)))

    assert prediction.success == pytest.approx(np.average(chance, weights=density), abs=1e-6)
    spread = np.average(chance * (1 - chance), weights=density)
    assert prediction.information == pytest.approx(spread, abs=1e-5)


@given(fraction=fractions, weight=weights, easiness=st.floats(-4, 4), sd=st.floats(0.2, 3))
@settings(max_examples=25, deadline=None)
def test_one_answer_moves_one_ability_to_the_mode_of_its_posterior(fraction, weight, easiness, sd):
    belief = prior_belief((), mean=0.0, sigma_general=sd, sigma_skill=0.7)
    ask = make_ask(easiness=easiness, sd=0.0, weight=weight, n_skills=0)
    grid = np.linspace(-12, 12, 240_001)
    logits = grid + easiness
    posterior = weight * (fraction * logits - np.logaddexp(0, logits)) - 0.5 * (grid / sd) ** 2

    after = belief.after(ask, fraction)

    assert after.mean[0] == pytest.approx(grid[posterior.argmax()], abs=1.1e-4)


def test_one_answer_leaves_mean_and_sd_near_those_of_the_exact_posterior():
    ask = make_ask(easiness=-0.7, sd=0.0, n_skills=0)
    grid = np.linspace(-8, 8, 8001)
    likelihood = 1 / (1 + np.exp(-(grid - 0.7)))
    density = likelihood * np.exp(-0.5 * grid**2)
    mean = np.average(grid, weights=density)
    sd = np.average((grid - mean) ** 2, weights=density) ** 0.5

    after = prior_belief((), mean=0.0, sigma_general=1.0, sigma_skill=0.7).after(ask, 1.0)

    assert after.mean[0] == pytest.approx(mean, abs=0.05)
    assert after.covariance[0, 0] ** 0.5 == pytest.approx(sd, abs=0.05)


@given(seed=seeds, fraction=fractions)
@settings(max_examples=40, deadline=None)
def test_an_answer_never_adds_doubt(seed, fraction):
    belief, rng = random_belief(seed)

    after = belief.after(random_ask(rng), fraction)

    removed = belief.covariance - after.covariance
    assert np.linalg.eigvalsh(removed).min() > -1e-12
    assert np.linalg.eigvalsh(after.covariance).min() > 0
    assert np.array_equal(after.covariance, after.covariance.T)


def test_the_covariance_stays_positive_definite_after_a_thousand_answers():
    belief, _ = random_belief(5, n_answers=1000)

    assert np.linalg.eigvalsh(belief.covariance).min() > 0


@given(seed=seeds, one=fractions, other=fractions)
@settings(max_examples=40, deadline=None)
def test_a_better_answer_never_lowers_what_it_touches(seed, one, other):
    belief, rng = random_belief(seed)
    ask = random_ask(rng)

    worse, better = (belief.after(ask, f) for f in sorted([one, other]))

    assert better.predict(ask).logit >= worse.predict(ask).logit - 1e-9


def test_the_answer_that_was_expected_moves_nothing():
    belief, ask = make_prior(mean=0.0), make_ask(1)

    after = belief.after(ask, 0.5)

    assert after.mean == pytest.approx(belief.mean)
    assert after.covariance[2, 2] < belief.covariance[2, 2]


def test_an_answer_worth_nothing_changes_nothing():
    belief = make_prior()

    after = belief.after(make_ask(1, weight=0.0), 1.0)

    assert after is belief


@pytest.mark.parametrize("answers", [(1, 1, 1, 0), (1, 0.4, 0, 0.8), (0, 0, 1, 0.6)])
def test_the_order_of_answers_given_together_matters_little(answers):
    asks = [make_ask(0), make_ask(0, easiness=1.0), make_ask(1, easiness=-1.0), make_ask(0, 1)]
    means = []
    for order in permutations(range(4)):
        belief, _ = random_belief(3)
        for n in order:
            belief = belief.after(asks[n], answers[n])
        means.append(belief.reference()[0])
    sd = np.sqrt(np.diag(belief.reference()[1]))

    assert (np.ptp(means, axis=0) / 2 <= 0.05 * sd).all()


@pytest.mark.parametrize("fraction", [0.0, 1.0])
@pytest.mark.parametrize(("easiness", "sigma"), [(40.0, 1.0), (-40.0, 10.0), (0.0, 100.0)])
def test_extreme_items_and_people_keep_everything_finite(fraction, easiness, sigma):
    belief = make_prior(sigma_general=sigma)

    after = belief.after(make_ask(0, easiness=easiness), fraction)

    assert np.isfinite(after.mean).all()
    assert np.linalg.eigvalsh(after.covariance).min() > 0


def test_the_expected_drop_is_what_an_answer_of_that_information_removes():
    belief, ask = random_belief(7)[0], make_ask(0, 2, weight=1.6)
    information = 1.6 * belief.predict(ask).information
    contrasts = np.hstack([np.ones((4, 1)), np.eye(4)])
    joint = np.zeros((6, 6))
    joint[:5, :5], joint[5, 5] = belief.covariance, ask.easiness_sd**2
    direction = np.append(ask.loading, 1.0)
    exact = np.linalg.inv(np.linalg.inv(joint) + information * np.outer(direction, direction))

    drop = belief.expected_drop(ask)

    left = np.diag(contrasts @ exact[:5, :5] @ contrasts.T)
    assert np.diag(belief.reference()[1]) - drop == pytest.approx(left)


def test_the_item_of_a_skill_is_expected_to_tell_most_of_that_skill():
    drop = make_prior().expected_drop(make_ask(3))

    assert drop.argmax() == 3


@pytest.mark.parametrize("fraction", [-0.1, 1.1, float("nan")])
def test_an_answer_outside_0_to_1_is_refused(fraction):
    with pytest.raises(EvidenceError, match="outside 0 to 1"):
        make_prior().after(make_ask(0), fraction)


@pytest.mark.parametrize(
    "wrong", [{"easiness": float("nan")}, {"sd": -1.0}, {"weight": float("inf")}]
)
def test_an_item_that_is_no_number_is_refused(wrong):
    with pytest.raises(EvidenceError, match="finite"):
        make_ask(0, **wrong)


def test_a_belief_of_the_wrong_shape_is_refused():
    with pytest.raises(EvidenceError, match="2 skills needs 3 means"):
        Belief(skills=("loops", "sql"), mean=np.zeros(2), covariance=np.eye(3))


@pytest.mark.slow
def test_an_update_of_thirty_skills_takes_less_than_a_tenth_of_a_millisecond():
    belief, ask = make_prior(n_skills=30), make_ask(3, 7, n_skills=30)
    times = []
    for _ in range(500):
        start = perf_counter()
        belief.after(ask, 0.8)
        times.append(perf_counter() - start)

    assert np.median(times) < 100e-6
