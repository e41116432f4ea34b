from pathlib import Path

import pytest

from skillmap.content import read_answers
from skillmap.errors import ContentError
from tests.content.builders import BLUEPRINT, make_course, make_plain_course, write


def test_a_right_answer_is_the_instructor_s_cell_without_markers(tmp_path: Path) -> None:
    double, essay = read_answers(make_course(tmp_path), "python-1")

    assert (double.assignment, double.notebook, double.cell) == ("python-1", "values", "double")
    assert double.right == "def double(x):\n    return 2 * x\n"
    assert essay.right == "Because."


def test_wrong_answers_are_those_of_the_blueprint(tmp_path: Path) -> None:
    double, essay = read_answers(make_course(tmp_path), "python-1")

    assert [(slip.why, slip.code) for slip in double.wrong] == [
        ("Squares", "def double(x):\n    return x ** 2")
    ]
    assert essay.wrong == ()


def test_a_plain_course_has_right_answers_only(tmp_path: Path) -> None:
    answers = read_answers(make_plain_course(tmp_path), "ps1")

    assert [(answer.cell, answer.wrong) for answer in answers] == [("double", ()), ("essay", ())]


def test_an_unknown_assignment_is_told_with_the_closest_name(tmp_path: Path) -> None:
    paths = make_course(tmp_path)

    with pytest.raises(ContentError, match="no assignment 'python1'.* Did you mean 'python-1'"):
        read_answers(paths, "python1")


def test_a_cell_that_is_not_there_is_told(tmp_path: Path) -> None:
    paths = make_course(tmp_path, blueprint=BLUEPRINT.replace('"double"', '"triple"'))

    with pytest.raises(ContentError, match="'triple': values.ipynb of 'python-1' has no such cell"):
        read_answers(paths, "python-1")


@pytest.mark.parametrize(
    "file", ["source/python-1/values.ipynb", "blueprints/python-1.toml"], ids=["notebook", "toml"]
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, file: str) -> None:
    paths = make_course(tmp_path)
    write(tmp_path / "assessments" / file, "{")

    with pytest.raises(ContentError, match=Path(file).name):
        read_answers(paths, "python-1")
