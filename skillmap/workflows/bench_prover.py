"""Run an assignment with given answers, as the grader will: behind walls, tests kept apart.

In: an assignment's source folder, and answers. Out: an ItemRun for each test cell.
Law: what the instructor wrote runs under the grader's own limits; a wrong answer is stopped soon
after the time that the right one needed.
"""

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from multiprocessing import connection
from pathlib import Path
from typing import Any

from skillmap.content.proof import CellKey, ItemRun
from skillmap.errors import GradingError
from skillmap.judging import (
    Bench,
    Case,
    CellVerdict,
    Judged,
    JudgeDiedError,
    JudgeRules,
    Matter,
    ReleasedAssignment,
    TestPlan,
    assignment_from_source,
    read_notebook,
    write_notebook,
)
from skillmap.sandbox import Limits

__all__ = ["BenchProver"]

LEAST_S = 1.0  # of the processor, for each cell of a wrong answer
TIMES_LONGER = 5  # than the whole run of the right one
CELLS = 8  # of a wrong answer that may each use up their time

Answers = Mapping[CellKey, str]


class BenchProver:
    """The Prover of one assignment. Raises GradingError when it cannot be judged at all."""

    def __init__(self, bench: Bench, folder: Path, *, n_workers: int) -> None:
        self._bench, self._n_workers = bench, max(1, n_workers)
        self._assignment = assignment_from_source(folder)
        solutions = {
            one.name: (folder / f"{one.name}.ipynb").read_bytes()
            for one in self._assignment.notebooks
        }
        self._notebooks = {name: read_notebook(text) for name, text in solutions.items()}
        self._slowest_s = 0.0
        matter = Matter(assignment=self._assignment, rules=JudgeRules(), solutions=solutions)
        bench.prepare(self._assignment.name, matter)
        self._matter = replace(matter, plans=self._finish(None))
        bench.prepare(self._assignment.name, self._matter)

    def plan_of(self, notebook: str, grade_id: str) -> TestPlan:
        """Return how a test cell is run."""
        return self._matter.plans[notebook].of(grade_id)

    def run(self, assignment: str, answers: Answers) -> dict[CellKey, ItemRun]:
        """Return the run of each test cell. Raises GradingError when nothing could be run."""
        began = time.monotonic()
        judged: Judged = self._finish(self._case(answers, self._notebooks))
        if judged.problem:
            raise GradingError(f"{assignment}: {judged.problem}")
        self._slowest_s = max(self._slowest_s, time.monotonic() - began)
        return _runs(self._assignment, judged)

    def run_many(
        self, assignment: str, tries: Sequence[Answers]
    ) -> Iterator[tuple[int, dict[CellKey, ItemRun]]]:
        """Run wrong answers, several at once, in notebooks where they change something."""
        name = f"{assignment} tried"
        self._bench.prepare(name, replace(self._matter, rules=JudgeRules(limits=self._tight())))
        waiting = iter(enumerate(tries))
        busy: dict[Any, tuple[int, Any]] = {}
        while True:
            for place, answers in self._next(waiting, self._n_workers - len(busy)):
                running = self._bench.start(name, self._case(answers, self._changed(answers)))
                busy[running.connection] = (place, running)
            if not busy:
                return
            for ready in connection.wait(list(busy)):
                place, running = busy.pop(ready)
                yield place, self._runs_of(running)

    def _next(
        self, waiting: Iterator[tuple[int, Answers]], n_free: int
    ) -> Iterator[tuple[int, Answers]]:
        for _, one in zip(range(n_free), waiting, strict=False):
            yield one

    def _finish(self, case: Case | None) -> Any:
        """Let one judge work; case: None for the plans."""
        try:
            return self._bench.start(self._assignment.name, case).finish()
        except JudgeDiedError as error:
            name = self._assignment.name
            raise GradingError(f"{name}: its tests ended the judge. {error}") from error

    def _runs_of(self, running: Any) -> dict[CellKey, ItemRun]:
        try:
            return _runs(self._assignment, running.finish())
        except JudgeDiedError:  # it noticed the wrong answer in its own way
            return {}

    def _tight(self) -> Limits:
        limits = Limits()
        cell_s = min(limits.cell_cpu_s, max(LEAST_S, TIMES_LONGER * self._slowest_s))
        return replace(limits, cell_cpu_s=cell_s, notebook_cpu_s=CELLS * cell_s)

    def _changed(self, answers: Answers) -> Iterable[str]:
        return [name for name in self._notebooks if self._is_changed(name, answers)]

    def _is_changed(self, name: str, answers: Answers) -> bool:
        return any(
            answers.get((name, _grade_id(cell)), cell["source"]) != cell["source"]
            for cell in self._notebooks[name]["cells"]
        )

    def _case(self, answers: Answers, names: Iterable[str]) -> Case:
        texts = {}
        for name in names:
            notebook = self._notebooks[name]
            cells = [
                {**cell, "source": answers.get((name, _grade_id(cell)), cell["source"])}
                for cell in notebook["cells"]
            ]
            texts[name] = write_notebook({**notebook, "cells": cells})
        return Case(texts=texts, files=self._assignment.files)


def _grade_id(cell: Mapping[str, Any]) -> str:
    mark = cell["metadata"].get("nbgrader")
    return str(mark.get("grade_id", "")) if isinstance(mark, Mapping) else ""


def _runs(assignment: ReleasedAssignment, judged: Judged) -> dict[CellKey, ItemRun]:
    verdicts = {(one.notebook, one.grade_id): one for one in judged.verdicts}
    return {
        (name, _grade_id(cell)): _run(verdicts[name, _grade_id(cell)], cell, known.max_score)
        for name, text in judged.notebooks.items()
        for cell in json.loads(text)["cells"]
        if (notebook := assignment.find(name))
        and (known := notebook.find(_grade_id(cell)))
        and known.is_test
    }


def _run(verdict: CellVerdict, cell: Mapping[str, Any], max_score: float) -> ItemRun:
    outputs = cell["outputs"]
    return ItemRun(
        notebook=verdict.notebook,
        grade_id=verdict.grade_id,
        score=verdict.score,
        max_score=max_score,
        seconds=verdict.seconds,
        has_stderr=any(output.get("name") == "stderr" for output in outputs),
        message=_message(outputs) or verdict.waits_because,
    )


def _message(outputs: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the last error as `Kind: text`, else what was printed."""
    errors = [output for output in outputs if output["output_type"] == "error"]
    if errors:
        return f"{errors[-1]['ename']}: {errors[-1]['evalue']}"
    return (
        "".join("".join(one["text"]) for one in outputs if one["output_type"] == "stream") or None
    )
