from pathlib import Path

import pytest

from skillmap.errors import GradingError
from skillmap.grading import (
    generate_release,
    open_course,
    release_assignment,
    source_assignments,
)
from tests.grading.builders import copy_user_guide, make_course

pytestmark = pytest.mark.slow


def test_a_plain_nbgrader_course_opens_without_any_file_of_ours(tmp_path: Path) -> None:
    course = open_course(copy_user_guide(tmp_path))

    assert source_assignments(course) == ["ps1"]
    assert course.course_id == ""


def test_the_course_s_own_configuration_decides(tmp_path: Path) -> None:
    course = open_course(make_course(tmp_path))

    assert course.course_id == "test-course"
    assert course.exchange == tmp_path / "exchange" / "test-course"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(GradingError, match="no such folder"):
        open_course(tmp_path / "nowhere")


def test_a_broken_configuration_is_named_with_its_error(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c = get_confg()\n", encoding="utf-8")

    with pytest.raises(GradingError, match="get_confg"):
        open_course(tmp_path)


def test_an_unknown_assignment_is_answered_with_the_closest_name(tmp_path: Path) -> None:
    course = open_course(copy_user_guide(tmp_path))

    with pytest.raises(GradingError, match="Did you mean 'ps1'"):
        generate_release(course, "ps2")


def test_releasing_without_a_course_id_says_which_line_to_add(tmp_path: Path) -> None:
    course = open_course(copy_user_guide(tmp_path))

    with pytest.raises(GradingError, match="course_id"):
        release_assignment(course, "ps1")
