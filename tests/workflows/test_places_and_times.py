"""Submissions that changed, lost their time, or lie elsewhere, graded by a real nbgrader."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from skillmap.grading import generate_release, gradebook_submissions
from skillmap.workflows.grade import plan_grading
from skillmap.workflows.programme import Programme
from skillmap.workflows.read_back import sync
from tests.grading.builders import RIGHT, WRONG, answer, make_course, submit
from tests.workflows.builders import clock, doubles, points, records, run, silent

pytestmark = pytest.mark.slow

EARLY = datetime(2026, 11, 20, 18, tzinfo=UTC)
LATE = datetime(2026, 11, 21, 18, tzinfo=UTC)


def put_into_submitted(programme: Programme, answers: dict[str, str], *, at: datetime) -> Path:
    """Lay ada's work into submitted/ without a timestamp, in place of what is there."""
    folder = programme.nbgrader.submitted("ada", "a1")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(programme.root / "release" / "a1", folder)
    answer(folder, answers)
    date(folder, at)
    return folder


def date(folder: Path, at: datetime) -> None:
    for path in folder.iterdir():
        os.utime(path, (at.timestamp(), at.timestamp()))


def held_time(programme: Programme) -> datetime | None:
    [submission] = gradebook_submissions(programme.nbgrader, "a1", learner="ada")
    return submission.timestamp


def test_a_folder_changed_in_place_is_a_new_attempt_and_a_new_date_alone_is_none(
    programme: Programme,
) -> None:
    put_into_submitted(programme, WRONG, at=EARLY)
    run(programme)
    changed = put_into_submitted(programme, RIGHT, at=LATE)

    run(programme)

    assert doubles(programme) == [(1, 0.0), (2, 1.0)]
    assert points(programme, "ada") == 2.0
    date(changed, LATE + timedelta(days=1))
    assert plan_grading(programme, ["a1"]).pending == ()
    assert run(programme) == []
    assert sync(programme, clock=clock, progress=silent) == 0


def test_a_submission_without_a_time_takes_over_no_time_of_an_earlier_one(
    programme: Programme,
) -> None:
    submit(programme.root, "ada", WRONG, at="20 18:00")
    run(programme)
    put_into_submitted(programme, RIGHT, at=LATE)

    run(programme)

    assert held_time(programme) is None
    assert sync(programme, clock=clock, progress=silent) == 0
    assert doubles(programme) == [(1, 0.0), (2, 1.0)]
    assert run(programme) == []


def test_a_gradebook_without_fractions_of_a_second_is_not_graded_again(
    programme: Programme,
) -> None:
    submit(programme.root, "ada", RIGHT, at="20 18:00")
    folder = next((programme.nbgrader.exchange / "inbound").iterdir())
    stamp = "2026-11-20 18:00:00.654321 UTC"
    folder = folder.rename(folder.parent / f"ada+a1+{stamp}+x")
    (folder / "timestamp.txt").write_text(stamp, encoding="utf-8")
    run(programme)
    with programme.nbgrader.gradebook() as gradebook:
        gradebook.find_submission("a1", "ada").timestamp = EARLY.replace(tzinfo=None)
        gradebook.db.commit()
    graded_at = [one.graded_at for one in records(programme)]

    assert run(programme) == []

    assert [one.graded_at for one in records(programme)] == graded_at
    assert held_time(programme) == EARLY


def test_a_copy_that_an_instructor_mended_is_graded_in_its_place(programme: Programme) -> None:
    submit(programme.root, "ada", WRONG, at="20 18:00")
    run(programme)
    assert doubles(programme) == [(1, 0.0)]
    answer(programme.nbgrader.submitted("ada", "a1"), RIGHT)

    [mended] = run(programme)

    assert mended.attempt.number == 1
    assert doubles(programme) == [(1, 1.0)]
    assert run(programme) == []
    assert sync(programme, clock=clock, progress=silent) == 0


def test_a_course_in_another_order_of_folders_with_odd_names_is_graded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_course(tmp_path / "Kurs på nett")
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(
            'c.CourseDirectory.directory_structure = "{nbgrader_step}/{assignment_id}/{student_id}"'
            '\nc.CourseDirectory.db_url = "sqlite:///grades.db"\n'
            'c.CourseDirectory.student_id_exclude = "ben"\n'
            'import warnings; print("a word"); warnings.warn("a warning")\n'
        )
    monkeypatch.chdir(tmp_path)
    programme = Programme(Path("Kurs på nett"))
    with pytest.warns(UserWarning, match="a warning"):
        course = programme.nbgrader
    generate_release(course, "a1")
    for learner in ("Åse Ødegård", "ben"):
        submit(root, learner, RIGHT, at="20 18:00")

    graded = {one.attempt.learner: one.problem for one in run(programme)}

    assert graded["Åse Ødegård"] is None
    assert "student_id_exclude" in str(graded["ben"])
    assert points(programme, "Åse Ødegård") == 2.0
    assert (root / "autograded" / "a1" / "Åse Ødegård" / "one.ipynb").is_file()
    assert (root / "grades.db").is_file()


def test_an_assignment_that_cannot_be_released_does_not_stop_the_others(
    programme: Programme,
) -> None:
    source = programme.nbgrader.source("broken")
    source.mkdir()
    (source / "one.ipynb").write_text("{ no notebook", encoding="utf-8")
    shutil.copytree(programme.root / "release" / "a1", programme.root / "release" / "broken")
    submit(programme.root, "ada", RIGHT, at="20 18:00", assignment="broken")
    submit(programme.root, "ben", RIGHT, at="20 19:00")

    graded = {one.attempt.learner: one for one in run(programme, "broken", "a1")}

    assert "learners' version of broken" in str(graded["ada"].problem)
    assert not graded["ada"].is_finished
    assert graded["ben"].problem is None


def test_a_notebook_that_was_not_handed_in_is_a_finding_and_no_evidence(
    programme: Programme,
) -> None:
    folder = submit(programme.root, "ada", RIGHT, at="20 18:00", assignment="two")
    (folder / "second.ipynb").unlink()
    (folder / "second.ipynb").mkdir()
    (folder / "second.ipynb" / "note.txt").touch()

    [refused] = run(programme, "two")
    shutil.rmtree(folder / "second.ipynb")
    [graded] = run(programme, "two")

    assert "second.ipynb is a folder" in str(refused.problem)
    assert graded.problem is None
    assert any("second.ipynb was not handed in" in finding for finding in graded.findings)
