"""Tell the instructor where nbgrader's law gives points that a teacher would not.

In: autograded notebooks. Out: one sentence per test cell concerned.
Law (nbgrader 0.9.6, utils.determine_grade): a test cell that writes to stderr scores 0, even when
its tests pass; a last expression that is not a number in [0, maximum] (text, a list, NaN, a
negative number, a numpy scalar) scores full points.
"""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from skillmap.grading.files import notebooks_in, open_regular

__all__ = ["find_in_folder", "find_in_notebook"]


def find_in_folder(folder: Path, expected: frozenset[str]) -> tuple[str, ...]:
    """Return the findings of the autograded notebooks named by `expected` (file stems).

    A learner's code runs in this folder: what else lies there is not read.
    """
    found: list[str] = []
    for stem in sorted(expected & notebooks_in(folder)):
        with open_regular(folder / f"{stem}.ipynb") as file:
            notebook = json.load(file)
        found.extend(f"{stem}: {finding}" for finding in find_in_notebook(notebook))
    return tuple(found)


def find_in_notebook(notebook: dict[str, Any]) -> Iterator[str]:
    """Yield a sentence for each autograded test cell whose points may surprise."""
    for cell in notebook.get("cells", []):
        mark = cell.get("metadata", {}).get("nbgrader", {})
        if cell.get("cell_type") == "code" and mark.get("grade") and not mark.get("solution"):
            finding = _judge(cell.get("outputs", []))
            if finding:
                yield f"test {mark.get('grade_id')}: {finding}"


def _judge(outputs: list[dict[str, Any]]) -> str | None:
    for output in outputs:
        kind = output.get("output_type")
        if kind == "error":
            return None
        if kind == "stream" and output.get("name") == "stderr":
            return "it wrote to stderr (a warning?), for which nbgrader gives 0 points."
        if kind == "execute_result":
            return _judge_partial_credit(_text(output.get("data", {}).get("text/plain", "")))
    return None


def _judge_partial_credit(text: str) -> str | None:
    try:
        value = float(text)
    except ValueError:
        return (
            f"its last line gives {text[:40]!r}, no number, for which nbgrader gives full points."
        )
    if math.isnan(value) or value < 0:
        return f"its last line gives {text}, for which nbgrader gives full points."
    return None


def _text(data: str | list[str]) -> str:
    return data if isinstance(data, str) else "".join(data)
