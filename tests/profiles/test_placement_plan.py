import pytest

from skillmap.errors import EvidenceError
from skillmap.estimation.belief import prior_belief
from skillmap.profiles.placement import Placement
from skillmap.profiles.placement_plan import plan_of_course
from tests.evidence.builders import named
from tests.profiles.builders import make_course, make_items

PRIOR = prior_belief(("loops", "tables"), mean=0.0, sigma_general=1.0, sigma_skill=0.7)


def test_a_plan_asks_for_the_skills_of_each_module_at_the_middle_level():
    plan = plan_of_course(make_course(), PRIOR)

    assert plan.modules == {"lists": ("loops",), "frames": ("tables",)}
    assert plan.cut == 0.6
    assert plan.minutes == 45


def test_one_item_stands_for_its_exercise_and_nobody_waits_for_a_person():
    items = [
        *make_items("lists", "loops", 3, exercise="same", minutes=4),
        *make_items("frames", "tables", 2, kind="manual"),
        *make_items("untagged", "x", 2, skills={}),
    ]
    plan = plan_of_course(make_course(items=named(items)), PRIOR)

    assert [(one.item, one.minutes) for one in plan.pool] == [("lists/lists/lists-0", 4.0)]


def test_a_plan_of_a_course_can_be_gone_through():
    check = Placement(plan_of_course(make_course(), PRIOR))
    while (item := check.next_item()) and len(check.answers) < 50:
        check = check.after(item, 1.0)

    assert check.minutes_left < 10
    assert [one.module for one in check.verdicts()] == ["lists", "frames"]


def test_a_course_without_levels_has_no_placement():
    with pytest.raises(EvidenceError, match="no levels"):
        plan_of_course(make_course(levels=()), PRIOR)
