"""Read a TOML file into a shape, and say in words what does not fit.

In: a file and a `Table` class. Out: the table or None, and every problem found.
Law: an unknown key is refused by its name; what a person reads names the key, not a Python type.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from skillmap.content.problems import Problem
from skillmap.errors import did_you_mean

__all__ = ["Table", "read_table"]

AnyTable = TypeVar("AnyTable", bound="Table")
Step = int | str


class Table(BaseModel):
    """A table of a TOML file; keys that it does not name are refused."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True
    )


def read_table(file: Path, shape: type[AnyTable]) -> tuple[AnyTable | None, list[Problem]]:
    """Read `file` as `shape`. Without a table there is at least one problem."""
    raw = _read_toml(file)
    if isinstance(raw, Problem):
        return None, [raw]
    try:
        return shape.model_validate(raw), []
    except ValidationError as error:
        return None, [_explain(file, shape, raw, detail) for detail in error.errors()]


def _read_toml(file: Path) -> dict[str, Any] | Problem:
    """Return the file's tables; a byte order mark, which Windows editors write, is let through."""
    text = ""
    try:
        text = file.read_text(encoding="utf-8-sig")
        return tomllib.loads(text)
    except OSError as error:
        message, hint = f"cannot be read: {error.strerror}", "check its name and permissions"
    except UnicodeDecodeError:
        message, hint = "is not UTF-8 text", "save it again with the encoding UTF-8"
    except tomllib.TOMLDecodeError as error:
        return _explain_syntax(file, text, str(error))
    return Problem(file=str(file), place="", message=message, hint=hint)


def _explain_syntax(file: Path, text: str, words: str) -> Problem:
    """Take the place out of tomllib's words; what is wrong at the end stands in the last line."""
    found = re.search(r" \(at line (\d+), column (\d+)\)$", words)
    place = ":".join(found.groups()) if found else str(len(text.splitlines()))
    message = words[: found.start()] if found else words.removesuffix(" (at end of document)")
    return Problem(
        file=str(file),
        place=place,
        message=f"is not valid TOML: {message}",
        hint="look for a quotation mark, bracket or key that is missing or stands twice here",
    )


def _explain(
    file: Path, shape: type[Table], raw: Mapping[str, Any], detail: ErrorDetails
) -> Problem:
    steps: list[Step] = [step for step in detail["loc"] if step != "[key]"]
    kind = detail["type"]
    if kind == "extra_forbidden":
        message, hint = _explain_unknown(shape, steps)
        return Problem(file=str(file), place=_place(raw, steps[:-1]), message=message, hint=hint)
    if kind == "missing":
        message = f"the key {steps[-1]!r} is missing"
        return Problem(file=str(file), place=_place(raw, steps[:-1]), message=message)
    return Problem(file=str(file), place=_place(raw, steps), message=_say(detail))


def _explain_unknown(shape: type[Table], steps: Sequence[Step]) -> tuple[str, str]:
    word = str(steps[-1])
    known = _keys_at(shape, steps[:-1])
    hint = did_you_mean(word, known).strip() or f"known keys: {', '.join(sorted(known))}"
    return f"unknown key {word!r}", hint


def _keys_at(shape: type[Table], steps: Sequence[Step]) -> list[str]:
    for step in steps:
        # What is no field is a key that the author chose, as a cell's id in a catalogue.
        if isinstance(step, str) and step in shape.model_fields:
            annotation = shape.model_fields[step].annotation
            shape = next(a for a in (annotation, *get_args(annotation)) if _is_table(a))
    return list(shape.model_fields)


def _is_table(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Table)


def _say(detail: ErrorDetails) -> str:
    """Keep our own validators' words; lead pydantic's into a sentence with the value."""
    if detail["type"] == "value_error":
        return str(detail["ctx"]["error"])
    words = detail["msg"]
    return f"{words[0].lower()}{words[1:]}, not {_brief(detail['input'])}"


def _brief(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _place(raw: Any, steps: Sequence[Step]) -> str:
    """Name a place as ``skills 3 'py.data', labels``: rows counted from 1, with their id."""
    words: list[str] = []
    for step in steps:
        raw = _child(raw, step)
        if isinstance(step, int):
            words[-1] = f"{words[-1]} {step + 1}{_name(raw)}"
        else:
            words.append(step)
    return ", ".join(words)


def _child(raw: Any, step: Step) -> Any:
    try:
        return raw[step]
    except (KeyError, IndexError, TypeError):
        return None


def _name(row: Any) -> str:
    if not isinstance(row, Mapping):
        return ""
    name = next((row[key] for key in ("id", "cell", "learner", "why") if key in row), None)
    return f" {name!r}" if isinstance(name, str) else ""
