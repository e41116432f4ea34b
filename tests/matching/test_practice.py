"""Which item is practised next."""

from skillmap.matching.practice import next_item, unsolved_items
from skillmap.model import LearnerId

from .builders import make_course, make_item, make_line, make_response

ADA = LearnerId("ada")


def left_after(*responses, items=None):
    course = make_course(items or (make_item("one"), make_item("two")))
    return [item.grade_id for item in unsolved_items(course, responses, ADA).get("loops", ())]


def chosen(logit, *items):
    return next_item("loops", items, make_line("loops", logit).estimate)


def test_a_solved_item_is_not_practised_again():
    assert left_after(make_response("one", 0.8), make_response("two", 0.79)) == ["two"]


def test_what_was_solved_once_stays_solved_after_a_broken_retry():
    broken = [make_response("one", 0.2, attempt=2), make_response("one", 1.0, attempt=1)]

    assert left_after(*broken) == ["two"]


def test_answers_of_others_solve_nothing():
    assert left_after(make_response("one", 1.0, learner=LearnerId("bo"))) == ["one", "two"]


def test_a_weaker_learner_gets_the_easier_item():
    easy, hard = make_item("easy", difficulty=1), make_item("hard", difficulty=5)

    assert chosen(-1.0, easy, hard) == easy.id
    assert chosen(2.5, easy, hard) == hard.id


def test_of_equals_the_item_that_weighs_the_skill_most_comes_first():
    part = make_item("a", skills={"loops": 0.5, "lists": 0.5})
    whole = make_item("b", skills={"loops": 1.0})

    assert chosen(0.0, part, whole) == whole.id


def test_a_course_without_such_an_item_offers_none():
    assert next_item("loops", (), None) is None


def test_without_an_estimate_the_learner_is_even_with_a_reference_exercise():
    items = [make_item(f"d{n}", difficulty=n) for n in range(1, 6)]

    assert next_item("loops", items, None) == chosen(0.0, *items)
