from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmap.estimation import HierarchicalIRT
from skillmap.model import SkillEstimate
from skillmap.profiles import build_profiles, judge
from tests.evidence.builders import make_response
from tests.profiles.builders import LEVELS, make_course, make_items

COURSE = make_course()
NAMES = tuple(COURSE.items)


def make_estimate(**overrides):
    values = {"learner": "ada", "skill": "loops", "logit": 0.0, "sd": 0.5}
    return SkillEstimate(**(values | {"n_responses": 9, "n_items": 9} | overrides))


def answers(learner="ada", **fraction_of):
    return [
        make_response(learner=learner, item=name, fraction=fraction_of[name.split("/")[0]])
        for name in NAMES
        if name.split("/")[0] in fraction_of
    ]


def profile(responses, course=COURSE):
    return build_profiles(responses, course, ["ada"])["ada"]


def test_a_profile_has_a_line_for_each_skill_that_items_show():
    assert list(profile([]).by_skill()) == ["loops", "tables"]


def test_a_learner_without_responses_is_not_tested_and_has_the_prior():
    lines = profile([]).lines

    assert {line.standing for line in lines} == {"not_tested"}
    assert {line.level for line in lines} == {None}
    assert [line.probability for line in lines] == pytest.approx([0.5, 0.5])


def test_only_those_asked_for_get_a_profile():
    profiles = build_profiles(answers("bo", lists=1.0), COURSE, ["ada"])

    assert set(profiles) == {"ada"}


@pytest.mark.parametrize("fraction", [0.0, 1.0])
def test_an_untested_skill_is_never_worded_by_the_others(fraction):
    found = profile(answers(lists=fraction)).by_skill()

    assert found["tables"].standing == "not_tested"
    assert found["tables"].level is None
    assert found["tables"].evidence == ()


def test_ten_right_answers_reach_a_level_and_ten_wrong_ones_none():
    good, poor = (profile(answers(lists=f)).by_skill()["loops"] for f in (1.0, 0.0))

    assert (good.standing, good.level) == ("at_least", "advanced")
    assert (poor.standing, poor.level) == ("not_enough_evidence", None)


@pytest.mark.parametrize(
    ("n_items", "standing"), [(0, "not_tested"), (1, "early_sign"), (2, "early_sign")]
)
def test_fewer_than_three_items_name_no_level(n_items, standing):
    sure = make_estimate(logit=5.0, sd=0.1, n_items=n_items)

    assert judge(sure, LEVELS) == (standing, None)


def test_the_highest_cut_that_is_sure_enough_is_named_in_any_order():
    # logit(0.6) = 0.405; 0.42 sd below the mean is P = 0.66, 0.85 sd is P = 0.80.
    assert judge(make_estimate(logit=0.405 + 0.85 * 0.5), LEVELS) == ("at_least", "independent")
    assert judge(make_estimate(logit=0.405 + 0.42 * 0.5), LEVELS[::-1]) == ("at_least", "basic")


def test_a_doubtful_estimate_is_not_enough_evidence():
    assert judge(make_estimate(sd=3.0), LEVELS) == ("not_enough_evidence", None)


@given(logit=st.floats(-4, 4), sd=st.floats(0.1, 2), rise=st.floats(0, 3))
def test_a_higher_estimate_never_loses_a_level(logit, sd, rise):
    order = [None, *(level.id for level in LEVELS)]

    _, before = judge(make_estimate(logit=logit, sd=sd), LEVELS)
    _, after = judge(make_estimate(logit=logit + rise, sd=sd), LEVELS)

    assert order.index(after) >= order.index(before)


@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_names_of_learners_do_not_change_levels(data):
    names = ["ada", "bo", "cyd"]
    renamed = dict(zip(names, data.draw(st.permutations(["zoe", "åse", "1"])), strict=True))
    fractions = data.draw(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=60, max_size=60))
    log = [
        make_response(learner=names[n % 3], item=NAMES[n // 3], fraction=f)
        for n, f in enumerate(fractions)
    ]

    before = build_profiles(log, COURSE, names)
    other_log = [replace(r, learner=renamed[r.learner]) for r in log]
    after = build_profiles(other_log, COURSE, list(renamed.values()))

    for name in names:
        words = [(line.standing, line.level, line.evidence) for line in before[name].lines]
        assert words == [(x.standing, x.level, x.evidence) for x in after[renamed[name]].lines]


def test_the_same_responses_in_any_order_give_the_same_bytes():
    log = [*answers(lists=1.0, frames=0.5), *answers("bo", lists=0.0)]

    assert repr(profile(log)) == repr(profile([*log[::-1], *log]))


def test_the_interval_surrounds_the_probability():
    for line in profile(answers(lists=1.0, frames=0.0)).lines:
        assert 0 < line.low < line.probability < line.high < 1


def test_evidence_lists_the_strongest_solved_items_then_the_newest():
    fractions = [0.6, 1.0, 0.0, 1.0, 0.49, 0.5, 0.9, 0.8]
    log = [make_response(item=NAMES[n], fraction=f) for n, f in enumerate(fractions)]
    log.append(make_response(item=NAMES[3], attempt=2))

    evidence = profile(log).by_skill()["loops"].evidence

    assert evidence == tuple(NAMES[n] for n in (3, 1, 6, 7))


def test_an_item_solved_once_stays_evidence_after_a_broken_retry():
    log = [
        make_response(item=NAMES[0], fraction=1.0),
        make_response(item=NAMES[0], fraction=0.0, attempt=2),
    ]

    assert profile(log).by_skill()["loops"].evidence == (NAMES[0],)


def test_the_profile_names_its_model_and_its_data():
    log = [*answers(lists=1.0), *answers("bo", frames=1.0)]

    found, empty = profile(log), profile([])

    assert found.model == HierarchicalIRT.version
    assert found.data_until == max(r.submitted_at for r in log)
    assert empty.data_until is None
    assert found.data_sha256 != empty.data_sha256


def test_responses_to_items_that_left_the_course_are_not_used():
    log = answers(lists=1.0)
    gone = make_response(item="lists/lists/gone", fraction=0.0)

    assert profile([*log, gone]) == profile(log)


def test_a_course_without_tags_has_empty_profiles():
    course = make_course(items={i.id: i for i in make_items("lists", "loops", 3, skills={})})

    assert profile(answers(lists=1.0), course).lines == ()
