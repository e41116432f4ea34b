"""Grading as a whole, with a real nbgrader, real kernels and a real database."""

import shutil
from dataclasses import replace

import pytest

from skillmap.model import AssignmentId
from skillmap.store import responses
from skillmap.workflows.grade import plan_grading
from skillmap.workflows.programme import Programme
from skillmap.workflows.read_back import sync
from tests.grading.builders import RIGHT, WRONG, submit
from tests.workflows.builders import clock, doubles, log, points, run, silent

pytestmark = pytest.mark.slow


def test_every_attempt_is_logged_and_the_latest_stays_in_the_gradebook(
    programme: Programme,
) -> None:
    submit(programme.root, "ada", RIGHT, at="20 18:00")
    submit(programme.root, "ada", WRONG, at="21 18:00")

    graded = run(programme)

    assert [one.problem for one in graded] == [None, None]
    assert doubles(programme) == [(1, 1.0), (2, 0.0)]
    assert points(programme, "ada") == 0.0

    assert run(programme) == []
    assert plan_grading(programme, ["a1"]).n_done == 2


def test_a_broken_submission_costs_only_itself(programme: Programme) -> None:
    submit(programme.root, "ada", RIGHT, at="20 18:00")
    broken = submit(programme.root, "ada", RIGHT, at="21 18:00")
    (broken / "one.ipynb").write_text("{ not a notebook", encoding="utf-8")
    exits = {"double": "import os\nos._exit(1)"}
    submit(programme.root, "ben", exits, at="20 19:00")
    submit(programme.root, "eve", RIGHT, at="22 18:00")

    graded = run(programme)

    problems = {(g.attempt.learner, g.attempt.number): g.problem for g in graded}
    assert problems[("ada", 1)] is None
    assert "damaged" in str(problems[("ada", 2)])
    assert problems[("ben", 1)] is None
    assert problems[("eve", 1)] is None
    assert points(programme, "ada") == 2.0
    assert points(programme, "ben") == 0.0
    assert {r.learner for r in log(programme)} == {"ada", "ben", "eve"}


def test_what_was_cut_off_is_graded_by_the_next_run(programme: Programme) -> None:
    submit(programme.root, "ada", WRONG, at="20 18:00")
    [first] = run(programme)
    submit(programme.root, "ada", RIGHT, at="21 18:00")
    [pending] = plan_grading(programme, ["a1"]).pending
    begun = replace(first, attempt=pending.attempt, is_finished=False)
    with programme.database.begin() as session:
        responses.record_attempt(session, begun)

    graded = run(programme)

    assert [one.attempt.number for one in graded] == [2]
    assert doubles(programme) == [(1, 0.0), (2, 1.0)]


def test_an_attempt_that_turns_up_late_finds_its_place(programme: Programme) -> None:
    submit(programme.root, "ada", RIGHT, at="21 18:00")
    run(programme)
    submit(programme.root, "ada", WRONG, at="20 18:00")

    run(programme)

    assert doubles(programme) == [(1, 0.0), (2, 1.0)]
    assert points(programme, "ada") == 2.0


def test_a_submission_that_lies_only_in_submitted_is_kept_and_graded(
    programme: Programme,
) -> None:
    folder = submit(programme.root, "ada", RIGHT, at="22 18:00")
    submitted = programme.root / "submitted" / "ada" / "a1"
    submitted.parent.mkdir(parents=True)
    folder.rename(submitted)
    submit(programme.root, "ada", WRONG, at="20 18:00")

    run(programme)

    assert doubles(programme) == [(1, 0.0), (2, 1.0)]
    assert points(programme, "ada") == 2.0


def test_a_manual_grade_arrives_with_the_next_sync(programme: Programme) -> None:
    submit(programme.root, "ada", RIGHT | {"essay": "because"}, at="20 18:00")
    run(programme)
    assert [r.item for r in log(programme)] == ["a1/one/double_test"]  # the essay waits
    with programme.nbgrader.gradebook() as gradebook:
        cell = gradebook.find_grade("essay", "one", "a1", "ada")
        cell.manual_score = 1.5
        cell.needs_manual_grade = False
        gradebook.db.commit()

    n_new = sync(programme, clock=clock, progress=silent)

    assert n_new == 1
    essay = next(r for r in log(programme) if r.item == "a1/one/essay")
    assert (essay.fraction, essay.is_manual) == (0.5, True)
    assert sync(programme, clock=clock, progress=silent) == 0


def test_graded_notebooks_that_are_gone_are_made_again(programme: Programme) -> None:
    submit(programme.root, "ada", RIGHT, at="20 18:00")
    run(programme)
    graded = programme.root / "autograded" / "ada" / "a1"
    shutil.rmtree(graded)

    assert run(programme) == []

    assert (graded / "one.ipynb").is_file()
    assert points(programme, "ada") == 2.0
    assert doubles(programme) == [(1, 1.0)]


def test_grading_again_changes_no_score(programme: Programme) -> None:
    submit(programme.root, "ada", WRONG, at="20 18:00")
    submit(programme.root, "ada", RIGHT, at="21 18:00")
    run(programme)
    before = log(programme)

    graded = run(programme, again=True)

    assert len(graded) == 2
    assert log(programme) == before
    with programme.database.begin() as session:
        records = responses.graded_attempts(session, assignment=AssignmentId("a1"))
    assert [record.is_finished for record in records] == [True, True]
