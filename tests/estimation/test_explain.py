"""Each number can be checked: its summands add up, and leaving one out is what a refit says."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from skillmap.errors import EvidenceError
from skillmap.estimation import HierarchicalIRT
from skillmap.estimation.explain import explain, explain_all, value_without
from tests.evidence.builders import LEARNERS, make_frame, make_response, response_lists

TODAY = datetime(2026, 12, 31, tzinfo=UTC).timestamp() / 86_400
NAMES = ("lists/lists/a", "lists/lists/c", "lists/lists/e", "lists/lists/f")


def fit(responses, **options):
    frame = make_frame(responses, learners=LEARNERS)
    return HierarchicalIRT(**options).fit(frame, as_of=TODAY)


def slow_value(ledger, fixed, weight):
    """The obvious way: climb the log posterior of the abilities, with items as they are."""
    n = len(weight)
    steps = np.abs(ledger.moment[:, None] - ledger.moment)
    apart = np.abs(ledger.days[:, None] - ledger.days)
    own = (ledger.q @ ledger.q.T) * ledger.ability.skill.covariance(steps, apart)
    form = ledger.ability.form.covariance(steps, apart)
    kernel = own + ledger.ability.level.covariance(steps, apart) + form
    kernel *= ledger.slope[:, None] * ledger.slope

    def height(pull):
        logit = ledger.base + kernel @ pull
        fit = weight @ (ledger.fraction * logit - np.logaddexp(0, logit))
        return -fit + 0.5 * pull @ kernel @ pull

    def slope(pull):
        expected = 1 / (1 + np.exp(-ledger.base - kernel @ pull))
        return kernel @ (pull - weight * (ledger.fraction - expected))

    found = minimize(height, np.zeros(n), jac=slope, method="BFGS", options={"gtol": 1e-10})
    reach = ledger.reach(TODAY)
    return fixed + (reach[:1] + reach[1:]) @ found.x


@pytest.mark.slow
@settings(deadline=None, max_examples=40)
@given(responses=response_lists(max_size=20), gain=st.sampled_from([0.0, 0.2]))
def test_start_practice_and_answers_add_up_to_the_shown_value(responses, gain):
    model = fit(responses, practice_gain=gain)

    for row, learner in enumerate(LEARNERS):
        one = explain(model, learner)
        summed = one.start + one.practice + one.moved.sum(axis=0)

        assert summed == pytest.approx(model.skill_logit_[row], abs=1e-9)
        assert one.value == pytest.approx(summed, abs=1e-12)


@pytest.mark.slow
@settings(deadline=None, max_examples=25)
@given(responses=response_lists(min_size=1, max_size=12), data=st.data())
def test_the_value_without_an_answer_is_what_a_refit_says(responses, data):
    model = fit(responses)
    learner = data.draw(st.sampled_from(sorted({one.learner for one in responses})))
    whole = explain(model, learner)
    place = data.draw(st.integers(0, len(whole.rows) - 1))
    weight = np.where(np.arange(len(whole.rows)) == place, 0.0, whole.ledger.weight)

    found = value_without(model, learner, int(whole.rows[place]))

    slow = slow_value(whole.ledger, whole.start + whole.practice, weight)
    assert found == pytest.approx(slow, abs=1e-5)


@pytest.mark.slow
@settings(deadline=None, max_examples=25)
@given(responses=response_lists(min_size=1, max_size=20))
def test_an_answer_pulls_by_its_weight_times_what_was_not_expected(responses):
    for one in explain_all(fit(responses)).values():
        ledger = one.ledger
        between = ledger._joint(ledger.base, ledger.weight).covariance(np.arange(len(ledger.base)))
        expected = 1 / (1 + np.exp(-ledger.base - between @ ledger.pull))

        assert ledger.pull == pytest.approx(ledger.weight * (ledger.fraction - expected), abs=1e-9)


def test_a_right_answer_moves_its_skill_up_and_a_wrong_one_down():
    log = [make_response(item="lists/lists/a"), make_response(item="lists/lists/c", fraction=0.0)]

    one = explain(fit(log), "ada")

    right, wrong = (one.rows.tolist().index(row) for row in (0, 1))
    assert one.moved[right, 0] > one.moved[right, 1] > 0
    assert one.moved[wrong, 1] < one.moved[wrong, 0] < 0


def test_an_older_answer_moves_less():
    day = datetime(2025, 1, 1, tzinfo=UTC)

    def moved(year):
        answer = replace(make_response(item="lists/lists/a"), submitted_at=day.replace(year=year))
        return explain(fit([answer]), "ada").moved[0, 0]

    assert 0 < moved(2015) < moved(2020) < moved(2026)


def test_a_start_that_is_higher_is_carried_as_far_as_the_doubt_allows():
    # To first order: covariance @ (shift / prior variance), on that skill's part.
    ledger = explain(fit([make_response(item=name, fraction=0.5) for name in NAMES]), "ada").ledger
    tiny = np.array([1e-4, 0.0])

    moved = ledger.moved_from(tiny, TODAY) - ledger.moved(TODAY).sum(axis=0)

    c = ledger.covariance(TODAY)
    carried = (c[0, 1] + c[1:, 1]) / ledger.ability.skill.sd**2
    assert (tiny + moved) / 1e-4 == pytest.approx(carried, abs=1e-3)
    assert 0 < carried[0] < 1


def test_with_items_as_they_are_doubt_is_no_larger_than_what_is_shown():
    model = fit([make_response(item=name) for name in NAMES])

    c = explain(model, "ada").ledger.covariance(TODAY)

    sd = np.sqrt(c[0, 0] + 2 * c[0, 1:] + np.diag(c)[1:])
    assert (sd <= model.skill_sd_[0]).all()
    assert (np.linalg.eigvalsh(c) > 0).all()


def test_who_was_not_in_the_fit_and_what_is_no_answer_are_named():
    model = fit([make_response(item="lists/lists/a")])

    with pytest.raises(EvidenceError, match="'zoe' was not in the fit"):
        explain(model, "zoe")
    with pytest.raises(EvidenceError, match="Row 7 is no answer of 'ada'"):
        value_without(model, "ada", 7)
