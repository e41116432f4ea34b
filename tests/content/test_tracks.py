"""What a track promises: minutes that add up, and skills that are shown often enough."""

from pathlib import Path

import pytest

from tests.content.builders import BLUEPRINT, TRACK, errors_of, make_course, warnings_of

PARTS = "parts = { lesson = 100, assignment = 20, homework = 60 }\n"
IN_MINUTES = BLUEPRINT.replace("difficulty = 4", "difficulty = 4\nminutes = 12")
MORE = """
[[modules]]
id = "python.more"
titles = { en = "More", nb = "Mer" }
assignment = "python-1"
minutes = 180
"""


def messages(problems: list[object]) -> str:
    return "\n".join(map(str, problems))


def test_parts_that_make_up_the_evening_are_in_order(tmp_path: Path) -> None:
    paths = make_course(tmp_path, track=TRACK + PARTS, blueprint=IN_MINUTES)

    assert errors_of(paths) == warnings_of(paths) == []


def test_parts_that_do_not_add_up_are_an_error(tmp_path: Path) -> None:
    paths = make_course(tmp_path, track=TRACK + PARTS.replace("100", "90"))

    assert "its parts take 170 minutes, the module 180" in str(errors_of(paths)[0])


@pytest.mark.parametrize(("minutes", "n_warnings"), [(20, 0), (22, 0), (18, 0), (23, 1), (17, 1)])
def test_exercises_may_be_off_their_minutes_by_a_tenth(
    tmp_path: Path, minutes: int, n_warnings: int
) -> None:
    blueprint = IN_MINUTES.replace("minutes = 12", f"minutes = {minutes - 8}")

    paths = make_course(tmp_path, track=TRACK + PARTS, blueprint=blueprint)

    assert len(warnings_of(paths)) == n_warnings


def test_a_module_that_comes_first_stands_above(tmp_path: Path) -> None:
    paths = make_course(tmp_path, track=TRACK + 'after = ["python.more"]' + MORE)

    assert "'python.more' comes first and stands below" in messages([*errors_of(paths)])


def test_a_skill_that_two_exercises_of_one_exercise_s_tests_show_is_little(tmp_path: Path) -> None:
    paths = make_course(tmp_path, track=TRACK + MORE.replace('"python-1"', '"python-2"'))

    assert "skill 'py.data': 2 exercises in 1 modules show it" in messages([*warnings_of(paths)])


def test_a_skill_that_only_goes_along_needs_no_evidence(tmp_path: Path) -> None:
    blueprint = BLUEPRINT.replace("= 1 }", "= 0.4 }").replace("= 0.5", "= 0.4")

    paths = make_course(tmp_path, track=TRACK + MORE, blueprint=blueprint)

    assert "show it" not in messages([*warnings_of(paths)])


@pytest.mark.parametrize(
    ("objectives", "message"),
    [
        ('objectives.en = ["a"]', "no sentences in 'nb'"),
        ('objectives.en = ["a"]\nobjectives.nb = ["b", "c"]', "different numbers of sentences"),
        ('objectives.en = ["a"]\nobjectives.nb = ["b"]', ""),
    ],
)
def test_objectives_are_the_same_in_both_languages(
    tmp_path: Path, objectives: str, message: str
) -> None:
    problems = errors_of(make_course(tmp_path, track=TRACK + objectives))

    assert [message in str(problem) for problem in problems] == [True] * bool(message)
