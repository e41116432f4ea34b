"""Judge blueprints against the notebooks and the skill catalogue.

In: ContentFiles. Out: Problems in assessments/blueprints/*.toml.
Law: a notebook that cannot be read is no fault of the blueprint that names it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from skillmap.content.files import ContentFiles, find_blueprint
from skillmap.content.notebooks import Cell
from skillmap.content.problems import Problem, unknown
from skillmap.content.tables import BlueprintFile, ExerciseTable

__all__ = ["judge_blueprints"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exercise:
    """An exercise with the file it stands in."""

    file: Path
    table: ExerciseTable

    @property
    def place(self) -> str:
        return f"exercise {self.table.cell!r}"

    def problem(self, message: str, hint: str = "", *, key: str) -> Problem:
        place = f"{self.place}, {key}"
        return Problem(file=str(self.file), place=place, message=message, hint=hint)


def judge_blueprints(files: ContentFiles) -> Iterator[Problem]:
    """Yield every problem of every blueprint that could be read."""
    for assignment, blueprint in files.blueprints.items():
        file = find_blueprint(files.paths, assignment) or Path()
        if assignment not in files.assignments:
            hint = f"make {files.paths.source / assignment}, or rename the blueprint"
            message = "there is no assignment of this name"
            yield Problem(file=str(file), place="", message=message, hint=hint)
            continue
        yield from _judge_repeats(file, blueprint)
        for table in blueprint.exercises:
            yield from _judge_exercise(files, assignment, _Exercise(file=file, table=table))


def _judge_repeats(file: Path, blueprint: BlueprintFile) -> Iterator[Problem]:
    """Refuse a solution cell or a test that two exercises claim."""
    owners: dict[tuple[str, str, str], ExerciseTable] = {}
    for table in blueprint.exercises:
        claims = [("cell", table.cell), *(("tests", test) for test in table.tests)]
        for key, cell in claims:
            first = owners.setdefault((table.notebook, key, cell), table)
            if first is not table or claims.count((key, cell)) > 1:
                exercise = _Exercise(file=file, table=table)
                yield exercise.problem(f"{cell!r} stands twice", "name it once", key=key)


def _judge_exercise(files: ContentFiles, assignment: str, exercise: _Exercise) -> Iterator[Problem]:
    if files.skills is not None:
        yield from _judge_skills(exercise, files.skills)
    name = exercise.table.notebook
    notebook = files.notebooks.get((assignment, name))
    if notebook:
        yield from _judge_cells(exercise, notebook.by_grade_id())
    elif (assignment, name) not in files.broken:
        known = [n for a, n in files.notebooks if a == assignment]
        home = f"the folder {assignment}"
        yield unknown(
            exercise.file, f"{exercise.place}, notebook", "notebook", name, known, home=home
        )


def _judge_skills(exercise: _Exercise, known: Collection[str]) -> Iterator[Problem]:
    for word in exercise.table.skills:
        if word not in known:
            place = f"{exercise.place}, skills"
            yield unknown(exercise.file, place, "skill", word, known, home="skills.toml")


def _judge_cells(exercise: _Exercise, cells: Mapping[str, Cell]) -> Iterator[Problem]:
    table = exercise.table
    for key, names in (("cell", [table.cell]), ("tests", table.tests)):
        for name in names:
            if name not in cells:
                home = f"{table.notebook}.ipynb"
                yield unknown(
                    exercise.file, f"{exercise.place}, {key}", "cell", name, cells, home=home
                )
    solution = cells.get(table.cell)
    tests = [cells[name] for name in table.tests if name in cells]
    if solution:
        yield from _judge_solution(exercise, solution)
    yield from _judge_tests(exercise, tests)


def _judge_solution(exercise: _Exercise, cell: Cell) -> Iterator[Problem]:
    if not cell.is_solution and not cell.is_task:
        hint = "mark it so in nbgrader's Create Assignment panel"
        yield exercise.problem(f"{cell.grade_id!r} is no solution cell", hint, key="cell")
    if cell.is_manual and exercise.table.tests != [cell.grade_id]:
        hint = f"write tests = [{cell.grade_id!r}]"
        yield exercise.problem("a hand-graded exercise is its own only test", hint, key="tests")


def _judge_tests(exercise: _Exercise, tests: Collection[Cell]) -> Iterator[Problem]:
    for cell in tests:
        if not cell.is_item:
            hint = "mark it so in nbgrader's Create Assignment panel"
            yield exercise.problem(f"{cell.grade_id!r} is no grade cell", hint, key="tests")
        elif cell.is_manual and cell.grade_id != exercise.table.cell:
            hint = "give it an exercise of its own"
            yield exercise.problem(f"{cell.grade_id!r} is graded by hand", hint, key="tests")
