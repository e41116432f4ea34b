"""The challengers of the estimator, in benchmarks/, predict from a learner's past alone."""

import importlib
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
HOUR = 3600.0
N_ITEMS, N_SKILLS = 8, 3


@pytest.fixture
def bench(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module


def make_log(bench, seed=0, n_learners=12, n_each=15):
    rng = np.random.default_rng(seed)
    n = n_learners * n_each
    q = np.zeros((N_ITEMS, N_SKILLS), dtype=bool)
    q[np.arange(N_ITEMS), np.arange(N_ITEMS) % N_SKILLS] = True
    q[:3, 0] = True
    return bench("skill_data").Log(
        learner=np.repeat(np.arange(n_learners), n_each),
        item=rng.integers(N_ITEMS, size=n),
        fraction=(rng.random(n) < 0.6).astype(float),
        q=q,
        seconds=np.sort(rng.random((n_learners, n_each)) * 40 * 24 * HOUR, axis=1).ravel(),
    )


def changed_from(log, row, bench):
    """The same log, with all outcomes turned round from this row on."""
    fraction = np.where(np.arange(len(log.item)) >= row, 1 - log.fraction, log.fraction)
    return bench("skill_data").Log(
        learner=log.learner, item=log.item, fraction=fraction, q=log.q, seconds=log.seconds
    )


def counted(log, row, skill, window):
    """Attempts and wins of the row's learner on a skill before the row, counted one by one."""
    earlier = [
        other
        for other in range(row)
        if log.learner[other] == log.learner[row]
        and log.q[log.item[other], skill]
        and log.seconds[row] - log.seconds[other] <= window
    ]
    return len(earlier), log.fraction[earlier].sum()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mean_score", "elo", "pfa", "best_lr", "das3h"])
def test_no_challenger_sees_the_answer_it_predicts_or_a_later_one(bench, name):
    log = make_log(bench)
    split = bench("skill_data").cut_by_learner(log, share=0.4)
    predict = getattr(bench("skill_challengers"), name)
    row = 20
    turned = bench("skill_data").Split(train=split.train, test=changed_from(split.test, row, bench))

    before, after = predict(split), predict(turned)

    assert np.isfinite(before).all()
    np.testing.assert_allclose(before[: row + 1], after[: row + 1], atol=1e-9)
    assert not np.allclose(before[row + 1 :], after[row + 1 :])


@pytest.mark.parametrize("number", range(5))
def test_counts_in_a_window_are_those_counted_one_by_one(bench, number):
    features, log = bench("skill_features"), make_log(bench)

    blocks = np.expm1(features.windowed_skill_counts(log).toarray())
    found = blocks.reshape(len(log.item), len(features.WINDOWS), 2, N_SKILLS)[:, number]

    for row in range(0, len(log.item), 7):
        for skill in np.flatnonzero(log.q[log.item[row]]):
            expected = counted(log, row, skill, features.WINDOWS[number])
            np.testing.assert_allclose(found[row, :, skill], expected, atol=1e-9)


def test_counts_without_times_are_those_of_an_endless_window(bench):
    features, log = bench("skill_features"), make_log(bench)

    plain, windowed = features.skill_counts(log), features.windowed_skill_counts(log)

    np.testing.assert_allclose(plain.toarray(), windowed.toarray()[:, -2 * N_SKILLS :])


def test_no_learner_stands_on_both_sides_of_a_split(bench):
    split = bench("skill_data").cut_by_learner(make_log(bench))

    assert not set(split.train.learner) & set(split.test.learner)
    assert len(set(split.test.learner)) == 2


def test_a_blend_of_one_prediction_with_itself_is_that_prediction(bench):
    p = np.array([0.1, 0.5, 0.97])

    np.testing.assert_allclose(bench("skill_challengers").blend([p, p]), p)


def test_halves_predict_each_other_and_leave_nothing_out(bench):
    cells = bench("skill_cells")
    log = cells.keep_share(make_log(bench), 75)

    splits = list(cells.halves(log))

    assert len(splits) == 10
    assert len(log.item) == 12 * 11
    for one in splits:
        assert len(one.train.item) + len(one.test.item) == len(log.item)


def test_intervals_over_learners_hold_the_measure_and_do_not_widen_it(bench):
    measures, rng = bench("skill_measures"), np.random.default_rng(1)
    learner, predicted = np.repeat(np.arange(60), 30), rng.random(1800)
    outcome = (rng.random(1800) < predicted).astype(float)

    found = measures.judge(outcome, predicted, learner)

    for name in ("auc", "rmse", "log_loss"):
        low, high = found[f"{name}_95"]
        assert low < found[name] < high
        assert high - low < 0.1


def test_an_oracle_errs_less_than_the_prior(bench):
    oracle = bench("skill_oracle")
    simulated = bench("skillmap.estimation.simulated_answers")
    plan = simulated.CohortPlan(n_learners=200, has_partial_credit=True)
    answers = simulated.simulate_answers(plan, np.random.default_rng(0))

    error = oracle.oracle_logits(plan, answers) - answers.skill_logit

    assert error.std() < 0.5 * answers.skill_logit.std()
    assert abs(error.mean()) < 0.05
