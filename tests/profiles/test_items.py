from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmap.errors import EvidenceError
from skillmap.evidence import build_frame
from skillmap.model import Attempt, GradedAttempt, Module, Track
from skillmap.profiles import Fitted, doubt_prerequisites
from skillmap.profiles.findings import findings_by_item
from skillmap.profiles.fit import MIN_ANSWERS, discoveries, judge_fit, residuals
from skillmap.profiles.groups import MIN_GROUP, count_group
from skillmap.profiles.tags import TAG_RATE, doubt_tags
from skillmap.workflows.analyse import analyse_cohort
from tests.evidence.builders import START, make_item, make_response, named
from tests.profiles.builders import make_course, make_items, make_module
from tests.profiles.classes import course_of, fit_class, make_class, rescored, retagged

ALWAYS_TOLD = {"items.everybody", "items.nobody", "items.harder", "items.easier"}


def keys(analysis) -> dict[str, set[str]]:
    return {one.item: {remark.key for remark in one.remarks} for one in analysis.items}


def alarms(analysis) -> dict[str, set[str]]:
    return {i: found - ALWAYS_TOLD for i, found in keys(analysis).items() if found - ALWAYS_TOLD}


@given(n=st.integers(0, 60), rest=st.integers(0, 60))
def test_no_count_tells_of_fewer_than_five(n, rest):
    count = count_group(n, of=n + rest)

    assert (count.n is None) == (count.shown != "exact")
    if count.n is not None:
        assert min(count.n, n + rest - count.n) >= MIN_GROUP


@given(p=st.lists(st.floats(0, 1), max_size=30))
def test_discoveries_are_the_smallest_p_values_and_keep_the_rate(p):
    found = discoveries(p, rate=0.1)

    assert all(p[i] <= p[j] for i in np.flatnonzero(found) for j in np.flatnonzero(~found))
    assert all(p[i] <= 0.1 * found.sum() / len(p) + 1e-12 for i in np.flatnonzero(found))


def test_discoveries_of_the_paper():
    # Benjamini & Hochberg (1995), section 3.2: four of fifteen at .05.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    p += [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]

    assert list(np.flatnonzero(discoveries(p, rate=0.05))) == [0, 1, 2, 3]


@pytest.mark.slow
@pytest.mark.parametrize("has_partial_credit", [False, True])
def test_mean_squares_lie_around_one_and_a_sound_class_raises_no_alarm(has_partial_credit):
    cohort = make_class(0, has_partial_credit=has_partial_credit)

    found = analyse_cohort(cohort.responses, course_of(cohort))

    assert np.mean([one.infit for one in found.items]) == pytest.approx(1, abs=0.1)
    assert np.mean([one.outfit for one in found.items]) == pytest.approx(1, abs=0.15)
    assert alarms(found) == {}


@pytest.mark.slow
def test_a_reversed_and_a_broken_item_are_found_and_no_other():
    cohort = make_class(1)
    turned, broken = list(cohort.items)[7], list(cohort.items)[30]
    log = rescored(replace(cohort, responses=rescored(cohort, turned)), broken, 0.0)

    found = analyse_cohort(log, course_of(cohort))

    assert "items.nobody" in keys(found)[broken]
    assert "items.harder" in keys(found)[broken]
    assert set(alarms(found)) == {turned}
    assert alarms(found)[turned] == {"items.reversed"}


def doubted(cohort, items) -> set:
    fitted = fit_class(cohort.responses, items, cohort.skills)
    return {one.item for one in doubt_tags(fitted, residuals(fitted))}


@pytest.mark.slow
def test_wrong_tags_are_found_with_two_hundred_learners():
    rng = np.random.default_rng(3)
    cohort = make_class(3, n_learners=200, n_items=40, two_skill_share=0.0)
    wrong = set(rng.choice(sorted(cohort.items), 4, replace=False))

    found = doubted(cohort, retagged(cohort, wrong, rng))

    assert len(found & wrong) >= 3
    assert len(found - wrong) <= 1


@pytest.mark.slow
def test_right_tags_of_a_class_of_forty_are_left_in_peace():
    cohort = make_class(5)

    assert doubted(cohort, dict(cohort.items)) == set()


@pytest.mark.soak
@pytest.mark.parametrize(
    ("n_learners", "has_partial_credit", "least_found"),
    [(40, True, 0.0), (100, False, 0.02), (100, True, 0.4), (200, False, 0.45), (200, True, 0.8)],
)
def test_tags_over_many_classes(n_learners, has_partial_credit, least_found):
    n_found = n_false = n_false_in_sound = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        cohort = make_class(seed, n_learners=n_learners, has_partial_credit=has_partial_credit)
        wrong = set(rng.choice(sorted(cohort.items), 6, replace=False))
        found = doubted(cohort, retagged(cohort, wrong, rng))
        n_found += len(found & wrong)
        n_false += len(found - wrong)
        n_false_in_sound += len(doubted(cohort, dict(cohort.items)))

    assert n_found / 180 >= least_found
    assert n_false <= max(TAG_RATE * 1.5 * (n_found + n_false), 5)
    assert n_false_in_sound / (30 * 60) <= 0.005


@pytest.mark.soak
@pytest.mark.parametrize("n_learners", [20, 40, 100])
@pytest.mark.parametrize("has_partial_credit", [False, True])
def test_reversed_items_over_many_classes(n_learners, has_partial_credit):
    least_found = {20: 0.25, 40: 0.6, 100: 0.9}[n_learners]
    n_found = n_false = 0
    for seed in range(60):
        cohort = make_class(seed, n_learners=n_learners, has_partial_credit=has_partial_credit)
        turned = list(cohort.items)[seed]
        fitted = fit_class(rescored(cohort, turned), dict(cohort.items), cohort.skills)
        fits = judge_fit(residuals(fitted))
        shown = discoveries([one.p_value for one in fits], rate=0.05)
        marked = {one.item for one, is_shown in zip(fits, shown, strict=True) if is_shown}
        n_found += turned in marked
        n_false += len(marked - {turned})

    assert n_found / 60 >= least_found
    assert n_false / (60 * 59) <= 0.002


def test_few_answers_are_not_judged():
    cohort = make_class(3, n_learners=MIN_ANSWERS - 1, n_items=12)

    found = analyse_cohort(cohort.responses, course_of(cohort))

    assert {(one.infit, one.outfit) for one in found.items} == {(None, None)}
    assert alarms(found) == {}
    assert all(one.low < one.difficulty < one.high for one in found.items)


@given(n=st.integers(0, MIN_GROUP - 1), fraction=st.sampled_from([0.0, 0.5, 1.0]))
def test_an_item_of_a_small_group_tells_nothing(n, fraction):
    course = make_course(items=named(make_items("lists", "loops", 2)))
    item = next(iter(course.items))
    log = [make_response(learner=f"l{k}", item=item, fraction=fraction) for k in range(n)]

    one = analyse_cohort(log, course).items[0]

    assert (one.difficulty, one.mean, one.failing, one.remarks) == (None, None, None, ())
    assert one.n_learners.n is None


def test_an_item_that_everybody_solves_at_once_and_one_that_nobody_ever_solves():
    course = make_course(items=named(make_items("lists", "loops", 3)))
    easy, hard, mended = course.items
    log = [make_response(learner=f"l{k}", item=easy) for k in range(6)]
    log += [make_response(learner=f"l{k}", item=hard, fraction=0.5) for k in range(6)]
    log += [
        make_response(learner=f"l{k}", item=mended, attempt=n, fraction=n - 1.0)
        for k in range(6)
        for n in (1, 2)
    ]

    found = keys(analyse_cohort(log, course))

    assert "items.everybody" in found[easy]
    assert "items.nobody" in found[hard]
    assert not found[mended] & {"items.everybody", "items.nobody"}


def test_of_an_exercise_the_cell_that_most_fail_is_named():
    course = make_course(items=named(make_items("lists", "loops", 3, exercise="one")))
    first, second, third = course.items
    log = [
        make_response(learner=f"l{k}", item=item, fraction=float(k >= n_failing))
        for item, n_failing in ((first, 2), (second, 6), (third, 0))
        for k in range(12)
    ]

    found = analyse_cohort(log, course)

    assert [i for i, found in keys(found).items() if "items.worst_cell" in found] == [second]
    assert [one.failing.shown for one in found.items] == ["few", "exact", "few"]


def test_what_grading_noted_is_told_when_five_learners_have_it():
    item = make_item(grade_id="test")
    course = make_course(items=named([item]))
    frequent, rare = "lists/test: 0 points. It wrote to stderr.", "lists/test: my own words."
    attempts = [
        GradedAttempt(
            attempt=Attempt(
                learner=f"l{k}", assignment="lists", number=1, submitted_at=START, sha256=f"{k}"
            ),
            graded_at=START,
            scoring="best",
            isolation="none",
            findings=(frequent, *([rare] if k < 4 else []), "lists/other: gone."),
        )
        for k in range(5)
    ]

    found = findings_by_item([*attempts, attempts[0]], course)

    assert [(one.text, one.n_learners) for one in found[item.id]] == [(frequent, 5)]


def two_modules(after=("lists",)):
    modules = (make_module("lists"), replace(make_module("frames"), after=after))
    return make_course(tracks=(Track(id="start", titles={}, modules=modules),))


def passes(learner, assignment, does):
    return [
        make_response(
            learner=learner, item=f"{assignment}/{assignment}/{assignment}-{k}", fraction=f
        )
        for k, f in enumerate([float(does)] * 3)
    ]


@pytest.mark.parametrize(
    ("n_managed", "n_failing_both", "is_doubted"),
    [(5, 0, True), (4, 0, False), (5, 1, False), (9, 2, True), (9, 6, False)],
)
def test_a_prerequisite_is_doubted_when_most_who_fail_it_manage_the_later(
    n_managed, n_failing_both, is_doubted
):
    # Beta(1 + managed, 1 + not) above one half with .95: 5 of 5 gives .984, 5 of 6 gives .938.
    log = []
    for k in range(n_managed + n_failing_both):
        log += passes(f"l{k}", "lists", False) + passes(f"l{k}", "frames", k < n_managed)
    log += [r for k in range(9) for a in ("lists", "frames") for r in passes(f"p{k}", a, True)]

    found = doubt_prerequisites(log, two_modules())

    assert [(one.later, one.earlier) for one in found] == [("frames", "lists")] * is_doubted
    assert doubt_prerequisites(log, two_modules(after=())) == []


def test_a_module_unknown_to_the_track_is_no_prerequisite():
    module = Module(id="m", titles={}, assignment="lists", minutes=9, after=("gone",))
    course = make_course(tracks=(Track(id="start", titles={}, modules=(module,)),))

    assert doubt_prerequisites(passes("ada", "lists", True), course) == []


def test_an_answer_to_an_item_that_left_the_course_is_named():
    course = make_course()

    found = analyse_cohort([make_response(item="old/old/cell")], course)

    assert found.unknown_items == ("old/old/cell",)
    assert {one.n_learners.shown for one in found.items} == {"few"}


def test_untagged_items_and_a_course_without_answers_are_handled():
    course = make_course(items=named([make_item(skills={})]))
    log = [make_response(learner=f"l{k}", fraction=k % 2) for k in range(30)]

    assert len(analyse_cohort([], make_course()).items) == 20
    assert alarms(analyse_cohort(log, course)) == {}


@pytest.mark.parametrize("expected", [[0.5], [0.5, float("nan")], [0.5, float("inf")]])
def test_expectations_that_do_not_fit_the_frame_are_refused(expected):
    frame = build_frame(passes("ada", "lists", True)[:2], make_course().items, ["loops"])

    with pytest.raises(EvidenceError, match="expected has the shape"):
        Fitted(frame=frame, expected=np.array(expected), ability=np.zeros((1, 1)))


def test_who_the_learners_are_called_and_the_order_of_the_log_change_nothing():
    cohort = make_class(4, n_learners=24, n_items=18)
    names = {
        name: f"{(7 * k) % 24:02d}-{'ሰላም' * (k % 3)}" for k, name in enumerate(cohort.learners)
    }
    renamed = [replace(r, learner=names[r.learner]) for r in reversed(cohort.responses)]

    found = analyse_cohort(cohort.responses, course_of(cohort))
    again = analyse_cohort(renamed, course_of(cohort))

    assert keys(again) == keys(found)
    for one, other in zip(found.items, again.items, strict=True):
        assert one.n_learners == other.n_learners
        assert one.failing == other.failing
        for figure in ("difficulty", "low", "high", "mean", "infit", "outfit"):
            assert getattr(other, figure) == pytest.approx(getattr(one, figure), abs=1e-6)
