"""Find out, with the instructor's own solution, which tests can be kept apart from learners' code.

In: the solution, as if it had been handed in. Out: a NotebookPlan.
Law: a test is kept apart only when it gives the solution the same points there as beside it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from skillmap.judging.free_names import free_names
from skillmap.judging.notebook_run import (
    CellRun,
    CodeCell,
    bound_names,
    run_notebook,
    without_extractor,
)
from skillmap.judging.plan import NotebookPlan, TestPlan, Tier
from skillmap.judging.released import ReleasedNotebook
from skillmap.judging.scoring import corrected_score, result_kind
from skillmap.sandbox import BoxEndedError, Gate, Limits, Origin

__all__ = ["plan_notebook"]

MAX_ROUNDS = 4  # a test moved into the kernel may change what later ones find
IPYTHONS_OWN = frozenset({"In", "Out", "get_ipython", "exit", "quit", "open", "display"})
USED_LATER = "Later cells use what this test makes."
OTHER_POINTS = "Kept apart, it gives the solution other points: {why}"
BROKEN = "The solution could not be run."


def plan_notebook(
    gate: Gate,
    cells: Sequence[CodeCell],
    released: ReleasedNotebook,
    *,
    files: Mapping[str, bytes],
    limits: Limits,
) -> NotebookPlan:
    """Return how the tests of a notebook are to be run. cells: of the solution, in order."""
    try:
        surveyed = _survey(gate, cells, files=files, limits=limits)
    except BoxEndedError:
        return NotebookPlan(tests={c.grade_id or "": _beside(BROKEN) for c in cells if c.is_test})
    beside = run_notebook(gate, cells, plan=NotebookPlan(), files=files, limits=limits)
    plan = NotebookPlan(
        tests={
            cell.grade_id or "": replace(_wish(cell, cells), gives_number=_is_credit(cell, beside))
            for cell in cells
            if cell.is_test
        },
        origins={**_made_by_extractors(cells), **surveyed},
        helpers=_helpers(cells),
        made_by=_made_by(cells),
    )
    for _ in range(MAX_ROUNDS):
        apart = run_notebook(gate, cells, plan=plan, files=files, limits=limits)
        better = _settled(plan, cells, released, beside, apart)
        if better == plan:
            return plan
        plan = better
    return replace(plan, tests={name: _beside(BROKEN) for name in plan.tests})


def _survey(
    gate: Gate, cells: Sequence[CodeCell], *, files: Mapping[str, bytes], limits: Limits
) -> dict[str, Origin]:
    """Return where each global name comes from that the solution makes without the tests."""
    box = gate.open_box(limits)
    try:
        box.put(files)
        for _ in box.run([(cell.source, False) for cell in cells if not cell.is_test]):
            pass
        names = box.ask({"ask": "survey"})["names"]
    finally:
        box.close()
    return {name: Origin(**origin) for name, origin in names.items() if name not in IPYTHONS_OWN}


def _made_by_extractors(cells: Sequence[CodeCell]) -> dict[str, Origin]:
    """Return what extractors make: it lives in the box, so tests have to ask for it there."""
    extractors = [without_extractor(cell.source)[0] for cell in cells if cell.is_test]
    return {name: Origin() for source in extractors for name in bound_names(source)}


def _wish(cell: CodeCell, cells: Sequence[CodeCell]) -> TestPlan:
    later = [one for one in cells if one.place > cell.place and not one.is_test]
    if bound_names(cell.source) & {name for one in later for name in free_names(one.source)}:
        return _beside(USED_LATER)
    extractor, _ = without_extractor(cell.source)
    return TestPlan(tier=Tier.EXTRACTOR if extractor else Tier.VALUE, object_places=None)


def _helpers(cells: Sequence[CodeCell]) -> frozenset[str]:
    """Ids of locked cells with functions that no cell of the learner's makes anew."""
    learners = {name for cell in cells if not cell.is_locked for name in bound_names(cell.source)}
    return frozenset(
        cell.grade_id
        for cell in cells
        if cell.grade_id and cell.is_locked and not cell.is_test
        if (names := bound_names(cell.source)) and not names & learners
    )


def _made_by(cells: Sequence[CodeCell]) -> dict[str, frozenset[str]]:
    """Names that each cell of the solution makes; under "" those of cells without an id."""
    made: dict[str, frozenset[str]] = {}
    for cell in cells:
        if not cell.is_test:
            key = cell.grade_id or ""
            made[key] = made.get(key, frozenset()) | bound_names(cell.source)
    return made


def _settled(
    plan: NotebookPlan,
    cells: Sequence[CodeCell],
    released: ReleasedNotebook,
    beside: Mapping[int, CellRun],
    apart: Mapping[int, CellRun],
) -> NotebookPlan:
    """Move what does not hold into the kernel, and note where objects are due."""
    tests = dict(plan.tests)
    for cell in cells:
        known = released.find(cell.grade_id or "")
        if known is None or not cell.is_test or not tests[known.grade_id].tier.is_apart:
            continue
        run = apart[cell.place]
        ours = corrected_score(run.outputs, known.max_score).score
        theirs = corrected_score(beside[cell.place].outputs, known.max_score).score
        if run.stuck or run.reason or ours != theirs:
            why = run.stuck or run.reason or _last_error(run)
            reason = OTHER_POINTS.format(why=why)
            wished = tests[known.grade_id]
            tests[known.grade_id] = replace(wished, tier=Tier.IN_KERNEL, reason=reason)
        else:
            due = run.object_places
            tests[known.grade_id] = replace(tests[known.grade_id], object_places=due)
    return replace(plan, tests=tests)


def _is_credit(cell: CodeCell, runs: Mapping[int, CellRun]) -> bool:
    return result_kind(runs[cell.place].outputs, math.inf) == "number"


def _last_error(run: CellRun) -> str:
    errors = [one for one in run.outputs if one["output_type"] == "error"]
    return f"{errors[-1]['ename']}: {errors[-1]['evalue']}" if errors else "no error"


def _beside(reason: str) -> TestPlan:
    return TestPlan(tier=Tier.IN_KERNEL, reason=reason)
