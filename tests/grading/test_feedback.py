"""Feedback pages of real graded submissions, and their way through nbgrader's exchange."""

from pathlib import Path

import pytest

from skillmap.grading import (
    UnreleasableFeedbackError,
    find_submissions,
    generate_release,
    give_feedback,
    open_course,
)
from skillmap.grading.course import NbgraderCourse
from tests.courtroom import autograde
from tests.grading.builders import SOLUTION, WRONG, make_cell, make_course, submit

pytestmark = pytest.mark.slow

TEST = (
    "result = double(3)\n"
    "assert result == 6, f'double(3) gave {result}, expected 6'\n"
    "### BEGIN HIDDEN TESTS\n"
    "assert double(-41) == -82, 'secret_case'\n"
    "### END HIDDEN TESTS"
)
HALF_RIGHT = {"double": "def double(x):\n    return 2 * abs(x)"}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> NbgraderCourse:
    root = tmp_path_factory.mktemp("feedback")
    cells = [
        make_cell(SOLUTION, grade_id="double", kind="solution"),
        make_cell(TEST, grade_id="double_test", points=2),
    ]
    make_course(root, cells={"one": cells})
    (root / "exchange" / "test-course").mkdir(parents=True)
    opened = open_course(root)
    generate_release(opened, "a1")
    for learner, answers, at in (("ada", WRONG, "20 18:00"), ("bo", HALF_RIGHT, "20 19:00")):
        folder = submit(root, learner, answers, at=at)
        (folder / "submission_secret.txt").write_text(f"secret of {learner}", encoding="utf-8")
        (folder / "diary.txt").write_text("mine", encoding="utf-8")
    for submission in find_submissions(opened, "a1"):
        assert autograde(opened, submission).result.problem is None
    return opened


def page_of(course: NbgraderCourse, learner: str) -> str:
    return (course.feedback(learner, "a1") / "one.html").read_text(encoding="utf-8")


def test_a_public_failure_is_named_and_the_hidden_test_is_not(course: NbgraderCourse) -> None:
    give_feedback(course, "a1", "ada")

    made = page_of(course, "ada")
    assert '<span dir="auto">double(3) gave 3, expected 6</span>' in made
    assert "0 of 2 points" in made
    assert "secret_case" not in made
    assert "-41" not in made


def test_a_hidden_failure_is_one_sentence(course: NbgraderCourse) -> None:
    give_feedback(course, "a1", "bo", language="nb")

    made = page_of(course, "bo")
    assert "En skjult sjekk ble ikke bestått" in made
    assert "secret_case" not in made
    assert "-41" not in made


def test_pages_go_through_the_exchange_and_other_files_stay(course: NbgraderCourse) -> None:
    give_feedback(course, "a1", "ada")
    give_feedback(course, "a1", "ada")

    names = {path.name for path in course.feedback("ada", "a1").iterdir()}
    released = [path.read_bytes() for path in (course.exchange / "feedback").glob("*.html")]
    assert names == {"one.html", "timestamp.txt", "submission_secret.txt"}
    assert page_of(course, "ada").encode() in released


def test_who_handed_nothing_in_gets_no_page(course: NbgraderCourse) -> None:
    with pytest.raises(UnreleasableFeedbackError, match="nothing of theirs is graded"):
        give_feedback(course, "a1", "nobody")

    assert not Path(course.feedback("nobody", "a1")).exists()
