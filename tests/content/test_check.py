from pathlib import Path
from typing import Any

import pytest

from skillmap.content import check_course, find_content
from tests.content.builders import (
    BLUEPRINT,
    SKILLS,
    SOLUTION,
    TRACK,
    errors_of,
    make_cell,
    make_cells,
    make_course,
    make_essay,
    make_plain_course,
    make_solution,
    make_test,
    warnings_of,
    write,
    write_notebook,
)

SECOND_MODULE = """
[[modules]]
id = "python.more"
titles = { en = "More", nb = "Mer" }
assignment = "python-1"
minutes = 180
after = ["python.values"]
"""


def test_a_course_in_order_has_no_problem(tmp_path: Path) -> None:
    assert check_course(make_course(tmp_path)) == []


def test_a_problem_is_one_line_of_file_place_message_and_hint(tmp_path: Path) -> None:
    paths = make_course(tmp_path, blueprint=BLUEPRINT.replace('"double_public"', '"double_pub"'))

    problem = errors_of(paths)[0]

    assert str(problem) == (
        "assessments/blueprints/python-1.toml:exercise 'double', tests:"
        " unknown cell 'double_pub' (Did you mean 'double_public'?)"
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('skills = { "py.data" = 1 }', "skills = { cobol = 1 }", "unknown skill 'cobol'"),
        ('notebook = "values"', 'notebook = "value"', "unknown notebook 'value'"),
        ('cell = "double"', 'cell = "triple"', "unknown cell 'triple'"),
        ('cell = "double"', 'cell = "double_public"', "'double_public' is no solution cell"),
        ('"double_public", ', '"double", ', "'double' is no grade cell"),
        ('"double_public", ', '"double_public", "essay", ', "'essay' is graded by hand"),
        ('tests = ["essay"]', 'tests = ["double_public"]', "is its own only test"),
        ('cell = "essay"', 'cell = "double"', "'double' stands twice"),
        ('"double_public", ', '"double_hidden", ', "'double_hidden' stands twice"),
    ],
)
def test_a_blueprint_that_does_not_fit_its_notebook_is_an_error(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    paths = make_course(tmp_path, blueprint=BLUEPRINT.replace(old, new))

    assert any(message in str(problem) for problem in errors_of(paths))


def test_a_blueprint_without_assignment_is_an_error(tmp_path: Path) -> None:
    paths = make_course(tmp_path)
    write(tmp_path / "assessments" / "blueprints" / "python-9.toml", BLUEPRINT)

    assert "there is no assignment of this name" in str(errors_of(paths)[0])


def test_a_grade_cell_that_its_blueprint_forgets_is_an_error(tmp_path: Path) -> None:
    paths = make_course(tmp_path, cells=[*make_cells(), make_test("extra")])

    assert [problem.place for problem in errors_of(paths)] == ["cell 6 'extra'"]


def test_grade_cells_of_an_assignment_without_blueprint_are_warned_of(tmp_path: Path) -> None:
    paths = make_course(tmp_path)
    write_notebook(paths.source / "python-2" / "a.ipynb", [make_test("a")])

    assert errors_of(paths) == []
    assert "no blueprint names this grade cell" in str(warnings_of(paths)[0])


def test_grade_cells_of_a_broken_blueprint_are_not_told_as_well(tmp_path: Path) -> None:
    paths = make_course(tmp_path, blueprint="[[exercises]")

    assert len(check_course(paths)) == 1


def test_a_plain_course_needs_no_blueprints(tmp_path: Path) -> None:
    assert check_course(make_plain_course(tmp_path)) == []


def test_what_only_skillmap_asks_for_is_a_warning_in_a_plain_course(tmp_path: Path) -> None:
    paths = make_plain_course(tmp_path, [make_test("a", points=0)], kernel="ir")

    assert errors_of(paths) == []
    assert [problem.message for problem in warnings_of(paths)] == [
        "its kernel is ir, not python3",
        "its points are 0, so it shows nothing",
    ]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (make_test(), "another cell has this grade_id"),
        (make_test("new", points=0), "its points are 0"),
        (make_test("new", points=-1), "its points are -1"),
        (make_test("new", points=None), "it is graded and has no points"),
        (make_test(""), "it has no grade_id"),
        (make_test("new", schema_version=2), "version 2, not 3"),
        (make_essay("new", solution=False), "text cannot be graded"),
        (make_solution("new", SOLUTION + SOLUTION[:38]), "SOLUTION markers do not match"),
        (make_solution("new", "### END SOLUTION"), "SOLUTION markers do not match"),
        (make_cell(SOLUTION), "holds a solution and is no solution cell"),
        (make_cell("### BEGIN HIDDEN TESTS"), "HIDDEN TESTS markers do not match"),
        (make_test("new", tags=["skill:cobol"]), "unknown skill 'cobol'"),
    ],
)
def test_a_cell_that_would_break_or_leak_is_an_error(
    tmp_path: Path, cell: dict[str, Any], message: str
) -> None:
    paths = make_course(tmp_path, cells=[*make_cells(), cell])

    assert any(message in problem.message for problem in errors_of(paths))


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (make_cell("1", outputs=[{"output_type": "stream"}]), "it keeps its output"),
        (make_cell("a = 1\n" * 16), "it has 16 lines of code, more than 15"),
        (make_cell("1", tags=["skill:python"]), "has no effect"),
    ],
)
def test_a_cell_that_reads_badly_is_warned_of(
    tmp_path: Path, cell: dict[str, Any], message: str
) -> None:
    paths = make_course(tmp_path, cells=[*make_cells(), cell])

    assert errors_of(paths) == []
    assert [message in problem.message for problem in warnings_of(paths)] == [True]


def test_what_learners_do_not_see_does_not_make_a_cell_long(tmp_path: Path) -> None:
    hidden = "### BEGIN HIDDEN TESTS\n" + "assert True\n" * 20 + "### END HIDDEN TESTS\n"
    cell = make_cell("a = 1\n" * 15 + hidden)
    solution = SOLUTION.replace("    return", "    x += 0\n" * 20 + "    return")
    cells = [make_cells()[0], make_solution(source=solution), *make_cells()[2:]]

    assert check_course(make_course(tmp_path, cells=[*cells, cell])) == []


def test_another_kernel_is_an_error_where_a_blueprint_stands(tmp_path: Path) -> None:
    assert "its kernel is ir" in errors_of(make_course(tmp_path, kernel="ir"))[0].message


def test_a_broken_notebook_is_told_once(tmp_path: Path) -> None:
    paths = make_course(tmp_path)
    write(paths.source / "python-1" / "values.ipynb", "{")

    assert [problem.place for problem in check_course(paths)] == ["1:2"]


@pytest.mark.parametrize(
    ("name", "is_stray"),
    [
        ("invoices.csv", False),
        ("data/prices.json", False),
        ("helper.py", False),
        ("design_matrix.csv", False),
        ("dissolution.csv", False),
        (".ipynb_checkpoints/values-checkpoint.ipynb", False),
        ("__pycache__/helper.pyc", False),
        ("solutions.ipynb", True),
        ("values_solution.py", True),
        ("fasit.txt", True),
        ("design.md", True),
        ("notes/blueprint.json", True),
        ("python-1.toml", True),
        (".private/notes.txt", True),
        (".git/HEAD", True),
    ],
)
def test_what_learners_must_not_get_is_an_error(tmp_path: Path, name: str, is_stray: bool) -> None:
    paths = make_course(tmp_path)
    write(paths.source / "python-1" / name, "{}" if name.endswith("b") else "")

    strays = [p for p in errors_of(paths) if "would give this to learners" in p.message]

    assert len(strays) == int(is_stray)


def test_a_plus_in_an_assignment_s_name_is_an_error(tmp_path: Path) -> None:
    paths = make_plain_course(tmp_path)
    write_notebook(paths.source / "c++" / "a.ipynb", [])

    assert "nbgrader refuses '+'" in str(errors_of(paths)[0])


def test_an_assignment_without_notebook_is_warned_of(tmp_path: Path) -> None:
    paths = make_plain_course(tmp_path)
    (paths.source / "empty").mkdir()

    assert "has no notebook" in str(warnings_of(paths)[0])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('broader = "python"', 'broader = "pyton"', "unknown skill 'pyton' (Did you mean 'python'"),
        ('adjacent = ["python"]', 'adjacent = ["x"]', "'py.data', adjacent: unknown skill 'x'"),
        ('broader = "python"', 'broader = "py.data"', "broader than each other"),
        ("cut = 0.6", "cut = 0.35", "its cut 0.35 is not above that of 'basic'"),
        ('id = "advanced"', 'id = "basic"', "level 'basic': this id stands 2 times"),
        ('id = "py.data"', 'id = "python"', "skill 'python': this id stands 2 times"),
    ],
)
def test_a_catalogue_that_does_not_hang_together_is_an_error(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    paths = make_course(tmp_path, skills=SKILLS.replace(old, new))

    assert any(message in str(problem) for problem in errors_of(paths))


def test_there_are_three_levels(tmp_path: Path) -> None:
    extra = '[[levels]]\nid = "top"\nlabels = { en = "a", nb = "b" }\ncut = 0.9\n'

    problems = errors_of(make_course(tmp_path, skills=SKILLS + extra))

    assert [problem.message for problem in problems] == ["there are 4 levels, not 3"]


@pytest.mark.parametrize(
    ("track", "message"),
    [
        (TRACK + 'after = ["python.value"]', "unknown module 'python.value' (Did you mean"),
        (TRACK + 'after = ["python.values"]', "python.values → python.values"),
        (TRACK + 'after = ["python.more"]' + SECOND_MODULE, "modules wait for each other"),
        (TRACK + SECOND_MODULE.replace("more", "values"), "this id stands 2 times"),
        (TRACK.replace("python-1", "python-7"), "unknown assignment 'python-7'"),
        (TRACK.replace("values.ipynb", "none.ipynb"), "there is no notebooks/python/none.ipynb"),
    ],
)
def test_a_track_that_leads_nowhere_is_an_error(tmp_path: Path, track: str, message: str) -> None:
    problems = errors_of(make_course(tmp_path, track=track))

    assert any(message in str(problem) for problem in problems)
    assert all("track.toml" in problem.file for problem in problems)


def test_a_track_that_cannot_be_read_makes_no_module_unknown(tmp_path: Path) -> None:
    paths = make_course(tmp_path, track=TRACK.replace("minutes = 180", ""))
    more = TRACK.replace('"python', '"more').replace("values.ipynb", "x.ipynb")
    write(tmp_path / "curriculum" / "more" / "track.toml", more + 'after = ["python.values"]')

    assert not any("unknown module" in str(problem) for problem in check_course(paths))


def test_the_course_s_own_lessons_are_judged(tmp_path: Path) -> None:
    paths = make_course(tmp_path)
    write_notebook(tmp_path / "notebooks" / "tour.ipynb", [], kernel="python2")
    write(tmp_path / "notebooks" / "broken.ipynb", "{")

    files = [problem.file for problem in errors_of(paths)]

    assert files == ["notebooks/broken.ipynb", "notebooks/tour.ipynb"]


def test_borrowed_lessons_are_not_judged_again(tmp_path: Path) -> None:
    make_course(tmp_path / "shipped")
    write(tmp_path / "shipped" / "notebooks" / "broken.ipynb", "{")
    write(tmp_path / "own" / "skillmap.toml", "")

    assert check_course(find_content(tmp_path / "own", shipped=tmp_path / "shipped")) == []
