"""Run one restored notebook: the learner's cells in a box, the tests apart from them where a plan
says so.

In: cells in order, and the plan. Out: one CellRun per code cell.
Law: a cell that ends its box costs only itself: a new box runs what ran before, without it.
"""

import ast
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from skillmap.judging.plan import NotebookPlan, Tier
from skillmap.sandbox import Box, BoxEndedError, Conversation, Gate, Limits, Tape, TestBench

__all__ = ["CellRun", "CodeCell", "bound_names", "run_notebook", "without_extractor"]

MAX_BOXES = 12  # of one notebook; then the cells that are left are not run
EXTRACTOR = re.compile(
    r"^[^\n]*### BEGIN EXTRACTOR[^\n]*\n(.*?)^[^\n]*### END EXTRACTOR[^\n]*$\n?",
    re.MULTILINE | re.DOTALL,
)
NOT_RUN = "not_run"
REASONS: Mapping[str, tuple[str, str]] = {
    "cpu": (
        "CellTimeoutError",
        "The code ran for more than {cpu_s:.0f} seconds and was stopped. "
        "Look for a loop that does not end.",
    ),
    "wall": (
        "CellTimeoutError",
        "The code waited for more than {wall_s:.0f} seconds and was stopped. "
        "Take away what sleeps or waits for somebody.",
    ),
    "memory": (
        "MemoryError",
        "The code needed more than {memory_mb} MB of memory and was stopped. "
        "Look for a list or a table that grows without end.",
    ),
    "died": (
        "DeadKernelError",
        "The code ended Python itself: by exit, by a crash, or by a limit on memory or files.",
    ),
    "broken": (
        "DeadKernelError",
        "The code disturbed the connection to the grader, so it was stopped.",
    ),
    NOT_RUN: (
        "DeadKernelError",
        "This was not run any more, because too many other cells had to be stopped.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCell:
    """A code cell to run. grade_id: None for one of the learner's own."""

    place: int
    source: str
    grade_id: str | None = None
    is_test: bool = False
    is_locked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRun:
    """What a cell gave. stuck: why a test cannot decide.

    reason: why its box ended, in words. seconds: by the clock, waiting for the machine included.
    """

    outputs: list[dict[str, Any]]
    reason: str | None = None
    stuck: str | None = None
    object_places: frozenset[str] = frozenset()
    seconds: float = 0.0
    ended_by: str | None = None

    @property
    def stopped_by(self) -> str | None:
        """The limit that stopped it, as a key of REASONS; an interrupt leaves only its output."""
        raised = {one.get("ename") for one in self.outputs if one.get("output_type") == "error"}
        by_output = "cpu" if "CellTimeoutError" in raised else None
        return self.ended_by or by_output or ("memory" if "MemoryError" in raised else None)


@dataclass(slots=True)
class _State:
    """What has been run in the box of now, so that a new one can be brought to the same point."""

    box: Box | None
    n_boxes: int = 1
    done: list[tuple[str, bool]] = field(default_factory=list)
    waiting: list[CodeCell] = field(default_factory=list)


def run_notebook(
    gate: Gate,
    cells: Sequence[CodeCell],
    *,
    plan: NotebookPlan,
    files: Mapping[str, bytes],
    limits: Limits,
) -> dict[int, CellRun]:
    """Run all code cells; return what each gave, by its place."""
    run = _Run(gate, plan=plan, files=files, limits=limits)
    try:
        for cell in cells:
            run.take(cell)
        run.catch_up()
    finally:
        run.close()
    return run.results


def bound_names(source: str) -> frozenset[str]:
    """Return the global names that a cell makes; empty for what is no plain Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    finder = _BoundNames()
    finder.visit(tree)
    return frozenset(finder.names)


def without_extractor(source: str) -> tuple[str, str]:
    """Split a test into its extractor, which runs in the box, and the rest; "" for none."""
    found = EXTRACTOR.search(source)
    return (found.group(1), EXTRACTOR.sub("", source, count=1)) if found else ("", source)


class _BoundNames(ast.NodeVisitor):
    """Collects names bound at the top level; functions and classes have their own."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:  # noqa: N802  # ast's name
        self.names.add(node.name)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:  # noqa: N802
        self.names.add(node.name)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:  # noqa: N802
        self.names.add(node.name)

    def visit_Lambda(self, node: ast.Lambda) -> None:  # noqa: N802
        pass

    def visit_alias(self, node: ast.alias) -> None:
        self.names.add((node.asname or node.name).partition(".")[0])

    def visit_Name(self, node: ast.Name) -> None:  # noqa: N802
        if isinstance(node.ctx, ast.Store | ast.Del):
            self.names.add(node.id)


class _Run:
    def __init__(
        self, gate: Gate, *, plan: NotebookPlan, files: Mapping[str, bytes], limits: Limits
    ) -> None:
        self._gate, self._plan, self._files, self._limits = gate, plan, files, limits
        self._bench = TestBench(plan.origins)
        # Made at once, so that its walls rise while the judge still reads.
        self._state = _State(box=gate.open_box(limits))
        self._is_fresh = True
        self.results: dict[int, CellRun] = {}

    def take(self, cell: CodeCell) -> None:
        """Run a cell now if it is a test to be kept apart, else when it is needed."""
        plan = self._plan.of(cell.grade_id or "") if cell.is_test else None
        if plan is not None and plan.tier.is_apart:
            self.catch_up()
            self._run_apart(cell)
            return
        self._state.waiting.append(cell)
        self._bench.forget(self._plan.made_by.get(cell.grade_id or "", ()))
        if cell.grade_id in self._plan.helpers:
            self._bench.define(cell.source)

    def catch_up(self) -> None:
        """Run what waits for the box."""
        waiting, self._state.waiting = self._state.waiting, []
        # A test's source enters the box when the cells before it are done, not earlier.
        for is_test, group in groupby(waiting, key=lambda cell: cell.is_test):
            self._run_in_box(list(group), is_test=is_test)

    def close(self) -> None:
        """Let go of the box."""
        if self._state.box:
            self._state.box.close()

    def _run_in_box(self, cells: list[CodeCell], *, is_test: bool) -> None:
        while cells:
            box = self._box()
            if box is None:
                self.results |= {cell.place: self._stopped(NOT_RUN) for cell in cells}
                return
            began = time.monotonic()
            try:
                for outputs in box.run([(cell.source, is_test) for cell in cells]):
                    cell = cells.pop(0)
                    now = time.monotonic()
                    self.results[cell.place] = CellRun(outputs=outputs, seconds=now - began)
                    began = now
                    self._state.done.append((cell.source, is_test))
            except BoxEndedError as error:
                stopped = self._stopped(error.reason, began=began)
                self.results[cells.pop(0).place] = stopped
                self._leave()

    def _run_apart(self, cell: CodeCell) -> None:
        plan = self._plan.of(cell.grade_id or "")
        extractor, source = without_extractor(cell.source)
        if plan.tier is Tier.EXTRACTOR:
            place = cell.place
            self._run_in_box([CodeCell(place=place, source=extractor)], is_test=True)
            if self.results[place].outputs:
                return
        box = self._box()
        if box is None:
            self.results[cell.place] = self._stopped(NOT_RUN)
            return
        conversation = Conversation(box, plan.object_places)
        began = time.monotonic()
        limits = self._limits
        result = self._bench.run(
            source,
            conversation,
            Tape(),
            cpu_s=2 * limits.cell_cpu_s,
            wall_s=2 * limits.cell_wall_s,
        )
        if result.ended:
            self.results[cell.place] = self._stopped(result.ended, began=began)
            self._leave()
        else:
            self.results[cell.place] = CellRun(
                outputs=result.outputs,
                stuck=result.stuck,
                object_places=result.object_places,
                seconds=time.monotonic() - began,
            )

    def _box(self) -> Box | None:
        """Return a box in which everything up to here has been run; None when none is left."""
        while self._state.n_boxes <= MAX_BOXES:
            box = self._state.box or self._gate.open_box(self._limits)
            try:
                if self._state.box is None or self._is_fresh:
                    self._state.box, self._is_fresh = box, False
                    self._bring_up(box)
                return box
            except BoxEndedError:
                self._leave()
        return None

    def _bring_up(self, box: Box) -> None:
        box.put(self._files)
        n_done = 0
        try:
            for _ in box.run(self._state.done):
                n_done += 1
        except BoxEndedError:
            del self._state.done[n_done : n_done + 1]
            raise

    def _leave(self) -> None:
        self.close()
        self._state.box = None
        self._state.n_boxes += 1

    def _stopped(self, reason: str, *, began: float | None = None) -> CellRun:
        ename, words = REASONS[reason]
        said = words.format(
            cpu_s=self._limits.cell_cpu_s,
            wall_s=self._limits.cell_wall_s,
            memory_mb=self._limits.memory_bytes >> 20,
        )
        output = {"output_type": "error", "ename": ename, "evalue": said, "traceback": [said]}
        seconds = 0.0 if began is None else time.monotonic() - began
        return CellRun(outputs=[output], reason=said, seconds=seconds, ended_by=reason)
