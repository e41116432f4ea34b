"""Judge one submission: read it, put it in shape, run it, score it.

In: the bytes of its notebooks, and what is known of the assignment. Out: Judged, plain values.
Law: whatever a submission holds, it ends in a value: a problem in words for the learner, or scores.
A cell whose test cannot tell right from wrong waits for a person; it is never 0 in silence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from skillmap.judging.intake import read_all, require_python
from skillmap.judging.kernel_law import collector, in_its_words, is_skipped, made_files
from skillmap.judging.notebook_run import CellRun, CodeCell, run_notebook
from skillmap.judging.notebook_text import UnreadableNotebookError, read_notebook, write_notebook
from skillmap.judging.plan import NotebookPlan
from skillmap.judging.planning import plan_notebook
from skillmap.judging.released import ReleasedAssignment, ReleasedNotebook
from skillmap.judging.restore import restore
from skillmap.judging.rules import JudgeRules, Scoring
from skillmap.judging.sanitize import UnrestorableNotebookError, restore_by_nbgrader
from skillmap.judging.scoring import (
    UnscorableCellError,
    auto_comment,
    ignore_pattern,
    limit_output,
)
from skillmap.judging.verdicts import (
    CellVerdict,
    add_notes,
    corrected_verdict,
    findings_of,
    nbgrader_verdict,
)
from skillmap.sandbox import Gate

__all__ = ["Judged", "judge", "plan_assignment"]

COLLECTOR = -1  # the place of the cell that collects files
OWN_METADATA = "skillmap"  # in a graded notebook
NOT_HANDED_IN = "{name}.ipynb was not handed in: it counts 0 points and is no evidence."


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """All that one submission gave. problem: why it has no scores, in words for the learner.

    notebooks: the graded notebooks by name, as they are to be stored. comments: nbgrader's auto
    comments by (notebook, grade_id). made: files that cells made, by relative path; only nbgrader's
    law keeps them. flags: for the learner. findings: for the instructor.
    """

    problem: str | None = None
    notebooks: Mapping[str, bytes] = field(default_factory=dict)
    verdicts: tuple[CellVerdict, ...] = ()
    comments: Mapping[tuple[str, str], str | None] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    made: Mapping[str, bytes] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One notebook, judged."""

    name: str
    text: bytes
    verdicts: tuple[CellVerdict, ...]
    comments: Mapping[str, str | None]
    made: Mapping[str, bytes] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()


def judge(
    gate: Gate,
    assignment: ReleasedAssignment,
    texts: Mapping[str, bytes],
    *,
    files: Mapping[str, bytes],
    plans: Mapping[str, NotebookPlan],
    rules: JudgeRules,
) -> Judged:
    """Judge a submission. texts: its notebooks by name; files: what lies beside them."""
    try:
        is_corrected = rules.scoring is Scoring.CORRECTED
        notebooks, flags = read_all(assignment, texts, finds_renamed=is_corrected)
        parts: list[_Part] = []
        for released in assignment.notebooks:
            if released.name in notebooks:
                part = _judge_one(
                    gate,
                    released,
                    notebooks[released.name],
                    own_text=texts.get(released.name, b""),
                    files={**files, **_made(parts)},
                    plan=plans.get(released.name, NotebookPlan()),
                    rules=rules,
                )
                parts.append(part)
    except (UnreadableNotebookError, UnrestorableNotebookError, UnscorableCellError) as error:
        return Judged(problem=str(error))
    missing = tuple(one.name for one in assignment.notebooks if one.name not in notebooks)
    return Judged(
        notebooks={part.name: part.text for part in parts},
        verdicts=tuple(verdict for part in parts for verdict in part.verdicts),
        comments={(part.name, key): text for part in parts for key, text in part.comments.items()},
        missing=missing,
        made=_made(parts),
        flags=(*flags, *(flag for part in parts for flag in part.flags)),
        findings=(
            *(NOT_HANDED_IN.format(name=name) for name in missing),
            *(finding for part in parts for finding in part.findings),
        ),
    )


def _judge_one(
    gate: Gate,
    released: ReleasedNotebook,
    notebook: dict[str, Any],
    *,
    own_text: bytes,
    files: Mapping[str, bytes],
    plan: NotebookPlan,
    rules: JudgeRules,
) -> _Part:
    is_corrected = rules.scoring is Scoring.CORRECTED
    flags: tuple[str, ...] = ()
    unchanged: frozenset[str] = frozenset()
    if is_corrected:
        require_python(released.name, released.kernelspec)
        restored = restore(notebook, released)
        notebook, unchanged = restored.notebook, restored.unchanged
        flags = tuple(f"{released.name}: {flag.words}" for flag in restored.flags)
    else:
        notebook = restore_by_nbgrader(
            notebook, released, add_missing_cells=rules.add_missing_cells
        )
        require_python(released.name, notebook["metadata"].get("kernelspec"))
        plan = NotebookPlan()
    cells = list(_code_cells(notebook, released))
    if not is_corrected:
        cells = [c for c in cells if not is_skipped(notebook["cells"][c.place], rules.kernel)]
        cells.append(collector([*files], place=COLLECTOR))
    runs = run_notebook(
        gate,
        cells,
        plan=plan,
        files={**files, f"{released.name}.ipynb": own_text},
        limits=rules.limits,
    )
    made = {} if is_corrected else made_files(runs.pop(COLLECTOR).outputs, [*files])
    _put_outputs(notebook, runs, rules)
    by_id = {_grade_id(cell): (place, cell) for place, cell in enumerate(notebook["cells"])}
    verdicts = tuple(
        corrected_verdict(
            released.name,
            known,
            by_id[known.grade_id][1],
            run=runs.get(by_id[known.grade_id][0]),
            plan=plan.of(known.grade_id),
            is_unchanged=known.grade_id in unchanged,
        )
        if is_corrected
        else nbgrader_verdict(released.name, known, by_id[known.grade_id][1])
        for known in released.cells
        if known.is_grade and known.grade_id in by_id
    )
    comments = {
        known.grade_id: auto_comment(by_id[known.grade_id][1])
        for known in released.cells
        if (known.is_solution or known.is_task) and known.grade_id in by_id
    }
    if is_corrected:
        add_notes(comments, released, plan, verdicts)
        notebook["metadata"][OWN_METADATA] = _for_feedback(flags, verdicts)
    return _Part(
        name=released.name,
        text=write_notebook(notebook),
        verdicts=verdicts,
        comments=comments,
        made=made,
        flags=flags,
        findings=tuple(findings_of(verdicts)),
    )


def _made(parts: Sequence[_Part]) -> dict[str, bytes]:
    return {name: content for part in parts for name, content in part.made.items()}


def _for_feedback(flags: tuple[str, ...], verdicts: Sequence[CellVerdict]) -> dict[str, Any]:
    """What a feedback page tells that neither cells nor gradebook hold."""
    return {
        "flags": list(flags),
        "stopped": {one.grade_id: one.stopped_because for one in verdicts if one.stopped_because},
        "waits": {one.grade_id: one.waits_because for one in verdicts if one.waits_because},
    }


def _grade_id(cell: Mapping[str, Any]) -> str | None:
    mark = cell["metadata"].get("nbgrader")
    found = mark.get("grade_id") if isinstance(mark, dict) else None
    return found if isinstance(found, str) else None


def _code_cells(notebook: Mapping[str, Any], released: ReleasedNotebook) -> Iterator[CodeCell]:
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


def plan_assignment(
    gate: Gate,
    assignment: ReleasedAssignment,
    solutions: Mapping[str, bytes],
    *,
    rules: JudgeRules,
) -> dict[str, NotebookPlan]:
    """Plan each notebook of which there is a solution."""
    plans = {}
    for released in assignment.notebooks:
        if released.name in solutions:
            notebook = restore(read_notebook(solutions[released.name]), released).notebook
            plans[released.name] = plan_notebook(
                gate,
                list(_code_cells(notebook, released)),
                released,
                files=assignment.files,
                limits=rules.limits,
            )
    return plans
