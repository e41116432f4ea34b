import json
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmap.errors import GradingError
from skillmap.judging.notebook_text import (
    MAX_BYTES,
    UnreadableNotebookError,
    new_cell_id,
    read_notebook,
    write_notebook,
)
from tests.grading.builders import make_cell, make_notebook

GOOD = make_notebook(make_cell("assert True", grade_id="t"))


def make_text(*cells: Any, **fields: Any) -> bytes:
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}
    return json.dumps({**notebook, **fields}).encode()


def code(source: Any = "x = 1", **fields: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, **fields}


def test_a_good_notebook_keeps_all_but_its_outputs() -> None:
    notebook = read_notebook(GOOD.encode())

    assert notebook == json.loads(GOOD)


def test_what_other_editors_leave_out_is_filled_in() -> None:
    notebook = read_notebook(b'{"cells": [{"cell_type": "code"}, {"cell_type": "markdown"}]}')

    first, second = notebook["cells"]
    assert (first["source"], first["metadata"], first["outputs"]) == ("", {}, [])
    assert second["source"] == ""
    assert first["id"] != second["id"]
    nbformat.validate(json.loads(write_notebook(notebook)))


def test_lines_are_joined() -> None:
    assert read_notebook(make_text(code(["a\n", "b"])))["cells"][0]["source"] == "a\nb"


def test_outputs_of_the_learner_are_not_taken_over() -> None:
    output = {"output_type": "display_data", "data": {"text/html": "<script>"}, "metadata": {}}

    notebook = read_notebook(make_text(code(outputs=[output], execution_count=7)))

    assert notebook["cells"][0]["outputs"] == []
    assert notebook["cells"][0]["execution_count"] is None


def test_ids_are_made_unique_and_the_first_one_keeps_its_own() -> None:
    wanted = ["a", "a", "", None, 5, "no good", "cell-0", "x" * 65]

    cells = read_notebook(make_text(*[code(id=one) for one in wanted]))["cells"]

    found = [cell["id"] for cell in cells]
    assert found[0] == "a"
    assert found[6] == "cell-0"
    assert len(set(found)) == len(wanted)
    assert new_cell_id(cells) not in found


def test_an_unknown_type_of_cell_is_kept_as_text() -> None:
    cells = read_notebook(make_text(code(cell_type="heading"), code(cell_type=["code"])))["cells"]

    assert [cell["cell_type"] for cell in cells] == ["raw", "raw"]
    assert cells[0]["source"] == "x = 1"


def test_a_byte_order_mark_is_read_over() -> None:
    assert read_notebook(b"\xef\xbb\xbf" + GOOD.encode()) == read_notebook(GOOD.encode())


def test_half_characters_are_replaced() -> None:
    text = make_text(code("x = '\ud800'", metadata={"\udfff": "\ud83d\ude00"}))

    cell = read_notebook(text)["cells"][0]

    assert cell["source"] == "x = '\ufffd'"
    assert cell["metadata"] == {"\ufffd": "\U0001f600"}


def test_null_characters_in_text_are_kept() -> None:
    notebook = read_notebook(make_text(code("x = '\0'")))

    assert read_notebook(write_notebook(notebook)) == notebook


def test_numbers_that_are_no_json_become_null() -> None:
    text = b'{"cells": [], "metadata": {"a": NaN, "b": [-Infinity, 1e999, 1.5]}, "nbformat": 4}'

    assert read_notebook(text)["metadata"] == {"a": None, "b": [None, None, 1.5]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "is damaged"),
        (b"{", "is damaged"),
        (GOOD[:-9].encode(), "is damaged"),
        (b"[" * 100_000, "is damaged"),
        (b'{"cells": [], "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "is damaged"),
        (b'{"cells": [], "x": ' + b"9" * 5_000 + b"}", "is damaged"),
        (b'{"cells": [], "metadata": {"a": "\x00"}}', "is damaged"),
        (make_text(metadata={"a": json.loads("[" * 60 + "]" * 60)}), "is damaged"),
        (make_text(code(5)), "is damaged"),
        (make_text(code(["a", 5])), "is damaged"),
        (b'{"cells": [{"cell_type": "code", "source": "a", "source": "b"}]}', "thing twice"),
        (GOOD.encode("utf-16"), "not saved as UTF-8"),
        ('{"cells": ["é"]}'.encode("latin-1"), "not saved as UTF-8"),
        (b"[]", "format 4"),
        (b"null", "format 4"),
        (b'{"cells": 3}', "format 4"),
        (b'{"cells": [1]}', "format 4"),
        (b'{"worksheets": [], "nbformat": 3}', "format 4"),
        (make_text(nbformat=3), "format 4"),
        (make_text(nbformat=5), "format 4"),
        (make_text(nbformat="4"), "format 4"),
        (make_text(nbformat=True), "format 4"),
        (make_text(*[{}] * 5_001), "5,000 cells"),
        (b" " * (MAX_BYTES + 1), "larger than 20 MB"),
    ],
)
def test_what_is_no_notebook_is_refused_in_words(text: bytes, words: str) -> None:
    with pytest.raises(UnreadableNotebookError, match=words) as refused:
        read_notebook(text, name="one.ipynb")

    assert str(refused.value).startswith("one.ipynb ")
    assert "hand in" in str(refused.value)
    assert isinstance(refused.value, GradingError)


@pytest.mark.parametrize("minor", [0, 4, 5, 99, None])
def test_any_minor_version_is_read(minor: object) -> None:
    assert read_notebook(make_text(code(), nbformat_minor=minor))["nbformat_minor"] == 5


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text/plain", "a", "name", "application/json"]), inner)
    ),
    max_leaves=6,
)
fields = st.sampled_from(
    ["name", "tags", "jupyter", "execution", "collapsed", "scrolled", "format", "trusted"]
    + ["kernelspec", "language_info", "authors", "title", "orig_nbformat", "nbgrader"]
)
metadata = st.dictionaries(fields, values, max_size=3)
cells = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["code", "markdown", "raw", "other"])},
    optional={
        "source": st.text() | st.lists(st.text(max_size=5), max_size=4),
        "metadata": metadata | values,
        "id": values,
        "attachments": st.dictionaries(st.text(max_size=3), values, max_size=2) | values,
        "outputs": values,
        "strange": values,
    },
)


@pytest.mark.slow
@given(st.lists(cells, max_size=4), metadata | values)
def test_what_is_read_is_always_valid_and_written_as_by_nbformat(
    several: list[Any], of_notebook: Any
) -> None:
    notebook = read_notebook(make_text(*several, metadata=of_notebook))

    text = write_notebook(notebook)

    nbformat.validate(json.loads(text))
    assert text.decode() == nbformat.writes(nbformat.from_dict(notebook)) + "\n"
    assert read_notebook(text) == notebook


@pytest.mark.slow
@given(values | st.dictionaries(st.sampled_from(["cells", "metadata", "nbformat"]), values))
def test_any_json_is_read_or_refused(value: Any) -> None:
    text = json.dumps(value).encode()
    try:
        notebook = read_notebook(text)
    except UnreadableNotebookError:
        return

    nbformat.validate(json.loads(write_notebook(notebook)))


@given(st.binary(max_size=40))
def test_any_bytes_are_refused(text: bytes) -> None:
    with pytest.raises(UnreadableNotebookError):
        read_notebook(text)


def test_outputs_are_written_as_by_nbformat() -> None:
    notebook = read_notebook(make_text(code("a\nb\n"), code(), code(cell_type="markdown")))
    bundle = {"text/plain": "a\nb", "image/png": "aGk=\n", "application/json": {"x": [1, {}]}}
    result = {"output_type": "execute_result", "data": bundle, "metadata": {}, "execution_count": 1}
    stream = {"output_type": "stream", "name": "stdout", "text": "one\ntwo\n"}
    error = {"output_type": "error", "ename": "E", "evalue": "é", "traceback": ["a\nb"]}
    notebook["cells"][0]["outputs"] = [result, stream, error]
    before = json.dumps(notebook)

    text = write_notebook(notebook)

    assert json.dumps(notebook) == before
    assert text.decode() == nbformat.writes(nbformat.from_dict(notebook)) + "\n"


def test_what_a_learner_displays_never_stops_the_writing() -> None:
    notebook = read_notebook(make_text(code()))
    bundle = {"text/plain": "\ud800", "application/json": [float("nan"), float("inf")]}
    output = {"output_type": "display_data", "data": bundle, "metadata": {}}
    notebook["cells"][0]["outputs"] = [output]

    data = json.loads(write_notebook(notebook))["cells"][0]["outputs"][0]["data"]

    assert data == {"text/plain": ["\ufffd"], "application/json": [None, None]}
