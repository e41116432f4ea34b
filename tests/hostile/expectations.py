"""What a hostile submission is, and what the law `corrected` owes it.

In: a fixture and what the gradebook says of its learner. Out: the sentences in which they differ.
Law: tests run apart from the learner's process. A forged cell gets nothing, now or from a person
later; an honest cell keeps its points whatever stands beside it; a crash, a hang or a lie costs the
tests that call it and no other; what cannot be read is refused in words.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

__all__ = [
    "HONEST",
    "MANUAL",
    "NOT_FORGED",
    "POINTS",
    "Edit",
    "Hostile",
    "Verdict",
    "as_honest",
    "difference",
    "forged",
    "lost",
]

Klass = Literal["forging", "tampering", "exhaustion", "malformed", "disclosure"]
Edit = Callable[[dict[str, Any]], object]
Score = float | Literal["manual", "any_not_forged"]

MANUAL: Literal["manual"] = "manual"
NOT_FORGED: Literal["any_not_forged"] = "any_not_forged"
POINTS = {
    "double_test": 2.0,
    "tally_test": 2.0,
    "root_test": 1.0,
    "mean_credit": 4.0,
    "column_test": 3.0,
    "rows_test": 1.0,
    "greet_test": 1.0,
}
HONEST: Mapping[str, Score] = {**POINTS, "essay": MANUAL}
ELSEWHERE = "greet_test"  # in the notebook that nobody attacks


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """One submission: the honest one with these changes, made in this order.

    answers: source of an answer cell by its grade_id. first, last: a plain cell before and after
    all others. edit: a change of the notebook `main`. raw: the bytes that replace it. spoil: a
    change of the folder; it gets the folder and the course's root.
    flags: parts of sentences that must stand in the findings. refused: in words, with no score in
    `main`. may_be_refused: either that or exactly `expected`.
    """

    name: str
    klass: Klass
    answers: Mapping[str, str] = field(default_factory=dict)
    first: str = ""
    last: str = ""
    edit: Edit | None = None
    raw: Callable[[], bytes] | None = None
    spoil: Callable[[Path, Path], object] | None = None
    expected: Mapping[str, Score] = field(default_factory=lambda: dict(HONEST))
    flags: tuple[str, ...] = ()
    refused: bool = False
    may_be_refused: bool = False

    def __post_init__(self) -> None:
        if set(self.expected) != set(HONEST):
            raise ValueError(f"{self.name}: expects something of {sorted(self.expected)}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What grading left of one learner. scores: None where there is none yet."""

    scores: Mapping[str, float | None]
    needs_manual: frozenset[str]
    flags: tuple[str, ...]
    problem: str | None


def as_honest(**changed: Score) -> dict[str, Score]:
    """Return the honest expectation with some cells changed."""
    return {**HONEST, **changed}


def forged(*grade_ids: str) -> dict[str, Score]:
    """Return the expectation of an honest submission that lies in these cells."""
    return as_honest(**dict.fromkeys(grade_ids, NOT_FORGED))


def lost(*grade_ids: str) -> dict[str, Score]:
    """Return the expectation of an honest submission that fails these cells."""
    return as_honest(**dict.fromkeys(grade_ids, 0.0))


def difference(hostile: Hostile, verdict: Verdict) -> list[str]:
    """Return in what a verdict differs from what was expected; empty when it is as it should be."""
    if hostile.refused or (hostile.may_be_refused and verdict.problem):
        return _of_refusal(verdict)
    if verdict.problem:
        return [f"refused: {verdict.problem}"]
    wrong = [
        f"{grade_id} has {_told(verdict, grade_id)}, not {wanted}"
        for grade_id, wanted in hostile.expected.items()
        if not _is_met(wanted, verdict, grade_id)
    ]
    found = " ".join(verdict.flags)
    return wrong + [f"no finding names {flag!r}" for flag in hostile.flags if flag not in found]


def _of_refusal(verdict: Verdict) -> list[str]:
    problem = verdict.problem or ""
    wrong = [] if problem.isprintable() and " " in problem else [f"no sentence: {problem!r}"]
    if "Traceback" in problem:
        wrong.append("a traceback for a sentence")
    points = {name: score for name, score in verdict.scores.items() if score}
    if points.pop(ELSEWHERE, POINTS[ELSEWHERE]) != POINTS[ELSEWHERE] or points:
        wrong.append(f"refused, with the points {points}")
    return wrong


def _is_met(wanted: Score, verdict: Verdict, grade_id: str) -> bool:
    score = verdict.scores.get(grade_id)
    if wanted == MANUAL:
        return grade_id in verdict.needs_manual and not score
    if wanted == NOT_FORGED:
        return not score
    is_settled = grade_id not in verdict.needs_manual and score is not None
    return is_settled and math.isclose(score or 0.0, float(wanted), abs_tol=1e-9)


def _told(verdict: Verdict, grade_id: str) -> str:
    waits = " and waits for a person" if grade_id in verdict.needs_manual else ""
    return f"{verdict.scores.get(grade_id)}{waits}"
