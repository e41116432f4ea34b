"""Judge a test cell by its text: does it check something, and does it tell the learner what?

In: a Notebook. Out: Problems by grade_id.
Law: nothing is executed; a test that is no plain Python is judged by its runs alone.
"""

import ast
import warnings
from collections.abc import Iterator

from skillmap.content.notebooks import Cell, Notebook
from skillmap.content.problems import Problem, Severity

__all__ = ["has_autotests", "is_test", "judge_test"]


def is_test(cell: Cell) -> bool:
    """Whether the points come from running the cell alone."""
    return cell.is_grade and not cell.is_solution and cell.cell_type == "code"


def has_autotests(cell: Cell) -> bool:
    """Whether nbgrader writes its checks from the solution, when it is released."""
    return "AUTOTEST" in cell.source


def judge_test(
    notebook: Notebook, cell: Cell, *, severity: Severity = "error"
) -> Iterator[Problem]:
    """Yield what is wrong with the text of a test cell. severity: of what learners are not told.

    Functions of numpy.testing, pandas.testing and their like bring their own messages.
    """
    tree = _parse(cell.source)
    if tree is None:
        return
    if not _checks_anything(tree) and not has_autotests(cell):
        message, hint = "it checks nothing", "write an assert with a message"
        yield _problem(notebook, cell, message, hint, "error")
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and _is_silent(node):
            message = f"the assert in line {node.lineno} tells the learner nothing"
            hint = "write after a comma: the call, its result, and what was expected"
            yield _problem(notebook, cell, message, hint, severity)


def _problem(
    notebook: Notebook, cell: Cell, message: str, hint: str, severity: Severity
) -> Problem:
    return Problem(
        file=str(notebook.file), place=cell.place, message=message, hint=hint, severity=severity
    )


def _parse(source: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an odd escape is not what is judged here
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _checks_anything(tree: ast.Module) -> bool:
    """Tell whether it can fail by itself, or ends in a value, which nbgrader takes for points."""
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        return True
    return any(
        isinstance(node, ast.Assert | ast.Raise)
        or (isinstance(node, ast.Call) and "assert" in ast.unparse(node.func))
        for node in ast.walk(tree)
    )


def _is_silent(node: ast.Assert) -> bool:
    message = node.msg
    if message is None:
        return True
    return isinstance(message, ast.Constant) and not str(message.value or "").strip()
