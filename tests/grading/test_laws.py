"""The laws of an nbgrader score, shown by nbgrader itself in a real kernel."""


import pytest

from skillmap.grading import (
    Autograded,
    autograde,
    find_submissions,
    generate_release,
    gradebook_submissions,
    open_course,
)
from skillmap.grading.gradebook import GradebookCell, GradebookSubmission
from tests.grading.builders import SOLUTION, make_cell, make_course, submit

pytestmark = pytest.mark.slow

TESTS = {
    "passes": "assert double(3) == 6",
    "warns": "import sys\nprint('note', file=sys.stderr)\nassert double(3) == 6",
    "half": "assert double(3) == 6\n0.5",
    "negative": "-1",
    "text": "'well done'",
    "nan": "float('nan')",
    "numpy": "import numpy\nnumpy.float64(0.5)",
    "fails": "assert double(3) == 7",
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Autograded, GradebookSubmission]:
    root = tmp_path_factory.mktemp("laws")
    cells = [make_cell(SOLUTION, grade_id="double", kind="solution")]
    cells += [make_cell(source, grade_id=name, points=2) for name, source in TESTS.items()]
    cells += [make_cell("", grade_id="essay", kind="manual", points=3)]
    course = open_course(make_course(root, cells={"one": cells}))
    generate_release(course, "a1")
    submit(root, "ada", {"double": "def double(x):\n    return 2 * x", "essay": "1"}, at="20 18:00")

    autograded = autograde(course, find_submissions(course, "a1")[0])

    return autograded, gradebook_submissions(course, "a1")[0]


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
