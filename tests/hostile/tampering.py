"""Submissions that change what is not the learner's: locked cells, files, the grader's own process.

Expected of each: cells are matched by id against the release; what was edited, deleted, doubled,
re-typed or re-pointed is put back, keeps the points that the answers earn and is named in the
findings. An answer that is gone earns nothing. A notebook that is a link, a pipe or a folder is
refused. Code that reaches for the grader changes nothing and costs at most the cell that it is in.
"""

from typing import Any

from tests.hostile.course import find_cell
from tests.hostile.expectations import Edit, Hostile, Score, as_honest, forged, lost
from tests.hostile.files import FILES
from tests.hostile.reaches import REACHES

__all__ = ["TAMPERING"]

NAMED = ("double_test",)
TRUE = "assert True"
WRONG_DOUBLE = {"double": "def double(x):\n    return x"}


def _mark(grade_id: str, /, **changed: object) -> Edit:
    """Change keys of a cell's nbgrader metadata."""
    return lambda notebook: find_cell(notebook, grade_id)["metadata"]["nbgrader"].update(changed)


def _cell(grade_id: str, /, **changed: object) -> Edit:
    return lambda notebook: find_cell(notebook, grade_id).update(changed)


def _delete(*grade_ids: str) -> Edit:
    def change(notebook: dict[str, Any]) -> None:
        for grade_id in grade_ids:
            notebook["cells"].remove(find_cell(notebook, grade_id))

    return change


def _repeat(grade_id: str, /, **changed: object) -> Edit:
    """Add a copy of a cell at the end, as copy and paste does."""

    def change(notebook: dict[str, Any]) -> None:
        notebook["cells"].append({**find_cell(notebook, grade_id), "id": "copied", **changed})

    return change


def _first_copy(notebook: dict[str, Any]) -> None:
    _repeat("double_test")(notebook)
    notebook["cells"][1]["source"] = TRUE


def _copy_all(notebook: dict[str, Any]) -> None:
    notebook["cells"] *= 2


def _swap_ids(one: str, other: str) -> Edit:
    def change(notebook: dict[str, Any]) -> None:
        first, second = find_cell(notebook, one), find_cell(notebook, other)
        first["metadata"], second["metadata"] = second["metadata"], first["metadata"]

    return change


def _extra(notebook: dict[str, Any]) -> None:
    _repeat("double_test", source="pass")(notebook)
    mark = notebook["cells"][-1]["metadata"]["nbgrader"]
    notebook["cells"][-1]["metadata"] = {"nbgrader": {**mark, "grade_id": "bonus", "points": 100}}


def _everywhere(**changed: object) -> Edit:
    def change(notebook: dict[str, Any]) -> None:
        for cell in notebook["cells"]:
            cell["metadata"]["nbgrader"].update(changed)

    return change


def _kernel(name: str) -> Edit:
    kernel = {"name": name, "display_name": name, "language": name}
    return lambda notebook: notebook["metadata"].update(kernelspec=kernel)


CELLS: dict[str, tuple[Edit, dict[str, Score], tuple[str, ...]]] = {
    "edited_test": (_cell("double_test", source=TRUE), as_honest(), NAMED),
    "emptied_test": (_cell("double_test", source=""), as_honest(), NAMED),
    "deleted_test": (_delete("double_test"), as_honest(), NAMED),
    "deleted_all_tests": (
        _delete("double_test", "tally_test", "root_test", "mean_credit"),
        as_honest(),
        ("double_test", "mean_credit"),
    ),
    "deleted_answer": (_delete("double"), lost("double_test"), ()),
    "deleted_both": (_delete("double", "double_test"), lost("double_test"), NAMED),
    "deleted_essay": (_delete("essay"), forged("essay"), ()),
    "reversed_cells": (lambda n: n["cells"].reverse(), as_honest(), ()),
    "swapped_ids_of_answers": (_swap_ids("double", "tally"), as_honest(), ()),
    "swapped_ids_of_tests": (_swap_ids("double_test", "tally_test"), as_honest(), NAMED),
    "test_is_markdown": (_cell("double_test", cell_type="markdown"), as_honest(), NAMED),
    "test_is_raw": (_cell("double_test", cell_type="raw"), as_honest(), NAMED),
    "answer_is_markdown": (_cell("double", cell_type="markdown"), as_honest(), ()),
    "points_of_777": (_mark("double_test", points=777), as_honest(), NAMED),
    "points_below_0": (_mark("double_test", points=-5), as_honest(), NAMED),
    "points_are_nan": (_mark("double_test", points=float("nan")), as_honest(), ()),
    "points_are_text": (_mark("double_test", points="many"), as_honest(), ()),
    "essay_of_777": (_mark("essay", points=777), as_honest(), ()),
    "essay_is_a_test": (_mark("essay", solution=False, locked=True), as_honest(), ()),
    "test_is_unlocked": (_mark("double_test", locked=False), as_honest(), ()),
    "test_is_an_answer": (_mark("double_test", solution=True), as_honest(), NAMED),
    "test_is_a_task": (_mark("double_test", task=True), as_honest(), NAMED),
    "test_is_not_graded": (_mark("double_test", grade=False), as_honest(), NAMED),
    "test_has_another_id": (_mark("double_test", grade_id="other"), as_honest(), NAMED),
    "test_lost_its_mark": (_cell("double_test", metadata={}), as_honest(), NAMED),
    "extra_graded_cell": (_extra, as_honest(), ("bonus",)),
    "false_checksum": (_mark("double_test", checksum="0" * 32), as_honest(), ()),
    "kernel_bash": (_kernel("bash"), as_honest(), ()),
    "kernel_unknown": (_kernel("no-such-kernel"), as_honest(), ()),
    "kernel_path": (_kernel("../../../etc"), as_honest(), ()),
    "kernel_gone": (lambda n: n["metadata"].pop("kernelspec"), as_honest(), ()),
}
LIES: dict[str, tuple[Edit, tuple[str, ...]]] = {
    "lie_edited_test": (_cell("double_test", source=TRUE), NAMED),
    "lie_deleted_test": (_delete("double_test"), NAMED),
    "lie_first_edited_copy": (_first_copy, ()),
    "lie_last_edited_copy": (_repeat("double_test", source=TRUE), ()),
    "lie_test_is_manual": (_mark("double_test", solution=True, locked=False), NAMED),
    "lie_test_without_code": (_cell("double_test", cell_type="markdown", source="4"), NAMED),
}
UNSURE: dict[str, Edit] = {
    "copied_answer": _repeat("double"),
    "copied_test": _repeat("double_test"),
    "copied_all": _copy_all,
    "schema_1": _everywhere(schema_version=1),
    "schema_2": _everywhere(schema_version=2),
    "schema_99": _everywhere(schema_version=99),
    "schema_text": _everywhere(schema_version="3"),
    "schema_none": _everywhere(schema_version=None),
    "schema_huge": _everywhere(schema_version=10**40),
    "format_3": lambda notebook: notebook.update(nbformat=3),
    "format_5": lambda notebook: notebook.update(nbformat=5),
    "format_minor_99": lambda notebook: notebook.update(nbformat_minor=99),
}


def _cells() -> list[Hostile]:
    changed = [
        Hostile(name=name, klass="tampering", edit=edit, expected=expected, flags=flags)
        for name, (edit, expected, flags) in CELLS.items()
    ]
    lies = [
        Hostile(
            name=name,
            klass="tampering",
            answers=WRONG_DOUBLE,
            edit=edit,
            expected=forged("double_test"),
            flags=flags,
            may_be_refused="copy" in name,
        )
        for name, (edit, flags) in LIES.items()
    ]
    unsure = [
        Hostile(name=name, klass="tampering", edit=edit, may_be_refused=True)
        for name, edit in UNSURE.items()
    ]
    return [*changed, *lies, *unsure]


TAMPERING = (*_cells(), *FILES, *REACHES)
