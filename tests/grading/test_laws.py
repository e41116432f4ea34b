"""The laws of an nbgrader score, shown by nbgrader itself in a real kernel."""

import pytest

from skillmap.grading import (
    Autograded,
    autograde,
    find_submissions,
    gradebook_submissions,
    open_course,
)
from skillmap.grading.gradebook import GradebookCell, GradebookSubmission
from tests.grading.builders import RIGHT, released_course, submit

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Autograded, GradebookSubmission]:
    root = released_course(tmp_path_factory.mktemp("laws"), tmp_path_factory)
    submit(root, "ada", RIGHT | {"essay": "1"}, at="20 18:00", assignment="laws")
    course = open_course(root)

    autograded = autograde(course, find_submissions(course, "laws")[0])

    return autograded, gradebook_submissions(course, "laws")[0]


def score(graded: tuple[Autograded, GradebookSubmission], grade_id: str) -> GradebookCell:
    return next(cell for cell in graded[1].cells if cell.grade_id == grade_id)


@pytest.mark.parametrize(
    ("test", "points"),
    [
        ("passes", 2.0),
        ("fails", 0.0),
        ("half", 0.5),
        ("warns", 0.0),
        ("negative", 2.0),
        ("text", 2.0),
        ("nan", 2.0),
        ("numpy", 2.0),
    ],
)
def test_nbgrader_gives(
    graded: tuple[Autograded, GradebookSubmission], test: str, points: float
) -> None:
    assert score(graded, test).auto_score == points


@pytest.mark.parametrize("test", ["warns", "negative", "text", "nan", "numpy"])
def test_points_that_would_surprise_a_teacher_become_a_finding(
    graded: tuple[Autograded, GradebookSubmission], test: str
) -> None:
    assert [f for f in graded[0].findings if f"test {test}:" in f]


@pytest.mark.parametrize("test", ["passes", "fails", "half"])
def test_points_that_are_as_meant_give_no_finding(
    graded: tuple[Autograded, GradebookSubmission], test: str
) -> None:
    assert not [f for f in graded[0].findings if f"test {test}:" in f]


def test_a_hand_graded_cell_waits_for_a_person(
    graded: tuple[Autograded, GradebookSubmission],
) -> None:
    assert score(graded, "essay").score is None
    assert score(graded, "essay").needs_manual_grade
