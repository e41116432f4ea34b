from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmap.content import load_course
from skillmap.errors import ContentError
from skillmap.model import item_id
from tests.content.builders import (
    BLUEPRINT,
    SKILLS,
    TRACK,
    make_cells,
    make_course,
    make_essay,
    make_plain_course,
    make_solution,
    make_test,
    write,
)

HIDDEN = item_id("python-1", "values", "double_hidden")
ESSAY = item_id("python-1", "values", "essay")


def make_track(track: str, *after: str) -> str:
    text = TRACK.replace('"python"', f'"{track}"').replace("python.values", f"{track}.1")
    return text + f"after = {list(after)}\n"


def test_each_grade_cell_becomes_an_item_of_its_exercise(tmp_path: Path) -> None:
    course = load_course(make_course(tmp_path))

    item = course.items[HIDDEN]
    assert len(course.items) == 3
    assert (item.exercise, item.difficulty, item.minutes) == ("double", 2, 8)
    assert (item.max_points, item.kind, item.skills) == (2.0, "auto", {"py.data": 1.0})
    assert item.titles == {"en": "Double", "nb": "Doble"}


def test_an_answer_that_is_graded_itself_is_manual(tmp_path: Path) -> None:
    course = load_course(make_course(tmp_path))

    item = course.items[ESSAY]
    assert (item.kind, item.exercise, item.max_points) == ("manual", "essay", 2.0)
    assert item.skills == {"python": 0.5, "py.data": 0.5}


def test_skills_levels_and_tracks_are_those_of_the_files(tmp_path: Path) -> None:
    course = load_course(make_course(tmp_path))

    assert list(course.skills) == ["python", "py.data"]
    assert course.skills[next(s for s in course.skills if s == "py.data")].broader == "python"
    assert [level.cut for level in course.levels] == [0.35, 0.6, 0.8]
    assert [module.id for track in course.tracks for module in track.modules] == ["python.values"]
    assert course.assignments() == ("python-1",)


def test_a_track_stands_after_those_that_it_builds_upon(tmp_path: Path) -> None:
    paths = make_course(tmp_path)
    write(tmp_path / "curriculum" / "a" / "track.toml", make_track("a", "python.values"))
    write(tmp_path / "curriculum" / "b" / "track.toml", make_track("b"))

    assert [track.id for track in load_course(paths).tracks] == ["b", "python", "a"]


def test_tracks_that_build_upon_each_other_are_ordered_by_id(tmp_path: Path) -> None:
    paths = make_course(tmp_path)
    second = '[[modules]]\nid = "b.2"\nassignment = "python-1"\nminutes = 1\nafter = ["a.1"]\n'
    titles = 'titles = { en = "Two", nb = "To" }\n'
    write(tmp_path / "curriculum" / "a" / "track.toml", make_track("a", "b.1"))
    write(tmp_path / "curriculum" / "b" / "track.toml", make_track("b") + second + titles)

    assert [track.id for track in load_course(paths).tracks] == ["python", "a", "b"]


def test_a_plain_course_has_untagged_items_and_the_shipped_skills(tmp_path: Path) -> None:
    course = load_course(make_plain_course(tmp_path))

    item = course.items[item_id("ps1", "problem1", "double_hidden")]
    assert (item.exercise, item.skills, item.difficulty) == ("double_hidden", {}, 3)
    assert set(course.skills) == {"python", "py.data"}
    assert course.tracks == ()


def test_a_tag_of_a_grade_cell_names_its_skill(tmp_path: Path) -> None:
    cells = [make_test("a", tags=["skill:py.data", "skill:python", "hide"])]

    course = load_course(make_plain_course(tmp_path, cells))

    item = course.items[item_id("ps1", "problem1", "a")]
    assert item.skills == {"py.data": 1.0, "python": 1.0}


def test_a_tag_of_an_unknown_skill_is_left_out(tmp_path: Path) -> None:
    course = load_course(make_plain_course(tmp_path, [make_test("a", tags=["skill:cobol"])]))

    assert course.items[item_id("ps1", "problem1", "a")].skills == {}


def test_the_blueprint_goes_before_tags(tmp_path: Path) -> None:
    cells = [
        make_solution(),
        make_test(tags=["skill:python"]),
        make_test("double_hidden"),
        make_essay(),
    ]

    course = load_course(make_course(tmp_path, cells=cells))

    assert course.items[item_id("python-1", "values", "double_public")].skills == {"py.data": 1.0}


def test_a_task_cell_is_a_manual_item(tmp_path: Path) -> None:
    task = make_essay("task", grade=False, solution=False, locked=True, task=True, points=4)

    course = load_course(make_plain_course(tmp_path, [task]))

    item = course.items[item_id("ps1", "problem1", "task")]
    assert (item.kind, item.max_points) == ("manual", 4.0)


@pytest.mark.parametrize("points", [0, -1, None, "many"])
def test_a_cell_without_points_is_no_item(tmp_path: Path, points: object) -> None:
    course = load_course(make_plain_course(tmp_path, [make_test("a", points=points)]))

    assert course.items == {}


def test_a_broken_notebook_is_left_out_and_the_rest_is_loaded(tmp_path: Path) -> None:
    paths = make_course(tmp_path)
    write(paths.source / "python-1" / "values.ipynb", "{")
    write(paths.source / "python-2" / "other.ipynb", '{"cells": []}')

    course = load_course(paths)

    assert course.items == {}
    assert len(course.tracks) == 1


def test_two_cells_of_one_grade_id_make_one_item(tmp_path: Path) -> None:
    cells = [make_test("a", points=1), make_test("a", points=9)]

    course = load_course(make_plain_course(tmp_path, cells))

    assert [item.max_points for item in course.items.values()] == [1.0]


def test_an_unknown_skill_in_a_blueprint_stops_with_the_closest_word(tmp_path: Path) -> None:
    blueprint = BLUEPRINT.replace('{ "py.data" = 1 }', '{ "py.dat" = 1 }')
    paths = make_course(tmp_path, blueprint=blueprint)

    with pytest.raises(ContentError) as caught:
        load_course(paths)

    assert str(caught.value) == (
        "assessments/blueprints/python-1.toml:exercise 'double', skills:"
        " unknown skill 'py.dat' (Did you mean 'py.data'?)"
    )


def test_a_catalogue_that_cannot_be_read_makes_no_skill_unknown(tmp_path: Path) -> None:
    paths = make_course(tmp_path, skills=SKILLS.replace("cut = 0.6", ""))

    with pytest.raises(ContentError) as caught:
        load_course(paths)

    assert len(str(caught.value).splitlines()) == 1


@given(names=st.lists(st.from_regex(r"[a-z][a-z0-9_-]{0,9}", fullmatch=True), unique=True))
def test_every_grade_cell_is_found_again_under_its_id(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    cells = [make_test(name, points=index + 1) for index, name in enumerate(names)]

    course = load_course(make_plain_course(tmp_path_factory.mktemp("course"), cells))

    assert {item.grade_id: item.max_points for item in course.items.values()} == {
        name: index + 1 for index, name in enumerate(names)
    }


def test_cells_that_no_blueprint_names_are_untagged(tmp_path: Path) -> None:
    cells = [*make_cells(), make_test("extra")]

    course = load_course(make_course(tmp_path, cells=cells))

    assert course.items[item_id("python-1", "values", "extra")].skills == {}
