"""Judge one submission: read it, put it in shape, run it, score it.

In: the bytes of its notebooks, and what is known of the assignment. Out: Judged, plain values.
Law: whatever a submission holds, it ends in a value: a problem in words for the learner, or scores.
A cell whose test cannot tell right from wrong waits for a person; it is never 0 in silence.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from skillmap.judging.intake import read_all
from skillmap.judging.notebook_text import UnreadableNotebookError, read_notebook
from skillmap.judging.one_notebook import JudgedNotebook, Notebook, code_cells, judge_notebook
from skillmap.judging.plan import NotebookPlan
from skillmap.judging.planning import plan_notebook
from skillmap.judging.released import ReleasedAssignment
from skillmap.judging.restore import restore
from skillmap.judging.rules import JudgeRules, Scoring
from skillmap.judging.sanitize import UnrestorableNotebookError
from skillmap.judging.scoring import UnscorableCellError
from skillmap.judging.verdicts import CellVerdict
from skillmap.sandbox import Gate

__all__ = ["Judged", "judge", "plan_assignment"]

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
        parts: list[JudgedNotebook] = []
        for released in assignment.notebooks:
            if released.name in notebooks:
                one = Notebook(
                    released=released,
                    content=notebooks[released.name],
                    text=texts.get(released.name, b""),
                    files={**files, **_made(parts)},
                    plan=plans.get(released.name, NotebookPlan()),
                )
                parts.append(judge_notebook(gate, one, rules))
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


def _made(parts: Sequence[JudgedNotebook]) -> dict[str, bytes]:
    return {name: content for part in parts for name, content in part.made.items()}


def plan_assignment(
    gate: Gate,
    assignment: ReleasedAssignment,
    solutions: Mapping[str, bytes],
    *,
    rules: JudgeRules,
) -> dict[str, NotebookPlan]:
    """Plan each notebook of which there is a solution that can be read."""
    plans = {}
    for released in assignment.notebooks:
        with suppress(UnreadableNotebookError):
            solution = read_notebook(solutions.get(released.name, b""))
            notebook = restore(solution, released).notebook
            plans[released.name] = plan_notebook(
                gate,
                list(code_cells(notebook, released)),
                released,
                files=assignment.files,
                limits=rules.limits,
            )
    return plans
