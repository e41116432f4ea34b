"""Laws of abilities that drift and fade, of predictions ahead, and of shares that add up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from skillmap.errors import EvidenceError
from skillmap.estimation import CohortPlan, HierarchicalIRT, simulate_cohort
from skillmap.estimation.explain import explain, value_without
from skillmap.estimation.fitting import fit_log
from skillmap.estimation.histories import lay_out
from skillmap.estimation.joint import logits, sigmoid
from skillmap.estimation.newton import find_mode
from skillmap.estimation.prior import AbilityPrior, Memory
from skillmap.evidence import build_frame, frame_from_arrays, moments
from tests.evidence.builders import LEARNERS, make_frame, make_item, make_response, named

START = datetime(2026, 1, 5, tzinfo=UTC)
DAY_S = 86_400


def day(number):
    return START + timedelta(days=number)


def at(number):
    return day(number).timestamp() / DAY_S


def cohort_of(seed=0, **plan):
    sizes = {"n_learners": 12, "n_items": 20, "n_skills": 4}
    cohort = simulate_cohort(CohortPlan(**sizes | plan), np.random.default_rng(seed))
    return build_frame(cohort.responses, cohort.items, cohort.skills, learners=cohort.learners)


def log_of(seed, n_learners=6, n_rows=60, n_items=15, n_skills=3):
    rng = np.random.default_rng(seed)
    return frame_from_arrays(
        np.sort(rng.integers(0, n_learners, n_rows)),
        rng.integers(0, n_items, n_rows),
        rng.integers(0, 2, n_rows).astype(float),
        np.eye(n_skills)[rng.integers(0, n_skills, n_items)],
    )


@given(learner=st.lists(st.integers(0, 3), max_size=12), data=st.data())
def test_moments_count_the_times_of_each_learner(learner, data):
    when = data.draw(st.lists(st.integers(0, 4), min_size=len(learner), max_size=len(learner)))

    found = moments(np.array(learner, dtype=np.int64), np.array(when, dtype=float))

    for who in set(learner):
        times = sorted({t for u, t in zip(learner, when, strict=True) if u == who})
        own = [(t, n) for u, t, n in zip(learner, when, found, strict=True) if u == who]
        assert all(times.index(t) == n for t, n in own)


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000), learner=st.sampled_from(LEARNERS[:2]))
def test_start_practice_and_shares_add_up_to_what_is_shown(seed, learner):
    rng = np.random.default_rng(seed)
    items = named([make_item(grade_id=f"c{n}", skills={"loops": 1.0}) for n in range(6)])
    responses = [
        make_response(
            learner=who,
            item=item,
            fraction=float(rng.random()),
            submitted_at=day(int(rng.integers(900))),
        )
        for who in LEARNERS[:2]
        for item in items
    ]
    frame = make_frame(responses, items=items)
    model = HierarchicalIRT(practice_gain=0.2, sigma_form=0.4).fit(frame, as_of=at(1000))

    parts = explain(model, learner)

    who = model.learners_.index(learner)
    total = parts.start + parts.practice + parts.moved.sum(axis=0)
    assert total == pytest.approx(model.skill_logit_[who], abs=1e-9)
    assert np.sign(parts.moved[:, 0]) == pytest.approx(
        np.sign(frame.fraction[parts.rows] - model.expected()[parts.rows])
    )


def test_the_value_without_an_answer_is_that_of_a_fit_without_it():
    # Slow and obvious: the learner's abilities at all rows by a general minimiser.
    frame = cohort_of()
    model = HierarchicalIRT(has_learning=False).fit(frame)
    rows = np.flatnonzero(frame.learner_index == 3)
    kept = np.delete(rows, 5)
    shared, prior = model.fitted_.mode.shared, model.fitted_.model.ability
    q, days = frame.q[frame.item_index[kept]], frame.days[kept]
    covariance = prior.between(frame.moment[kept] * 1.0, days, q, np.ones(len(kept)))
    fixed = shared.offset[0] + shared.easiness[frame.item_index[kept]]

    def strain(pull):
        eta = fixed + covariance @ pull
        fit = frame.weight[kept] @ (frame.fraction[kept] * eta - np.logaddexp(0, eta))
        return 0.5 * pull @ covariance @ pull - fit

    pull = minimize(strain, np.zeros(len(kept)), tol=1e-12).x

    ago = model.as_of_ - days
    parts = prior.with_present(0 * ago, ago, q, np.ones(len(kept))) @ pull
    found = value_without(model, frame.learners[3], int(rows[5]))
    assert found == pytest.approx(shared.offset[0] + parts[0] + parts[1:], abs=1e-4)


def test_a_stranger_cannot_be_explained():
    model = HierarchicalIRT().fit(make_frame([make_response()]))

    with pytest.raises(EvidenceError, match="'nobody' was not in the fit"):
        explain(model, "nobody")


def test_an_old_answer_moves_less_and_leaves_more_doubt_than_a_new_one():
    old, new = (
        HierarchicalIRT().fit(
            make_frame([make_response(item="lists/lists/a", submitted_at=day(n))]), as_of=at(1900)
        )
        for n in (0, 1900)
    )

    assert 0 < old.skill_logit_[0, 0] < new.skill_logit_[0, 0]
    assert old.skill_sd_[0, 0] > new.skill_sd_[0, 0]


def test_with_time_a_skill_returns_to_the_learners_own_level():
    items = named(
        [make_item(grade_id=f"{s}{n}", skills={s: 1.0}) for s in ("loops", "tables") for n in "ab"]
    )
    responses = [
        make_response(item=i, fraction=float("loops" in i), submitted_at=day(0)) for i in items
    ]
    frame = make_frame(responses, items=items)

    apart = [
        np.ptp(HierarchicalIRT().fit(frame, as_of=at(later)).skill_logit_[0])
        for later in (0, 400, 4000)
    ]

    assert apart[0] > apart[1] > apart[2] > 0


def test_times_after_the_day_asked_for_count_as_that_day():
    frame = make_frame([make_response(item="lists/lists/a", submitted_at=day(100))])

    early, then = (HierarchicalIRT().fit(frame, as_of=at(n)) for n in (50, 100))

    assert early.skill_logit_ == pytest.approx(then.skill_logit_)
    assert early.skill_sd_ == pytest.approx(then.skill_sd_)


def test_parts_lead_to_the_same_mode_as_everything_at_once():
    frame = cohort_of(has_partial_credit=True)
    model = HierarchicalIRT(has_learning=False).fit(frame).fitted_.model

    once, _ = find_mode(model)
    by_parts, has_converged = find_mode(model, is_exact=False, tolerance=1e-7, max_steps=500)

    assert has_converged
    assert logits(model, by_parts) == pytest.approx(logits(model, once), abs=1e-4)


def test_at_the_mode_a_pull_is_what_an_answer_says_beyond_the_expected():
    frame = cohort_of(has_partial_credit=True)
    fitted = HierarchicalIRT().fit(frame).fitted_

    model, mode = fitted.model, fitted.mode

    surprise = model.histories.fraction - sigmoid(logits(model, mode))
    assert mode.pull == pytest.approx(model.weight * surprise, abs=1e-10)


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 10_000), data=st.data())
def test_predictions_ahead_see_nothing_of_their_own_answer_or_a_later_one(seed, data):
    frame = log_of(seed)
    model = HierarchicalIRT().fit(log_of(seed + 1))
    row = data.draw(st.integers(0, len(frame.fraction) - 1))
    changed = frame.fraction.copy()
    changed[row:] = 1.0 - changed[row:]

    before, after = (model.predict_ahead(one) for one in (frame, replace(frame, fraction=changed)))

    assert after[: row + 1] == pytest.approx(before[: row + 1])


def test_a_right_answer_raises_the_next_prediction():
    model = HierarchicalIRT().fit(log_of(0))
    ask = np.zeros(2, dtype=np.int64)

    right, wrong = (
        model.predict_ahead(frame_from_arrays(ask, ask, np.array([y, 0.0]), np.eye(3)))
        for y in (1.0, 0.0)
    )

    assert right[1] > wrong[1]
    assert right[0] == wrong[0]


def test_items_that_learn_along_predict_late_learners_better():
    plan = CohortPlan(n_learners=60, n_items=20, n_skills=2, sigma_item=2.0)
    cohort = simulate_cohort(plan, np.random.default_rng(3))
    frame = build_frame(cohort.responses, cohort.items, cohort.skills)
    model = HierarchicalIRT().fit(make_frame([], skills=cohort.skills))
    late = frame.learner_index >= 30

    still, learning = (
        -np.mean(np.log(np.where(frame.fraction > 0.5, p, 1 - p))[late])
        for p in (model.predict_ahead(frame), model.predict_ahead(frame, is_learning=True))
    )

    assert learning < still


def test_few_rows_leave_the_settings_and_many_learn_from_the_log():
    small = cohort_of(n_learners=12, n_items=20)
    large = cohort_of(n_learners=40, n_items=30, sigma_general=1.8, sigma_skill=1.2)

    untouched, learnt = (HierarchicalIRT().fit(f).fitted_.model for f in (small, large))

    assert untouched.ability.level.sd == 1.0
    assert untouched.slope.tolist() == [1.0] * 20
    assert learnt.ability.level.sd > 1.15


def test_a_large_log_is_cut_for_the_items_and_whole_for_the_learners(monkeypatch):
    frame = cohort_of(n_learners=30, n_items=20)
    whole = HierarchicalIRT(has_learning=False).fit(frame)
    monkeypatch.setattr("skillmap.estimation.fitting.EXACT_ITEMS", 1)
    monkeypatch.setattr("skillmap.estimation.fitting.LONGEST", 10)

    cut = HierarchicalIRT(has_learning=False).fit(frame)

    assert len(cut.fitted_.model.histories.pieces) == 60
    assert cut.skill_logit_ == pytest.approx(whole.skill_logit_, abs=0.35)
    assert np.corrcoef(cut.skill_logit_.ravel(), whole.skill_logit_.ravel())[0, 1] > 0.98


def test_prior_covariances_are_those_of_the_sum_of_its_parts():
    rng = np.random.default_rng(0)
    prior = AbilityPrior(
        level=Memory(1.1, 50.0, 900.0), form=Memory(0.4, 3.0, 2.0), skill=Memory(0.7, 20.0, 300.0)
    )
    q, moment, days = rng.dirichlet(np.ones(3), 7), np.arange(7.0), np.sort(rng.random(7)) * 400

    found = prior.between(moment, days, q, np.ones(7))

    for r, s in np.ndindex(7, 7):
        steps, apart = abs(moment[r] - moment[s]), abs(days[r] - days[s])
        by_hand = 1.21 * np.exp(-steps / 50 - apart / 900)
        by_hand += 0.16 * np.exp(-steps / 3 - apart / 2)
        by_hand += 0.49 * q[r] @ q[s] * np.exp(-steps / 20 - apart / 300)
        assert found[r, s] == pytest.approx(by_hand)
    assert np.linalg.eigvalsh(found).min() > 0


@pytest.mark.parametrize("fraction", [-0.1, 1.2, float("nan")])
def test_fractions_outside_0_to_1_are_refused_by_name(fraction):
    zero = np.zeros(1, dtype=np.int64)

    with pytest.raises(EvidenceError, match="numbers from 0 to 1"):
        frame_from_arrays(zero, zero, np.array([fraction]), np.ones((1, 1)))


def test_an_item_without_a_skill_speaks_of_the_level_alone():
    zero = np.zeros(1, dtype=np.int64)
    frame = frame_from_arrays(zero, zero, np.ones(1), np.zeros((1, 2)))

    model = HierarchicalIRT().fit(frame)

    assert model.skill_logit_[0, 0] == pytest.approx(model.skill_logit_[0, 1])
    assert model.skill_logit_[0, 0] > 0


def test_histories_keep_every_row_once_whatever_the_pieces():
    frame = log_of(5)

    histories = lay_out(frame, longest=7)

    rows = np.concatenate([block.ravel() for block in histories.blocks(cells=50)])
    real = rows[rows < histories.n_rows]
    assert sorted(real.tolist()) == list(range(60))
    assert np.diff(histories.pieces, axis=1).max() <= 7


def test_an_empty_log_fits_to_the_settings():
    model = HierarchicalIRT()

    fitted = fit_log(make_frame([]), np.zeros(0), model._settings())

    assert fitted.converged
    assert model.fit(make_frame([])).predict_ahead(make_frame([])).shape == (0,)
