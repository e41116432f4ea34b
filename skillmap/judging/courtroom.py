"""Walls and judges together: what has to be started once, and serves many runs."""

from contextlib import ExitStack
from typing import Self

from skillmap.judging.bench import Bench
from skillmap.sandbox import open_sandbox

__all__ = ["Courtroom"]


class Courtroom:
    """A context with proved walls and a bench of judges; they take some seconds to start.

    is_unsafe: without walls. isolation: how strong they are, as each response records it.
    Raises NoWallsError where walls cannot be had and is_unsafe was not asked for.
    """

    def __init__(self, *, is_unsafe: bool = False) -> None:
        self._is_unsafe = is_unsafe
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            sandbox = stack.enter_context(open_sandbox(is_unsafe=self._is_unsafe))
            self.isolation = sandbox.rung.value
            self.gate = sandbox.gate
            self.bench = Bench(sandbox.gate)
            stack.callback(self.bench.close)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
