"""What a course's configuration says about judging."""

from dataclasses import dataclass, field
from enum import StrEnum

from skillmap.sandbox import Limits

__all__ = ["JudgeRules", "KernelLaw", "Scoring"]


class Scoring(StrEnum):
    """Whose law gives the points."""

    NBGRADER = "nbgrader"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelLaw:
    """What a course's configuration says about nbgrader's run; only nbgrader's law follows it.

    skipped_tag: of cells that are not run. timeout_error: name, value and traceback of the error
    that a cell shows when it took too long.
    """

    skipped_tag: str = "skip-execution"
    timeout_error: tuple[str, str, tuple[str, ...]] = (
        "CellTimeoutError",
        "",
        ("\x1b[0;31mCellTimeoutError\x1b[0m: No reply from kernel before timeout",),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeRules:
    """What a course's configuration says about judging; defaults are nbgrader's."""

    scoring: Scoring = Scoring.CORRECTED
    limits: Limits = field(default_factory=Limits)
    add_missing_cells: bool = False
    max_lines: int = 1000
    max_traceback: int = 100
    ignored_pattern: str = ""
    kernel: KernelLaw = field(default_factory=KernelLaw)
