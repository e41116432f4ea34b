"""Points, comments and findings of one notebook that has been run.

Law: a cell whose test cannot tell right from wrong waits for a person; it is never 0 in silence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skillmap.judging.notebook_run import CellRun
from skillmap.judging.plan import NotebookPlan, TestPlan
from skillmap.judging.released import ReleasedCell, ReleasedNotebook
from skillmap.judging.scoring import (
    UnscorableCellError,
    corrected_answer_score,
    corrected_score,
    nbgrader_score,
    result_kind,
)

__all__ = ["CellVerdict", "add_notes", "corrected_verdict", "findings_of", "nbgrader_verdict"]

NOT_APART = "Checked beside the learner's own code: not tamper-proof ({names})."
ABOVE_MAXIMUM = "The test gave more points than it has."
NOT_POINTS = "The test's last line gave no points, as it does for the solution."
STUCK = "{name} waits for a person: {why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellVerdict:
    """Points of one grade cell; None: a person has to give them.

    waits_because: why a test could not decide.
    by_nbgrader: what nbgrader's own law gives, None where it gives nothing. seconds: of the test.
    """

    notebook: str
    grade_id: str
    score: float | None
    by_nbgrader: float | None = None
    why_differs: str | None = None
    waits_because: str | None = None
    seconds: float = 0.0


def nbgrader_verdict(notebook: str, known: ReleasedCell, cell: Mapping[str, Any]) -> CellVerdict:
    """Score a grade cell by nbgrader's law. Raises UnscorableCellError where nbgrader stops."""
    return CellVerdict(notebook=notebook, grade_id=known.grade_id, score=nbgrader_score(cell))


def corrected_verdict(
    notebook: str,
    known: ReleasedCell,
    cell: Mapping[str, Any],
    *,
    run: CellRun | None,
    plan: TestPlan,
    is_unchanged: bool,
) -> CellVerdict:
    """Score a grade cell by the corrected law. run: what a code cell gave."""
    if not known.is_test or run is None:
        answer = corrected_answer_score(is_unchanged=is_unchanged and known.is_solution)
        return CellVerdict(notebook=notebook, grade_id=known.grade_id, score=answer.score)
    try:
        by_nbgrader = nbgrader_score(cell)
    except UnscorableCellError:
        by_nbgrader = None
    scored = corrected_score(cell["outputs"], known.max_score)
    stuck = run.stuck or _no_points(cell["outputs"], known.max_score, plan)
    return CellVerdict(
        notebook=notebook,
        grade_id=known.grade_id,
        score=None if stuck else scored.score,
        by_nbgrader=by_nbgrader,
        why_differs=None if stuck else scored.reason,
        waits_because=stuck,
        seconds=run.seconds,
    )


def _no_points(
    outputs: Sequence[Mapping[str, Any]], max_score: float, plan: TestPlan
) -> str | None:
    """Say why a result cannot be points, where the solution's result is."""
    if any(output["output_type"] == "error" for output in outputs):
        return None
    kind = result_kind(outputs, max_score)
    if kind == "above":
        return ABOVE_MAXIMUM
    return NOT_POINTS if plan.gives_number and kind != "number" else None


def add_notes(
    comments: dict[str, str | None],
    released: ReleasedNotebook,
    plan: NotebookPlan,
    verdicts: Sequence[CellVerdict],
) -> None:
    """Say at an answer what is to be known of the tests that follow it."""
    waiting = {one.grade_id: one.waits_because for one in verdicts if one.waits_because}
    answer: str | None = None
    beside: dict[str, list[str]] = {}
    for cell in released.cells:
        if cell.grade_id in comments:
            answer = cell.grade_id
        if not cell.is_test or answer is None:
            continue
        if not plan.of(cell.grade_id).tier.is_apart:
            beside.setdefault(answer, []).append(cell.grade_id)
        if cell.grade_id in waiting:
            why = STUCK.format(name=cell.grade_id, why=waiting[cell.grade_id])
            comments[answer] = f"{comments[answer] or ''} {why}".strip()
    for where, names in beside.items():
        note = NOT_APART.format(names=", ".join(names))
        comments[where] = f"{comments[where] or ''} {note}".strip()


def findings_of(verdicts: Sequence[CellVerdict]) -> Iterator[str]:
    """Say where the points may surprise, for the instructor."""
    for one in verdicts:
        where = f"{one.notebook}/{one.grade_id}"
        if one.waits_because:
            yield f"{where} waits for a person: {one.waits_because}"
        elif one.why_differs:
            theirs = "nothing" if one.by_nbgrader is None else f"{one.by_nbgrader:g}"
            yield f"{where}: {one.score:g} points, nbgrader gives {theirs}. {one.why_differs}"
