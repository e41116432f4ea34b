"""What a test says to a box, and what it hears: plain values, and stand-ins for objects.

In: answers of a box. Out: values, or what the box raised.
Law: no verdict is taken from a box. An object is believed only in the places where the instructor's
own solution gave one; where a plain value is due, an object makes the test "stuck", never equal.
"""

import sys
from collections.abc import Mapping
from typing import Any

from skillmap.sandbox.box import Box, BoxEndedError
from skillmap.sandbox.brought_back import (
    error_class,
    error_instance,
    exact_text,
    overwrite,
)
from skillmap.sandbox.remote import Parts, Remote, RemoteCallable, RemoteClass, parts_of
from skillmap.sandbox.values import CannotCrossError, MalformedValueError, decode, encode

__all__ = ["Conversation", "StuckError"]

MAX_TEXT = 500
MAX_SAID = 4000  # characters of what an exception says
MAX_NAME = 200


class StuckError(TypeError):
    """A value could not cross, so the test cannot tell right from wrong."""


class Conversation:
    """What a test says to one box, and what it hears.

    object_places: where objects are due, such as "Account()"; None lets them appear everywhere.
    seen_places: where they appeared. stuck: why a value could not cross, the first time.
    ended: why the box is no more.
    What learners' code prints while it is called goes to this process's standard streams.
    """

    def __init__(self, box: Box, object_places: frozenset[str] | None = None) -> None:
        self._box = box
        self._object_places = object_places
        self._place = ""
        self._stand_ins: dict[int, Any] = {}
        self.seen_places: set[str] = set()
        self.stuck: str | None = None
        self.ended: str | None = None

    def look(self, name: str) -> Any:
        """Return what a global name stands for. Raises NameError when it stands for nothing."""
        answer = self._ask({"ask": "look", "name": name})
        if answer.get("missing"):
            raise NameError(f"name {name!r} is not defined")
        return self._value(answer, place=name)

    def rename(self, name: str, value: Any) -> None:
        """Let a global name of the learner's stand for something else."""
        self._ask({"ask": "rename", "name": name, "value": self._encode(value)})

    def forget(self, name: str) -> None:
        """Take a global name of the learner's away."""
        self._ask({"ask": "rename", "name": name, "value": None})

    def do(self, verb: str, on: Remote, args: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
        """Do one thing with an object; return the result, or raise what it raised."""
        parts = parts_of(on)
        answer = self._ask(
            {
                "ask": "do",
                "verb": verb,
                "on": parts.number,
                "args": [self._encode(one) for one in args],
                "named": {key: self._encode(one) for key, one in named.items()},
            }
        )
        for name in ("stdout", "stderr"):
            text = answer.get(name)
            if text and isinstance(text, str):
                getattr(sys, name).write(text)
        place = _place_of(parts.place, verb, args)
        self._bring_back(args, answer.get("changed"), place)
        if "raised" in answer:
            raise self._error(answer["raised"])
        same = answer.get("same_as")
        if type(same) is int and 0 <= same < len(args):
            return args[same]
        return self._value(answer, place=place)

    def be_stuck(self, why: str) -> StuckError:
        """Note that a value could not cross, whatever the test makes of the error."""
        self.stuck = self.stuck or why[:MAX_TEXT]
        return StuckError(why[:MAX_TEXT])

    def _ask(self, message: Mapping[str, Any]) -> dict[str, Any]:
        if self.ended:
            raise BoxEndedError(self.ended)
        try:
            return self._box.ask(message)
        except BoxEndedError as error:
            self.ended = error.reason
            raise

    def _encode(self, value: Any) -> Any:
        try:
            return encode(value, wrap=_handle_of)
        except CannotCrossError as error:
            raise self.be_stuck(f"The test passes what cannot cross: {error}") from error

    def _value(self, answer: Mapping[str, Any], *, place: str) -> Any:
        if "stuck" in answer:
            raise self.be_stuck(f"An answer cannot be checked: {exact_text(answer['stuck'])}")
        self._place = place
        return self._decode(answer.get("value"))

    def _decode(self, encoded: Any) -> Any:
        try:
            return decode(encoded, unwrap=self._stand_in_here)
        except MalformedValueError as error:
            raise self.be_stuck("What came back was no value.") from error

    def _stand_in_here(self, handle: Any) -> Any:
        self.seen_places.add(self._place)
        if self._object_places is not None and self._place not in self._object_places:
            name = exact_text(handle.get("name")) if isinstance(handle, dict) else ""
            raise self.be_stuck(
                f"{self._place} gave an object ({name[:40]}) where a plain value is due."
            )
        return self._stand_in(handle)

    def _stand_in(self, handle: Any) -> Any:
        number = handle.get("object") if isinstance(handle, dict) else None
        if type(number) is not int:
            raise MalformedValueError("a handle without a number")
        if number not in self._stand_ins:
            self._stand_ins[number] = self._make(number, handle)
        return self._stand_ins[number]

    def _make(self, number: int, handle: Mapping[str, Any]) -> Any:
        name = exact_text(handle.get("name"))[:MAX_NAME] or "object"
        kind = handle.get("kind")
        if kind == "class" and handle.get("error"):
            return error_class(name, handle["error"])
        bases = handle.get("bases")
        numbers = frozenset(one for one in bases if type(one) is int) if type(bases) is list else ()
        maker = {"class": RemoteClass, "callable": RemoteCallable}.get(str(kind), Remote)
        return maker(Parts(self.do, number, self._place, frozenset(numbers)))

    def _error(self, raised: Any) -> BaseException:
        if not isinstance(raised, dict) or not isinstance(raised.get("class"), dict):
            return self.be_stuck("What came back was no error.")
        kind = self._stand_in({**raised["class"], "kind": "class", "error": raised.get("error")})
        text = exact_text(raised.get("text"))[:MAX_SAID]
        if not (isinstance(kind, type) and issubclass(kind, BaseException)):
            return RuntimeError(text)
        return error_instance(kind, raised.get("args"), text)

    def _bring_back(self, args: tuple[Any, ...], changed: Any, place: str) -> None:
        if not isinstance(changed, dict):
            return
        for which, arg in enumerate(args):
            answer = changed.get(str(which))
            if isinstance(answer, dict):
                overwrite(arg, self._value(answer, place=f"{place} argument"))


def _handle_of(value: Any) -> dict[str, int] | None:
    if isinstance(value, Remote):
        return {"object": parts_of(value).number}
    return None


def _place_of(place: str, verb: str, args: tuple[Any, ...]) -> str:
    """Name where an answer stands, in words of the test alone."""
    if verb == "call":
        return f"{place}()"
    return f"{place}.{args[0]}" if verb == "getattr" else f"{place}:{verb}"
