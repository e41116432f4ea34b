"""Run notebook cells in this process as ipykernel would, without sockets, threads or an event loop.

In: a cell's source. Out: its outputs, as nbformat has them. A `CellRunner` is made once in a warm
process; forked children run cells with it. Law: `run` returns whatever the cell does, short of
ending the process; walls, memory limits and the hard time limit are the caller's.
"""

import os
import sys
from dataclasses import dataclass
from typing import Any

from IPython.core.interactiveshell import ExecutionResult

from skillmap.sandbox.cell_clock import Alarm
from skillmap.sandbox.cell_guard import BuiltinsGuard, PristineShell
from skillmap.sandbox.cell_place import CellPlace
from skillmap.sandbox.cell_shell import CellShell
from skillmap.sandbox.cell_steps import finish, run_source
from skillmap.sandbox.cell_streams import Descriptors, Strangers, TapeStream
from skillmap.sandbox.cell_warm_up import fresh_start, warm_sources
from skillmap.sandbox.outputs import Output, OutputTape

__all__ = ["CellResult", "CellRunner"]

MAX_CELL_BYTES = 2_000_000
MAX_NOTEBOOK_BYTES = 10_000_000
MIN_RECURSION = 1000  # Python's own default; below it the runner itself could not work
# What nbgrader writes when it stops waiting for a cell.
TIMEOUT_ERROR = (
    "CellTimeoutError",
    "",
    ["\x1b[0;31mCellTimeoutError\x1b[0m: No reply from kernel before timeout"],
)

# A learner may replace the public names.
_getpid, _exit = os.getpid, os._exit
_recursion_limit, _set_recursion_limit = sys.getrecursionlimit, sys.setrecursionlimit
_record = CellShell.record


@dataclass(frozen=True, slots=True, kw_only=True)
class CellResult:
    """What a cell gave.

    outputs: in nbformat's shape, of exact plain types; a later cell may renew a display in it.
    is_ok: no error among them. ename: the first error's. execution_count: None for an empty cell.
    """

    outputs: list[Output]
    is_ok: bool
    ename: str | None
    execution_count: int | None = None


class CellRunner:
    """Runs the cells of one notebook, in a forked child of the process that made it.

    max_output_bytes: of one cell; max_notebook_bytes: of all cells together. To be made before
    matplotlib is imported, so that figures are drawn into the outputs.
    """

    def __init__(
        self,
        *,
        max_output_bytes: int = MAX_CELL_BYTES,
        max_notebook_bytes: int = MAX_NOTEBOOK_BYTES,
    ) -> None:
        self._max_bytes = (max_output_bytes, max_notebook_bytes)
        self._tape = OutputTape(*self._max_bytes)
        self._strangers = Strangers()
        self._descriptors = Descriptors(self._tape)
        out, err = (TapeStream(self._tape, name, self._strangers) for name in ("stdout", "stderr"))
        CellShell.clear_instance()
        self._shell = CellShell.instance(self._tape, self._descriptors.drain)
        self._place = CellPlace(self._shell, out, err)
        self._pristine = PristineShell(self._shell)
        self._builtins = BuiltinsGuard()
        self._is_inside = False

    @property
    def namespace(self) -> dict[str, Any]:
        """The global names of the notebook."""
        names: dict[str, Any] = self._shell.user_ns
        return names

    def warm_up(self) -> None:
        """Run what is slow the first time; the process and the names are left as they were."""
        reset = fresh_start(self._shell)
        with self._place.visited():
            self._builtins = BuiltinsGuard()
            for source in warm_sources():
                self._run(source, None)
        reset()
        # In place, for the shell and the streams hold it.
        self._tape.__init__(*self._max_bytes)  # type: ignore[misc]  # our own class, not a subclass
        self._pristine = PristineShell(self._shell)
        self._builtins = BuiltinsGuard()

    def run(
        self, source: str, *, is_trusted_source: bool = False, cpu_s: float | None = None
    ) -> CellResult:
        """Run a cell and return what it gave.

        is_trusted_source: an instructor's cell, which meets IPython and the builtins as they were.
        cpu_s: the processor time after which the cell is interrupted.
        """
        self._enter()
        if is_trusted_source:
            self._pristine.restore()
            self._place.restore()
            self._strangers.mark()
        else:
            self._builtins.give_back()
            self._strangers.forget()
        return self._run(source, cpu_s)

    def _enter(self) -> None:
        if not self._is_inside:
            self._is_inside = True
            self._place.enter()
            self._descriptors.redirect()
            self._builtins = BuiltinsGuard()

    def _run(self, source: str, cpu_s: float | None) -> CellResult:
        pid = _getpid()
        count = self._shell.execution_count
        self._tape.open_cell()
        alarm = Alarm(cpu_s)
        try:
            with alarm:
                self._run_and_record(source)
        except BaseException as error:  # noqa: BLE001 - an interrupt may come at any moment
            _record(self._shell, error)
        self._leave_copies(pid)
        self._descriptors.drain()
        if alarm.has_fired:
            self._tape.add_error(*TIMEOUT_ERROR)
        return self._result(count)

    def _run_and_record(self, source: str) -> None:
        result: ExecutionResult | None = None
        try:
            try:
                result = run_source(self._shell, source)
            finally:
                self._builtins.take_back()
                if _recursion_limit() < MIN_RECURSION:
                    _set_recursion_limit(MIN_RECURSION)
        except BaseException as error:  # noqa: BLE001 - whatever the cell raises is its output
            _record(self._shell, error)
        finish(self._shell, result)

    def _leave_copies(self, pid: int) -> None:
        """End a copy of this process that the cell's code forked and that came out of the cell."""
        if _getpid() != pid:
            _exit(1)

    def _result(self, count: int) -> CellResult:
        errors = self._tape.errors
        return CellResult(
            outputs=self._tape.close_cell(),
            is_ok=not errors,
            ename=errors[0] if errors else None,
            execution_count=count if self._shell.execution_count > count else None,
        )
