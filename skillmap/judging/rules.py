"""What a course's configuration says about judging."""

from dataclasses import dataclass, field
from enum import StrEnum

from skillmap.sandbox import Limits

__all__ = ["JudgeRules", "Scoring"]


class Scoring(StrEnum):
    """Whose law gives the points."""

    NBGRADER = "nbgrader"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeRules:
    """What a course's configuration says about judging; defaults are nbgrader's."""

    scoring: Scoring = Scoring.CORRECTED
    limits: Limits = field(default_factory=Limits)
    add_missing_cells: bool = False
    max_lines: int = 1000
    max_traceback: int = 100
    ignored_pattern: str = ""
