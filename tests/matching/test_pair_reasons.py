"""Reasons of pairs, causes of waiting."""

from hypothesis import given

from skillmap.matching import plan_pairings
from skillmap.model import Reason

from .builders import cohorts, exclude, make_course, make_learner, make_mentor, speaks
from .test_pairing import plan_for

CAUSES = ("wait.language", "wait.evening", "wait.excluded", "wait.full")


def reasons_of(learner, mentors):
    return {one.key: one.values for one in plan_for([learner], mentors).pairings[0].reasons}


def causes_of(learner, mentors, exclusions=(), rivals=()):
    plan = plan_pairings(
        learners=[learner, *rivals],
        mentors=mentors,
        profiles={},
        exclusions=exclusions,
        course=make_course(),
    )
    return next(one.causes for one in plan.waiting if one.learner == learner.id)


def test_a_pair_says_language_evenings_and_what_is_taught():
    learner = make_learner(
        spoken=speaks(en="B1", nn="B2"),
        slots=("wed-18", "mon-20", "mon-18"),
        goals=("sql", "lists"),
    )
    mentor = make_mentor(
        spoken=speaks(en="C2", nb="C2"), slots=("mon-18", "wed-18"), teaches=("sql", "lists")
    )

    reasons = reasons_of(learner, [mentor])

    assert reasons == {
        "pair.language": {"language": "nn"},
        "pair.evenings": {"slots": "mon-18, wed-18", "n": 2},
        "pair.teaches": {"skill": "lists", "n": 2},
        "pair.only_option": {},
    }


def test_the_runner_up_is_named_with_what_would_be_lost():
    better, other = make_mentor("kari", teaches=("sql",)), make_mentor("liv")

    reasons = reasons_of(make_learner(goals=("sql",)), [better, other])

    assert reasons["pair.alternative"] == {"mentor": "liv", "lost": 0.5}


def test_a_favourite_that_went_to_another_learner_shows_a_negative_loss():
    kari, liv = make_mentor("kari", teaches=("sql",)), make_mentor("liv", slots=("tue-18",))
    ada = make_learner("ada", goals=("sql",), slots=("mon-18", "tue-18"))
    bo = make_learner("bo", goals=("sql",))

    plan = plan_for([ada, bo], [kari, liv])

    ada_pair = plan.pairings[0]
    assert ada_pair.mentor == "liv"
    alternative = next(one for one in ada_pair.reasons if one.key == "pair.alternative")
    assert alternative.values == {"mentor": "kari", "lost": -0.5}


def test_nothing_is_said_about_teaching_when_no_need_is_covered():
    assert "pair.teaches" not in reasons_of(make_learner(), [make_mentor(teaches=("sql",))])


def test_the_constraint_that_took_the_last_mentor_comes_first():
    mentors = [
        make_mentor("m1", spoken=speaks(ar="C2")),
        make_mentor("m2", spoken=speaks(ar="C2")),
        make_mentor("m3", slots=("tue-18",)),
        make_mentor("m4"),
    ]

    causes = causes_of(make_learner(), mentors, [exclude("ada", "m4")])

    assert causes == (
        Reason(key="wait.excluded", values={"n": 1}),
        Reason(key="wait.language", values={"n": 2}),
        Reason(key="wait.evening", values={"n": 1}),
    )


def test_full_mentors_are_counted():
    mentors = [make_mentor("m1", capacity=0), make_mentor("m2", capacity=0)]

    assert causes_of(make_learner(), mentors) == (Reason(key="wait.full", values={"n": 2}),)


def test_no_mentors_and_no_slots_are_said_as_such():
    silent = make_learner(slots=())

    assert [one.key for one in causes_of(silent, [])] == ["wait.no_mentors", "wait.no_slots"]
    assert [one.key for one in causes_of(silent, [make_mentor()])] == ["wait.no_slots"]
    assert [one.key for one in causes_of(make_learner(), [])] == ["wait.no_mentors"]


@given(cohorts())
def test_everybody_waiting_is_told_why_and_the_counts_add_up(cohort):
    learners, mentors, exclusions = cohort
    has_slots = {one.id: bool(one.slots) for one in learners}

    plan = plan_for(learners, mentors, exclusions)

    for one in plan.waiting:
        assert one.causes
        counted = sum(int(cause.values["n"]) for cause in one.causes if cause.key in CAUSES)
        assert counted == len(mentors) or not has_slots[one.learner]
