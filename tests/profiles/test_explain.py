"""A profile can be checked by itself: what it keeps gives what it shows."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from skillmap.errors import EvidenceError
from skillmap.estimation import HierarchicalIRT, expected_success
from skillmap.estimation.explain import explain
from skillmap.evidence import build_frame
from skillmap.model import SkillProfile, Statement
from skillmap.profiles import belief_of, build_profiles, explain_skill, fading_of
from skillmap.profiles.basis import days_of, end_of
from tests.evidence.builders import START, make_response
from tests.profiles.builders import LEVELS, make_course

COURSE = make_course()
NAMES = tuple(COURSE.items)
SKILLS = ("loops", "tables")
TODAY = date(2026, 4, 1)


def make_log(fractions, learners=("ada", "bo")):
    """Answers of the learners in turn, a day between one and the next of the same learner."""
    return [
        make_response(
            learner=learners[n % len(learners)],
            item=NAMES[n // len(learners)],
            fraction=fraction,
            submitted_at=START + timedelta(days=n // len(learners)),
        )
        for n, fraction in enumerate(fractions)
    ]


def profile(log, as_of=TODAY, course=COURSE):
    return build_profiles(log, course, ["ada"], as_of=as_of)["ada"]


def say(skill="loops", **values):
    told = {"learner": "ada", "skill": skill, "source": "work", "years": 6.0, "stated_at": START}
    return Statement(**(told | values))


FRACTIONS = st.lists(st.sampled_from([0.0, 0.3, 1.0]), max_size=40)


@pytest.mark.slow
@settings(deadline=None, max_examples=12)
@given(FRACTIONS)
def test_what_is_kept_adds_up_to_what_is_shown(fractions):
    kept = TypeAdapter(SkillProfile)
    found = kept.validate_json(kept.dump_json(profile(make_log(fractions))))

    for skill in SKILLS:
        one = explain_skill(found, skill)
        summed = one.start + one.practice + sum(answer.moved for answer in one.contributions)

        assert summed == pytest.approx(found.by_skill()[skill].estimate.logit, abs=1e-9)
        assert one.value == found.by_skill()[skill].estimate.logit


def test_what_was_expected_and_what_would_be_without_are_those_of_the_fit():
    log = make_log([1.0, 0.0, 0.3, 1.0, 0.0, 0.3, 1.0, 1.0])
    frame = build_frame(log, COURSE.items, SKILLS)
    whole = explain(HierarchicalIRT().fit(frame, as_of=days_of(end_of(TODAY))), "ada")

    one = explain_skill(profile(log), "loops")

    for place, answer in enumerate(one.contributions):
        without = whole.ledger.moved_without(place, days_of(end_of(TODAY)))
        assert answer.without == pytest.approx((whole.start + without)[0], abs=1e-9)
        assert 0 < answer.expected < 1


def test_the_belief_of_a_profile_is_that_of_the_model():
    log = make_log([1.0, 0.0, 0.3, 1.0] * 8)
    frame = build_frame(log, COURSE.items, SKILLS)
    model = HierarchicalIRT().fit(frame, as_of=days_of(end_of(TODAY)))

    mean, covariance = belief_of(profile(log)).reference()

    wanted_mean, wanted = model.beliefs()["ada"].reference()
    assert mean == pytest.approx(wanted_mean, abs=1e-9)
    assert covariance == pytest.approx(wanted, abs=1e-9)


def test_no_number_over_all_skills_is_kept():
    found = profile(make_log([1.0] * 20))

    assert {line.skill for line in found.lines} == set(SKILLS)
    assert set(TypeAdapter(SkillProfile).dump_python(found)) == {
        *("learner", "lines", "model", "data_until", "data_sha256", "as_of", "basis")
    }
    assert set(TypeAdapter(SkillProfile).dump_python(found)["basis"]) == {
        *("general", "form", "skill", "answers", "covariance")
    }


def test_data_until_is_the_learners_own_newest_response():
    log = make_log([1.0] * 9)
    later = make_response(learner="bo", item=NAMES[9], submitted_at=START + timedelta(days=20))

    found = profile([*log, later])

    assert found.data_until == max(one.submitted_at for one in log if one.learner == "ada")


def test_a_later_day_gives_a_faded_and_more_doubtful_estimate():
    log = make_log([1.0] * 10, learners=("ada",))
    near, far = profile(log), profile(log, as_of=date(2031, 4, 1))

    now, then = explain_skill(far, "loops").fading, explain_skill(near, "loops").fading

    assert now is not None
    assert then is not None
    assert now.left < 0.5 < 0.9 < then.left <= 1
    assert now.moved < then.moved <= 0
    assert now.sd > now.sd_then
    assert fading_of(far)["loops"] == now.left
    assert far.lines[0].estimate.logit < near.lines[0].estimate.logit
    assert far.lines[0].estimate.sd > near.lines[0].estimate.sd


def test_an_answer_from_the_future_changes_nothing():
    log = make_log([1.0, 0.0] * 6)
    future = make_response(item=NAMES[12], submitted_at=datetime(2026, 4, 2, tzinfo=UTC))

    assert profile([*log, future]) == profile(log)


def test_the_same_day_gives_the_same_bytes_in_any_order():
    log = make_log([1.0, 0.3, 0.0, 1.0] * 4)

    assert repr(profile(log)) == repr(profile([*log[::-1], *log]))


def test_what_a_learner_states_is_a_figure_of_its_own():
    found = profile(make_log([1.0, 0.0, 0.3]))
    silent = explain_skill(found, "loops", statements=[say("tables")], levels=LEVELS)
    spoken = explain_skill(found, "loops", statements=[say()], levels=LEVELS)

    line = found.by_skill()["loops"]
    assert silent.stated is None
    assert spoken.stated is not None
    assert spoken.stated > expected_success(line.estimate.logit, line.estimate.sd)
    assert replace(spoken, stated=None) == silent


def test_a_skill_without_items_of_the_learner_is_moved_by_the_others_alone():
    one = explain_skill(profile(make_log([1.0] * 8)), "tables")

    assert one.fading is None
    assert {answer.is_own for answer in one.contributions} == {False}
    assert {answer.without for answer in one.contributions} == {None}


def test_a_learner_with_nothing_can_be_explained_too():
    one = explain_skill(profile([]), "loops")

    assert one.contributions == ()
    assert one.value == one.start == 0.0


def test_unknown_skills_and_old_profiles_are_named():
    found = profile(make_log([1.0] * 4))

    with pytest.raises(EvidenceError, match="no line for it"):
        explain_skill(found, "lops")
    with pytest.raises(EvidenceError, match="Renew it"):
        explain_skill(replace(found, basis=None), "loops")


def test_a_profile_of_an_earlier_version_is_read_as_skills_apart():
    found = replace(profile(make_log([1.0] * 8)), basis=None)

    mean, covariance = belief_of(found).reference()

    assert mean == pytest.approx([line.estimate.logit for line in found.lines])
    assert covariance == pytest.approx(np.diag([line.estimate.sd**2 for line in found.lines]))
