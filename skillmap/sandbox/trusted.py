"""Run an instructor's tests outside the box, in a process that learners' code never enters.

In: a test's source, and a conversation with a box. Out: the outputs that the cell would have in a
notebook, and whether a value could not cross.
Law: expected values and the source of tests stay here; a box sees only the arguments of the calls
that a test makes. A name is looked up in the box only when the instructor's own solution made it
there; built-in functions and modules are always our own.
"""

import ast
import importlib
import linecache
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import TextIOBase
from typing import Any

from skillmap.sandbox.box import BoxEndedError
from skillmap.sandbox.cell_clock import Alarm, Clock
from skillmap.sandbox.cell_errors import error_texts
from skillmap.sandbox.conversation import Conversation
from skillmap.sandbox.remote import Remote

__all__ = ["Origin", "Tape", "TestBench", "TestResult"]

MAX_TEXT = 200_000  # characters of all streams together, and of a result


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a global name comes from: a module, something in it, or (both None) the learner."""

    module: str | None = None
    attribute: str | None = None

    def find(self) -> Any:
        """Import what the name stands for."""
        found: Any = importlib.import_module(str(self.module))
        return found if self.attribute is None else getattr(found, self.attribute)


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """What a test gave. stuck: why it cannot tell right from wrong. ended: why its box is gone."""

    __test__ = False  # not one of pytest's

    outputs: list[dict[str, Any]]
    stuck: str | None = None
    ended: str | None = None
    object_places: frozenset[str] = field(default_factory=frozenset)


class TestBench:
    """The trusted side of one notebook. origins: of the names that the solution makes."""

    __test__ = False  # not one of pytest's

    def __init__(self, origins: Mapping[str, Origin]) -> None:
        self._names = _Names(origins)
        self._n_run = 0

    def define(self, source: str) -> None:
        """Take over the functions and imports of an instructor's locked cell."""
        tree = ast.parse(source)
        kept = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Import, ast.ImportFrom)
        tree.body = [one for one in tree.body if isinstance(one, kept)]
        exec(compile(tree, "<helpers>", "exec"), self._names)

    def forget(self, names: Iterable[str]) -> None:
        """Drop what tests called by these names: the learner's cells have made them anew."""
        for name in names:
            dict.pop(self._names, name, None)

    def run(
        self,
        source: str,
        conversation: "Conversation",
        tape: "Tape",
        *,
        cpu_s: float,
        wall_s: float,
    ) -> TestResult:
        """Run one test. Whatever it raises becomes an output.

        wall_s: a test may wait for an answer that a learner's function never gives.
        """
        self._n_run += 1
        self._names.conversation = conversation
        on_processor, on_wall = Alarm(cpu_s), Alarm(wall_s, Clock.WALL)
        try:
            with on_processor, on_wall, _writing_to(tape):
                self._execute(source, tape)
        except BaseException as error:  # noqa: BLE001  # tests raise what they like, SystemExit too
            _record(error, tape)
        finally:
            self._names.conversation = None
        by_alarm = "cpu" if on_processor.has_fired else "wall" if on_wall.has_fired else None
        return TestResult(
            outputs=tape.outputs,
            stuck=conversation.stuck,
            ended=conversation.ended or by_alarm,
            object_places=frozenset(conversation.seen_places),
        )

    def _execute(self, source: str, tape: "Tape") -> None:
        name = f"<ipython-input-{self._n_run}-0>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        tree = ast.parse(source, name)
        last = tree.body[-1] if tree.body else None
        if isinstance(last, ast.Expr):
            tree.body.pop()
        exec(compile(tree, name, "exec"), self._names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), name, "eval"), self._names)
            if value is not None and not source.rstrip().endswith(";"):
                tape.add_result(value, self._n_run)


class Tape:
    """Records outputs in nbformat's shape, in the order in which they happen."""

    def __init__(self) -> None:
        self.outputs: list[dict[str, Any]] = []
        self._room = MAX_TEXT

    def write(self, name: str, text: str) -> None:
        """Add to the stream "stdout" or "stderr"."""
        text = text[: self._room]
        if not text:
            return
        self._room -= len(text)
        last = self.outputs[-1] if self.outputs else {}
        if last.get("name") == name:
            last["text"] += text
        else:
            self.outputs.append({"output_type": "stream", "name": name, "text": text})

    def add_result(self, value: Any, count: int) -> None:
        """Add the value of a cell's last expression."""
        self.outputs.append(
            {
                "output_type": "execute_result",
                "data": {"text/plain": repr(value)[:MAX_TEXT]},
                "metadata": {},
                "execution_count": count,
            }
        )

    def add_error(self, ename: str, evalue: str, traceback: list[str]) -> None:
        """Add what was raised."""
        self.outputs.append(
            {"output_type": "error", "ename": ename, "evalue": evalue, "traceback": traceback}
        )


class _Names(dict[str, Any]):
    """The global names of the tests: their own, then those of the solution, then the built-in."""

    def __init__(self, origins: Mapping[str, Origin]) -> None:
        super().__init__(__name__="__main__")
        self._origins = origins
        self.conversation: Conversation | None = None

    def __missing__(self, name: str) -> Any:
        origin = self._origins.get(name)
        if origin is None:
            raise KeyError(name)
        if origin.module is not None:
            self[name] = origin.find()
            return dict.__getitem__(self, name)
        return self._talk().look(name)

    def __setitem__(self, name: str, value: Any) -> None:
        if isinstance(value, Remote) and self._is_learners(name):
            self._talk().rename(name, value)
        else:
            super().__setitem__(name, value)

    def __delitem__(self, name: str) -> None:
        if name in self or not self._is_learners(name):
            super().__delitem__(name)
        else:
            self._talk().forget(name)

    def _is_learners(self, name: str) -> bool:
        origin = self._origins.get(name)
        return origin is not None and origin.module is None

    def _talk(self) -> Conversation:
        if self.conversation is None:
            raise NameError("the learner's names can be used only while a test runs")
        return self.conversation


class _Writer(TextIOBase):
    def __init__(self, tape: Tape, name: str) -> None:
        self._tape, self._name = tape, name

    def write(self, text: str) -> int:
        self._tape.write(self._name, text)
        return len(text)


@contextmanager
def _writing_to(tape: Tape) -> Iterator[None]:
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Writer(tape, "stdout"), _Writer(tape, "stderr")
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def _record(error: BaseException, tape: Tape) -> None:
    if isinstance(error, BoxEndedError):
        return  # the caller says why, in words for the learner
    tape.add_error(*error_texts(error))
