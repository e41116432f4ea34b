import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from skillmap.estimation import (
    area_under_curve,
    calibration_error,
    evaluate,
    interval_coverage,
    log_loss,
    rmse,
)

TENTHS = st.integers(0, 10).map(lambda n: n / 10)


@given(
    outcome=arrays(float, 12, elements=st.sampled_from([0.0, 1.0])),
    predicted=arrays(float, 12, elements=TENTHS),
)
def test_auc_is_the_share_of_pairs_in_the_right_order(outcome, predicted):
    pairs = [(s, u) for s in predicted[outcome == 1] for u in predicted[outcome == 0]]
    expected = np.mean([(s > u) + 0.5 * (s == u) for s, u in pairs]) if pairs else np.nan

    assert area_under_curve(outcome, predicted) == pytest.approx(expected, nan_ok=True)


def test_rmse_of_being_off_by_a_half_is_a_half():
    assert rmse(np.array([0.0, 1.0]), np.array([0.5, 0.5])) == 0.5


def test_log_loss_of_a_coin_is_log_two():
    assert log_loss(np.array([0.0, 0.3, 1.0]), np.full(3, 0.5)) == pytest.approx(np.log(2))


def test_log_loss_of_a_certain_error_is_finite():
    assert log_loss(np.array([0.0]), np.array([1.0])) == pytest.approx(-np.log(1e-12), rel=1e-4)


def test_calibration_error_weighs_each_bins_gap_by_its_size():
    outcome = np.array([1.0, 1.0, 0.0, 1.0])
    predicted = np.array([0.95, 0.95, 0.35, 1.0])

    assert calibration_error(outcome, predicted) == pytest.approx((0.1 + 0.35) / 4)


def test_coverage_counts_the_truths_inside():
    truth, mean, sd = np.array([0.0, 1.6, 1.7, -3.0]), np.zeros(4), np.ones(4)

    assert interval_coverage(truth, mean, sd) == 0.5
    assert interval_coverage(truth, mean, sd, mass=0.999) == 1.0


def test_no_rows_have_no_scores():
    scores = evaluate(np.zeros(0), np.zeros(0))

    assert np.isnan([scores.auc, scores.rmse, scores.log_loss, scores.ece]).all()
