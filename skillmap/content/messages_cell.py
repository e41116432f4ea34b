"""The cell that holds what an assignment's tests say: `MESSAGES = {"gave": "{call} gave …"}`.

In: its source. Out: the texts by key; and back.
Law: it is data alone, so that a translation can replace it without changing what runs.
"""

import ast
import json
import string
from collections.abc import Mapping

__all__ = ["CELL_ID", "NAME", "placeholders", "read_messages", "used_keys", "write_messages"]

CELL_ID = "messages"
NAME = "MESSAGES"


def read_messages(source: str) -> dict[str, str] | None:
    """Return the texts by key; None for what is not one dict of plain texts named MESSAGES."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return None
    match tree.body:
        case [ast.Assign(targets=[ast.Name(id="MESSAGES")], value=ast.Dict() as found)]:
            texts = {_text(k): _text(v) for k, v in zip(found.keys, found.values, strict=True)}
        case _:
            return None
    if None in texts or None in texts.values() or len(texts) < len(found.keys):
        return None
    return {str(key): str(text) for key, text in texts.items()}


def write_messages(messages: Mapping[str, str]) -> str:
    """Return a cell that holds these texts.

    >>> print(write_messages({"gave": "ga {got!r}"}))
    MESSAGES = {
        "gave": "ga {got!r}",
    }
    """
    rows = [f"    {_quoted(key)}: {_quoted(text)}," for key, text in messages.items()]
    return "\n".join([f"{NAME} = {{", *rows, "}"])


def placeholders(text: str) -> frozenset[str] | None:
    """Return the names that a text takes; None when Python cannot fill it in."""
    try:
        return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)
    except ValueError:
        return None


def used_keys(source: str) -> frozenset[str]:
    """Return the keys that a cell takes from MESSAGES; none for what is no plain Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return frozenset()
    return frozenset(
        str(node.slice.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id == NAME
        and isinstance(node.slice, ast.Constant)
    )


def _text(node: ast.expr | None) -> str | None:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(node.value) if is_text and isinstance(node, ast.Constant) else None


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
