"""The audit finds each fault that a plan can have."""

from dataclasses import replace

import pytest

from skillmap.errors import MatchingError
from skillmap.matching import audit_plan, pairing
from skillmap.model import LearnerId, MentorId, Pairing, PairingPlan, Waiting

from .builders import exclude, make_learner, make_mentor
from .test_pairing import plan_for

ADA, BO = make_learner("ada"), make_learner("bo", slots=("mon-18", "tue-18"))
KARI, LIV = make_mentor("kari"), make_mentor("liv", slots=("tue-18",))


def pair(learner, mentor):
    return Pairing(learner=LearnerId(learner), mentor=MentorId(mentor), utility=0.5)


def make_plan(*pairs, waiting=()):
    return PairingPlan(
        pairings=tuple(pair(*one) for one in pairs),
        waiting=tuple(Waiting(learner=LearnerId(one), causes=()) for one in waiting),
    )


def faults(plan, exclusions=(), running=(), mentors=(KARI, LIV)):
    return audit_plan(
        plan, learners=[ADA, BO], mentors=mentors, exclusions=exclusions, running=running
    )


def test_a_sound_plan_has_no_faults():
    assert faults(make_plan(("ada", "kari"), ("bo", "liv"))) == []


@pytest.mark.parametrize(
    ("plan", "fault"),
    [
        (make_plan(("ada", "kari"), ("bo", "kari")), "'kari' has 2 learners, capacity 1"),
        (make_plan(("ada", "liv"), ("bo", "kari")), "'ada' cannot meet mentor 'liv': evening"),
        (make_plan(("ada", "kari")), "'bo' appears 0 times"),
        (make_plan(("ada", "kari"), ("bo", "liv"), waiting=["bo"]), "'bo' appears 2 times"),
        (make_plan(("ada", "kari"), waiting=["bo"]), "'bo' waits though mentor 'liv'"),
        (make_plan(("bo", "kari"), waiting=["ada"]), "One more learner could be matched"),
        (make_plan(("zoe", "kari"), waiting=["ada", "bo"]), "'zoe' is not in the cohort"),
        (make_plan(("ada", "nils"), waiting=["bo"]), "'nils' is not in the cohort"),
    ],
)
def test_each_fault_is_found(plan, fault):
    assert any(fault in one for one in faults(plan))


def test_an_excluded_pair_is_found():
    told = faults(make_plan(("ada", "kari"), ("bo", "liv")), [exclude("ada", "kari")])

    assert told == ["Learner 'ada' cannot meet mentor 'kari': excluded."]


def test_a_kept_pairing_need_not_move_for_one_more():
    plan = make_plan(("bo", "kari"), waiting=["ada"])

    assert faults(plan, running=[pair("bo", "kari")]) == []


def test_a_moved_running_pairing_is_found():
    plan = make_plan(("ada", "kari"), ("bo", "liv"))

    assert faults(plan, running=[pair("bo", "kari")]) == [
        "Learner 'bo' lost the running mentor 'kari'."
    ]


def test_a_plan_that_fails_its_audit_is_not_returned(monkeypatch):
    def leave_all(table, kept):
        return kept

    monkeypatch.setattr(pairing, "_fill", leave_all)

    with pytest.raises(MatchingError, match="failed its audit: Learner 'ada' waits"):
        plan_for([ADA], [KARI])


def test_capacity_is_read_from_the_mentors():
    roomy = replace(KARI, capacity=2)

    assert faults(make_plan(("ada", "kari"), ("bo", "kari")), mentors=[roomy, LIV]) == []
