"""What comes back from a box beside results: texts, errors, and arguments that were changed."""

import builtins
import sys
from contextlib import suppress
from typing import Any

from skillmap.sandbox.values import MalformedValueError, decode

__all__ = ["error_class", "error_instance", "exact_text", "overwrite"]

MAX_ARGS = 50


def error_class(name: str, builtin: Any) -> type[BaseException]:
    """Return the built-in exception of that name, or a class of the learner's made below it."""
    found = getattr(builtins, builtin, None) if type(builtin) is str else None
    if not (isinstance(found, type) and issubclass(found, BaseException)):
        found = Exception
    if found.__name__ == name:
        return found
    return type(name if name.isprintable() else found.__name__, (found,), {})


def error_instance(kind: type[BaseException], encoded: Any, text: str) -> BaseException:
    """Make an exception of plain arguments; of its text alone where that cannot be."""
    choices: list[tuple[Any, ...]] = [(text,)]
    with suppress(MalformedValueError):
        args = decode(encoded)  # no objects: their place is not one of the solution's
        if type(args) is tuple and len(args) <= MAX_ARGS:
            choices.insert(0, args)
    for args in choices:
        with suppress(TypeError, ValueError):
            return kind(*args)
    return RuntimeError(text)


def exact_text(value: Any) -> str:
    """Return a text, or an empty one for what is none."""
    return value if type(value) is str else ""


def overwrite(target: Any, content: Any) -> None:
    """Make a mutable argument of the test equal to what learners' code made of it."""
    if type(target) is not type(content):
        return
    if type(target) in (list, bytearray):
        target[:] = content
    elif isinstance(target, dict | set):
        target.clear()
        target.update(content)
    elif type(target).__name__ == "deque":
        target.clear()
        target.extend(content)
    elif "numpy" in sys.modules and type(target) is sys.modules["numpy"].ndarray:
        if target.shape == content.shape:
            target[...] = content
    elif type(target).__name__ in ("Series", "DataFrame"):
        object.__setattr__(target, "_mgr", content._mgr)
