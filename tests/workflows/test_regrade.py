"""A class graded again after its test was mended."""

import json

import pytest

from skillmap.errors import GradingError
from skillmap.grading import gradebook_submissions, open_course
from skillmap.model import item_id
from skillmap.store import item_tests
from skillmap.workflows.programme import Programme
from skillmap.workflows.regrade import plan_regrading, regrade, require_item
from tests.grading.builders import RIGHT, WRONG, submit
from tests.workflows.builders import NOW, clock, doubles, run, silent

pytestmark = pytest.mark.slow

DOUBLE = item_id("a1", "one", "double_test")


def mend(programme: Programme, test: str) -> None:
    path = programme.root / "source" / "a1" / "one.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "double_test":
            cell["source"] = test
    path.write_text(json.dumps(notebook), encoding="utf-8")


def graded_class(programme: Programme) -> None:
    submit(programme.root, "ada", RIGHT, at="20 18:00")
    submit(programme.root, "ben", WRONG, at="20 19:00")
    run(programme)


def test_a_mended_test_changes_the_scores_that_it_changes_and_says_whose(
    programme: Programme,
) -> None:
    graded_class(programme)
    mend(programme, "assert double(3) in (3, 6)")

    done = regrade(programme, "a1", item=DOUBLE, clock=clock, progress=silent)

    [changed] = done.changed
    assert (changed.learner, changed.item, changed.old, changed.new) == ("ben", DOUBLE, 0.0, 2.0)
    assert len(done.graded) == 2
    assert doubles(programme) == [(1, 1.0), (1, 1.0)]
    with programme.database.begin() as session:
        [note] = item_tests.read_regradings(session)
    assert (note.item, note.at) == (DOUBLE, NOW)


def test_a_score_that_a_person_gave_stays(programme: Programme) -> None:
    graded_class(programme)
    with programme.nbgrader.gradebook() as gradebook:
        cell = gradebook.find_grade("double_test", "one", "a1", "ben")
        cell.manual_score, cell.needs_manual_grade = 1.0, False
        gradebook.db.commit()
    mend(programme, "assert double(3) in (3, 6)")

    regrade(programme, "a1", clock=clock, progress=silent)

    held = gradebook_submissions(open_course(programme.root), "a1", learner="ben")[0].cells
    given = {cell.grade_id: cell.manual_score for cell in held}
    assert given["double_test"] == 1.0


def test_what_learners_fetched_stays_unless_it_is_released_again(programme: Programme) -> None:
    graded_class(programme)
    outbound = programme.root / "exchange" / "test-course" / "outbound" / "a1"
    mend(programme, "assert double(3) in (3, 6)")

    regrade(programme, "a1", clock=clock, progress=silent)
    assert not outbound.exists()
    regrade(programme, "a1", is_released=True, clock=clock, progress=silent)

    assert "in (3, 6)" in (outbound / "one.ipynb").read_text(encoding="utf-8")


def test_a_plan_says_whose_attempts_and_changes_nothing(programme: Programme) -> None:
    graded_class(programme)

    assert plan_regrading(programme, "a1") == [("ada", 1), ("ben", 1)]

    with programme.database.begin() as session:
        assert item_tests.read_regradings(session) == []


def test_an_item_is_named_by_notebook_and_cell(programme: Programme) -> None:
    graded_class(programme)

    assert require_item(programme, "a1", "one/double_test") == DOUBLE
    with pytest.raises(GradingError, match="Did you mean 'one/double_test'"):
        require_item(programme, "a1", "one/doble_test")
