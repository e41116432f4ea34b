import itertools
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from skillmap.errors import EvidenceError
from skillmap.estimation.belief import Ask, prior_belief
from skillmap.profiles.mastery import positive_orthant, probability_of_all
from skillmap.profiles.placement import (
    SKIP_FROM,
    Answer,
    Candidate,
    Placement,
    PlacementPlan,
)

SKILLS = ("loops", "tables", "sql", "plots")
MODULES = {"python": ("loops", "tables"), "data": ("sql",), "charts": ("plots",)}
CUT = 0.6


def make_pool(n_each=5, minutes=3.0, skills=SKILLS):
    return tuple(
        Candidate(
            item=f"{skill}-{n}",
            ask=Ask(
                loading=np.array([1.0, *(float(skill == one) for one in SKILLS)]),
                easiness=0.5 * (n - 2),
                easiness_sd=0.5,
                weight=1.6,
            ),
            minutes=minutes,
        )
        for skill in skills
        for n in range(n_each)
    )


def make_plan(**overrides):
    prior = prior_belief(SKILLS, mean=0.5, sigma_general=1.0, sigma_skill=0.7)
    values = {"prior": prior, "pool": make_pool(), "modules": MODULES, "cut": CUT}
    return PlacementPlan(**(values | overrides))


def take(plan, answers):
    """Go through a whole check; `answers` gives the fraction of an item."""
    check = Placement(plan)
    for _ in plan.pool:
        item = check.next_item()
        if item is None:
            return check
        check = check.after(item, answers(item))
    return check


@pytest.mark.slow
def test_a_check_keeps_to_its_minutes():
    check = take(make_plan(), lambda item: 0.6)

    assert len(check.answers) == 15
    assert check.minutes_left == 0
    assert check.next_item() is None


def test_an_item_that_takes_more_than_is_left_is_not_asked():
    pool = (*make_pool(1, minutes=20.0), *make_pool(4, minutes=4.0)[1:4])

    check = take(make_plan(pool=pool), lambda item: 0.6)

    # Three short ones, which tell more per minute, and one long one.
    assert check.minutes_left == 45 - 3 * 4 - 20


@pytest.mark.slow
def test_no_item_is_asked_twice():
    check = take(make_plan(minutes=1000.0), lambda item: 0.6)

    items = [one.item for one in check.answers]
    assert len(items) == len(set(items)) == 20


def test_a_check_taken_up_again_goes_on_as_if_never_left():
    plan = make_plan()
    check = Placement(plan).after("sql-2", 1.0).after("loops-1", 0.4)

    again = Placement(plan, check.answers)

    assert again.next_item() == check.next_item()
    assert again.verdicts() == check.verdicts()


@pytest.mark.slow
def test_who_solves_all_of_it_skips_and_who_solves_nothing_does_not():
    strong, weak = (take(make_plan(), lambda item, y=y: y) for y in (1.0, 0.0))

    assert all(one.is_skipped for one in strong.verdicts())
    assert {one.reason.key for one in strong.verdicts()} == {"placement.skip"}
    assert not any(one.is_skipped for one in weak.verdicts())


def test_what_is_mastered_is_skipped_and_what_is_not_is_kept():
    check = take(make_plan(), lambda item: 0.0 if item.startswith("sql") else 1.0)

    verdicts = {one.module: one for one in check.verdicts()}

    assert verdicts["python"].is_skipped
    assert not verdicts["data"].is_skipped
    assert verdicts["data"].reason.key == "placement.take"
    assert verdicts["data"].reason.values["skill"] == "sql"


def test_a_module_is_never_skipped_without_an_answer_that_speaks_for_it():
    prior = prior_belief(SKILLS, mean=6.0, sigma_general=1.0, sigma_skill=0.7)
    check = Placement(make_plan(prior=prior)).after("sql-0", 1.0)

    verdicts = {one.module: one for one in check.verdicts()}

    assert verdicts["charts"].probability > SKIP_FROM
    assert not verdicts["charts"].is_skipped
    assert verdicts["charts"].reason.key == "placement.not_asked"
    assert verdicts["data"].is_skipped


@pytest.mark.slow
@settings(deadline=None, max_examples=20)
@given(st.lists(st.floats(0, 1), min_size=15, max_size=15), st.integers(0, 14))
def test_a_better_answer_to_the_same_items_never_makes_its_module_less_likely(fractions, which):
    items = [one.item for one in make_pool()][:15]
    answers = [Answer(item=i, fraction=f) for i, f in zip(items, fractions, strict=True)]
    better = [
        Answer(item=one.item, fraction=1.0) if n == which else one for n, one in enumerate(answers)
    ]
    plan = make_plan()
    module = next(m for m, skills in MODULES.items() if items[which].split("-")[0] in skills)

    worse, more = (
        next(v for v in Placement(plan, log).verdicts() if v.module == module)
        for log in (answers, better)
    )

    assert more.probability >= worse.probability - 0.01


def test_a_module_that_is_decided_is_asked_about_less_than_one_in_doubt():
    plan = make_plan(modules={"python": ("loops",), "data": ("sql",)})
    answers = [Answer(item=f"loops-{n}", fraction=0.0) for n in range(5)]

    item = Placement(plan, answers).next_item()

    assert item.startswith("sql")


def test_when_nothing_is_to_be_decided_nothing_is_asked():
    assert Placement(make_plan(modules={})).next_item() is None
    assert Placement(make_plan(pool=())).next_item() is None


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ([("sql-9", 1.0)], "not in the pool"),
        ([("sql-0", 1.0), ("sql-0", 0.0)], "answered twice"),
        ([("sql-0", float("nan"))], "outside 0 to 1"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(answers, message):
    log = [Answer(item=item, fraction=fraction) for item, fraction in answers]

    with pytest.raises(EvidenceError, match=message):
        Placement(make_plan(), log)


@pytest.mark.parametrize("minutes", [0.0, -1.0, float("nan")])
def test_an_item_of_no_minutes_is_refused(minutes):
    with pytest.raises(EvidenceError, match="minutes"):
        make_pool(1, minutes=minutes)


def test_the_orthant_of_two_correlated_skills_is_sheppards():
    # Sheppard (1899): P(x > 0, y > 0) = 1/4 + arcsin(r) / (2 pi)
    for r in (-0.7, 0.0, 0.5, 0.9):
        found = positive_orthant(np.zeros(2), np.array([[1.0, r], [r, 1.0]]))

        assert found == pytest.approx(0.25 + np.arcsin(r) / (2 * np.pi), abs=0.003)


def test_the_orthant_of_independent_skills_is_a_product():
    found = positive_orthant(np.full(5, 1.0), np.eye(5))

    assert found == pytest.approx(0.841345**5, abs=0.003)


def test_mastering_more_skills_is_never_more_likely():
    belief = make_plan().prior
    chances = [probability_of_all(belief, SKILLS[:n], CUT) for n in range(1, 5)]

    assert all(b <= a for a, b in itertools.pairwise(chances))
    mean, covariance = belief.reference()
    z = (mean[0] - log(CUT / (1 - CUT))) / covariance[0, 0] ** 0.5
    assert chances[0] == pytest.approx(ndtr(z))


def test_what_was_never_asked_for_is_not_mastered():
    assert probability_of_all(make_plan().prior, ["cooking"], CUT) == 0
