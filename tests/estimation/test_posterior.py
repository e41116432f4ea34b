import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmap.estimation import expected_success, probability_at_least, success_interval
from skillmap.model import SkillEstimate

LOGITS, SDS = st.floats(-8, 8), st.floats(0.01, 3)


def make_estimate(**overrides):
    values = {"learner": "ada", "skill": "loops", "logit": 0.0, "sd": 1.0}
    return SkillEstimate(**(values | {"n_responses": 5, "n_items": 5} | overrides))


@given(logit=LOGITS, sd=SDS, cuts=st.tuples(st.floats(0.01, 0.99), st.floats(0.01, 0.99)))
def test_a_higher_cut_is_never_likelier(logit, sd, cuts):
    found = make_estimate(logit=logit, sd=sd)

    assert probability_at_least(found, max(cuts)) <= probability_at_least(found, min(cuts))


def test_one_sd_above_the_cut_is_eighty_four_percent():
    # Standard normal table: Phi(1) = 0.8413.
    assert probability_at_least(make_estimate(logit=1.0), 0.5) == pytest.approx(0.8413, abs=1e-4)


@pytest.mark.parametrize(("cut", "probability"), [(0.0, 1.0), (1.0, 0.0)])
def test_certain_cuts_are_certain(cut, probability):
    assert probability_at_least(make_estimate(), cut) == probability


@given(logit=LOGITS, sd=SDS)
def test_the_interval_surrounds_the_expected_success(logit, sd):
    low, high = success_interval(make_estimate(logit=logit, sd=sd))

    assert 0 <= low < high <= 1
    assert low <= expected_success(logit, sd) <= high


@given(logit=LOGITS, sd=SDS)
def test_the_interval_holds_its_mass(logit, sd):
    found = make_estimate(logit=logit, sd=sd)
    low, high = success_interval(found)

    mass = probability_at_least(found, low) - probability_at_least(found, high)

    assert mass == pytest.approx(0.9, abs=1e-6)


@pytest.mark.parametrize("sd", [0.1, 1.0, 3.0])
def test_expected_success_is_the_integral(sd):
    # Slow and obvious: a sum over a fine grid of the normal density.
    grid = np.linspace(-12, 12, 200_001)
    density = np.exp(-0.5 * grid**2)
    slow = (density / (1 + np.exp(-(1.2 + sd * grid)))).sum() / density.sum()

    assert expected_success(1.2, sd) == pytest.approx(slow, abs=1e-5)
