import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from skillmap.grading import (
    NbgraderCourse,
    Submission,
    find_submissions,
    open_course,
    place,
    preserve_submitted,
)
from skillmap.grading.times import read_time
from tests.grading.builders import RIGHT, WRONG, answer, released_course, submit

pytestmark = pytest.mark.slow

EARLY = datetime(2026, 11, 20, 18, tzinfo=UTC)
LATE = datetime(2026, 11, 21, 18, tzinfo=UTC)


@pytest.fixture
def course(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> NbgraderCourse:
    return open_course(released_course(tmp_path / "course", tmp_path_factory))


def inbound(course: NbgraderCourse) -> Path:
    folder = course.exchange / "inbound"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def hand_in_without_time(course: NbgraderCourse, learner: str, text: str, *, at: int) -> Path:
    """Put a submission into submitted/, as an instructor does who got it by mail."""
    folder = course.submitted(learner, "a1")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "one.ipynb").write_text(text, encoding="utf-8")
    os.utime(folder / "one.ipynb", (at, at))
    return folder


def found(course: NbgraderCourse) -> list[Submission]:
    return find_submissions(course, "a1")


def learners(course: NbgraderCourse) -> list[str]:
    return [submission.attempt.learner for submission in found(course)]


@pytest.mark.parametrize(
    "learner", ["ada", "ada+test@example.org", "a b", "Åse Ødegård", "{x}", "%s"]
)
def test_a_learner_may_have_any_printable_name(course: NbgraderCourse, learner: str) -> None:
    submit(course.root, learner, RIGHT, at="20 18:00")

    [submission] = found(course)

    assert submission.attempt.learner == learner
    assert submission.attempt.submitted_at == EARLY
    assert submission.problem is None


@pytest.mark.parametrize(
    "learner", ["", ".", "..", ".ada", " ada", "a\nb", "a\x1bb", "*", "a[1]", "ad?"]
)
def test_a_name_that_leads_elsewhere_is_refused_in_words(
    course: NbgraderCourse, learner: str
) -> None:
    submit(course.root, learner, RIGHT, at="20 18:00")

    [submission] = found(course)

    assert "cannot be used" in str(submission.problem)
    assert submission.attempt.learner.isprintable()


def test_a_name_that_is_no_text_is_refused_in_words(course: NbgraderCourse) -> None:
    folder = submit(course.root, "ada", RIGHT, at="20 18:00")
    folder.rename(folder.parent / os.fsdecode(b"ad\xff+a1+2026-11-20 18:00:00 UTC+x"))

    [submission] = found(course)

    assert "cannot be used" in str(submission.problem)
    submission.attempt.learner.encode()


def test_what_is_no_submission_is_passed_over(course: NbgraderCourse) -> None:
    submit(course.root, "ada", RIGHT, at="20 18:00")
    (inbound(course) / "notes.txt").touch()
    (inbound(course) / "ben+a1+2026-11-20 18:00:00 UTC+x").touch()
    (inbound(course) / "a1").mkdir()
    (inbound(course) / "eve+a1").mkdir()
    (inbound(course) / "eve+other+2026-11-20 18:00:00 UTC+x").mkdir()
    os.mkfifo(inbound(course) / "kim+a1+2026-11-20 18:00:00 UTC+x")
    ada = next(inbound(course).glob("ada*"))
    (inbound(course) / "thief+a1+2026-11-20 18:00:00 UTC+x").symlink_to(ada)

    assert learners(course) == ["ada"]


@pytest.mark.parametrize("stamp", ["soon", "7", "99999999999999999999"])
def test_a_broken_stamp_in_the_folder_s_name_is_read_from_the_file(
    course: NbgraderCourse, stamp: str
) -> None:
    folder = submit(course.root, "ada", RIGHT, at="20 18:00")
    folder.rename(folder.parent / f"ada+a1+{stamp}+x")

    [submission] = found(course)

    assert submission.attempt.submitted_at == EARLY


def test_what_is_still_being_handed_in_waits(course: NbgraderCourse) -> None:
    folder = submit(course.root, "ada", RIGHT, at="20 18:00")
    (folder / "timestamp.txt").unlink()

    [submission] = found(course)

    assert "still being handed in" in str(submission.problem)


def test_the_same_bytes_at_another_time_are_another_attempt(course: NbgraderCourse) -> None:
    submit(course.root, "ada", RIGHT, at="20 18:00")
    submit(course.root, "ada", RIGHT, at="21 18:00")

    first, second = found(course)

    assert (first.attempt.number, second.attempt.number) == (1, 2)
    assert first.attempt.sha256 == second.attempt.sha256


def test_a_collected_copy_is_the_same_attempt(course: NbgraderCourse) -> None:
    folder = submit(course.root, "ada", RIGHT, at="20 18:00")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "x.pyc").touch()
    [before] = found(course)

    place(course, before)

    assert found(course) == [before]


def test_a_copy_that_a_person_mended_is_graded_instead(course: NbgraderCourse) -> None:
    submit(course.root, "ada", WRONG, at="20 18:00")
    [handed_in] = found(course)
    place(course, handed_in)
    answer(course.submitted("ada", "a1"), RIGHT)

    [mended] = found(course)

    assert mended.folder == course.submitted("ada", "a1")
    assert mended.attempt.submitted_at == EARLY
    assert mended.attempt.sha256 != handed_in.attempt.sha256


def test_a_mended_copy_outlives_the_next_attempt(course: NbgraderCourse) -> None:
    submit(course.root, "ada", WRONG, at="20 18:00")
    place(course, found(course)[0])
    answer(course.submitted("ada", "a1"), RIGHT)
    [mended] = found(course)
    submit(course.root, "ada", WRONG, at="21 18:00")

    preserve_submitted(course, "a1")
    place(course, found(course)[1])

    first, second = found(course)
    assert first.attempt.sha256 == mended.attempt.sha256
    assert second.attempt.submitted_at == LATE


def test_a_placed_submission_tells_the_time_that_we_count_with(course: NbgraderCourse) -> None:
    folder = submit(course.root, "ada", RIGHT, at="20 18:00")
    (folder / "timestamp.txt").write_text("7", encoding="utf-8")

    place(course, found(course)[0])

    assert read_time(course.submitted("ada", "a1")) == EARLY


def test_a_folder_without_a_time_has_that_of_its_newest_file(course: NbgraderCourse) -> None:
    hand_in_without_time(course, "ada", "{}", at=int(EARLY.timestamp()))

    [submission] = found(course)

    assert submission.attempt.submitted_at == EARLY
    assert not submission.has_time


def test_changed_in_place_a_folder_without_a_time_is_a_new_attempt(
    course: NbgraderCourse,
) -> None:
    hand_in_without_time(course, "ada", "{}", at=int(EARLY.timestamp()))
    [first] = found(course)
    hand_in_without_time(course, "ada", "[]", at=int(LATE.timestamp()))
    [second] = found(course)

    assert second.attempt.submitted_at == LATE
    assert second.attempt.sha256 != first.attempt.sha256


def test_a_known_submission_that_lost_its_time_is_no_new_attempt(course: NbgraderCourse) -> None:
    submit(course.root, "ada", RIGHT, at="20 18:00")
    place(course, found(course)[0])
    (course.submitted("ada", "a1") / "timestamp.txt").unlink()

    [submission] = found(course)

    assert submission.attempt.submitted_at == EARLY


def test_a_folder_without_a_time_stays_the_same_attempt_when_it_is_replaced(
    course: NbgraderCourse,
) -> None:
    hand_in_without_time(course, "ada", "{}", at=int(EARLY.timestamp()))
    submit(course.root, "ada", RIGHT, at="21 18:00")
    before = [one.attempt for one in found(course)]

    preserve_submitted(course, "a1")
    place(course, found(course)[1])
    after = found(course)
    place(course, after[0])

    assert [one.attempt for one in after] == before
    assert [one.attempt for one in found(course)] == before
    assert [one.has_time for one in after] == [False, True]


def test_a_time_that_nbgrader_cannot_read_is_told(course: NbgraderCourse) -> None:
    folder = hand_in_without_time(course, "ada", "{}", at=int(EARLY.timestamp()))
    (folder / "timestamp.txt").write_text("soon", encoding="utf-8")

    [submission] = found(course)

    assert "timestamp.txt holds no time" in str(submission.problem)


@pytest.mark.parametrize(
    "structure",
    [
        "{nbgrader_step}/{student_id}/{assignment_id}",
        "{nbgrader_step}/{assignment_id}/{student_id}",
        "{student_id}/{nbgrader_step}/{assignment_id}",
        "{nbgrader_step}/{student_id}/tasks/{assignment_id}",
        "{nbgrader_step}/{assignment_id}-{student_id}",
    ],
)
def test_any_structure_of_folders_is_understood(tmp_path: Path, structure: str) -> None:
    (tmp_path / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.directory_structure = {structure!r}\n",
        encoding="utf-8",
    )
    course = open_course(tmp_path)
    for learner in ("ada", "ben"):
        hand_in_without_time(course, learner, "{}", at=0)

    assert learners(course) == ["ada", "ben"]


def test_a_linked_folder_in_submitted_is_not_followed(course: NbgraderCourse) -> None:
    hand_in_without_time(course, "ada", "{}", at=0)
    thief = course.submitted("thief", "a1")
    thief.parent.mkdir()
    thief.symlink_to(course.submitted("ada", "a1"))

    assert learners(course) == ["ada"]
