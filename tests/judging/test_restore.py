import copy
import json
import os
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import ValidationError as SchemaError
from nbformat.notebooknode import from_dict
from nbgrader.api import Gradebook
from nbgrader.nbgraderformat.common import SchemaMismatchError
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    OverwriteCells,
    OverwriteKernelspec,
)

from skillmap.judging.notebook_text import read_notebook, write_notebook
from skillmap.judging.released import ReleasedAssignment, ReleasedCell, ReleasedNotebook
from skillmap.judging.restore import (
    UnrestorableNotebookError,
    renamed_notebooks,
    restore,
    restore_by_nbgrader,
)
from skillmap.judging.scoring import checksum

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
HIDDEN = "assert f(1) == 2\n### BEGIN HIDDEN TESTS\nassert f(2) == 4\n### END HIDDEN TESTS"
VISIBLE = "assert f(1) == 2"
NBGRADER_STOPS = (
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
    RuntimeError,
    OverflowError,
    SchemaError,
    SchemaMismatchError,
    nbformat.ValidationError,
)


def make_released(
    grade_id: str, source: str, *, kind: str = "test", cell_type: str = "code", points: float = 2
) -> ReleasedCell:
    """kind: "solution", "test", "manual", "task" or "locked"."""
    is_grade, is_solution = kind in ("test", "manual"), kind in ("solution", "manual")
    blank = ReleasedCell(
        grade_id=grade_id,
        cell_type=cell_type,
        source=source,
        checksum=None,
        is_locked=not is_solution,
        is_grade=is_grade,
        is_solution=is_solution,
        is_task=kind == "task",
        max_score=points if is_grade or kind == "task" else 0.0,
    )
    values = {name: getattr(blank, name) for name in ReleasedCell.__slots__}
    return ReleasedCell(**{**values, "checksum": checksum(make_submitted(blank))})


def make_submitted(released: ReleasedCell, source: str | None = None) -> dict[str, Any]:
    """The cell as learners get it, or with their source."""
    mark: dict[str, Any] = {
        "schema_version": 3,
        "grade": released.is_grade,
        "solution": released.is_solution,
        "locked": released.is_locked,
        "task": released.is_task,
        "grade_id": released.grade_id,
        "cell_type": released.cell_type,
    }
    if released.is_grade or released.is_task:
        mark["points"] = released.max_score
    given_out = VISIBLE if released.source == HIDDEN else released.source
    if released.checksum is None:
        given_out = released.source
    cell = {
        "cell_type": released.cell_type,
        "id": released.grade_id,
        "metadata": {"nbgrader": mark},
        "source": given_out if source is None else source,
    }
    return cell | {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell


def make_plain(source: str, cell_id: str = "plain", cell_type: str = "code") -> dict[str, Any]:
    cell = {"cell_type": cell_type, "id": cell_id, "metadata": {}, "source": source}
    return cell | {"outputs": [], "execution_count": None} if cell_type == "code" else cell


def make_submission(*cells: dict[str, Any]) -> dict[str, Any]:
    named = [{**copy.deepcopy(cell), "id": f"cell-{n}"} for n, cell in enumerate(cells)]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": named}


ANSWER = make_released("f", "def f(x):\n    raise NotImplementedError", kind="solution")
TEST = make_released("f_test", HIDDEN)
ESSAY = make_released("essay", "Your answer here", kind="manual", cell_type="markdown", points=3)
NOTE = make_released("note", "Read this first", kind="locked", cell_type="markdown")
TASK = make_released("task", "Plot it", kind="task", cell_type="markdown", points=4)
LAST = make_released("last_test", "assert f(0) == 0", points=1)
RELEASE = ReleasedNotebook(
    name="one", cells=(ANSWER, TEST, ESSAY, NOTE, TASK, LAST), kernelspec=KERNEL
)
DONE = "def f(x):\n    return 2 * x"


def handed_in() -> list[dict[str, Any]]:
    """An honest submission: the function written, the essay not."""
    return [make_submitted(ANSWER, DONE)] + [make_submitted(cell) for cell in RELEASE.cells[1:]]


def ids(notebook: dict[str, Any]) -> list[str]:
    marks = (cell["metadata"].get("nbgrader", {}) for cell in notebook["cells"])
    return [mark["grade_id"] for mark in marks if mark]


def kinds(restored: Any) -> dict[str, str]:
    return {flag.grade_id: flag.kind for flag in restored.flags}


def sources(notebook: dict[str, Any]) -> dict[str, str]:
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: cell["source"]
        for cell in notebook["cells"]
        if "nbgrader" in cell["metadata"]
    }


def assert_whole(notebook: dict[str, Any], answer: str = DONE) -> None:
    """Every cell of the release once, in its order and shape; the answer is the learner's."""
    assert ids(notebook) == [cell.grade_id for cell in RELEASE.cells]
    expected = {cell.grade_id: cell for cell in RELEASE.cells}
    for cell in notebook["cells"]:
        mark = cell["metadata"].get("nbgrader")
        if mark:
            released = expected[mark["grade_id"]]
            assert cell["cell_type"] == released.cell_type
            assert mark["checksum"] == released.checksum
            if released.is_locked:
                assert checksum(cell) == released.checksum
    assert sources(notebook)["f"] == answer
    nbformat.validate(json.loads(write_notebook(notebook)))


# nbgrader's law


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('gradebook')}/gradebook.db"
    with pytest.MonkeyPatch.context() as patch:  # nbgrader starts alembic by its name
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        Gradebook(url).close()
    with Gradebook(url) as book:
        book.add_assignment("a1")
        book.add_notebook("one", "a1", kernelspec=json.dumps(KERNEL))
        for cell in RELEASE.cells:
            points = {"max_score": cell.max_score, "cell_type": cell.cell_type}
            if cell.is_grade:
                book.add_grade_cell(cell.grade_id, "one", "a1", **points)
            if cell.is_solution:
                book.add_solution_cell(cell.grade_id, "one", "a1")
            if cell.is_task:
                book.add_task_cell(cell.grade_id, "one", "a1", **points)
            book.add_source_cell(
                cell.grade_id,
                "one",
                "a1",
                cell_type=cell.cell_type,
                source=cell.source,
                checksum=cell.checksum,
                locked=cell.is_locked,
            )
    return url


def by_nbgrader(notebook: dict[str, Any], url: str, *, add_missing: bool) -> Any:
    node = from_dict(copy.deepcopy(notebook))
    resources: Any = {"nbgrader": {"notebook": "one", "assignment": "a1", "db_url": url}}
    steps = (
        ClearOutput(),
        DeduplicateIds(),
        OverwriteKernelspec(),
        OverwriteCells(add_missing_cells=add_missing),
        CheckCellMetadata(),
    )
    try:
        for step in steps:
            node, resources = step.preprocess(node, resources)
    except NBGRADER_STOPS:
        return "stops"
    return node


def by_us(notebook: dict[str, Any], *, add_missing: bool) -> Any:
    try:
        return restore_by_nbgrader(copy.deepcopy(notebook), RELEASE, add_missing_cells=add_missing)
    except UnrestorableNotebookError:
        return "stops"


def without_new_ids(notebook: Any) -> Any:
    if notebook == "stops":
        return notebook
    plain = json.loads(json.dumps(notebook))
    for cell in plain["cells"]:
        if cell.get("id", "restored").startswith("restored"):
            cell.pop("id", None)
    return plain


field_changes = st.tuples(
    st.sampled_from(["grade", "solution", "locked", "task", "points", "cell_type", "extra"])
    | st.sampled_from(["schema_version", "checksum", "grade_id"]),
    st.sampled_from([True, False, None, 1, 3, 2, "", "x", "f", "code", [], {}, -1, 2.5, "2"]),
)


@st.composite
def submissions(draw: Any) -> dict[str, Any]:
    """Submissions with cells changed, copied, deleted, moved and re-typed."""
    cells = [make_plain("import math"), *handed_in(), make_plain("text", "p2", "markdown")]
    cells = copy.deepcopy(cells)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(cells) - 1))
        cell = cells[place]
        change = draw(st.sampled_from(["source", "field", "drop", "lose", "copy", "delete"]))
        if change == "source":
            cell["source"] = draw(st.sampled_from(["", "changed", VISIBLE + "  ", HIDDEN]))
        elif change == "field" and isinstance(cell["metadata"].get("nbgrader"), dict):
            name, value = draw(field_changes)
            if name != "grade_id" or value is None or isinstance(value, str | list | dict):
                cell["metadata"]["nbgrader"][name] = value
        elif change == "drop" and isinstance(cell["metadata"].get("nbgrader"), dict):
            cell["metadata"]["nbgrader"].pop(draw(field_changes)[0], None)
        elif change == "lose":
            mark = draw(st.sampled_from([None, {}, [], 5, "x"]))
            cell["metadata"] = {} if mark is None else {"nbgrader": mark}
        elif change == "copy":
            cells.insert(draw(st.integers(0, len(cells))), copy.deepcopy(cell))
        elif change == "delete" and len(cells) > 1:
            del cells[place]
    if draw(st.booleans()):
        cells = draw(st.permutations(cells))
    retyped = draw(st.none() | st.integers(0, len(cells) - 1))
    if retyped is not None:
        cell = cells[retyped]
        new = make_plain(cell["source"], cell["id"], draw(st.sampled_from(["code", "markdown"])))
        cells[retyped] = new | {"metadata": cell["metadata"]}
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {}}, "cells": cells}


@pytest.mark.slow
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(submission=submissions(), add_missing=st.booleans())
def test_a_notebook_is_restored_as_in_nbgrader(
    gradebook: str, submission: dict[str, Any], add_missing: bool
) -> None:
    theirs = by_nbgrader(submission, gradebook, add_missing=add_missing)

    ours = by_us(submission, add_missing=add_missing)

    assert without_new_ids(ours) == without_new_ids(theirs)


def test_nbgraders_law_tells_which_cell_is_copied() -> None:
    cells = handed_in()
    notebook = make_submission(*cells, cells[1])

    with pytest.raises(UnrestorableNotebookError, match=r"one.ipynb holds the cell f_test more"):
        restore_by_nbgrader(notebook, RELEASE)


def test_nbgraders_law_tells_of_another_version() -> None:
    cells = handed_in()
    cells[0]["metadata"]["nbgrader"]["schema_version"] = 2

    with pytest.raises(UnrestorableNotebookError, match="another version of nbgrader"):
        restore_by_nbgrader(make_submission(*cells), RELEASE)


# the corrected law


def test_an_honest_notebook_is_not_flagged() -> None:
    restored = restore(make_submission(*handed_in()), RELEASE)

    assert restored.flags == ()
    assert restored.unchanged == {"essay"}
    assert_whole(restored.notebook)
    assert restored.notebook["metadata"]["kernelspec"] == KERNEL


def test_spaces_at_line_ends_are_no_change() -> None:
    cells = handed_in()
    cells[1]["source"] = VISIBLE + "  \n\n"
    cells[2]["source"] += " \n"

    restored = restore(make_submission(*cells), RELEASE)

    assert restored.flags == ()
    assert restored.unchanged == {"essay"}


def test_an_edited_test_is_put_back() -> None:
    cells = handed_in()
    cells[1]["source"] = "pass"

    restored = restore(make_submission(*cells), RELEASE)

    assert kinds(restored) == {"f_test": "edited"}
    assert_whole(restored.notebook)


def test_a_locked_cell_in_another_language_of_the_release_stays_and_is_not_flagged() -> None:
    note = replace(NOTE, others=("Read this first", "Les dette først"))
    release = replace(RELEASE, cells=tuple(note if one is NOTE else one for one in RELEASE.cells))
    cells = handed_in()
    cells[3]["source"] = "Les dette først"

    restored = restore(make_submission(*cells), release)

    assert restored.flags == ()
    assert sources(restored.notebook)["note"] == "Les dette først"


def test_a_locked_cell_in_no_language_of_the_release_is_put_back() -> None:
    note = replace(NOTE, others=("Les dette først",))
    release = replace(RELEASE, cells=tuple(note if one is NOTE else one for one in RELEASE.cells))
    cells = handed_in()
    cells[3]["source"] = "Les dette sist"

    restored = restore(make_submission(*cells), release)

    assert kinds(restored) == {"note": "edited"}
    assert sources(restored.notebook)["note"] == "Read this first"


def test_a_tag_does_not_skip_a_test() -> None:
    cells = handed_in()
    cells[1]["metadata"]["tags"] = ["skip-execution"]

    restored = restore(make_submission(*cells), RELEASE)

    assert "tags" not in restored.notebook["cells"][1]["metadata"]


@pytest.mark.parametrize("gone", range(6))
def test_a_deleted_cell_is_put_back(gone: int) -> None:
    cells = handed_in()
    del cells[gone]

    restored = restore(make_submission(make_plain("x = 1"), *cells), RELEASE)

    name = RELEASE.cells[gone].grade_id
    assert kinds(restored) == {name: "missing"}
    assert_whole(restored.notebook, ANSWER.source if gone == 0 else DONE)


def test_an_empty_notebook_gets_all_cells() -> None:
    restored = restore(make_submission(make_plain("import math")), RELEASE)

    assert restored.notebook["cells"][0]["source"] == "import math"
    assert restored.unchanged == {"f", "essay"}
    assert_whole(restored.notebook, ANSWER.source)


def test_a_copied_test_costs_nobody_points() -> None:
    cells = handed_in()

    restored = restore(make_submission(*cells[:2], cells[1], *cells[2:], cells[1]), RELEASE)

    assert kinds(restored)["f_test"] in ("duplicate", "moved")
    assert len(restored.notebook["cells"]) == 6
    assert_whole(restored.notebook)


@pytest.mark.parametrize("order", ["edited first", "blank first"])
def test_of_a_copied_answer_the_written_one_counts(order: str) -> None:
    blank, written = make_submitted(ANSWER), make_submitted(ANSWER, DONE)
    both = [written, blank] if order == "edited first" else [blank, written]

    restored = restore(make_submission(*both, *handed_in()[1:]), RELEASE)

    assert kinds(restored) == {"f": "duplicate"}
    assert len(restored.notebook["cells"]) == 6
    assert_whole(restored.notebook)


def test_an_earlier_written_copy_stays_as_an_ordinary_cell() -> None:
    earlier = make_submitted(ANSWER, "helper = 1")

    restored = restore(make_submission(earlier, *handed_in()), RELEASE)

    assert restored.notebook["cells"][0]["source"] == "helper = 1"
    assert restored.notebook["cells"][0]["metadata"] == {}
    assert_whole(restored.notebook)


def test_a_forged_test_gives_nothing() -> None:
    forged = make_submitted(make_released("bonus", "pass", points=100))

    restored = restore(make_submission(*handed_in(), forged), RELEASE)

    assert kinds(restored) == {"bonus": "extra"}
    assert_whole(restored.notebook)


def test_a_cell_of_no_purpose_is_not_flagged() -> None:
    idle = make_submitted(make_released("cell-abc", "text"))
    idle["metadata"]["nbgrader"] |= {"grade": False, "locked": False}

    assert restore(make_submission(*handed_in(), idle), RELEASE).flags == ()


def test_types_and_points_are_put_back() -> None:
    cells = handed_in()
    cells[1]["metadata"]["nbgrader"]["points"] = 100
    cells[0] = make_plain(DONE, "f", "markdown") | {"metadata": cells[0]["metadata"]}
    cells[2] = make_plain("My essay", "essay") | {"metadata": cells[2]["metadata"]}

    restored = restore(make_submission(*cells), RELEASE)

    assert kinds(restored) == {"f": "retyped", "essay": "retyped", "f_test": "repointed"}
    assert restored.unchanged == frozenset()
    assert_whole(restored.notebook)


def test_a_moved_test_follows_its_answer_again() -> None:
    cells = handed_in()
    cells[0], cells[1] = cells[1], cells[0]

    restored = restore(make_submission(make_plain("import math"), *cells), RELEASE)

    assert kinds(restored) == {"f_test": "moved"}
    assert restored.notebook["cells"][0]["source"] == "import math"
    assert_whole(restored.notebook)


def test_cells_that_lost_their_metadata_are_recognised() -> None:
    cells = [{**cell, "metadata": {}} for cell in handed_in()]
    cells[2]["source"] = "My essay"

    restored = restore(make_submission(make_plain("import math"), *cells), RELEASE)

    assert set(kinds(restored).values()) == {"recognised"}
    assert len(restored.notebook["cells"]) == 7
    assert sources(restored.notebook)["essay"] == "My essay"
    assert_whole(restored.notebook)


def test_of_two_possible_answers_none_is_recognised() -> None:
    cells = handed_in()
    cells[2] = make_plain("One", "e1", "markdown")
    cells.insert(2, make_plain("Two", "e2", "markdown"))

    restored = restore(make_submission(*cells), RELEASE)

    assert kinds(restored) == {"essay": "missing"}
    assert_whole(restored.notebook)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@pytest.mark.slow
@given(submissions(), values, st.integers(0, 20))
def test_no_notebook_stops_the_corrected_law(
    submission: dict[str, Any], value: Any, place: int
) -> None:
    cells = submission["cells"]
    metadata = cells[place % len(cells)]["metadata"]
    metadata[value if isinstance(value, str) else "nbgrader"] = value
    notebook = read_notebook(json.dumps(submission).encode())

    restored = restore(notebook, RELEASE)

    assert_whole(restored.notebook, sources(restored.notebook)["f"])
    assert all(flag.words.endswith(".") for flag in restored.flags)


@pytest.mark.slow
@given(values, st.sampled_from(["grade_id", "points", "grade", "schema_version", "locked"]))
def test_nbgraders_law_raises_nothing_else(value: Any, name: str) -> None:
    cells = handed_in()
    cells[1]["metadata"]["nbgrader"][name] = value
    notebook = read_notebook(json.dumps(make_submission(*cells)).encode())

    with suppress(UnrestorableNotebookError):
        restore_by_nbgrader(notebook, RELEASE)


# renamed notebooks

SECOND = ReleasedNotebook(name="two", cells=(make_released("g", "1"), make_released("h", "2")))
ASSIGNMENT = ReleasedAssignment(name="a1", notebooks=(RELEASE, SECOND))


def test_a_renamed_notebook_is_found_by_its_cells() -> None:
    found = {"one (1)": make_submission(*handed_in())}

    assert renamed_notebooks(found, ASSIGNMENT) == {"one (1)": "one"}


def test_two_renamed_copies_are_not_guessed() -> None:
    found = {name: make_submission(*handed_in()) for name in ("one (1)", "one (2)")}

    assert renamed_notebooks(found, ASSIGNMENT) == {}


def test_a_strange_notebook_is_not_taken() -> None:
    found = {"two": make_submission(), "notes": make_submission(make_plain("x"), handed_in()[1])}

    assert renamed_notebooks(found, ASSIGNMENT) == {}


def test_a_notebook_that_is_there_is_not_replaced() -> None:
    found = {"one": make_submission(), "one (1)": make_submission(*handed_in())}

    assert renamed_notebooks(found, ASSIGNMENT) == {}
