from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmap.estimation import HierarchicalIRT, MeanScore, author_easiness
from tests.evidence.builders import (
    ITEMS,
    LEARNERS,
    SINGLE,
    make_frame,
    make_item,
    make_response,
    named,
    response_lists,
)

ROUNDING = 1e-8  # logits
PRIOR_SD = np.sqrt(1.0 + 1.0 + 0.49)  # of mean, general ability and skill


TODAY = datetime(2026, 4, 30, tzinfo=UTC).timestamp() / 86_400


def fit(responses, **overrides):
    frame = make_frame(responses, **({"learners": LEARNERS} | overrides))
    return HierarchicalIRT().fit(frame, as_of=TODAY)


def estimate(responses, learner="ada", skill="loops", **overrides):
    found = fit(responses, **overrides).estimates()
    return next(e for e in found if (e.learner, e.skill) == (learner, skill))


@settings(deadline=None)
@given(responses=response_lists(SINGLE, max_size=25), item=st.sampled_from(["a", "b"]))
def test_one_more_right_answer_never_lowers_the_estimate(responses, item):
    done = [r.attempt for r in responses if (r.learner, r.item) == ("ada", f"lists/lists/{item}")]
    answer = make_response(item=f"lists/lists/{item}", attempt=max(done, default=0) + 1)

    before, after = estimate(responses), estimate([*responses, answer])

    assert after.logit >= before.logit - ROUNDING


@settings(deadline=None)
@given(responses=response_lists(SINGLE, max_size=15), fraction=st.floats(0, 0.99))
def test_a_higher_fraction_never_lowers_the_estimate(responses, fraction):
    others = [r for r in responses if (r.learner, r.item) != ("ada", "lists/lists/a")]
    low = make_response(item="lists/lists/a", fraction=fraction)

    before, after = estimate([*others, low]), estimate([*others, replace(low, fraction=1.0)])

    assert after.logit >= before.logit - ROUNDING


@settings(deadline=None)
@given(responses=response_lists(max_size=25), data=st.data())
def test_the_same_inputs_give_the_same_bytes_in_any_order(responses, data):
    shuffled = data.draw(st.permutations(responses))

    assert repr(fit(responses).estimates()) == repr(fit([*shuffled, *responses]).estimates())


@settings(deadline=None)
@given(responses=response_lists(max_size=25), names=st.permutations(LEARNERS))
def test_relabelling_learners_permutes_the_result(responses, names):
    new_name = dict(zip(LEARNERS, names, strict=True))
    relabelled = [replace(r, learner=new_name[r.learner]) for r in responses]

    before, after = fit(responses), fit(relabelled)

    rows = [after.learners_.index(new_name[name]) for name in before.learners_]
    assert after.skill_logit_[rows] == pytest.approx(before.skill_logit_, abs=ROUNDING)
    assert after.skill_sd_[rows] == pytest.approx(before.skill_sd_, abs=ROUNDING)


@settings(deadline=None)
@given(responses=response_lists(max_size=25))
def test_relabelling_items_and_skills_permutes_the_result(responses):
    moved = {name: f"lists/lists/{6 - n}" for n, name in enumerate(ITEMS)}
    items = {moved[name]: replace(item, id=moved[name]) for name, item in ITEMS.items()}
    relabelled = [replace(r, item=moved[r.item]) for r in responses]

    before = fit(responses)
    after = fit(relabelled, items=items, skills=("tables", "loops"))

    assert after.skill_logit_[:, ::-1] == pytest.approx(before.skill_logit_, abs=ROUNDING)


@settings(deadline=None)
@given(responses=response_lists())
def test_every_frame_converges_to_finite_estimates(responses):
    model = fit(responses)

    assert model.converged_
    assert np.isfinite(model.skill_logit_).all()
    assert (model.skill_sd_ > 0).all()
    assert (model.skill_sd_ <= PRIOR_SD + ROUNDING).all()


def test_no_responses_leave_the_prior():
    untouched = estimate([])

    assert untouched.logit == 0.0
    assert untouched.sd == pytest.approx(PRIOR_SD)
    assert (untouched.n_responses, untouched.n_items, untouched.newest) == (0, 0, None)


def test_nobody_and_nothing_make_no_estimates():
    assert fit([], learners=(), skills=()).estimates() == []


@pytest.mark.parametrize("fraction", [0.0, 1.0])
def test_all_right_and_all_wrong_stay_finite_and_equally_far_from_the_prior(fraction):
    items = named([make_item(grade_id=f"cell-{n}") for n in range(60)])
    responses = [
        make_response(learner=who, item=item, fraction=fraction)
        for who in LEARNERS
        for item in items
    ]

    found = estimate(responses, items=items)

    assert np.sign(found.logit) == (1 if fraction else -1)
    assert 2 < abs(found.logit) < 8


def test_right_and_wrong_are_mirror_images():
    items = named([make_item(grade_id=name) for name in "abc"])
    right = [make_response(item=item) for item in items]
    wrong = [replace(r, fraction=0.0) for r in right]

    assert estimate(right, items=items).logit == pytest.approx(-estimate(wrong, items=items).logit)


def test_half_a_fraction_of_an_item_of_middle_difficulty_says_average():
    items = named([make_item(grade_id="a")])

    found = estimate([make_response(item="lists/lists/a", fraction=0.5)], items=items)

    assert found.logit == pytest.approx(0.0, abs=ROUNDING)
    assert found.sd < PRIOR_SD


def test_independent_evidence_narrows_the_estimate():
    items = named([make_item(grade_id=f"cell-{n:02d}") for n in range(32)])
    responses = [make_response(item=i, fraction=n % 2) for n, i in enumerate(items)]

    sds = [estimate(responses[:n], items=items).sd for n in (0, 1, 2, 4, 8, 16, 32)]

    assert sds == sorted(sds, reverse=True)
    assert sds[-1] < 0.6 * sds[0]


def test_ten_tests_of_one_exercise_tell_less_than_three_exercises():
    tests = named([make_item(grade_id=f"t{n}", exercise="one") for n in range(10)])
    exercises = named([make_item(grade_id=f"e{n}") for n in range(3)])

    one, three = (
        estimate([make_response(item=i) for i in items], items=items)
        for items in (tests, exercises)
    )

    assert one.sd > three.sd
    assert one.logit < three.logit


def test_an_untested_skill_leans_on_the_general_ability_with_more_doubt():
    strong = [make_response(item=f"lists/lists/{name}") for name in "ab"]

    tested, untested = estimate(strong), estimate(strong, skill="tables")

    assert 0 < untested.logit < tested.logit
    assert untested.sd > tested.sd
    assert untested.n_items == 0


def test_an_untagged_item_informs_all_skills_alike():
    found = fit([make_response(item="lists/lists/f")])

    loops, tables = found.skill_logit_[0]
    assert loops == pytest.approx(tables)
    assert loops > 0
    assert found.tally_.n_responses.sum() == 0


def test_solving_at_the_first_attempt_tells_more_than_at_the_second():
    failed = make_response(item="lists/lists/a", fraction=0.0)

    first = estimate([make_response(item="lists/lists/a")])
    second = estimate([failed, make_response(item="lists/lists/a", attempt=2)])

    assert first.logit > second.logit > estimate([failed]).logit


def test_the_spread_is_that_of_the_whole_hessian():
    # Slow and obvious: one dense matrix over mean, items and all abilities.
    frame = make_frame([make_response(item=i, learner=u) for i in ITEMS for u in LEARNERS[:2]])
    model = HierarchicalIRT().fit(frame)
    p = model.expected()
    design = np.zeros((len(p), 1 + 6 + 2 * 3))
    for row, (who, item) in enumerate(zip(frame.learner_index, frame.item_index, strict=True)):
        design[row, [0, 1 + item]] = 1
        design[row, 7 + 3 * who : 10 + 3 * who] = [1, *frame.q[item]]
    prior = np.r_[1.0, np.full(6, 0.75), np.tile([1.0, 0.7, 0.7], 2)]
    hessian = design.T @ (design * (frame.weight * p * (1 - p))[:, None]) + np.diag(prior**-2)

    covariance = np.linalg.inv(hessian)

    for who, skill in np.ndindex(2, 2):
        pick = np.zeros(13)
        pick[[0, 7 + 3 * who, 8 + 3 * who + skill]] = 1
        assert model.skill_sd_[who, skill] ** 2 == pytest.approx(pick @ covariance @ pick)


def test_strangers_are_predicted_from_the_mean_and_the_author():
    model = fit([make_response(item="lists/lists/a")])

    stranger = make_frame([make_response(learner="dag", item="lists/lists/d")])

    logit = model.mean_ + author_easiness(5)
    doubt = 1.0 + 0.7**2 + 0.75**2  # of level, skill and item
    shrunk = logit / np.sqrt(1 + np.pi / 8 * doubt)
    assert model.predict(stranger) == pytest.approx(1 / (1 + np.exp(-shrunk)))
    assert model.predict(make_frame([])).shape == (0,)


@pytest.mark.parametrize("estimator", [HierarchicalIRT(), MeanScore()])
def test_estimators_keep_the_contract(estimator):
    params = estimator.get_params()

    assert estimator.set_params(**params) is estimator
    assert estimator.fit(make_frame([])) is estimator
    assert estimator.get_params() == params
    with pytest.raises(TypeError, match="no parameter 'sigma_genral'"):
        estimator.set_params(sigma_genral=1.0)
