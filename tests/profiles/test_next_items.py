from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmap.evidence import exercise_of
from skillmap.model.evidence import SOLVED
from skillmap.profiles import build_profiles, next_items
from tests.evidence.builders import make_response, named
from tests.profiles.builders import make_course, make_items

COURSE = make_course()
LISTS = tuple(name for name in COURSE.items if name.startswith("lists"))
FRAMES = tuple(name for name in COURSE.items if name.startswith("frames"))


def proposals(responses=(), course=COURSE, **options):
    profile = build_profiles(responses, course, ["ada"])["ada"]
    return next_items(profile, course, responses, **options)


@settings(deadline=None, max_examples=30)
@given(
    fractions=st.dictionaries(st.sampled_from(tuple(COURSE.items)), st.floats(0, 1)),
    n=st.integers(0, 6),
)
def test_proposals_are_unsolved_within_the_band_and_of_different_exercises(fractions, n):
    log = [make_response(item=item, fraction=f) for item, f in fractions.items()]

    found = proposals(log, n=n)

    assert len(found) <= n
    assert all(fractions.get(p.item, 0.0) < SOLVED for p in found)
    assert len(found) == 1 or all(0.4 <= p.probability <= 0.9 for p in found)
    assert len({exercise_of(COURSE.items[p.item]) for p in found}) == len(found)


def test_a_new_learner_follows_the_track():
    assert [p.item for p in proposals()] == list(LISTS[:3])


def test_a_goal_comes_first():
    assert [p.item for p in proposals(goals=["tables"])] == list(FRAMES[:3])


def test_what_is_not_tested_comes_before_what_is():
    log = [make_response(item=item) for item in LISTS[:4]]

    found = proposals(log)

    assert {p.skill for p in found} == {"tables"}
    assert {p.reason.key for p in found} == {"next.assess"}


def test_a_tested_goal_is_practised():
    log = [make_response(item=item) for item in LISTS[:4]]

    found = proposals(log, goals=["loops"])

    assert [p.item for p in found] == list(LISTS[4:7])
    assert {p.reason.key for p in found} == {"next.practise"}


def test_the_reason_carries_the_values_a_sentence_needs():
    (found,) = proposals(n=1)

    assert found.reason.values == {"skill": "loops", "item": LISTS[0], "probability": 0.5}


def test_one_exercise_is_proposed_once():
    course = make_course(items=named(make_items("lists", "loops", 5, exercise="same")))

    assert len(proposals(course=course)) == 1


@pytest.mark.parametrize("difficulty", [1, 5])
def test_exercises_that_are_too_easy_or_too_hard_are_left_out(difficulty):
    middling = named(make_items("lists", "loops", 8))
    extreme = named(make_items("frames", "loops", 8, difficulty=difficulty))
    course = make_course(items=middling | extreme)
    score = 1.0 if difficulty == 1 else 0.4
    log = [make_response(item=i, fraction=score) for i in list(middling)[:3]]

    found = proposals(log, course=course, n=9)

    assert {p.item for p in found} <= set(middling)
    assert len(found) >= 5


def test_somebody_who_finds_all_of_it_hard_gets_the_easiest_exercise():
    hard = named(make_items("lists", "loops", 8) + make_items("frames", "loops", 2, difficulty=2))
    log = [make_response(item=i, fraction=0.0) for i in list(hard)[:8]]

    (found,) = proposals(log, course=make_course(items=hard))

    assert found.item == FRAMES[0]
    assert found.probability < 0.4


def test_untagged_items_are_never_proposed():
    items = named(make_items("lists", "loops", 2) + make_items("frames", "x", 2, skills={}))

    assert {p.item for p in proposals(course=make_course(items=items), n=9)} == set(LISTS[:2])


def test_an_item_of_two_skills_is_proposed_for_the_goal():
    both = named(make_items("lists", "loops", 1, skills={"loops": 3.0, "tables": 1.0}))

    (found,) = proposals(course=make_course(items=both), goals=["tables"])

    assert found.skill == "tables"


def test_what_others_solved_is_still_open_to_me():
    log = [make_response(learner="bo", item=item) for item in LISTS]

    assert proposals(log) != []
    assert LISTS[0] in {p.item for p in proposals(log)}


def test_a_solved_item_stays_solved_after_a_broken_retry():
    solved = make_response(item=LISTS[0])
    broken = replace(solved, attempt=2, fraction=0.0, sha256="other")

    assert LISTS[0] not in {p.item for p in proposals([solved, broken], goals=["loops"])}
