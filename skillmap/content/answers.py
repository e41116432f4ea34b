"""Give simulated learners something to hand in: right and typically wrong answers.

In: ContentPaths and an assignment. Out: ExerciseAnswers, in the order of the blueprint.
Law: a right answer is the instructor's cell without the marker lines, so that it scores in full.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from skillmap.content.files import NotebookKey, find_blueprint, read_notebooks
from skillmap.content.notebooks import Notebook, list_assignments
from skillmap.content.paths import ContentPaths
from skillmap.content.tables import BlueprintFile, ExerciseTable
from skillmap.content.toml_files import read_table
from skillmap.errors import ContentError, did_you_mean
from skillmap.model import AssignmentId

__all__ = ["ExerciseAnswers", "WrongAnswer", "read_answers"]

MARKERS = ("BEGIN SOLUTION", "END SOLUTION")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongAnswer:
    """A typical slip. code replaces the whole solution cell."""

    why: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseAnswers:
    """What may be written into one solution cell. cell: its grade_id; right: its whole source."""

    assignment: AssignmentId
    notebook: str
    cell: str
    right: str
    wrong: tuple[WrongAnswer, ...] = ()


def read_answers(paths: ContentPaths, assignment: str) -> tuple[ExerciseAnswers, ...]:
    """Return the answers to each exercise; without a blueprint, to each solution cell.

    Raises ContentError when the assignment, its blueprint or a notebook cannot be used.
    """
    notebooks = _notebooks(paths, assignment)
    file = find_blueprint(paths, assignment)
    if file is None or not file.is_file():
        return tuple(a for notebook in notebooks.values() for a in _untagged(notebook))
    blueprint, problems = read_table(file, BlueprintFile)
    if blueprint is None:
        raise ContentError("\n".join(map(str, problems)))
    return tuple(_tagged(file, assignment, notebooks, row) for row in blueprint.exercises)


def _notebooks(paths: ContentPaths, assignment: str) -> dict[NotebookKey, Notebook]:
    folders = {folder.name: folder for folder in list_assignments(paths.source)}
    if assignment not in folders:
        raise ContentError(
            f"{paths.source}: there is no assignment {assignment!r}."
            f"{did_you_mean(assignment, folders)}"
        )
    notebooks, broken = read_notebooks([folders[assignment]])
    if broken:
        raise ContentError("\n".join(map(str, broken.values())))
    return notebooks


def _untagged(notebook: Notebook) -> list[ExerciseAnswers]:
    return [
        ExerciseAnswers(
            assignment=AssignmentId(notebook.assignment),
            notebook=notebook.name,
            cell=cell.grade_id,
            right=_without_markers(cell.source),
        )
        for cell in notebook.by_grade_id().values()
        if cell.is_solution
    ]


def _tagged(
    file: Path, assignment: str, notebooks: Mapping[NotebookKey, Notebook], row: ExerciseTable
) -> ExerciseAnswers:
    notebook = notebooks.get((assignment, row.notebook))
    cell = notebook.by_grade_id().get(row.cell) if notebook else None
    if cell is None:
        raise ContentError(
            f"{file}:exercise {row.cell!r}: {row.notebook}.ipynb of {assignment!r} has no such"
            " cell. Run `skillmap check` to see all that does not fit."
        )
    return ExerciseAnswers(
        assignment=AssignmentId(assignment),
        notebook=row.notebook,
        cell=row.cell,
        right=_without_markers(cell.source),
        wrong=tuple(WrongAnswer(why=slip.why, code=slip.code) for slip in row.wrong),
    )


def _without_markers(source: str) -> str:
    lines = source.split("\n")
    return "\n".join(line for line in lines if not any(marker in line for marker in MARKERS))
