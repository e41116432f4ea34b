"""Laws of a pairing plan."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmap.errors import MatchingError
from skillmap.matching import plan_pairings
from skillmap.matching.allocation import FORBIDDEN
from skillmap.matching.feasibility import first_block
from skillmap.matching.pair_table import UTILITY_STEPS, weigh_pairs
from skillmap.model import MentorId, Pairing

from .builders import (
    cohorts,
    exclude,
    make_course,
    make_learner,
    make_mentor,
    make_profile,
    make_skill,
    speaks,
)
from .test_allocation import every_allocation, worth

COURSE = make_course()


def plan_for(learners, mentors, exclusions=(), running=(), profiles=None, course=COURSE):
    return plan_pairings(
        learners=learners,
        mentors=mentors,
        profiles=profiles or {},
        exclusions=exclusions,
        running=running,
        course=course,
    )


def table_for(learners, mentors, exclusions=(), profiles=None, course=COURSE):
    return weigh_pairs(
        learners=learners,
        mentors=mentors,
        profiles=profiles or {},
        excluded={(one.learner, one.mentor) for one in exclusions},
        course=course,
    )


def utility_of(learner, mentor, profile=None, course=COURSE):
    profiles = {learner.id: profile} if profile else {}
    table = table_for([learner], [mentor], profiles=profiles, course=course)
    return int(table.utility[0, 0])


@given(cohorts())
def test_a_plan_is_the_best_of_all_plans(cohort):
    learners, mentors, exclusions = cohort
    table = table_for(learners, mentors, exclusions)
    seats = [mentor.capacity for mentor in table.mentors]

    plan = plan_for(learners, mentors, exclusions)

    got = [round(pair.utility * UTILITY_STEPS) for pair in plan.pairings]
    best = max(worth(table.utility, one) for one in every_allocation(table.utility, seats))
    assert (len(got), min(got, default=0), sum(got)) == best


@given(cohorts())
def test_the_table_forbids_what_the_plain_rule_forbids(cohort):
    learners, mentors, exclusions = cohort
    excluded = {(one.learner, one.mentor) for one in exclusions}

    table = table_for(learners, mentors, exclusions)

    for row, learner in enumerate(table.learners):
        for column, mentor in enumerate(table.mentors):
            is_forbidden = table.utility[row, column] == FORBIDDEN
            assert is_forbidden == (first_block(learner, mentor, excluded) is not None)


@given(cohorts(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(cohort, random):
    learners, mentors, exclusions = cohort
    shuffled = [random.sample(one, len(one)) for one in cohort]

    assert plan_for(*shuffled) == plan_for(learners, mentors, exclusions)


@given(cohorts())
def test_names_and_pages_change_nothing(cohort):
    learners, mentors, exclusions = cohort
    others = [
        replace(one, name="X", municipality="Y", page_language="nb", topics="z") for one in learners
    ]
    other_mentors = [replace(one, name="X", organisation="Y") for one in mentors]

    assert plan_for(others, other_mentors, exclusions) == plan_for(learners, mentors, exclusions)


@given(cohorts())
def test_one_more_mentor_never_lowers_the_number_matched(cohort):
    learners, mentors, exclusions = cohort
    one_more = make_mentor("m9", slots=("mon-18", "tue-18"), capacity=2)

    before = plan_for(learners, mentors, exclusions)
    after = plan_for(learners, [*mentors, one_more], exclusions)

    assert len(after.pairings) >= len(before.pairings)


@given(cohorts())
def test_planning_again_on_a_running_plan_changes_nothing(cohort):
    learners, mentors, exclusions = cohort
    plan = plan_for(learners, mentors, exclusions)

    assert plan_for(learners, mentors, exclusions, running=plan.pairings) == plan


@given(cohorts())
def test_running_feasible_pairings_are_kept(cohort):
    learners, mentors, exclusions = cohort
    running = plan_for(learners[1:], mentors, []).pairings if mentors else ()
    running = running[:2]
    excluded = {(one.learner, one.mentor) for one in exclusions}
    by_id = {one.id: one for one in [*learners, *mentors]}

    plan = plan_for(learners, mentors, exclusions, running=running)

    got = {(pair.learner, pair.mentor) for pair in plan.pairings}
    for pair in running:
        if first_block(by_id[pair.learner], by_id[pair.mentor], excluded) is None:
            assert (pair.learner, pair.mentor) in got


def test_a_running_pairing_is_kept_even_where_moving_it_would_match_one_more():
    ada = make_learner("ada", slots=("mon-18", "tue-18"))
    bo = make_learner("bo", slots=("mon-18",))
    kari, liv = make_mentor("kari"), make_mentor("liv", slots=("tue-18",))
    running = [Pairing(learner=ada.id, mentor=kari.id, utility=0.1)]

    plan = plan_for([ada, bo], [kari, liv], running=running)

    assert [(pair.learner, pair.mentor) for pair in plan.pairings] == [("ada", "kari")]
    assert [one.learner for one in plan.waiting] == ["bo"]


def test_a_running_pairing_that_is_now_excluded_is_given_up():
    running = [Pairing(learner=make_learner().id, mentor=MentorId("kari"), utility=0.9)]

    plan = plan_for(
        [make_learner()],
        [make_mentor(), make_mentor("liv")],
        [exclude("ada", "kari")],
        running=running,
    )

    assert [pair.mentor for pair in plan.pairings] == ["liv"]


def test_bokmal_and_nynorsk_meet():
    learner = make_learner(spoken=speaks(nn="B1"))

    assert len(plan_for([learner], [make_mentor(spoken=speaks(nb="C2"))]).pairings) == 1


@pytest.mark.parametrize(("level", "n_pairings"), [("A2", 0), ("B1", 1)])
def test_the_weaker_side_needs_b1(level, n_pairings):
    learner = make_learner(spoken=speaks(en=level))

    assert len(plan_for([learner], [make_mentor()]).pairings) == n_pairings
    assert (
        len(plan_for([make_learner()], [make_mentor(spoken=speaks(en=level))]).pairings)
        == n_pairings
    )


def test_utility_is_one_when_nothing_is_left_to_wish_for():
    slots = ("mon-18", "tue-18", "wed-18")
    learner = make_learner(spoken=speaks(en="C2"), slots=slots, goals=("loops",))
    mentor = make_mentor(spoken=speaks(en="C2"), slots=slots, teaches=("loops",))

    assert utility_of(learner, mentor) == UTILITY_STEPS


def test_half_of_even_goals_cover_half():
    # .5 of .5 for one of two goals, a third of .25 for one evening, .7 of .25 for B2.
    learner = make_learner(goals=("loops", "sql"))

    got = utility_of(learner, make_mentor(teaches=("sql",)))

    assert got == round((0.5 * 0.5 + 0.25 / 3 + 0.25 * 0.7) * UTILITY_STEPS)


def test_a_weaker_goal_weighs_more():
    learner = make_learner(goals=("loops", "sql"))
    profile = make_profile({"loops": 2.0, "sql": -2.0})

    loops = utility_of(learner, make_mentor(teaches=("loops",)), profile)
    sql = utility_of(learner, make_mentor(teaches=("sql",)), profile)

    assert sql > loops


def test_a_tested_gap_counts_without_being_a_goal_and_an_untested_skill_does_not():
    learner = make_learner(goals=("loops",))
    tested = make_profile({"sql": -2.0})
    mentor = make_mentor(teaches=("sql", "pandas"))

    assert utility_of(learner, mentor, tested) > utility_of(learner, mentor)
    assert utility_of(learner, mentor) == utility_of(learner, make_mentor())


def test_who_teaches_the_broader_skill_teaches_its_parts():
    skills = {"python": make_skill("python"), "loops": make_skill("loops", broader="python")}
    course = make_course(skills=skills)
    learner = make_learner(goals=("loops",))

    broad = utility_of(learner, make_mentor(teaches=("python",)), course=course)

    assert broad == utility_of(learner, make_mentor(teaches=("loops",)), course=course)
    assert broad > utility_of(learner, make_mentor(), course=course)


def test_a_course_without_levels_pairs_by_goals():
    plan = plan_for(
        [make_learner(goals=("sql",))],
        [make_mentor(), make_mentor("liv", teaches=("sql",))],
        profiles={"ada": make_profile({"loops": -1.0})},
        course=make_course(levels=()),
    )

    assert plan.pairings[0].mentor == "liv"


def test_a_tie_does_not_fall_by_the_alphabet_alone():
    winners = set()
    for names in permutations(["a", "b", "c", "d"], 2):
        plan = plan_for([make_learner(name) for name in names], [make_mentor()])
        winners.add(plan.pairings[0].learner)

    assert winners != {"a", "b", "c"}


@pytest.mark.parametrize("learners", [[], [make_learner()]])
@pytest.mark.parametrize("mentors", [[], [make_mentor(capacity=0)], [make_mentor(slots=())]])
def test_without_a_feasible_seat_everybody_waits(learners, mentors):
    plan = plan_for(learners, mentors)

    assert plan.pairings == ()
    assert len(plan.waiting) == len(learners)


def test_bad_input_is_named_all_at_once():
    stranger = Pairing(learner=make_learner("adda").id, mentor=MentorId("nils"), utility=0.5)

    with pytest.raises(MatchingError) as caught:
        plan_for(
            [make_learner(), make_learner()],
            [make_mentor(), make_mentor()],
            [exclude("zoe", "kary")],
            running=[stranger, stranger],
        )

    told = str(caught.value)
    for part in (
        "Learner 'ada' is listed 2 times",
        "Mentor 'kari' is listed 2 times",
        "Learner 'adda' has running pairings 2 times",
        "Exclusion: learner 'zoe'",
        "Exclusion: mentor 'kary' is not in the cohort. Add or remove it. Did you mean 'kari'?",
        "Running pairing: learner 'adda'",
        "Running pairing: mentor 'nils'",
    ):
        assert part in told


def test_more_running_pairings_than_seats_are_left_to_a_person():
    learners = [make_learner("ada"), make_learner("bo")]
    running = [Pairing(learner=one.id, mentor=MentorId("kari"), utility=0.5) for one in learners]

    with pytest.raises(MatchingError, match="2 running pairings and capacity 1"):
        plan_for(learners, [make_mentor()], running=running)
