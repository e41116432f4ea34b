"""Make what a learner's object displays plain: JSON's own exact types, within a number of bytes.

In: any value from a mime bundle. Out: `str`, `int`, `float`, `bool`, `None`, `list`, `dict`, all of
the exact type, so that no method of a learner's class runs when it is written out.
"""

import base64
import math
from typing import Any

__all__ = ["PlainMaker", "clipped", "n_bytes"]

MAX_DEPTH = 20  # deeper values are cut
MAX_INT_BITS = 4096  # json writes ints in decimal, which Python refuses above 4300 digits
VALUE_BYTES = 16  # what a number or a place in a list is charged


def clipped(text: str, max_bytes: int) -> str:
    """Return an exact str of at most so many UTF-8 bytes, the beginning of the text."""
    text = str.__str__(text)
    kept = text if len(text) <= max_bytes else text[: max(max_bytes, 0)]
    if kept.isascii():
        return kept
    raw = kept.encode("utf-8", "surrogatepass")
    return kept if len(raw) <= max_bytes else raw[:max_bytes].decode("utf-8", "ignore")


def n_bytes(text: str) -> int:
    """Return the length in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


class PlainMaker:
    """Makes values plain until its room is used up.

    room: bytes left. is_cut: whether something did not fit.
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self.is_cut = False

    def make(self, value: Any, depth: int = MAX_DEPTH) -> Any:
        """Return the value in exact JSON types; what has no such type becomes its type's name."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, bytes):
            return self._text(base64.b64encode(value[: self.room]).decode("ascii"))
        if self.room < VALUE_BYTES or depth == 0:
            self.is_cut = True
            return None
        self.room -= VALUE_BYTES
        return self._container_or_atom(value, depth - 1)

    def _text(self, text: str) -> str:
        kept = clipped(text, self.room)
        self.room -= n_bytes(kept)
        self.is_cut = self.is_cut or len(kept) < str.__len__(text)
        return kept

    def _container_or_atom(self, value: Any, depth: int) -> Any:
        if isinstance(value, dict):
            pairs = list(dict.items(value))
            return {self._key(key): self.make(item, depth) for key, item in self._fitting(pairs)}
        if isinstance(value, list):
            return [self.make(one, depth) for one in self._fitting(list.copy(value))]
        if isinstance(value, tuple):
            return [self.make(one, depth) for one in self._fitting(list(tuple.__iter__(value)))]
        return _atom(value)

    def _fitting(self, values: list[Any]) -> list[Any]:
        n_fitting = self.room // VALUE_BYTES
        self.is_cut = self.is_cut or len(values) > n_fitting
        return values[:n_fitting]

    def _key(self, key: Any) -> str:
        return self._text(key if isinstance(key, str) else str(_atom(key)))


def _atom(value: Any) -> Any:
    if value is None or value is True or value is False:
        return value
    if isinstance(value, int):
        exact = int.__add__(value, 0)
        return exact if exact.bit_length() <= MAX_INT_BITS else hex(exact)[: MAX_INT_BITS // 4]
    if isinstance(value, float):
        exact_float = float.__add__(value, 0.0)
        return exact_float if math.isfinite(exact_float) else float.__repr__(exact_float)
    return f"<{type_name(type(value))}>"


def type_name(one: type) -> str:
    """Return a class's own name, whatever its metaclass says."""
    return clipped(type.__dict__["__name__"].__get__(one), 200)
