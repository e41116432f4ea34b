"""Prove that an assignment's tests tell right answers from wrong ones.

In: the notebooks of an assignment, the author's answers, a Prover. Out: an ItemProof per test cell.
Law: the instructor's solution scores in full and the blank release nothing, in time and without a
word on stderr; each wrong answer of the author and each mutant of the solution loses points in at
least one test of its exercise. What a person grades is not judged here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from skillmap.content.answers import ExerciseAnswers
from skillmap.content.item_rules import judge_test
from skillmap.content.notebooks import Notebook
from skillmap.content.problems import Severity
from skillmap.content.proof.exercises import Exercise, Slip, find_exercises
from skillmap.content.proof.run_rules import RunsOfItem, judge_exercise, judge_runs
from skillmap.content.proof.values import CellKey, ItemProof, ItemRun, Prover
from skillmap.judging import blank_of
from skillmap.model import item_id
from skillmap.ports import Progress

__all__ = ["prove"]


def prove(
    notebooks: Sequence[Notebook],
    answers: Iterable[ExerciseAnswers],
    prover: Prover,
    *,
    limit_s: float = 5.0,
    n_mutants: int = 40,
    is_tagged: bool = True,
    progress: Progress | None = None,
) -> list[ItemProof]:
    """Prove each test cell of one assignment, in the order of its cells.

    notebooks: all of the assignment. limit_s: the time of one test cell.
    n_mutants: at most so many for each answer cell. is_tagged: a blueprint speaks of it, so that
    the rules of the house are errors.
    """
    exercises = find_exercises(notebooks, answers, n_mutants=n_mutants)
    if not exercises:
        return []
    rules = _Rules(limit_s=limit_s, severity="error" if is_tagged else "warning")
    bench = _set_up(notebooks, prover)
    slips = [(exercise, slip) for exercise in exercises for slip in exercise.slips]
    tried: dict[int, _Tried] = {}
    tries = [{**bench.rights, exercise.key(slip.cell): slip.source} for exercise, slip in slips]
    for place, runs in prover.run_many(bench.assignment, tries):
        exercise, slip = slips[place]
        tried[place] = _judge_try(bench, exercise, slip, runs)
        if progress:
            progress(len(tried), len(tries), f"{exercise.notebook.name}/{slip.cell.grade_id}")
    in_order = iter([tried[place] for place in range(len(slips))])
    return [
        proof
        for exercise in exercises
        for proof in _proofs(bench, exercise, list(islice(in_order, len(exercise.slips))), rules)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """severity: of what learners are not told."""

    limit_s: float
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bench:
    """What all tries of an assignment share."""

    assignment: str
    rights: Mapping[CellKey, str]
    solution: Mapping[CellKey, ItemRun]
    blank: Mapping[CellKey, ItemRun]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """A slip that was run. lost: the grade_ids of the exercise's tests that noticed it."""

    slip: Slip
    runs: Mapping[CellKey, ItemRun]
    lost: frozenset[str]


def _set_up(notebooks: Sequence[Notebook], prover: Prover) -> _Bench:
    rights = {
        (notebook.name, cell.grade_id): cell.source
        for notebook in notebooks
        for cell in notebook.cells
        if cell.is_solution and cell.cell_type == "code"
    }
    assignment = notebooks[0].assignment
    return _Bench(
        assignment=assignment,
        rights=rights,
        solution=prover.run(assignment, rights),
        blank=prover.run(assignment, {key: blank_of(text) for key, text in rights.items()}),
    )


def _judge_try(
    bench: _Bench, exercise: Exercise, slip: Slip, runs: Mapping[CellKey, ItemRun]
) -> _Tried:
    """Say which tests noticed a slip. A test that the solution fails notices nothing."""
    keys = {test.grade_id: exercise.key(test) for test in exercise.tests}
    lost = {
        name
        for name, key in keys.items()
        if _is_full(bench.solution, key) and not _is_full(runs, key)
    }
    return _Tried(slip=slip, runs=runs, lost=frozenset(lost))


def _is_full(runs: Mapping[CellKey, ItemRun], key: CellKey) -> bool:
    return key in runs and runs[key].is_full


def _proofs(
    bench: _Bench, exercise: Exercise, tried: Sequence[_Tried], rules: _Rules
) -> Iterator[ItemProof]:
    """Give each test its proof; what concerns the whole exercise is told with its last test."""
    notebook = exercise.notebook
    escaped = [one.slip for one in tried if not one.lost]
    told = list(judge_exercise(exercise, escaped))
    survivors = tuple(slip.mutant for slip in escaped if slip.mutant)
    mutants = [one for one in tried if one.slip.mutant]
    for test in exercise.tests:
        runs = _runs_of(bench, exercise.key(test), tried)
        by_text = judge_test(notebook, test, severity=rules.severity)
        by_runs = judge_runs(notebook, test, runs, limit_s=rules.limit_s, severity=rules.severity)
        problems = [*by_text, *by_runs]
        yield ItemProof(
            item=item_id(notebook.assignment, notebook.name, test.grade_id),
            is_full_with_solution=runs.is_full_with_solution,
            is_zero_when_blank=runs.is_zero_when_blank,
            slowest_s=runs.slowest_s,
            n_mutants=len(mutants),
            n_caught=len(mutants) - len(survivors),
            n_caught_alone=sum(test.grade_id in one.lost for one in mutants),
            survivors=survivors,
            wrong_answers_missed=tuple(slip.why for slip in escaped if not slip.mutant),
            problems=tuple(problems + (told if test is exercise.tests[-1] else [])),
        )


def _runs_of(bench: _Bench, key: CellKey, tried: Sequence[_Tried]) -> RunsOfItem:
    return RunsOfItem(
        solution=bench.solution.get(key),
        blank=bench.blank.get(key),
        slips=tuple(one.runs[key] for one in tried if key in one.runs),
    )
