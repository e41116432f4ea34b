"""Judge what the runs of an item showed.

In: the runs with the solution, with the blank release and with every slip. Out: Problems.
Law: a slip that costs nobody points is told with its place, so that the missing check can be
written. A mutant may be another right answer, so it is a warning; the author's word is not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from skillmap.content.mutants import mutants_of
from skillmap.content.notebooks import Cell, Notebook
from skillmap.content.problems import Problem, Severity
from skillmap.content.proof.exercises import Exercise, Slip
from skillmap.content.proof.values import SAME_POINTS, ItemRun

__all__ = ["RunsOfItem", "judge_exercise", "judge_runs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsOfItem:
    """All runs of one test cell. None: it was not reached."""

    solution: ItemRun | None
    blank: ItemRun | None
    slips: tuple[ItemRun, ...]

    @property
    def is_full_with_solution(self) -> bool:
        """Whether the solution scores in full."""
        return self.solution is not None and self.solution.is_full

    @property
    def is_zero_when_blank(self) -> bool:
        """Whether the blank release scores nothing."""
        return self.blank is None or not self.blank.score

    @property
    def slowest_s(self) -> float:
        """The longer time of the solution and the blank release."""
        return max((run.seconds for run in (self.solution, self.blank) if run), default=0.0)

    @property
    def is_silent(self) -> bool:
        """Whether points were lost without a word."""
        runs = [self.blank, *self.slips] if self.blank else self.slips
        return any(not run.is_full and _says_nothing(run.message or "") for run in runs)


def judge_runs(
    notebook: Notebook,
    test: Cell,
    runs: RunsOfItem,
    *,
    limit_s: float,
    severity: Severity = "error",
) -> Iterator[Problem]:
    """Yield what is wrong with one test cell by its runs. severity: as in `judge_test`."""
    solution = runs.solution
    if solution is None or not solution.is_full:
        yield _problem(notebook, test, *_not_full(solution))
    elif abs(solution.max_score - (test.points or 0.0)) > SAME_POINTS:
        message = f"it gives {test.points or 0:g} points here and {solution.max_score:g} when run"
        yield _problem(notebook, test, message, "release the assignment again")
    if solution and solution.has_stderr:
        hint = "print warnings to stdout, or avoid them: nbgrader takes all points for stderr"
        yield _problem(notebook, test, "the solution makes it write to stderr", hint)
    if not runs.is_zero_when_blank:
        hint = "let it call what the learner writes"
        yield _problem(notebook, test, "the blank release scores in it", hint)
    if runs.slowest_s > limit_s:
        message = f"it takes {runs.slowest_s:.1f} s, more than {limit_s:g} s"
        yield _problem(notebook, test, message, "use smaller data")
    if runs.is_silent:
        message = "a learner who loses points in it is told nothing"
        hint = "give each assert a message"
        yield _problem(notebook, test, message, hint, severity=severity)


def judge_exercise(exercise: Exercise, escaped: Sequence[Slip]) -> Iterator[Problem]:
    """Yield what is wrong with an exercise. escaped: slips that no test noticed."""
    notebook = exercise.notebook
    if not exercise.answers:
        hint = "put it after the answer that it judges"
        yield _problem(notebook, exercise.tests[0], "no answer cell stands before it", hint)
    for cell in exercise.answers:
        if not mutants_of(cell.source, limit=1):
            hint = "magics and empty cells have no mutants: try wrong answers by hand"
            message = "no mutant could be made of it"
            yield _problem(notebook, cell, message, hint, severity="warning")
    for slip in escaped:
        yield _escape(notebook, exercise, slip)


def _says_nothing(message: str) -> bool:
    """Tell whether it is empty, or an assert's bare name."""
    return message.strip(": \n") in ("", "AssertionError")


def _not_full(run: ItemRun | None) -> tuple[str, str]:
    if run is None:
        return "it was not reached with the solution", "look for a cell that stops the notebook"
    score = "nothing" if run.score is None else f"{run.score:g}"
    hint = f"it says: {run.message}" if run.message else "mend the solution or the test"
    return f"the solution scores {score} of {run.max_score:g}", hint


def _escape(notebook: Notebook, exercise: Exercise, slip: Slip) -> Problem:
    tests = ", ".join(test.grade_id for test in exercise.tests)
    if slip.mutant is None:
        message = f"the wrong answer {slip.why!r} loses no points"
        return _problem(notebook, slip.cell, message, f"add a case for it to {tests}")
    message = f"line {slip.mutant.line}: {slip.mutant.description}, and no test notices"
    hint = f"add a case to {tests}, unless this is another right answer"
    return _problem(notebook, slip.cell, message, hint, severity="warning")


def _problem(
    notebook: Notebook, cell: Cell, message: str, hint: str, *, severity: Severity = "error"
) -> Problem:
    return Problem(
        file=str(notebook.file), place=cell.place, message=message, hint=hint, severity=severity
    )
