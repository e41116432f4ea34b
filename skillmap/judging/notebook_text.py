"""Read the notebook that a learner handed in, whatever wrote it; write one as Jupyter does.

In: bytes. Out: a plain dict of nbformat 4.5 with every `source` one string; and back.
Law: what another editor leaves out or writes in a slightly wrong shape is filled in or left out,
so that the result is always valid; what cannot be trusted to be what the learner wrote is refused
in words. Outputs are never taken over: grading makes its own. NaN and Infinity, which are no JSON,
become null; half characters (lone surrogates), which are no UTF-8, become U+FFFD.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import count
from typing import Any

from skillmap.errors import GradingError
from skillmap.judging.notebook_shape import (
    CELL_LAWS,
    NOTEBOOK_LAWS,
    TRANSIENT,
    Law,
    are_attachments,
    is_lines,
)

__all__ = ["MAX_BYTES", "UnreadableNotebookError", "new_cell_id", "read_notebook", "write_notebook"]

MAX_BYTES = 20_000_000  # a notebook of this size is a runaway output, and would fill the memory
MAX_CELLS = 5_000  # no person wrote more; each costs time in every later step
MAX_DEPTH = 40  # of metadata; deeper ones come from no editor and overflow the writer
CELL_TYPES = ("code", "markdown", "raw")

LARGE = (
    f"is larger than {MAX_BYTES // 1_000_000} MB. "
    "Clear its outputs (Kernel, Restart Kernel and Clear Outputs), save, and hand in again."
)
AGAIN = "Fetch the assignment again, copy your answers into it, and hand in once more."
DAMAGED = f"is damaged: it cannot be read as a notebook. {AGAIN}"
NOT_UTF8 = f"is not saved as UTF-8 text, as a notebook has to be. {AGAIN}"
NOT_FORMAT_4 = (
    "is not a Jupyter notebook of format 4. Open it in JupyterLab, save it, and hand in again."
)
MANY = (
    f"holds more than {MAX_CELLS:,} cells. "
    "Delete those that you do not need, save, and hand in again."
)
TWICE = f"is damaged: a cell of it says the same thing twice. {AGAIN}"

SURROGATE = re.compile("[\ud800-\udfff]")
ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")  # JEP 62
FLAT = frozenset((str, int, float, bool, type(None)))
SPLIT_TYPES = ("application/javascript", "image/svg+xml")  # besides text/*, as in nbformat

Cell = dict[str, Any]


class UnreadableNotebookError(GradingError):
    """A file is no notebook that can be graded; the message is for the learner."""


class _FlawError(ValueError):
    """What is wrong with the notebook, without its name."""


def read_notebook(text: bytes, *, name: str = "The notebook") -> dict[str, Any]:
    """Return the notebook in a file's bytes; `name` is what the learner calls the file.

    Raises UnreadableNotebookError for more than 20 MB, another encoding than UTF-8, what is not
    JSON, another format than 4, cells that are none or that name a key twice, and 5,001 cells.
    """
    try:
        return _shaped(_parsed(text))
    except UnicodeDecodeError as error:
        raise UnreadableNotebookError(f"{name} {NOT_UTF8}") from error
    except _FlawError as flaw:
        raise UnreadableNotebookError(f"{name} {flaw}") from flaw
    except (ValueError, RecursionError) as error:
        raise UnreadableNotebookError(f"{name} {DAMAGED}") from error


def write_notebook(notebook: Mapping[str, Any]) -> bytes:
    """Return the text that nbformat writes of a valid notebook; the notebook stays as it is."""
    split = {
        **notebook,
        "cells": [_split_cell(cell) for cell in notebook["cells"]],
        "metadata": {k: v for k, v in notebook["metadata"].items() if k not in TRANSIENT},
    }
    try:
        return _as_json(split).encode()
    except UnicodeEncodeError:
        return SURROGATE.sub("\ufffd", _as_json(split)).encode()


def new_cell_id(cells: Iterable[Cell]) -> str:
    """Return an id that none of the cells has."""
    taken = {cell["id"] for cell in cells}
    return next(new for new in (f"restored-{n}" for n in count()) if new not in taken)


def _as_json(value: Any) -> str:
    try:
        return _laid_out(value) + "\n"
    except ValueError:  # a NaN in what a cell displayed
        return _as_json(json.loads(json.dumps(value), parse_constant=lambda _: None))


def _laid_out(value: Any, depth: int = 1) -> str:
    """Return what `json.dumps` with indent=1 and sorted keys does, in a fraction of its time.

    Python's C encoder knows no indent, but it writes any separator: what holds nothing deeper is
    written by it at once. depth: of what is inside. Raises ValueError for NaN and Infinity.
    """
    encode = _encoder(depth).encode
    separator = f",\n{' ' * depth}"
    if isinstance(value, dict) and value:
        if FLAT.issuperset(map(type, value.values())):
            inner = encode(value)[1:-1]
        else:
            inner = separator.join(
                [f"{encode(key)}: {_laid_out(value[key], depth + 1)}" for key in sorted(value)]
            )
        return f"{{\n{' ' * depth}{inner}\n{' ' * (depth - 1)}}}"
    if isinstance(value, list) and value:
        if FLAT.issuperset(map(type, value)):
            inner = encode(value)[1:-1]
        else:
            inner = separator.join([_laid_out(one, depth + 1) for one in value])
        return f"[\n{' ' * depth}{inner}\n{' ' * (depth - 1)}]"
    return encode(value)


@cache
def _encoder(depth: int) -> json.JSONEncoder:
    separators = (f",\n{' ' * depth}", ": ")
    return json.JSONEncoder(
        ensure_ascii=False, sort_keys=True, allow_nan=False, separators=separators
    )


def _parsed(text: bytes) -> Any:
    if len(text) > MAX_BYTES:
        raise _FlawError(LARGE)
    decoded = text.decode("utf-8-sig")
    value = json.loads(
        decoded,
        object_pairs_hook=_once,
        parse_constant=lambda _: None,
        parse_float=_finite,
    )
    if ESCAPED_SURROGATE.search(decoded):
        whole = SURROGATE.sub("\ufffd", json.dumps(value, ensure_ascii=False))
        return json.loads(whole)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    # Elsewhere every reader takes the last one; in a cell, people and graders could see two.
    if len(found) < len(pairs) and ("cell_type" in found or "cells" in found):
        raise _FlawError(TWICE)
    return found


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


def _shaped(notebook: Any) -> dict[str, Any]:
    if not isinstance(notebook, dict) or not _is_four(notebook.get("nbformat", 4)):
        raise _FlawError(NOT_FORMAT_4)
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise _FlawError(NOT_FORMAT_4)
    if len(cells) > MAX_CELLS:
        raise _FlawError(MANY)
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": _lawful(notebook.get("metadata"), NOTEBOOK_LAWS),
        "cells": _with_ids([_shaped_cell(cell) for cell in cells]),
    }


def _is_four(version: Any) -> bool:
    return isinstance(version, int | float) and version == 4


def _shaped_cell(raw: Cell) -> Cell:
    kind = raw.get("cell_type")
    cell = {
        # A type that Jupyter does not know is kept as text, which nothing runs.
        "cell_type": kind if kind in CELL_TYPES else "raw",
        "id": raw.get("id"),
        "metadata": _lawful(raw.get("metadata"), CELL_LAWS),
        "source": _joined(raw.get("source")),
    }
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    elif raw.get("attachments") and are_attachments(raw["attachments"]):
        _require_shallow(raw["attachments"], MAX_DEPTH)
        cell["attachments"] = {
            file: {k: _joined(v) if is_lines(v) else v for k, v in bundle.items()}
            for file, bundle in raw["attachments"].items()
        }
    return cell


def _joined(source: Any) -> str:
    if source is None:
        return ""
    if not is_lines(source):
        raise _FlawError(DAMAGED)
    return source if isinstance(source, str) else "".join(source)


def _with_ids(cells: list[Cell]) -> list[Cell]:
    """Give a new id to each cell that has none, a wrong one, or the one of an earlier cell."""
    wanted = [cell["id"] if _is_id(cell["id"]) else None for cell in cells]
    taken = {cell_id for cell_id in wanted if cell_id}
    fresh = (new for new in (f"cell-{n}" for n in count()) if new not in taken)
    seen: set[str] = set()
    for cell, cell_id in zip(cells, wanted, strict=True):
        cell["id"] = next(fresh) if cell_id is None or cell_id in seen else cell_id
        seen.add(cell["id"])
    return cells


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and CELL_ID.fullmatch(value) is not None


def _lawful(metadata: Any, laws: Mapping[str, Law]) -> dict[str, Any]:
    if not isinstance(metadata, dict):
        return {}
    _require_shallow(metadata, MAX_DEPTH)
    return {key: v for key, v in metadata.items() if key not in laws or laws[key](v)}


def _require_shallow(value: Any, levels: int) -> None:
    if not isinstance(value, dict | list):
        return
    if levels == 0:
        raise _FlawError(DAMAGED)
    for inner in value.values() if isinstance(value, dict) else value:
        _require_shallow(inner, levels - 1)


def _split_cell(cell: Cell) -> Cell:
    split = {**cell, "source": cell["source"].splitlines(keepends=True)}
    if "trusted" in cell["metadata"]:
        split["metadata"] = {k: v for k, v in cell["metadata"].items() if k != "trusted"}
    if cell["cell_type"] == "code":
        split["outputs"] = [_split_output(output) for output in cell["outputs"]]
    elif "attachments" in cell:
        files = cell["attachments"].items()
        split["attachments"] = {file: _split_bundle(bundle) for file, bundle in files}
    return split


def _split_output(output: Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(output.get("data"), dict):
        return {**output, "data": _split_bundle(output["data"])}
    if output["output_type"] == "stream" and isinstance(output["text"], str):
        return {**output, "text": output["text"].splitlines(keepends=True)}
    return output


def _split_bundle(bundle: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: data.splitlines(keepends=True)
        if isinstance(data, str) and (key.startswith("text/") or key in SPLIT_TYPES)
        else data
        for key, data in bundle.items()
    }
