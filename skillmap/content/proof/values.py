"""What goes into a proof of items and what comes out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from skillmap.content.mutants import Mutant
from skillmap.content.problems import Problem
from skillmap.model import ItemId

__all__ = ["CellKey", "ItemProof", "ItemRun", "Prover"]

CellKey = tuple[str, str]
"""Notebook and grade_id."""

SAME_POINTS = 1e-9  # scores are sums of floats


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRun:
    """One test cell after one run. score: None when it was not graded. seconds: of this cell.

    message: what the learner is told when points are lost, an error as `Kind: text`; None when
    nothing is said.
    """

    notebook: str
    grade_id: str
    score: float | None
    max_score: float
    seconds: float
    has_stderr: bool
    message: str | None

    @property
    def is_full(self) -> bool:
        """Whether it gives all its points."""
        return self.score is not None and self.score >= self.max_score - SAME_POINTS


class Prover(Protocol):
    """Runs an assignment with given answers, as the grader will."""

    def run(self, assignment: str, answers: Mapping[CellKey, str]) -> Mapping[CellKey, ItemRun]:
        """Return the run of each test cell. answers: the source of every code answer cell.

        A test that was not reached may be missing; it counts as nothing.
        """
        ...

    def run_many(
        self, assignment: str, tries: Sequence[Mapping[CellKey, str]]
    ) -> Iterator[tuple[int, Mapping[CellKey, ItemRun]]]:
        """Run many wrong answers; yield (place in tries, runs) as each is ready.

        One that takes far longer than what `run` has seen may be stopped.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemProof:
    """What is known of one item. slowest_s: of the solution and the blank release.

    n_mutants, n_caught, survivors, wrong_answers_missed: of its whole exercise.
    n_caught_alone: mutants that lose points in this very item.
    """

    item: ItemId
    is_full_with_solution: bool
    is_zero_when_blank: bool
    slowest_s: float
    n_mutants: int
    n_caught: int
    n_caught_alone: int
    survivors: tuple[Mutant, ...]
    wrong_answers_missed: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def mutation_score(self) -> float | None:
        """The share of mutants caught, in [0, 1]; None without mutants."""
        return self.n_caught / self.n_mutants if self.n_mutants else None
