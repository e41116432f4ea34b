"""Find the exercises of a notebook and the slips to try.

In: a Notebook and the author's answers. Out: Exercises, each with its Slips.
Law: an exercise is a run of answer cells and the tests that follow, up to the next answer cell.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from skillmap.content.answers import ExerciseAnswers, WrongAnswer
from skillmap.content.item_rules import is_test
from skillmap.content.mutants import Mutant, mutants_of
from skillmap.content.notebooks import Cell, Notebook
from skillmap.content.proof.values import CellKey

__all__ = ["Exercise", "Slip", "find_exercises"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A wrong answer to try in a cell: of the author, who says why, or a mutant."""

    cell: Cell
    source: str
    why: str = ""
    mutant: Mutant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """Answer cells and the tests that judge them. answers: without those graded by hand."""

    notebook: Notebook
    answers: tuple[Cell, ...]
    tests: tuple[Cell, ...]
    slips: tuple[Slip, ...] = ()

    def key(self, cell: Cell) -> CellKey:
        """The cell's key among all cells of the assignment."""
        return (self.notebook.name, cell.grade_id)


def find_exercises(
    notebooks: Iterable[Notebook], answers: Iterable[ExerciseAnswers], *, n_mutants: int
) -> list[Exercise]:
    """Return the exercises that have tests. n_mutants: at most so many for each answer cell."""
    wrong = {(row.notebook, row.cell): row.wrong for row in answers}
    return [
        Exercise(
            notebook=notebook,
            answers=tuple(cells),
            tests=tuple(tests),
            slips=tuple(_slips(notebook, cells, wrong, n_mutants)),
        )
        for notebook in notebooks
        for cells, tests in _groups(notebook)
        if tests
    ]


def _groups(notebook: Notebook) -> list[tuple[list[Cell], list[Cell]]]:
    groups: list[tuple[list[Cell], list[Cell]]] = [([], [])]
    for cell in notebook.cells:
        if is_test(cell):
            groups[-1][1].append(cell)
        elif cell.is_solution or cell.is_task:
            if groups[-1][1]:
                groups.append(([], []))
            if not cell.is_manual and cell.cell_type == "code":
                groups[-1][0].append(cell)
    return groups


def _slips(
    notebook: Notebook,
    cells: Sequence[Cell],
    wrong: Mapping[CellKey, Sequence[WrongAnswer]],
    n_mutants: int,
) -> Iterator[Slip]:
    for cell in cells:
        for answer in wrong.get((notebook.name, cell.grade_id), ()):
            yield Slip(cell=cell, source=answer.code, why=answer.why)
        for mutant in mutants_of(cell.source, limit=n_mutants):
            yield Slip(cell=cell, source=mutant.source, mutant=mutant)
