"""Notebooks that are no notebooks, or odd ones.

Expected of each: what cannot be read is refused in words, and gives `main` no points. What a
lenient reader may mend is either refused in words, or graded as if it were well formed.
"""

import json
from collections.abc import Callable
from typing import Any

from tests.hostile.course import RIGHT, answered_notebook, find_cell, plain_cell
from tests.hostile.expectations import Edit, Hostile, Score, as_honest, lost

__all__ = ["MALFORMED"]


def _text(**more: Any) -> str:
    return json.dumps(answered_notebook() | more)


def _cut() -> bytes:
    text = _text()
    return text[: len(text) * 2 // 3].encode()


def _deep(opening: str, closing: str = "") -> bytes:
    return (opening * 100_000 + closing * 100_000).encode()


def _deep_metadata() -> bytes:
    depth = 100_000
    deep = '{"x":' * depth + "0" + "}" * depth
    return _text().replace('"nbformat":', f'"deep": {deep}, "nbformat":', 1).encode()


UNREADABLE: dict[str, Callable[[], bytes]] = {
    "no_json": lambda: b"my answers are: 6, 42",
    "cut": _cut,
    "empty": lambda: b"",
    "one_space": lambda: b" ",
    "null_bytes": lambda: bytes(4096),
    "null_byte_inside": lambda: _text().encode().replace(b"cells", b"ce\0lls", 1),
    "bom_only": lambda: b"\xef\xbb\xbf",
    "latin_1": lambda: _text().replace("twice", "tw\xefce").encode("latin-1") + b"\xe6",
    "bad_utf8_inside": lambda: _text().encode().replace(b"twice", b"tw\xc3\x28ce", 1),
    "surrogate_bytes": lambda: _text().encode().replace(b"twice", b"tw\xed\xa0\x80ce", 1),
    "utf_32": lambda: _text().encode("utf-32"),
    "gzip": lambda: b"\x1f\x8b\x08" + bytes(200),
    "html": lambda: b"<!doctype html><script>alert(1)</script>",
    "merge_conflict": lambda: _text().replace("{", "<<<<<<< HEAD\n{", 1).encode(),
    "depth_of_lists": lambda: _deep("["),
    "depth_of_lists_closed": lambda: _deep("[", "]"),
    "depth_of_objects": lambda: _deep('{"a":'),
    "depth_of_metadata": _deep_metadata,
    "a_list": lambda: json.dumps(answered_notebook()["cells"]).encode(),
    "a_number": lambda: b"7",
    "a_text": lambda: b'"cells"',
    "nothing": lambda: b"null",
    "no_cells": lambda: b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
    "cells_text": lambda: _text(cells="cells").encode(),
    "cells_number": lambda: _text(cells=5).encode(),
    "cells_none": lambda: _text(cells=None).encode(),
    "cells_object": lambda: _text(cells={"0": {}}).encode(),
    "format_3_worksheets": lambda: b'{"nbformat": 3, "worksheets": [{"cells": []}]}',
    "two_documents": lambda: (_text() + _text()).encode(),
    "megabytes_of_space": lambda: _text().encode() + b" " * 22_000_000,
    "megabytes_of_output": lambda: _with_output("x" * 22_000_000).encode(),
    "megabytes_of_brackets": lambda: b"[" + b"[]," * 8_000_000 + b"[]]",
    "digits_by_the_million": lambda: _text().replace("4,", "4" * 2_000_000 + ",", 1).encode(),
    "python_literal": lambda: repr(answered_notebook()).encode(),
    "pickle": lambda: b"cos\nsystem\n(S'touch unpickled'\ntR.",
}


def _with_output(text: str) -> str:
    notebook = answered_notebook()
    output = {"output_type": "stream", "name": "stdout", "text": text}
    find_cell(notebook, "double")["outputs"] = [output]
    return json.dumps(notebook)


def _twice(key: str, value: str) -> bytes:
    return _text().replace("{", f'{{"{key}": {value}, ', 1).encode()


MENDABLE_BYTES: dict[str, Callable[[], bytes]] = {
    "bom": lambda: b"\xef\xbb\xbf" + _text().encode(),
    "utf_16": lambda: _text().encode("utf-16"),
    "nan_in_metadata": lambda: _text(metadata={"x": float("nan")}).encode(),
    "infinity_in_metadata": lambda: _text(metadata={"x": float("-inf")}).encode(),
    "doubled_cells_key": lambda: _twice("cells", "[]"),
    "doubled_format_key": lambda: _twice("nbformat", "3"),
    "line_ends_of_windows": lambda: (
        json.dumps(answered_notebook(), indent=1).replace("\n", "\r\n").encode()
    ),
    "format_text": lambda: _text(nbformat="4").encode(),
    "format_huge": lambda: _text(nbformat=10**30).encode(),
    "format_none": lambda: _text(nbformat=None).encode(),
    "format_gone": lambda: json.dumps({"cells": answered_notebook()["cells"]}).encode(),
    "metadata_list": lambda: _text(metadata=[]).encode(),
    "metadata_none": lambda: _text(metadata=None).encode(),
    "metadata_text": lambda: _text(metadata="python3").encode(),
    "long_key": lambda: _text(**{"k" * 1_000_000: 1}).encode(),
    "cells_by_the_thousand": lambda: _more_cells([plain_cell("1", cell_id="many")] * 20_000),
    "cells_that_fail_by_the_thousand": lambda: _more_cells([plain_cell("1 / 0")] * 1_000),
    "cell_none": lambda: _more_cells([None]),
    "cell_text": lambda: _more_cells(["print(1)"]),
    "cell_number": lambda: _more_cells([3.5]),
    "cell_list": lambda: _more_cells([[]]),
    "cell_empty": lambda: _more_cells([{}]),
    "cells_within_cells": lambda: _more_cells([answered_notebook()]),
}


def _more_cells(cells: list[Any]) -> bytes:
    return _text(cells=[*answered_notebook()["cells"], *cells]).encode()


def _set(grade_id: str, **changed: Any) -> Edit:
    return lambda notebook: find_cell(notebook, grade_id).update(changed)


def _drop(grade_id: str, key: str) -> Edit:
    return lambda notebook: find_cell(notebook, grade_id).pop(key)


def _plain(**changed: Any) -> Edit:
    return lambda notebook: notebook["cells"].append({**plain_cell("1"), **changed})


def _nbgrader(value: Any) -> Edit:
    return _set("double", metadata={"nbgrader": value})


def _id(value: Any) -> Edit:
    def change(notebook: dict[str, Any]) -> None:
        mark = find_cell(notebook, "double")["metadata"]["nbgrader"]
        mark["grade_id"] = value

    return change


GONE = lost("double_test")
MENDABLE: dict[str, tuple[Edit, dict[str, Score]]] = {
    "source_number": (_set("double", source=5), GONE),
    "source_none": (_set("double", source=None), GONE),
    "source_object": (_set("double", source={"text": RIGHT["double"]}), GONE),
    "source_of_numbers": (_set("double", source=[1, 2]), GONE),
    "source_of_lists": (_set("double", source=[[RIGHT["double"]]]), GONE),
    "source_of_lines": (
        _set("double", source=RIGHT["double"].splitlines(keepends=True)),
        as_honest(),
    ),
    "source_gone": (_drop("double", "source"), GONE),
    "source_of_test_number": (_set("double_test", source=5), as_honest()),
    "source_with_null": (_plain(source="x = 1\0"), as_honest()),
    "source_with_surrogate": (_plain(source="x = '\ud800'"), as_honest()),
    "source_with_form_feed": (_plain(source="\f\x1a\x0b"), as_honest()),
    "source_of_megabytes": (_plain(source="x = 1\n" * 500_000), as_honest()),
    "source_of_one_line": (_plain(source="x = " + "1+" * 100_000 + "1"), as_honest()),
    "source_bad_indent": (_plain(source="  x = (\n\tif"), as_honest()),
    "source_of_numbers_in_digits": (_plain(source="x = " + "9" * 100_000), as_honest()),
    "type_gone": (_drop("double_test", "cell_type"), as_honest()),
    "type_number": (_set("double_test", cell_type=3), as_honest()),
    "type_list": (_set("double_test", cell_type=["code"]), as_honest()),
    "type_unknown": (_plain(cell_type="heading"), as_honest()),
    "cell_metadata_gone": (_drop("double_test", "metadata"), as_honest()),
    "cell_metadata_none": (_set("double_test", metadata=None), as_honest()),
    "cell_metadata_list": (_set("double_test", metadata=[]), as_honest()),
    "mark_none": (_nbgrader(None), as_honest()),
    "mark_list": (_nbgrader([]), as_honest()),
    "mark_text": (_nbgrader("double"), as_honest()),
    "mark_number": (_nbgrader(float("inf")), as_honest()),
    "mark_empty": (_nbgrader({}), as_honest()),
    "id_number": (_id(7), as_honest()),
    "id_none": (_id(None), as_honest()),
    "id_list": (_id(["double"]), as_honest()),
    "id_object": (_id({"double": 1}), as_honest()),
    "id_of_megabytes": (_id("d" * 2_000_000), as_honest()),
    "id_with_path": (_id("../../double"), as_honest()),
    "id_with_sql": (_id("double'; drop table grade; --"), as_honest()),
    "id_with_surrogate": (_id("double\udc80"), as_honest()),
    "outputs_gone": (_drop("double", "outputs"), as_honest()),
    "outputs_text": (_set("double", outputs="none"), as_honest()),
    "outputs_of_numbers": (_set("double", outputs=[1, None, []]), as_honest()),
    "outputs_of_unknown_type": (_set("double", outputs=[{"output_type": "x"}]), as_honest()),
    "output_data_list": (
        _set("double", outputs=[{"output_type": "display_data", "data": [], "metadata": 1}]),
        as_honest(),
    ),
    "count_text": (_set("double", execution_count="first"), as_honest()),
    "count_huge": (_set("double", execution_count=10**40), as_honest()),
    "cell_id_number": (_set("double", id=7), as_honest()),
    "cell_id_long": (_set("double", id="i" * 100_000), as_honest()),
    "cell_id_doubled": (_set("double", id="tally"), as_honest()),
    "attachments_number": (_set("essay", attachments=5), as_honest()),
    "essay_number": (_set("essay", source=5), as_honest()),
    "essay_with_surrogate": (_set("essay", source="\ud800 twice"), as_honest()),
    "essay_with_null": (_set("essay", source="tw\0ice"), as_honest()),
    "essay_of_megabytes": (_set("essay", source="twice " * 2_000_000), as_honest()),
}


MALFORMED = (
    *(
        Hostile(name=name, klass="malformed", raw=raw, refused=True)
        for name, raw in UNREADABLE.items()
    ),
    *(
        Hostile(name=name, klass="malformed", raw=raw, may_be_refused=True)
        for name, raw in MENDABLE_BYTES.items()
    ),
    *(
        Hostile(name=name, klass="malformed", edit=edit, expected=expected, may_be_refused=True)
        for name, (edit, expected) in MENDABLE.items()
    ),
)
