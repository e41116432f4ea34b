"""How `check` answers, with and without a proof."""

import json
import shutil
from pathlib import Path

import pytest

from skillmap.content import find_content
from tests.cli.test_app import run
from tests.content.builders import make_plain_course
from tests.grading.builders import (
    SOLUTION,
    add_assignment,
    copy_user_guide,
    make_cell,
    make_course,
)

TEST = "assert double(3) == 6, f'double(3) gave {double(3)}, expected 6'"


def make_item(root: Path, test: str = TEST) -> Path:
    cells = [
        make_cell(SOLUTION, grade_id="double", kind="solution"),
        make_cell(test, grade_id="double_test", points=2),
    ]
    return make_course(root, cells={"one": cells})


def test_a_silent_assert_is_told_without_running_anything(tmp_path: Path) -> None:
    code, text = run("--course", str(make_item(tmp_path, "assert double(3) == 6")), "check")

    assert code == 0
    place = "warning: source/a1/one.ipynb:cell 2 'double_test'"
    assert f"{place}: the assert in line 1 tells the learner nothing" in text
    assert "run apart" not in text


def test_a_course_without_a_problem_says_so(tmp_path: Path) -> None:
    code, text = run("--course", str(make_item(tmp_path)), "check", "--json")

    assert code == 0
    assert json.loads(text) == []


def test_naming_assignments_without_a_proof_is_refused(tmp_path: Path) -> None:
    code, text = run("--course", str(make_item(tmp_path)), "check", "a1")

    assert code == 2
    assert "--prove" in text


def test_a_misspelt_assignment_is_answered_with_the_closest(tmp_path: Path) -> None:
    code, text = run("--course", str(make_item(tmp_path)), "check", "a11", "--prove")

    assert code == 3
    assert "Did you mean 'a1'" in text.replace("\n", " ")


@pytest.mark.slow
def test_a_proof_shows_a_table_and_the_share_that_runs_apart(tmp_path: Path) -> None:
    root = make_item(tmp_path)
    beside = make_cell("kept = double(3)\nassert kept == 6, 'not 6'", grade_id="beside")
    answer = make_cell(SOLUTION, grade_id="double", kind="solution")
    plain = make_cell("print(kept)", kind="plain")
    add_assignment(root, "a2", {"one": [answer, beside, plain]})

    code, text = run("--course", str(root), "check", "--prove", "--mutants", "3")

    assert code == 0
    assert "one/double_test" in text
    assert "3 of 3 (100%)" in text
    assert "1 of 2 test cells (50%) run apart from learners' code." in text
    why = "runs beside learners' code: a2/one/beside: Later cells use what this test makes."
    assert why in text


@pytest.mark.slow
def test_a_solution_that_fails_its_test_ends_with_an_error(tmp_path: Path) -> None:
    root = make_item(tmp_path, "assert double(3) == 7, 'expected 7'")

    code, text = run("--course", str(root), "check", "--prove", "--mutants", "0", "--json")

    assert code == 3
    found = json.loads(text[text.index("{") :])
    [problem] = found["problems"]
    assert problem["severity"] == "error"
    assert problem["text"] == (
        "source/a1/one.ipynb:cell 2 'double_test': the solution scores 0 of 2 "
        "(it says: AssertionError: expected 7)"
    )
    assert [item["tier"] for item in found["items"]] == ["value"]
    assert (found["n_apart"], found["share"]) == (1, 1.0)


@pytest.mark.slow
def test_what_the_files_tell_is_not_told_again_by_the_proof(tmp_path: Path) -> None:
    root = make_item(tmp_path, "assert double(3) == 6")

    _, text = run("--course", str(root), "check", "--prove", "--mutants", "0")

    assert text.count("the assert in line 1 tells the learner nothing") == 1


@pytest.mark.slow
def test_nbgrader_s_own_course_can_be_proved(tmp_path: Path) -> None:
    code, text = run(
        "--course", str(copy_user_guide(tmp_path)), "check", "--prove", "--mutants", "1"
    )

    assert code == 0, text
    assert "4 of 4 test cells (100%) run apart from learners' code." in text


@pytest.mark.slow
def test_a_course_of_shipped_content_can_be_proved(tmp_path: Path) -> None:
    name = "python-3-functions"
    shutil.copytree(find_content(None).source / name, tmp_path / "source" / name)

    code, text = run("--course", str(tmp_path), "check", name, "--prove", "--mutants", "1")

    assert code == 0, text
    assert " of 8 test cells (" in text
    assert f"{name}/functions/with_retries_public: Kept apart" in text


def test_an_empty_course_has_nothing_to_prove(tmp_path: Path) -> None:
    paths = make_plain_course(tmp_path)
    shutil.rmtree(paths.source / "ps1")

    code, text = run("--course", str(tmp_path / "plain"), "check", "--prove", "--unsafe")

    assert code == 0
    assert "test cells" not in text
