"""The judge's hands inside a box: look at a name, or do one thing with a learner's object.

In: one message. Out: one answer: a value, a handle to what is no plain value, or what was raised.
Law: an answer holds plain values and handles only; a handle is a number that means nothing outside.
"""

import builtins
import io
import operator
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from types import ModuleType
from typing import Any

from skillmap.sandbox.cells import CellRunner
from skillmap.sandbox.limits import Limits
from skillmap.sandbox.values import CannotCrossError, decode, describe_type, encode

__all__ = ["VERBS", "ObjectTable"]

MAX_OBJECTS = 100_000
MAX_BASES = 20
MUTABLE = ("list", "dict", "set", "bytearray", "deque", "ndarray", "Series", "DataFrame")


def _swapped(name: str) -> Callable[[Any, Any], Any]:
    work = getattr(operator, name)
    return lambda right, left: work(left, right)


VERBS: Mapping[str, Callable[..., Any]] = {
    "call": lambda target, *args, **named: target(*args, **named),
    "getattr": getattr,
    "setattr": setattr,
    "delattr": delattr,
    "getitem": operator.getitem,
    "setitem": operator.setitem,
    "delitem": operator.delitem,
    "contains": operator.contains,
    "len": len,
    "iter": iter,
    "next": next,
    "str": str,
    "repr": repr,
    "format": format,
    "bool": bool,
    "int": int,
    "float": float,
    "abs": abs,
    "neg": operator.neg,
    "dir": dir,
    "enter": lambda target: target.__enter__(),
    "exit": lambda target: target.__exit__(None, None, None),
    "issubclass": issubclass,
    **{
        name: getattr(operator, name)
        for name in ("eq", "ne", "lt", "le", "gt", "ge", "add", "sub", "mul", "truediv")
    },
    **{name: getattr(operator, name) for name in ("floordiv", "mod", "pow", "matmul")},
    **{f"r{name}": _swapped(name) for name in ("add", "sub", "mul")},
}


class ObjectTable:
    """Objects of one notebook that the judge holds by number."""

    def __init__(self, runner: CellRunner, limits: Limits) -> None:
        self._names: dict[str, Any] = runner.namespace
        self._limits = limits
        self._objects: list[Any] = []
        self._numbers: dict[int, int] = {}

    def look(self, name: str) -> dict[str, Any]:
        """Return what a global name stands for."""
        if name not in self._names:
            return {"missing": True}
        return self._answer(self._names[name])

    def rename(self, name: str, encoded: Any) -> dict[str, Any]:
        """Let a global name stand for a value of the judge's; None takes the name away."""
        if encoded is None:
            self._names.pop(name, None)
        else:
            self._names[name] = decode(encoded, unwrap=self._unwrap)
        return {"value": None}

    def survey(self) -> dict[str, Any]:
        """Say for each global name whether it is a module, imported, or made here."""
        return {
            "names": {
                name: _origin(value)
                for name, value in list(self._names.items())
                if type(name) is str and not name.startswith("_")
            }
        }

    def do(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Do one thing with an object, and say what came out, was printed, and was changed."""
        printed, complained = io.StringIO(), io.StringIO()
        args = [decode(one, unwrap=self._unwrap) for one in message["args"]]
        named = {key: decode(one, unwrap=self._unwrap) for key, one in message["named"].items()}
        try:
            with redirect_stdout(printed), redirect_stderr(complained):
                result = VERBS[message["verb"]](self._objects[message["on"]], *args, **named)
            answer = _same_as(args, result) or self._answer(result)
        except BaseException as error:  # noqa: BLE001  # the judge raises it again
            answer = {"raised": self._raised(error)}
        answer["stdout"] = self._clip(printed)
        answer["stderr"] = self._clip(complained)
        answer["changed"] = self._changed(args, message["args"])
        return answer

    def _answer(self, value: Any) -> dict[str, Any]:
        try:
            return {"value": encode(value, wrap=self._wrap)}
        except CannotCrossError as error:
            return {"stuck": str(error)}

    def _wrap(self, value: Any) -> dict[str, Any]:
        number = self._numbers.get(id(value))
        if number is None:
            if len(self._objects) >= MAX_OBJECTS:
                raise CannotCrossError("there are too many objects")
            number = len(self._objects)
            self._objects.append(value)
            self._numbers[id(value)] = number
        is_class = isinstance(value, type)
        kind = value if is_class else type(value)
        return {
            "object": number,
            "kind": "class" if is_class else "callable" if callable(value) else "object",
            "type": describe_type(value),
            "name": type.__getattribute__(kind, "__name__"),
            "error": _builtin_error(kind) if is_class else None,
            "bases": [self._number_of(one) for one in kind.__mro__[:MAX_BASES]],
        }

    def _number_of(self, kind: type) -> int:
        if id(kind) not in self._numbers:
            self._numbers[id(kind)] = len(self._objects)
            self._objects.append(kind)
        return self._numbers[id(kind)]

    def _unwrap(self, handle: Mapping[str, Any]) -> Any:
        return self._objects[handle["object"]]

    def _raised(self, error: BaseException) -> dict[str, Any]:
        kind = type(error)
        try:
            args: Any = encode(error.args)
        except (CannotCrossError, AttributeError):
            args = None
        try:
            text = str(error)
        except Exception:  # noqa: BLE001  # a learner's __str__ may do anything
            text = ""
        return {
            "class": self._wrap(kind),
            "error": _builtin_error(kind) or "Exception",
            "args": args,
            "text": text[:4000],
        }

    def _changed(self, args: list[Any], encoded: list[Any]) -> dict[str, Any]:
        found = {}
        for place, (value, before) in enumerate(zip(args, encoded, strict=True)):
            if type(value).__name__ in MUTABLE:
                after = self._answer(value)
                if after.get("value") != before:
                    found[str(place)] = after
        return found

    def _clip(self, text: io.StringIO) -> str:
        return text.getvalue()[: self._limits.output_bytes]


def _same_as(args: list[Any], result: Any) -> dict[str, Any] | None:
    """Say that a result is one of the arguments itself, which a test may ask for with `is`."""
    for place, value in enumerate(args):
        if value is result and type(value).__name__ in MUTABLE:
            return {"same_as": place}
    return None


def _builtin_error(kind: type) -> str | None:
    """Name of the closest built-in exception that a class is, or descends from."""
    for one in kind.__mro__:
        if issubclass(one, BaseException) and getattr(builtins, one.__name__, None) is one:
            return str(one.__name__)
    return None


def _origin(value: Any) -> dict[str, str]:
    if isinstance(value, ModuleType):
        return {"module": value.__name__}
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if not (callable(value) and isinstance(module, str) and isinstance(name, str)):
        return {}
    is_imported = module != "__main__" and module in sys.modules
    if is_imported and getattr(sys.modules[module], name, None) is value:
        return {"module": module, "attribute": name}
    return {}
