"""Judge what an exercise gives to learners and to whoever grades: hidden cases, hints, a rubric.

In: a row of a blueprint, its notebook and its texts. Out: Problems in the blueprint.
Law: a rubric that is begun is whole; what is not begun is a warning.
"""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from skillmap.content.notebooks import Cell, Notebook
from skillmap.content.problems import Problem, Severity
from skillmap.content.tables import ExerciseTable, RubricTable

__all__ = ["judge_exercise"]

N_CRITERIA = 3
N_LEVELS = 4
HIDDEN = "BEGIN HIDDEN TESTS"


def judge_exercise(
    file: Path, row: ExerciseTable, notebook: Notebook, shown: Mapping[str, str]
) -> Iterator[Problem]:
    """Judge one exercise. shown: all text of its notebook, by language."""
    cells = notebook.by_grade_id()
    tests = [cells[name] for name in row.tests if name in cells]
    if any(cell.is_manual for cell in tests):
        yield from _judge_rubric(file, row, shown)
    elif tests:
        yield from _judge_hidden(file, row, tests)
        yield from _judge_hints(file, row)
        if row.rubric:
            message, hint = "a machine grades it, and it has a rubric", "delete the rubric"
            yield _problem(file, row, "rubric", message, hint)


def _judge_hidden(file: Path, row: ExerciseTable, tests: Collection[Cell]) -> Iterator[Problem]:
    if not any(HIDDEN in cell.source for cell in tests):
        message = "no test of it is hidden, so an answer that repeats the shown cases passes"
        hint = f"put cases that nobody sees below ### {HIDDEN}"
        yield _problem(file, row, "tests", message, hint, "warning")


def _judge_hints(file: Path, row: ExerciseTable) -> Iterator[Problem]:
    for number, slip in enumerate(row.wrong, start=1):
        if slip.hint is None:
            hint = 'add hint = { en = "…", nb = "…" }'
            place = f"wrong {number} {slip.why!r}"
            yield _problem(file, row, place, "it has no hint", hint, "warning")


def _judge_rubric(file: Path, row: ExerciseTable, shown: Mapping[str, str]) -> Iterator[Problem]:
    if not row.rubric:
        message = "a person grades it, and there is no rubric"
        hint = f"describe {N_CRITERIA} criteria in {N_LEVELS} levels each"
        yield _problem(file, row, "rubric", message, hint, "warning")
        return
    if len(row.rubric) != N_CRITERIA:
        message = f"it has {len(row.rubric)} criteria, not {N_CRITERIA}"
        yield _problem(file, row, "rubric", message, "join or split them")
    for number, criterion in enumerate(row.rubric, start=1):
        yield from _judge_criterion(file, row, f"rubric {number}", criterion, shown)


def _judge_criterion(
    file: Path, row: ExerciseTable, place: str, criterion: RubricTable, shown: Mapping[str, str]
) -> Iterator[Problem]:
    if len(criterion.levels) != N_LEVELS:
        message = f"it has {len(criterion.levels)} levels, not {N_LEVELS}"
        yield _problem(file, row, place, message, "describe each level, from the lowest")
    for language, text in shown.items():
        name = criterion.criterion.get(language)
        if name and name.casefold() not in text.casefold():
            message = f"learners are not told of {name!r} in {language!r}"
            yield _problem(file, row, place, message, "name the criterion in the task")


def _problem(
    file: Path,
    row: ExerciseTable,
    key: str,
    message: str,
    hint: str,
    severity: Severity = "error",
) -> Problem:
    place = f"exercise {row.cell!r}, {key}"
    return Problem(file=str(file), place=place, message=message, hint=hint, severity=severity)
