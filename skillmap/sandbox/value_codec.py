"""The two walkers of the value codec, and the tables in which each family of types enters itself.

A `Writer` turns a value into JSON, a `Reader` turns JSON from a stranger into a value. Bare JSON
stands for None, bool, str, list, int of 64 bits and finite float; anything else is an object with
one key, the tag of its decoder.
Law: types are found by `id(type(value))`, so nothing that a hostile class or metaclass defines
(`__class__`, `__hash__`, `__eq__`, ...) is called before the type is known to be a plain one.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Any, NamedTuple, TypeVar

from skillmap.errors import GradingError

__all__ = [
    "CannotCrossError",
    "DecodeLimits",
    "MalformedValueError",
    "Reader",
    "Refusal",
    "Writer",
    "decodes",
    "describe_type",
    "encodes",
    "enter",
    "register_late",
    "when_imported",
]

Write = Callable[[Any, "Writer"], Any]
Read = Callable[[Any, "Reader"], Any]
AnyWrite = TypeVar("AnyWrite", bound=Write)
AnyRead = TypeVar("AnyRead", bound=Read)

MAX_DEPTH = 64  # six calls each, so that a third of Python's recursion limit is enough
MAX_SAME_HASH = 64  # honest keys share a hash by twos and fours; thousands make a table quadratic
SMALLEST, LARGEST = -(2**63), 2**63 - 1
CONTAINER_COST = 10  # an empty set takes the memory of 25 integers
NAME_LENGTH = 60
SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")  # JSON joins two such escapes

BARE = frozenset({str, bool, type(None)})
STR, INT, FLOAT, SAFE = id(str), id(int), id(float), frozenset({id(bool), id(type(None))})


class CannotCrossError(GradingError):
    """A value is not plain; the message names its type and its place."""


class MalformedValueError(GradingError):
    """The other side sent something that `encode` never makes."""


class Refusal(Exception):  # noqa: N818 - a private signal, turned into CannotCrossError
    """Why a value is not plain. steps: the way to it, innermost first."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.steps: list[str] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodeLimits:
    """What one message may cost. max_cost: 1 per plain item, 10 per container, 1000 per frame."""

    max_depth: int = MAX_DEPTH + 8  # what stands inside a time zone or a frame counts here alone
    max_cost: int = 2_000_000


class Entry(NamedTuple):
    """How values of one exact type are written. is_whole: its parts never become handles."""

    kind: type
    write: Write
    is_whole: bool


ENTRIES: dict[int, Entry] = {}
DECODERS: dict[str, Read] = {}
LATE: list[tuple[str, Callable[[Any], None]]] = []


def enter(kind: type, write: Write, *, is_whole: bool = True) -> None:
    """Let `write` encode the values of that exact type."""
    ENTRIES[id(kind)] = Entry(kind, write, is_whole)


def encodes(*kinds: type, is_whole: bool = True) -> Callable[[AnyWrite], AnyWrite]:
    """Enter the decorated function for those types."""

    def register(write: AnyWrite) -> AnyWrite:
        for kind in kinds:
            enter(kind, write, is_whole=is_whole)
        return write

    return register


def decodes(tag: str) -> Callable[[AnyRead], AnyRead]:
    """Let the decorated function read the payloads under that tag."""

    def register(read: AnyRead) -> AnyRead:
        DECODERS[tag] = read
        return read

    return register


def when_imported(module: str, register: Callable[[Any], None]) -> None:
    """Call `register(module)` at the first strange value after somebody imported the module."""
    LATE.append((module, register))


def register_late() -> None:
    """Enter the types of the modules that somebody imported since the last call."""
    for waiting in [waiting for waiting in LATE if sys.modules.get(waiting[0]) is not None]:
        LATE.remove(waiting)
        waiting[1](sys.modules[waiting[0]])


def _find_entry(kind: int) -> Entry | None:
    entry = ENTRIES.get(kind)
    if entry is None and LATE:
        register_late()
        entry = ENTRIES.get(kind)
    return entry


def describe_type(value: object) -> str:
    """Return "a Foo" or "an int": printable, at most 60 characters of name, no code of the type."""
    name = str.__str__(type.__dict__["__name__"].__get__(type(value)))[:NAME_LENGTH]
    shown = "".join(char if char.isprintable() else "?" for char in name) or "?"
    return f"{'an' if shown[0] in 'aeiouAEIOU' else 'a'} {shown}"


class Writer:
    """Encodes one value; keeps which containers are open, so that a cycle is seen."""

    def __init__(self, wrap: Callable[[Any], dict[str, Any] | None] | None) -> None:
        self.wrap = wrap
        self.open: set[int] = set()

    def write(self, value: Any) -> Any:
        """Return JSON for the value; raises Refusal."""
        kind = id(type(value))
        if kind in SAFE:
            return value
        if kind == STR and (value.isascii() or not SURROGATE_PAIR.search(value)):
            return value
        if kind == INT and SMALLEST <= value <= LARGEST:
            return value
        if kind == FLOAT and isfinite(value):
            return value
        return self._write_tagged(value, kind)

    def write_items(self, items: Iterable[Any], place: str = "[{}]") -> list[Any]:
        """Encode each item; a refusal learns the number of the item."""
        items = list(items)
        kinds = set(map(id, map(type, items)))
        if kinds <= SAFE or (kinds == {FLOAT} and all(map(isfinite, items))):
            return items
        if kinds == {INT} and min(items) >= SMALLEST and max(items) <= LARGEST:
            return items
        if kinds == {STR} and all(map(str.isascii, items)):
            return items
        return self._write_each(items, place)

    def _write_each(self, items: list[Any], place: str) -> list[Any]:
        written: list[Any] = []
        try:
            for item in items:
                written.append(self.write(item))
        except Refusal as refusal:
            refusal.steps.append(place.format(len(written)))
            raise
        return written

    def _write_tagged(self, value: Any, kind: int) -> Any:
        entry = _find_entry(kind)
        if entry is None:
            return self._hand_over(value, Refusal(f"is {describe_type(value)}"))
        if id(value) in self.open:
            raise Refusal("contains itself")
        if len(self.open) >= MAX_DEPTH:
            raise Refusal(f"is nested more than {MAX_DEPTH} deep")
        self.open.add(id(value))
        try:
            return self._write_known(value, entry)
        finally:
            self.open.discard(id(value))

    def _write_known(self, value: Any, entry: Entry) -> Any:
        wrap = self.wrap
        if entry.is_whole:
            self.wrap = None
        try:
            return entry.write(value, self)
        except Refusal as refusal:
            if refusal.steps and not entry.is_whole:
                raise
            self.wrap = wrap
            return self._hand_over(value, refusal)
        finally:
            self.wrap = wrap

    def _hand_over(self, value: Any, refusal: Refusal) -> Any:
        handle = self.wrap(value) if self.wrap else None
        if handle is None:
            raise refusal
        return {"handle": handle}


class Reader:
    """Decodes one message of a stranger; counts its cost and its depth."""

    def __init__(self, unwrap: Callable[[Any], Any] | None, limits: DecodeLimits) -> None:
        self.unwrap = unwrap
        self.cost_left = limits.max_cost
        self.depth_left = limits.max_depth

    def read(self, encoded: Any) -> Any:
        """Return the value; raises MalformedValueError, or what `decode` turns into one."""
        kind = type(encoded)
        if kind in BARE:
            return encoded
        if kind is int and SMALLEST <= encoded <= LARGEST:
            return encoded
        if kind is float and isfinite(encoded):
            return encoded
        self.demand(kind is dict or kind is list, "a number out of its range, or no JSON at all")
        return self._read_deeper(encoded)

    def _read_deeper(self, encoded: Any) -> Any:
        self.spend(CONTAINER_COST)
        self.depth_left -= 1
        self.demand(self.depth_left >= 0, "nested too deep")
        value = self.read_items(encoded) if type(encoded) is list else self._read_tagged(encoded)
        self.depth_left += 1
        return value

    def _read_tagged(self, encoded: dict[str, Any]) -> Any:
        self.demand(len(encoded) == 1, "an object with more or less than one key")
        ((tag, payload),) = encoded.items()
        read = DECODERS.get(tag) if type(tag) is str else None
        if read is None:
            raise MalformedValueError("The value has an unknown tag.")
        return read(payload, self)

    def read_items(self, payload: Any) -> list[Any]:
        """Decode a list, item by item."""
        self.demand(type(payload) is list, "no list where one belongs")
        self.spend(len(payload))
        kinds = set(map(type, payload))
        if kinds <= BARE or (kinds == {float} and all(map(isfinite, payload))):
            return list(payload)
        if kinds == {int} and min(payload) >= SMALLEST and max(payload) <= LARGEST:
            return list(payload)
        return [self.read(item) for item in payload]

    def read_keys(self, payload: Any) -> list[Any]:
        """Decode what will be hashed."""
        keys = self.read_items(payload)
        self.demand_hashes(keys)
        return keys

    def demand_hashes(self, keys: list[Any]) -> None:
        """Refuse many keys of one hash, which would take a table hours."""
        if len(keys) > MAX_SAME_HASH:
            most = max(Counter(map(hash, keys)).values())
            self.demand(most <= MAX_SAME_HASH, "too many keys of one hash")

    def parts(self, payload: Any, n_parts: int) -> list[Any]:
        """Return the undecoded parts of a list of that length."""
        self.demand(type(payload) is list and len(payload) == n_parts, f"no list of {n_parts}")
        return list(payload)

    def exact(self, value: Any, *kinds: type) -> Any:
        """Return the value if its type is exactly one of those."""
        self.demand(type(value) in kinds, "a part of the wrong type")
        return value

    def spend(self, cost: int) -> None:
        """Count work and memory against the limit of the message."""
        self.cost_left -= cost
        self.demand(self.cost_left >= 0, "more than one message may cost")

    @staticmethod
    def demand(is_right: bool, otherwise: str) -> None:
        """Raise MalformedValueError unless the sender kept to the format."""
        if not is_right:
            raise MalformedValueError(f"The value has {otherwise}.")
