from dataclasses import replace
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmap.estimation import HierarchicalIRT
from skillmap.estimation.belief import Belief, prior_belief
from skillmap.evidence import exercise_of
from skillmap.model import ItemEstimate, Module, Override, Track
from skillmap.model.evidence import SOLVED
from skillmap.profiles import (
    Situation,
    asks_of,
    belief_of,
    build_profiles,
    exposure_rng,
    is_enough_known,
    next_items,
)
from tests.evidence.builders import START, make_response, named
from tests.profiles.builders import make_course, make_items

COURSE = make_course()
LISTS = tuple(name for name in COURSE.items if name.startswith("lists"))
FRAMES = tuple(name for name in COURSE.items if name.startswith("frames"))
SKILLS = ("loops", "tables")
LOOPS, TABLES = {"loops": 1.0}, {"tables": 1.0}


def make_belief(mean=0.0, sd=0.7, skills=SKILLS, **own):
    """A belief of one level; `own` gives single skills a mean and an sd of their own."""
    belief = prior_belief(skills, mean=mean, sigma_general=sd, sigma_skill=sd)
    for skill, (logit, spread) in own.items():
        k = 1 + skills.index(skill)
        belief.mean[k], belief.covariance[k, k] = logit - mean, spread**2
    return belief


def make_situation(log=(), course=COURSE, **overrides):
    """Ada's; without a belief of its own, what her answers leave of the prior."""
    belief = make_belief()
    asks = asks_of(course.items.values(), belief.skills)
    for one in log:
        if one.learner == "ada":
            belief = belief.after(asks[one.item], one.fraction)
    values = {"learner": "ada", "belief": belief, "course": course, "responses": tuple(log)}
    return Situation(**(values | overrides))


def make_override(item, kind="pin", **overrides):
    values = {"learner": "ada", "item": item, "kind": kind, "by": "mona", "at": START}
    return Override(**(values | overrides))


def proposals(log=(), *, mode="assess", needs=None, n=3, seed=0, **overrides):
    situation = make_situation(log, **overrides)
    return next_items(situation, rng=np.random.default_rng(seed), mode=mode, needs=needs, n=n)


@settings(deadline=None, max_examples=30)
@given(
    fractions=st.dictionaries(st.sampled_from(tuple(COURSE.items)), st.floats(0, 1)),
    n=st.integers(0, 6),
    mode=st.sampled_from(["assess", "practise"]),
)
def test_proposals_are_unsolved_within_the_band_and_of_different_exercises(fractions, n, mode):
    log = [make_response(item=item, fraction=f) for item, f in fractions.items()]
    low, high = {"assess": (0.4, 0.9), "practise": (0.65, 0.8)}[mode]

    found = proposals(log, n=n, mode=mode)

    assert len(found) <= n
    assert all(fractions.get(p.item, 0.0) < SOLVED for p in found)
    assert len(found) == 1 or all(low <= p.probability <= high for p in found)
    assert len({exercise_of(COURSE.items[p.item]) for p in found}) == len(found)


@settings(deadline=None, max_examples=30)
@given(
    mean=st.floats(-9, 9),
    solved=st.sets(st.sampled_from(tuple(COURSE.items)), max_size=len(COURSE.items) - 1),
    mode=st.sampled_from(["assess", "practise"]),
)
def test_nobody_is_left_with_nothing_while_something_is_unsolved(mean, solved, mode):
    log = [make_response(item=item) for item in solved]

    assert proposals(log, mode=mode, belief=make_belief(mean))


def test_when_all_is_solved_nothing_is_proposed():
    assert proposals([make_response(item=item) for item in COURSE.items]) == []


def test_the_same_evidence_gives_the_same_items_and_another_learner_other_ones():
    def firsts(learner):
        rng = exposure_rng(learner, "hash")
        return [p.item for p in next_items(make_situation(), rng=rng)]

    assert firsts("ada") == firsts("ada")
    assert len({tuple(firsts(f"learner-{k}")) for k in range(20)}) > 1


def test_the_first_proposal_is_drawn_from_the_best_three():
    first = {proposals(seed=seed)[0].item for seed in range(30)}

    assert first == set(LISTS[:3])


def test_assessing_asks_about_what_is_least_known():
    belief = make_belief(loops=(0.0, 0.1))

    assert {p.skill for p in proposals(belief=belief)} == {"tables"}


def test_assessing_asks_about_what_is_needed():
    found = proposals(needs=TABLES)

    assert {p.skill for p in found} == {"tables"}


def test_assessing_takes_the_item_with_the_largest_drop_that_matters():
    items = named(
        make_items("lists", "loops", 1, difficulty=2)
        + make_items("frames", "tables", 1, skills={"loops": 1.0, "tables": 1.0})
    )
    situation = make_situation(course=make_course(items=items))
    asks = asks_of(items.values(), SKILLS)
    drops = {item: situation.belief.expected_drop(ask)[0] for item, ask in asks.items()}

    found = next_items(situation, rng=np.random.default_rng(0), needs=LOOPS, n=2)

    best = max(drops, key=drops.get)
    assert best in {p.item for p in found}
    assert drops[best] == max(drops[p.item] for p in found)


def test_practising_takes_the_lowest_recall_first():
    belief = make_belief(1.0, 0.3, tables=(0.8, 0.3))

    found = proposals(mode="practise", belief=belief)

    assert {p.skill for p in found} == {"tables"}


def test_practising_what_is_needed_comes_before_what_is_weaker():
    belief = make_belief(1.0, 0.3, tables=(0.8, 0.3))

    found = proposals(mode="practise", belief=belief, needs=LOOPS)

    assert {p.skill for p in found} == {"loops"}


def test_a_need_that_no_item_shows_changes_nothing():
    assert proposals(needs={"plots": 1.0}) == proposals()


def test_an_item_known_better_than_by_its_mark_is_judged_by_its_estimate():
    hard = [
        ItemEstimate(item=item, easiness=-4.0, sd=0.1, prior=0.0, n_responses=90) for item in LISTS
    ]

    found = proposals(needs=LOOPS, estimates=hard, n=20)

    assert not {p.item for p in found} & set(LISTS)


def test_the_reason_carries_the_values_a_sentence_needs():
    (found,) = proposals(n=1)

    assert found.reason.key == "next.assess"
    assert found.reason.values["tens"] == 5
    assert found.reason.values | {"skill": "loops", "probability": 0.5} == found.reason.values


@pytest.mark.parametrize(
    ("mode", "log", "key"),
    [
        ("assess", [], "next.assess"),
        ("assess", [make_response(item=LISTS[0], fraction=0.5)], "next.assess.other"),
        ("practise", [make_response(item=LISTS[0], fraction=0.5)], "next.practise"),
        ("practise", [], "next.practise.other"),
    ],
)
def test_the_reason_says_whether_the_skill_was_tested(mode, log, key):
    found = proposals(log, mode=mode, needs=LOOPS, belief=make_belief(1.2, 0.2))

    assert {p.reason.key for p in found} == {key}


def test_one_exercise_is_proposed_once():
    course = make_course(items=named(make_items("lists", "loops", 5, exercise="same")))

    assert len(proposals(course=course)) == 1


@pytest.mark.parametrize("difficulty", [1, 5])
def test_exercises_that_are_too_easy_or_too_hard_are_left_out(difficulty):
    middling = named(make_items("lists", "loops", 8))
    extreme = named(make_items("frames", "loops", 8, difficulty=difficulty))
    belief = make_belief(1.8 if difficulty == 1 else 0.2, 0.3)

    found = proposals(course=make_course(items=middling | extreme), belief=belief, n=9)

    assert {p.item for p in found} == set(middling)


def test_somebody_who_finds_all_of_it_hard_gets_the_easiest_exercise():
    hard = named(make_items("lists", "loops", 8) + make_items("frames", "loops", 2, difficulty=2))

    (found,) = proposals(course=make_course(items=hard), belief=make_belief(-4.0))

    assert found.item == FRAMES[0]
    assert found.probability < 0.4
    assert found.reason.key == "next.nearest"


def test_untagged_items_are_never_proposed():
    items = named(make_items("lists", "loops", 2) + make_items("frames", "x", 2, skills={}))

    assert {p.item for p in proposals(course=make_course(items=items), n=9)} == set(LISTS[:2])


def test_an_item_of_two_skills_is_proposed_for_the_one_needed():
    both = named(make_items("lists", "loops", 1, skills={"loops": 3.0, "tables": 1.0}))

    (found,) = proposals(course=make_course(items=both), needs=TABLES)

    assert found.skill == "tables"


def test_what_others_solved_is_still_open_to_me():
    log = [make_response(learner="bo", item=item) for item in LISTS]

    assert {p.item for p in proposals(log, needs=LOOPS)} <= set(LISTS)


def test_a_solved_item_stays_solved_after_a_broken_retry():
    solved = make_response(item=LISTS[0])
    broken = replace(solved, attempt=2, fraction=0.0, sha256="other")

    assert LISTS[0] not in {p.item for p in proposals([solved, broken], needs=LOOPS, n=20)}


def test_what_a_teacher_is_about_to_read_is_not_proposed():
    found = proposals(needs=LOOPS, without=LISTS[:4], n=20)

    assert not {p.item for p in found} & set(LISTS[:4])


def ordered_course():
    """Frames come after lists."""
    modules = (
        Module(id="one", titles={}, assignment="lists", minutes=90),
        Module(id="two", titles={}, assignment="frames", minutes=90, after=("one",)),
    )
    return make_course(tracks=(Track(id="start", titles={}, modules=modules),))


def test_a_module_waits_for_the_one_before_it():
    found = proposals(needs=TABLES, course=ordered_course(), n=20)

    assert {p.item for p in found} == set(LISTS)


def test_a_module_waits_no_longer_when_the_one_before_it_was_begun():
    log = [make_response(item=LISTS[0], fraction=0.5)]

    found = proposals(log, needs=TABLES, course=ordered_course())

    assert {p.item for p in found} <= set(FRAMES)


def test_who_masters_a_module_need_not_do_it_first():
    belief = make_belief(2.0, 0.3, tables=(0.0, 0.7))

    found = proposals(needs=TABLES, course=ordered_course(), belief=belief)

    assert {p.item for p in found} <= set(FRAMES)


def test_modules_that_wait_for_each_other_leave_nobody_with_nothing():
    modules = (
        Module(id="one", titles={}, assignment="lists", minutes=90, after=("two",)),
        Module(id="two", titles={}, assignment="frames", minutes=90, after=("one",)),
    )
    course = make_course(tracks=(Track(id="start", titles={}, modules=modules),))

    assert len(proposals(course=course)) == 3


def test_what_a_mentor_chose_comes_first_and_names_the_mentor():
    found = proposals(overrides=[make_override(FRAMES[7])], needs=LOOPS)

    assert found[0].item == FRAMES[7]
    assert found[0].reason.key == "next.pinned"
    assert found[0].reason.values["mentor"] == "mona"
    assert len(found) == 3


def test_what_a_mentor_chose_is_not_proposed_once_it_is_solved():
    log = [make_response(item=FRAMES[7])]

    found = proposals(log, overrides=[make_override(FRAMES[7])], n=20)

    assert FRAMES[7] not in {p.item for p in found}


def test_what_a_mentor_dismissed_is_not_proposed():
    found = proposals(overrides=[make_override(item, "dismiss") for item in LISTS[:9]], needs=LOOPS)

    assert not {p.item for p in found} & set(LISTS[:9])


def test_the_last_decision_about_an_item_counts():
    log = [make_override(FRAMES[7]), make_override(FRAMES[7], "clear")]

    assert proposals(overrides=log) == proposals()


def test_a_decision_about_somebody_else_changes_nothing():
    assert proposals(overrides=[make_override(FRAMES[7], learner="bo")]) == proposals()


def test_enough_is_known_when_each_needed_skill_lies_inside_a_level():
    middle = log(0.7 / 0.3)  # between the cuts of .6 and .8
    belief = make_belief(middle, 0.05, tables=(middle, 1.0))

    assert is_enough_known(make_situation(belief=belief), LOOPS)
    assert not is_enough_known(make_situation(belief=belief), TABLES)
    assert not is_enough_known(make_situation(belief=belief))


@pytest.mark.parametrize(("n", "is_enough"), [(29, False), (30, True)])
def test_enough_was_asked_after_thirty_exercises(n, is_enough):
    items = named(make_items("lists", "loops", 40))
    log = [make_response(item=item, fraction=0.5) for item in list(items)[:n]]
    situation = make_situation(log, course=make_course(items=items), belief=make_belief())

    assert is_enough_known(situation) == is_enough


def test_the_belief_of_a_profile_says_what_its_lines_say():
    log = [make_response(item=item) for item in LISTS[:4]]
    profile = build_profiles(log, COURSE, ["ada"])["ada"]

    mean, covariance = belief_of(profile).reference()

    assert mean == pytest.approx([line.estimate.logit for line in profile.lines])
    assert np.sqrt(np.diag(covariance)) == pytest.approx([x.estimate.sd for x in profile.lines])


def test_the_belief_of_an_empty_profile_is_about_no_skill():
    profile = build_profiles([], make_course(items={}), ["ada"])["ada"]

    belief = belief_of(profile)

    assert isinstance(belief, Belief)
    assert belief.skills == ()
    assert profile.model == HierarchicalIRT.version
