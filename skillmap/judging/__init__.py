"""Judge submissions: match them with the release, run them in boxes, give points."""

from skillmap.judging.bench import Bench, Case, JudgeDiedError, Matter, Running
from skillmap.judging.courtroom import Courtroom
from skillmap.judging.from_source import assignment_from_source, blank_of, released_from_source
from skillmap.judging.judge import Judged
from skillmap.judging.notebook_text import read_notebook, write_notebook
from skillmap.judging.plan import NotebookPlan, TestPlan, Tier, all_beside
from skillmap.judging.released import ReleasedAssignment, ReleasedCell, ReleasedNotebook
from skillmap.judging.rules import JudgeRules, KernelLaw, Scoring
from skillmap.judging.verdicts import CellVerdict
from skillmap.judging.wording import printable

__all__ = [
    "Bench",
    "Case",
    "CellVerdict",
    "Courtroom",
    "JudgeDiedError",
    "JudgeRules",
    "Judged",
    "KernelLaw",
    "Matter",
    "NotebookPlan",
    "ReleasedAssignment",
    "ReleasedCell",
    "ReleasedNotebook",
    "Running",
    "Scoring",
    "TestPlan",
    "Tier",
    "all_beside",
    "assignment_from_source",
    "blank_of",
    "printable",
    "read_notebook",
    "released_from_source",
    "write_notebook",
]
