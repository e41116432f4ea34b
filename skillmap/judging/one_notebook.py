"""Judge one notebook, by nbgrader's law or by the corrected one.

In: a notebook that was read, and its release. Out: JudgedNotebook.
Law: the corrected law puts the notebook in shape and keeps tests apart; nbgrader's runs everything
as its kernels do, and keeps what they leave.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from skillmap.judging.intake import require_python
from skillmap.judging.kernel_law import collector, in_its_words, is_skipped, made_files
from skillmap.judging.notebook_run import CellRun, CodeCell, run_notebook
from skillmap.judging.notebook_text import write_notebook
from skillmap.judging.plan import NotebookPlan
from skillmap.judging.released import ReleasedCell, ReleasedNotebook
from skillmap.judging.restore import restore
from skillmap.judging.rules import JudgeRules, Scoring
from skillmap.judging.sanitize import restore_by_nbgrader
from skillmap.judging.scoring import auto_comment, ignore_pattern, limit_output
from skillmap.judging.verdicts import (
    CellVerdict,
    add_notes,
    corrected_verdict,
    findings_of,
    nbgrader_verdict,
)
from skillmap.sandbox import Gate

__all__ = ["JudgedNotebook", "Notebook", "code_cells", "judge_notebook"]

COLLECTOR = -1  # the place of the cell that collects files
OWN_METADATA = "skillmap"  # in a graded notebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Notebook:
    """A notebook to judge. content: as it was read, changed here. text: as it was handed in."""

    released: ReleasedNotebook
    content: dict[str, Any]
    text: bytes
    files: Mapping[str, bytes]
    plan: NotebookPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedNotebook:
    """What one notebook gave; text: of the graded notebook. made: files that its cells made."""

    name: str
    text: bytes
    verdicts: tuple[CellVerdict, ...]
    comments: Mapping[str, str | None]
    made: Mapping[str, bytes] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()


def judge_notebook(gate: Gate, one: Notebook, rules: JudgeRules) -> JudgedNotebook:
    """Judge a notebook. Raises the errors of reading and restoring, in words for the learner."""
    by_law = _corrected if rules.scoring is Scoring.CORRECTED else _by_nbgrader
    return by_law(gate, one, rules)


def code_cells(notebook: Mapping[str, Any], released: ReleasedNotebook) -> Iterator[CodeCell]:
    """Yield the cells to run, in order."""
    known = {cell.grade_id: cell for cell in released.cells}
    for place, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "code":
            one = known.get(_grade_id(cell) or "")
            yield CodeCell(
                place=place,
                source=cell["source"],
                grade_id=one.grade_id if one else None,
                is_test=bool(one and one.is_test),
                is_locked=bool(one and one.is_locked),
            )


def _corrected(gate: Gate, one: Notebook, rules: JudgeRules) -> JudgedNotebook:
    released = one.released
    require_python(released.name, released.kernelspec)
    restored = restore(one.content, released)
    notebook, cells = restored.notebook, list(code_cells(restored.notebook, released))
    runs = _run(gate, one, cells, rules)
    _put_outputs(notebook, runs, rules)
    verdicts = tuple(
        corrected_verdict(
            released.name,
            known,
            cell,
            run=runs.get(place),
            plan=one.plan.of(known.grade_id),
            is_unchanged=known.grade_id in restored.unchanged,
        )
        for known, place, cell in _known(notebook, released)
        if known.is_grade
    )
    comments = _comments(notebook, released)
    add_notes(comments, released, one.plan, verdicts)
    flags = tuple(f"{released.name}: {flag.words}" for flag in restored.flags)
    notebook["metadata"][OWN_METADATA] = {
        "flags": list(flags),
        "stopped": _stops(cells, runs),
        "waits": {v.grade_id: v.waits_because for v in verdicts if v.waits_because},
    }
    return JudgedNotebook(
        name=released.name,
        text=write_notebook(notebook),
        verdicts=verdicts,
        comments=comments,
        flags=flags,
        findings=tuple(findings_of(verdicts)),
    )


def _by_nbgrader(gate: Gate, one: Notebook, rules: JudgeRules) -> JudgedNotebook:
    released = one.released
    notebook = restore_by_nbgrader(one.content, released, add_missing_cells=rules.add_missing_cells)
    require_python(released.name, notebook["metadata"].get("kernelspec"))
    cells = [
        cell
        for cell in code_cells(notebook, released)
        if not is_skipped(notebook["cells"][cell.place], rules.kernel)
    ]
    cells.append(collector([*one.files], place=COLLECTOR))
    runs = _run(gate, one, cells, rules)
    made = made_files(runs.pop(COLLECTOR).outputs, [*one.files])
    _put_outputs(notebook, runs, rules)
    return JudgedNotebook(
        name=released.name,
        text=write_notebook(notebook),
        verdicts=tuple(
            nbgrader_verdict(released.name, known, cell)
            for known, _, cell in _known(notebook, released)
            if known.is_grade
        ),
        comments=_comments(notebook, released),
        made=made,
    )


def _run(
    gate: Gate, one: Notebook, cells: Sequence[CodeCell], rules: JudgeRules
) -> dict[int, CellRun]:
    plan = one.plan if rules.scoring is Scoring.CORRECTED else NotebookPlan()
    own = {f"{one.released.name}.ipynb": one.text}
    files = {**one.files, **own}
    return run_notebook(gate, cells, plan=plan, files=files, limits=rules.limits)


def _grade_id(cell: Mapping[str, Any]) -> str | None:
    mark = cell["metadata"].get("nbgrader")
    found = mark.get("grade_id") if isinstance(mark, dict) else None
    return found if isinstance(found, str) else None


def _known(
    notebook: Mapping[str, Any], released: ReleasedNotebook
) -> Iterator[tuple[ReleasedCell, int, dict[str, Any]]]:
    """Yield the cells that the release knows, with their place, in the release's order."""
    by_id = {_grade_id(cell): (place, cell) for place, cell in enumerate(notebook["cells"])}
    for known in released.cells:
        if known.grade_id in by_id:
            yield (known, *by_id[known.grade_id])


def _comments(notebook: Mapping[str, Any], released: ReleasedNotebook) -> dict[str, str | None]:
    return {
        known.grade_id: auto_comment(cell)
        for known, _, cell in _known(notebook, released)
        if known.is_solution or known.is_task
    }


def _stops(cells: Sequence[CodeCell], runs: Mapping[int, CellRun]) -> dict[str, str]:
    """Say of each test by which limit it, or the answer before it, was stopped."""
    stops: dict[str, str] = {}
    before: str | None = None
    for cell in cells:
        stopped_by = runs[cell.place].stopped_by
        if not cell.is_test:
            before = stopped_by if cell.grade_id else stopped_by or before
        elif cell.grade_id and (stopped_by or before):
            stops[cell.grade_id] = str(stopped_by or before)
    return stops


def _put_outputs(
    notebook: Mapping[str, Any], runs: Mapping[int, CellRun], rules: JudgeRules
) -> None:
    count = 0
    for place, cell in enumerate(notebook["cells"]):
        if place not in runs:
            continue
        outputs: Sequence[Mapping[str, Any]] = runs[place].outputs
        if rules.scoring is Scoring.NBGRADER:
            outputs = in_its_words(outputs, rules.kernel)
        if rules.ignored_pattern:
            outputs = ignore_pattern(outputs, rules.ignored_pattern)
        cell["outputs"] = limit_output(
            outputs, max_lines=rules.max_lines, max_traceback=rules.max_traceback
        )
        if cell["source"].strip():
            count += 1
            cell["execution_count"] = count
