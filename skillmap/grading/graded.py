"""What grading found out about one attempt, as plain values; checked once, when they are made."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

from skillmap.errors import GradingError

__all__ = ["CellComment", "CellGrade", "GradedSubmission"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellGrade:
    """Points of one grade cell; None where a person has to give them.

    needs_review: the points cannot be trusted, so a person has to look; auto_score counts as None.
    """

    notebook: str
    grade_id: str
    auto_score: float | None
    needs_review: bool = False

    def __post_init__(self) -> None:
        if self.auto_score is not None and not math.isfinite(self.auto_score):
            raise GradingError(
                f"{self.notebook}/{self.grade_id}: {self.auto_score} is no score. "
                "A test must give a finite number."
            )

    @property
    def given(self) -> float | None:
        """What goes into the gradebook."""
        return None if self.needs_review or self.auto_score is None else float(self.auto_score)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellComment:
    """What grading says of an answer or a task, such as "No response."; None for nothing."""

    notebook: str
    grade_id: str
    auto_comment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedSubmission:
    """What grading found out about one attempt.

    timestamp: with a time zone; None when the submission has no time. missing_notebooks: names of
    those that were not handed in, which score 0.
    """

    assignment: str
    learner: str
    timestamp: datetime | None
    grades: tuple[CellGrade, ...]
    comments: tuple[CellComment, ...] = ()
    missing_notebooks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.timestamp is not None and self.timestamp.tzinfo is None:
            raise GradingError(f"{self.assignment} of {self.learner}: the time has no time zone.")

    @property
    def stored_time(self) -> datetime | None:
        """The time as nbgrader stores it: UTC without a time zone."""
        return self.timestamp.astimezone(UTC).replace(tzinfo=None) if self.timestamp else None
