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


def configured(root: Path, *lines: str) -> Path:
    text = "\n".join(["c = get_config()", *lines, ""])
    (root / "nbgrader_config.py").write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    "line",
    [
        "raise SystemExit(3)",
        "import sys; sys.exit('enough')",
        "c.CourseDirectory.course_id = 5",
        "c.CourseDirectory.ignore = 5",
        "import no_such_module",
        "(",
    ],
)
def test_a_configuration_that_does_not_work_is_a_sentence(tmp_path: Path, line: str) -> None:
    with pytest.raises(GradingError, match=r"nbgrader_config\.py: ") as raised:
        open_course(configured(tmp_path, line))

    assert "Mend" in str(raised.value)


def test_what_a_configuration_prints_stays_out_of_our_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    open_course(configured(tmp_path, "print('hello')"))

    assert capsys.readouterr() == ("", "hello\n")


def test_relative_addresses_are_meant_from_the_course_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "Kurs på nett"
    root.mkdir()
    monkeypatch.chdir(tmp_path)
    configured(
        root,
        "c.CourseDirectory.course_id = 'x'",
        "c.CourseDirectory.db_url = 'sqlite:///grades.db'",
        "c.Exchange.root = 'exchange'",
    )

    course = open_course(Path("Kurs på nett"))

    assert course.root == root
    assert course.db_url == f"sqlite:///{root}/grades.db"
    assert course.exchange == root / "exchange" / "x"
    assert not course.has_gradebook()


def test_a_password_in_the_gradebook_s_address_is_not_shown(tmp_path: Path) -> None:
    address = "postgresql+nodriver://teacher:secret@localhost/grades"
    course = open_course(configured(tmp_path, f"c.CourseDirectory.db_url = {address!r}"))

    with pytest.raises(GradingError, match="teacher@localhost") as raised, course.gradebook():
        pass

    assert "secret" not in str(raised.value)


def test_a_folder_whose_name_nbgrader_takes_for_a_pattern_is_refused(tmp_path: Path) -> None:
    (tmp_path / "python[1]").mkdir()

    with pytest.raises(GradingError, match="Rename or move the folder"):
        open_course(tmp_path / "python[1]")


def test_a_gradebook_is_made_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = open_course(make_course(tmp_path))

    def cut_off(url: str, course_id: str) -> None:
        Path(url.removeprefix("sqlite:///")).write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr("skillmap.grading.course.Gradebook", cut_off)
    with pytest.raises(KeyboardInterrupt), course.gradebook():
        pass

    assert not course.has_gradebook()
    monkeypatch.undo()
    with course.gradebook() as gradebook:
        assert gradebook.assignments == []
    assert course.has_gradebook()
