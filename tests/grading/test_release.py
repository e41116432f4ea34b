import json
from pathlib import Path

import pytest

from skillmap.errors import GradingError
from skillmap.grading import (
    NbgraderCourse,
    NbgraderFailureError,
    collect_submissions,
    find_submissions,
    generate_release,
    needs_release,
    open_course,
    release_assignment,
)
from tests.courtroom import autograde
from tests.grading.builders import RIGHT, make_cell, released_course, submit
from tests.grading.gradebooks import all_rows

pytestmark = pytest.mark.slow


@pytest.fixture
def course(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> NbgraderCourse:
    return open_course(released_course(tmp_path, tmp_path_factory))


def add_a_cell(course: NbgraderCourse) -> None:
    path = course.source("a1") / "one.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"].append(make_cell("assert double(0) == 0", grade_id="another"))
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_cells_added_after_grading_are_refused_in_words_and_nothing_is_lost(
    course: NbgraderCourse,
) -> None:
    submit(course.root, "ada", RIGHT, at="20 18:00")
    autograde(course, find_submissions(course, "a1")[0])
    before = all_rows(course.root / "gradebook.db")
    released = (course.release("a1") / "one.ipynb").read_bytes()
    add_a_cell(course)

    with pytest.raises(NbgraderFailureError, match=r"added or removed after.*another name"):
        generate_release(course, "a1")

    assert all_rows(course.root / "gradebook.db") == before
    assert (course.release("a1") / "one.ipynb").read_bytes() == released
    assert not needs_release(course, "a1")


def test_a_release_that_was_cut_off_is_made_again_before_anybody_is_graded(
    course: NbgraderCourse,
) -> None:
    assert not needs_release(course, "a1")
    (course.release("a1").parent / ".a1.unfinished").touch()
    assert needs_release(course, "a1")

    generate_release(course, "a1")

    assert not needs_release(course, "a1")


def test_a_broken_source_is_told_and_the_release_of_before_stays(course: NbgraderCourse) -> None:
    (course.source("a1") / "one.ipynb").write_text("{ no notebook", encoding="utf-8")

    with pytest.raises(NbgraderFailureError, match="learners' version of a1: nbgrader stopped"):
        generate_release(course, "a1")

    assert (course.release("a1") / "one.ipynb").is_file()


def test_collecting_keeps_what_lies_only_in_submitted(course: NbgraderCourse) -> None:
    folder = submit(course.root, "ada", {"double": "first"}, at="20 18:00")
    target = course.submitted("ada", "a1")
    target.parent.mkdir(parents=True)
    folder.rename(target)
    submit(course.root, "ada", RIGHT, at="21 18:00")
    before = [one.attempt for one in find_submissions(course, "a1")]

    assert collect_submissions(course, "a1") == 1

    assert [one.attempt for one in find_submissions(course, "a1")] == before


def test_an_exchange_that_cannot_be_made_is_named(course: NbgraderCourse) -> None:
    (course.root / "exchange").write_text("a file in its place", encoding="utf-8")

    with pytest.raises(GradingError, match=r"ReleaseAssignment of a1.*exchange"):
        release_assignment(course, "a1")
