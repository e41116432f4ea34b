"""The laws of a score, by nbgrader's own and by the corrected one, in real boxes."""

from pathlib import Path

import pytest

from skillmap.grading import gradebook_submissions
from skillmap.grading.gradebook import GradebookCell
from skillmap.judging import Scoring
from skillmap.model import GradedAttempt
from skillmap.workflows.programme import Programme
from tests.grading.builders import RIGHT, released_course, submit
from tests.workflows.builders import run

pytestmark = pytest.mark.slow

# Points of 2 by nbgrader's law, and by the corrected one where that differs.
LAWS = {
    "passes": (2.0, 2.0),
    "fails": (0.0, 0.0),
    "half": (0.5, 0.5),
    "warns": (0.0, 2.0),
    "negative": (2.0, 0.0),
    "text": (2.0, 2.0),
    "nan": (2.0, 0.0),
    "numpy": (2.0, 0.5),
}
Graded = tuple[GradedAttempt, dict[str, GradebookCell]]


def grade_laws(root: Path, scoring: Scoring) -> Graded:
    programme = Programme(root)
    [attempt] = run(programme, "laws", scoring=scoring)
    [held] = gradebook_submissions(programme.nbgrader, "laws")
    return attempt, {cell.grade_id: cell for cell in held.cells}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[Scoring, Graded]:
    found = {}
    for scoring in Scoring:
        root = released_course(tmp_path_factory.mktemp("laws") / "course", tmp_path_factory)
        submit(root, "ada", RIGHT | {"essay": "1"}, at="20 18:00", assignment="laws")
        found[scoring] = grade_laws(root, scoring)
    return found


@pytest.mark.parametrize("test", LAWS)
def test_points_are_those_of_the_chosen_law(graded: dict[Scoring, Graded], test: str) -> None:
    by_nbgrader, corrected = LAWS[test]

    assert graded[Scoring.NBGRADER][1][test].auto_score == by_nbgrader
    assert graded[Scoring.CORRECTED][1][test].auto_score == corrected


@pytest.mark.parametrize("test", LAWS)
def test_every_cell_where_the_laws_differ_is_listed(
    graded: dict[Scoring, Graded], test: str
) -> None:
    findings = graded[Scoring.CORRECTED][0].findings

    is_listed = any(f"one/{test}:" in finding for finding in findings)

    assert is_listed == (LAWS[test][0] != LAWS[test][1])


def test_an_attempt_records_the_law_and_the_walls(graded: dict[Scoring, Graded]) -> None:
    assert graded[Scoring.NBGRADER][0].scoring.startswith("nbgrader ")
    assert graded[Scoring.CORRECTED][0].scoring.startswith("corrected ")
    assert {attempt.isolation for attempt, _ in graded.values()} <= {"namespaces", "landlock"}


@pytest.mark.parametrize("scoring", Scoring)
def test_a_hand_graded_cell_waits_for_a_person(
    graded: dict[Scoring, Graded], scoring: Scoring
) -> None:
    assert graded[scoring][1]["essay"].score is None
    assert graded[scoring][1]["essay"].needs_manual_grade
