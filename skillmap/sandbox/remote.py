"""Stand-ins: learners' functions, classes and objects, as the tests see them from outside.

In: a way to ask the box. Out: objects that ask for everything, and keep nothing.
Law: special names that libraries read behind a test's back are not passed on.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from skillmap.sandbox.brought_back import exact_text

__all__ = ["Parts", "Remote", "RemoteCallable", "RemoteClass", "parts_of"]

# What a test may ask of an object by name. The others could make numpy read memory
# (`__array_interface__`) or let a library call what the test did not.
SPEAKABLE = frozenset({"__name__", "__qualname__", "__annotations__", "__dict__", "__len__"})
OPERATORS = ("lt", "le", "gt", "ge", "add", "sub", "mul", "truediv", "floordiv", "mod", "pow")


class Parts(NamedTuple):
    """What a stand-in knows: how to do a thing with it, and its number, place and classes there.

    do: takes a verb, the stand-in, the arguments and the named ones.
    """

    do: Callable[[str, "Remote", tuple[Any, ...], Mapping[str, Any]], Any]
    number: int
    place: str
    bases: frozenset[int]


def parts_of(remote: "Remote") -> Parts:
    """Return what a stand-in knows, past its own ways to look up a name."""
    parts: Parts = object.__getattribute__(remote, "_parts")
    return parts


class Remote:
    """A learner's object. Everything about it is asked for in the box."""

    def __init__(self, parts: Parts) -> None:
        object.__setattr__(self, "_parts", parts)

    def _do(self, verb: str, *args: Any, **named: Any) -> Any:
        return parts_of(self).do(verb, self, args, named)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in SPEAKABLE:
            raise AttributeError(name)
        return self._do("getattr", name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._do("setattr", name, value)

    def __delattr__(self, name: str) -> None:
        self._do("delattr", name)

    def __eq__(self, other: object) -> bool:
        return self is other or (other is not None and self._do("eq", other) is True)

    def __ne__(self, other: object) -> bool:
        return self is not other and (other is None or self._do("ne", other) is True)

    def __hash__(self) -> int:
        return object.__hash__(self)

    def __str__(self) -> str:
        return exact_text(self._do("str"))

    def __repr__(self) -> str:
        return exact_text(self._do("repr"))

    def __format__(self, how: str) -> str:
        return exact_text(self._do("format", how))

    def __bool__(self) -> bool:
        return self._do("bool") is True

    def __int__(self) -> int:
        return int(_plain_number(self._do("int")))

    def __float__(self) -> float:
        return float(_plain_number(self._do("float")))

    def __len__(self) -> int:
        return int(_plain_number(self._do("len")))

    def __iter__(self) -> Any:
        return self._do("iter")

    def __next__(self) -> Any:
        return self._do("next")

    def __getitem__(self, key: Any) -> Any:
        return self._do("getitem", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._do("setitem", key, value)

    def __delitem__(self, key: Any) -> None:
        self._do("delitem", key)

    def __contains__(self, item: Any) -> bool:
        return self._do("contains", item) is True

    def __dir__(self) -> list[str]:
        return [name for name in self._do("dir") if type(name) is str]

    def __enter__(self) -> Any:
        return self._do("enter")

    def __exit__(self, *_: object) -> None:
        self._do("exit")


def _operator(verb: str) -> Callable[[Remote, Any], Any]:
    def ask(self: Remote, other: Any) -> Any:
        return self._do(verb, other)

    return ask


for _verb in OPERATORS:
    setattr(Remote, f"__{_verb}__", _operator(_verb))
for _verb in ("radd", "rsub", "rmul"):
    setattr(Remote, f"__{_verb}__", _operator(_verb))


class RemoteCallable(Remote):
    """A learner's function or method, or an object that can be called."""

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]  # the learner's, not ours
        text = self._do("getattr", "__doc__")
        return text if type(text) is str else None

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Call it in the box."""
        return self._do("call", *args, **named)


class RemoteClass(RemoteCallable):
    """A learner's class."""

    def __instancecheck__(self, one: Any) -> bool:
        if not isinstance(one, Remote) or isinstance(one, RemoteClass):
            return False
        return parts_of(self).number in parts_of(one).bases

    def __subclasscheck__(self, one: Any) -> bool:
        return isinstance(one, Remote) and parts_of(self).number in parts_of(one).bases


def _plain_number(value: Any) -> Any:
    if type(value) not in (int, float, bool):
        raise TypeError("the learner's object gave no number")
    return value
