"""The content of this repository, and a course that nobody here wrote."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from skillmap.content import (
    check_course,
    find_content,
    load_course,
    read_answers,
)
from skillmap.model import item_id
from tests.content.builders import make_course


def find_user_guide() -> Path:
    spec = find_spec("nbgrader")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "docs" / "source" / "user_guide"


def test_the_shipped_content_has_no_error() -> None:
    problems = check_course(find_content(None))

    assert [str(problem) for problem in problems if problem.severity == "error"] == []


def test_each_shipped_assignment_has_right_and_wrong_answers() -> None:
    paths = find_content(None)
    course = load_course(paths)

    tested = {item.assignment for item in course.items.values() if item.kind != "manual"}
    for assignment in course.assignments():
        answers = read_answers(paths, assignment)
        assert all(answer.right.strip() for answer in answers)
        assert any(answer.wrong for answer in answers) == (assignment in tested)


def test_no_shipped_wrong_answer_is_the_right_one() -> None:
    paths = find_content(None)

    for assignment in load_course(paths).assignments():
        for answer in read_answers(paths, assignment):
            assert answer.right.strip() not in {slip.code.strip() for slip in answer.wrong}


def test_the_course_of_nbgrader_s_user_guide_loads_unchanged(tmp_path: Path) -> None:
    make_course(tmp_path)
    paths = find_content(find_user_guide(), shipped=tmp_path)

    course = load_course(paths)

    items = [item for item in course.items.values() if item.assignment == "ps1"]
    assert len(items) == 9
    assert sum(item.max_points for item in items) == pytest.approx(13)
    assert all(item.skills == {} for item in items)
    task = course.items[item_id("ps1", "problem1", "cell-938593c4a215c6cc")]
    assert (task.kind, task.max_points) == ("manual", 4)


def test_the_course_of_nbgrader_s_user_guide_has_warnings_only(tmp_path: Path) -> None:
    make_course(tmp_path)

    problems = check_course(find_content(find_user_guide(), shipped=tmp_path))

    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    assert any("kernel" in problem.message for problem in problems)


def test_the_right_answers_of_the_user_guide_are_read(tmp_path: Path) -> None:
    make_course(tmp_path)
    paths = find_content(find_user_guide(), shipped=tmp_path)

    answers = {answer.cell: answer for answer in read_answers(paths, "ps1")}

    assert "BEGIN SOLUTION" not in answers["squares"].right
    assert "raise ValueError" in answers["squares"].right
