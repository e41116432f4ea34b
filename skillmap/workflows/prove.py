"""Prove the items of a course with the grader that learners' work will meet.

In: ContentPaths and the names of assignments. Out: CourseProof: each item with its proof and tier.
Law: nothing is written, and no gradebook or nbgrader is needed; what `check_course` tells by
reading the files is not told again. A test cell may take 5 s.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from skillmap.content import ContentPaths, ExerciseAnswers, Problem, read_answers
from skillmap.content.files import find_blueprint, read_notebooks
from skillmap.content.item_rules import has_autotests, is_test
from skillmap.content.notebooks import Notebook
from skillmap.content.problems import shorten
from skillmap.content.proof import ItemProof, prove
from skillmap.errors import ContentError, GradingError
from skillmap.judging import Bench, Courtroom, TestPlan
from skillmap.ports import Progress
from skillmap.workflows.bench_prover import BenchProver

__all__ = ["LIMIT_S", "CourseProof", "ProvedItem", "prove_assignment", "prove_course"]

LIMIT_S = 5.0  # of one test cell; a class waits for all of them


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedItem:
    """One item that a test gives points for. plan: whether it runs apart from learners' code."""

    assignment: str
    proof: ItemProof
    plan: TestPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseProof:
    """What is known of a course's items. problems: of these, and why an assignment has none."""

    items: tuple[ProvedItem, ...]
    problems: tuple[Problem, ...]

    @property
    def n_apart(self) -> int:
        """How many items are judged where learners' code cannot reach."""
        return sum(item.plan.tier.is_apart for item in self.items)

    @property
    def share_apart(self) -> float | None:
        """Their share, in [0, 1]; None without items."""
        return self.n_apart / len(self.items) if self.items else None


def prove_course(
    paths: ContentPaths,
    assignments: Sequence[str],
    *,
    n_mutants: int,
    station: Callable[[str], Progress],
    n_workers: int,
    is_unsafe: bool = False,
) -> CourseProof:
    """Prove assignments one after the other, each with n_workers judges at once.

    station: gives the progress of one assignment, by its title. is_unsafe: without walls.
    Raises NoWallsError when walls cannot be had.
    """
    if not assignments:
        return CourseProof(items=(), problems=())
    proofs = []
    with Courtroom(is_unsafe=is_unsafe) as court:
        for name in assignments:
            progress = station(f"Proving {name}")
            proofs.append(
                prove_assignment(
                    court.bench,
                    paths,
                    name,
                    n_mutants=n_mutants,
                    progress=progress,
                    n_workers=n_workers,
                )
            )
    return CourseProof(
        items=tuple(item for proof in proofs for item in proof.items),
        problems=tuple(problem for proof in proofs for problem in proof.problems),
    )


def prove_assignment(
    bench: Bench,
    paths: ContentPaths,
    assignment: str,
    *,
    n_mutants: int,
    progress: Progress | None = None,
    n_workers: int = 1,
    limit_s: float = LIMIT_S,
) -> CourseProof:
    """Prove one assignment; n_mutants: at most so many for each answer cell."""
    folder = paths.source / assignment
    notebooks, broken = read_notebooks([folder])
    whole = [] if broken else [one for one in notebooks.values() if not _has_autotests(one)]
    unproved = [_autotests(one) for one in notebooks.values() if _has_autotests(one)]
    if not whole:
        return CourseProof(items=(), problems=tuple(shorten(unproved, paths.home)))
    blueprint = find_blueprint(paths, assignment)
    try:
        prover = BenchProver(bench, folder, n_workers=n_workers)
        proofs = prove(
            whole,
            _answers(paths, assignment),
            prover,
            is_tagged=blueprint is not None and blueprint.is_file(),
            limit_s=limit_s,
            n_mutants=n_mutants,
            progress=progress,
        )
    except GradingError as error:
        problem = Problem(file=str(folder), place="", message=str(error))
        return CourseProof(items=(), problems=tuple(shorten([problem], paths.home)))
    problems = [*unproved, *(problem for proof in proofs for problem in proof.problems)]
    return CourseProof(
        items=tuple(_items(assignment, prover, proofs)),
        problems=tuple(shorten(problems, paths.home)),
    )


def _has_autotests(notebook: Notebook) -> bool:
    return any(is_test(cell) and has_autotests(cell) for cell in notebook.cells)


def _autotests(notebook: Notebook) -> Problem:
    return Problem(
        file=str(notebook.file),
        place="",
        message="its tests are AUTOTEST lines, so it is not proved",
        hint="nbgrader writes the checks when it releases them",
        severity="warning",
    )


def _answers(paths: ContentPaths, assignment: str) -> Sequence[ExerciseAnswers]:
    try:
        return read_answers(paths, assignment)
    except ContentError:  # a broken blueprint, which the static check tells
        return ()


def _items(
    assignment: str, prover: BenchProver, proofs: Sequence[ItemProof]
) -> Iterator[ProvedItem]:
    for proof in proofs:
        _, notebook, grade_id = proof.item.split("/", 2)
        plan = prover.plan_of(notebook, grade_id)
        yield ProvedItem(assignment=assignment, proof=proof, plan=plan)
