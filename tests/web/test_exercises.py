"""An exercise is one line for people, however many items judge it."""

import re
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmap.model import Course, Item, ItemId, Reason, Response, SkillId
from skillmap.profiles import NextItem
from skillmap.store import people, responses
from skillmap.web import create_app
from skillmap.web.messages import load_messages
from skillmap.web.views.exercises import STUCK_AFTER, exercises_of, stuck_work, work_on
from skillmap.web.views.instructor import assignment_rows, stuck_rows
from skillmap.web.views.learner import next_steps
from skillmap.web.views.results import AssignmentResult, assignment_results
from skillmap.web.words import Words
from tests.web.conftest import Site
from tests.web.test_pages import mentees
from tests.web.world import (
    NOW,
    make_attempt,
    make_course,
    make_item,
    make_learner,
    make_response,
    publish_draft,
)

PUBLIC = make_item("py1", 0, SkillId("loops"), grade_id="sum_public", exercise="sum")
HIDDEN = make_item(
    "py1",
    0,
    SkillId("loops"),
    id=ItemId("py1/tasks/sum_more"),
    grade_id="sum_more",
    exercise="sum",
)
OTHER = make_item("py1", 1, SkillId("loops"), exercise="count")


def make_small_course(*items: Item) -> Course:
    return replace(make_course(), items={item.id: item for item in items})


def say(course: Course) -> Words:
    return Words(load_messages()["en"], course, NOW.tzinfo)


def answer(item: Item, fraction: float, attempt: int = 1, learner: str = "amina") -> Response:
    return make_response(make_attempt(learner, "py1", attempt), item, fraction)


def results(course: Course, given: list[Response]) -> list[AssignmentResult]:
    return assignment_results([make_attempt("amina", "py1", 1)], given, course, say(course))


def test_two_tests_of_one_exercise_are_one_row_with_their_points_added() -> None:
    course = make_small_course(PUBLIC, HIDDEN, OTHER)

    (shown,) = results(course, [answer(PUBLIC, 1.0), answer(HIDDEN, 0.5), answer(OTHER, 1.0)])
    first, second = shown.exercises

    assert (first.word, first.points) == ("Not yet", "3 of 4 points")
    assert (second.word, second.points) == ("Done", "2 of 2 points")
    assert shown.done == "1 of 2 done"


@pytest.mark.parametrize(
    ("hidden", "kind", "word"),
    [
        (1.0, "auto", "Done"),
        (0.8, "auto", "Done"),
        (0.79, "auto", "Not yet"),
        (None, "auto", "Not graded"),
        (None, "manual", "A teacher will read it"),
    ],
)
def test_an_exercise_is_as_far_as_its_last_item(hidden: float | None, kind: str, word: str) -> None:
    second = replace(HIDDEN, kind=kind)
    given = [answer(PUBLIC, 1.0)] + ([] if hidden is None else [answer(second, hidden)])

    (shown,) = results(make_small_course(PUBLIC, second), given)

    assert [one.word for one in shown.exercises] == [word]


def test_what_can_be_mended_is_said_before_what_must_be_waited_for() -> None:
    course = make_small_course(PUBLIC, replace(HIDDEN, kind="manual"))

    (shown,) = results(course, [answer(PUBLIC, 0.0)])

    assert [one.word for one in shown.exercises] == ["Not yet"]


fractions = st.sampled_from([0.0, 0.5, 0.8, 1.0])


@given(
    st.lists(
        st.tuples(st.sampled_from([PUBLIC, HIDDEN, OTHER]), fractions, st.integers(1, 4)),
        unique_by=lambda row: (row[0].id, row[2]),
    ),
    st.randoms(use_true_random=False),
)
def test_work_is_solved_exactly_when_the_newest_answer_to_each_item_is(
    rows: list[tuple[Item, float, int]], random: Random
) -> None:
    course = make_small_course(PUBLIC, HIDDEN, OTHER)
    given = [answer(*row) for row in rows]
    shuffled = random.sample(given, len(given))

    works = {work.exercise.item: work for work in work_on(shuffled, course)}

    newest = {r.item: r for r in sorted(given, key=lambda r: r.attempt)}
    for exercise in exercises_of(course.items.values()):
        ids = [item.id for item in exercise.items]
        solved = all(i in newest and newest[i].is_solved for i in ids)
        assert (exercise.item in works and works[exercise.item].is_solved) == solved
    assert sum(len(work.answers) for work in works.values()) == len(newest)


def test_an_item_that_left_the_course_is_left_out() -> None:
    assert work_on([answer(HIDDEN, 1.0)], make_small_course(OTHER)) == []


@pytest.mark.parametrize("unsolved", [(PUBLIC,), (HIDDEN,), (PUBLIC, HIDDEN)])
def test_who_is_stuck_is_named_once_for_each_exercise(unsolved: tuple[Item, ...]) -> None:
    course = make_small_course(PUBLIC, HIDDEN, OTHER)
    given = [
        answer(item, 0.0 if item in unsolved else 1.0, number)
        for item in (PUBLIC, HIDDEN, OTHER)
        for number in range(1, STUCK_AFTER + 1)
    ]

    (work,) = stuck_work(given, course)
    (row,) = stuck_rows([make_learner("amina")], given, course, say(course))

    assert work.exercise.items == (PUBLIC, HIDDEN)
    assert (row.exercise, row.attempts) == ("Sum what is even (py1)", STUCK_AFTER)


def test_an_instructor_sees_each_test_by_the_name_of_its_cell() -> None:
    course = make_small_course(PUBLIC, HIDDEN)
    cohort = [make_learner(f"l{n}") for n in range(5)]
    given = [answer(item, item is PUBLIC, 1, one.id) for one in cohort for item in (PUBLIC, HIDDEN)]

    rows = assignment_rows(cohort, [], given, course, say(course))
    items = next(row.items for row in rows if row.items)

    assert [(row.cell, row.mean) for row in items] == [
        ("sum_public", "10 of 10 points"),
        ("sum_more", "0 of 10 points"),
    ]
    assert items[1].flag == "Nobody solves it: check the test"


def test_without_a_choice_the_first_assignment_not_handed_in_is_next() -> None:
    course = make_course()
    attempts = [make_attempt("amina", "py1", 1), make_attempt("amina", "py2", 1, is_finished=False)]

    (step,) = next_steps([], attempts, course, say(course))
    everything = [make_attempt("amina", str(a), 1) for a in course.assignments()]

    assert (step.assignment, step.is_retry) == ("First tables", False)
    assert "Fetch" in step.way
    assert next_steps([], everything, course, say(course)) == []


def paired_course(site: Site) -> Course:
    """Make the second item of each assignment a second test of its first exercise."""
    items = site.course.items

    def twin(item: Item) -> Item:
        first = items[ItemId(item.id[:-1] + "0")]
        return replace(item, exercise=first.exercise, titles=first.titles)

    return replace(
        site.course,
        items={i: twin(item) if item.grade_id == "t1" else item for i, item in items.items()},
    )


def test_no_page_of_a_learner_or_mentor_names_an_exercise_twice_in_a_list(site: Site) -> None:
    publish_draft(site.database)
    course = paired_course(site)
    both = Site(
        app=create_app(site.database, course, clock=site.clock),
        database=site.database,
        course=course,
        clock=site.clock,
    )

    for mentor, learner in mentees(both):
        brief = both.visitor(mentor).get(f"/mentor/brief/{learner}").text
        for line in re.findall(r"<li>(.*?)</li>", brief, re.DOTALL):
            named = re.findall(r"<em[^>]*>(.*?)</em>", line)
            assert len(named) == len(set(named))
        today = both.visitor(learner).get("/learner").text.partition("<h2>What you handed in")[2]
        for card in today.split("<h3>")[1:]:
            titles = re.findall(r'<div class="row"><span>(.*?)</span>', card)
            assert len(titles) == len(set(titles))


@pytest.mark.parametrize(("is_retry", "way"), [(False, "Fetch"), (True, "Hand in again")])
def test_an_exercise_of_an_assignment_handed_in_before_is_to_be_tried_again(
    is_retry: bool, way: str
) -> None:
    course = make_small_course(PUBLIC, HIDDEN)
    reason = Reason(key="next.practise", values={"skill": "loops"})
    chosen = NextItem(item=HIDDEN.id, skill=SkillId("loops"), probability=0.6, reason=reason)
    attempts = [make_attempt("amina", "py1" if is_retry else "py2", 1)]

    (step,) = next_steps([chosen], attempts, course, say(course))

    assert step.is_retry == is_retry
    assert way in step.way
    assert "tasks.ipynb" in step.way


def test_what_a_teacher_will_read_is_not_to_be_tried_again(site: Site) -> None:
    for learner in ("amina", "ingrid"):
        html = site.visitor(learner, **{"accept-language": "en"}).get("/learner").text
        steps, _, shown = html.partition('<span class="tag wait">')
        assert shown
        assert "Explain your choice" not in steps.partition("<details")[0]
        assert "Forklar valget ditt" not in steps.partition("<details")[0]


def test_what_is_handed_in_but_not_graded_yet_is_not_called_missing(site: Site) -> None:
    before = site.visitor("yusuf").get("/learner").text.partition("not handed in yet")[2]
    with site.database.begin() as session:
        running = make_attempt("yusuf", "pd2", 1, is_finished=False)
        responses.record_attempt(session, running)

    after = site.visitor("yusuf").get("/learner").text.partition("not handed in yet")[2]

    assert "<li>Join two tables</li>" in before
    assert "<li>Join two tables</li>" not in after


def test_a_learner_without_graded_work_is_told_no_job_is_near(site: Site) -> None:
    with site.database.begin() as session:
        people.save_learner(session, make_learner("newcomer"))

    html = site.visitor("newcomer").get("/learner/openings").text

    assert "No jobs to show yet" in html
