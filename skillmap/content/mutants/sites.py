"""Find the places of a cell where a learner could have written something else.

In: a cell's source and its tree. Out: Sites, in the order of the source.
Law: only what stands between BEGIN SOLUTION and END SOLUTION, or the whole cell without markers;
never docstrings, annotations, imports, decorators, prints and the text of an error.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ["Edit", "Site", "find_sites", "inside_solution", "quoted"]

MAX_WORDS = 70  # longer code is cut in a description

SILENT = (ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Pass)
NOT_CODE = {"annotation", "returns", "decorator_list", "type_comment", "ctx"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change. new: stands instead of the site's node. words: what changes, for people."""

    operator: str
    new: ast.AST
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A node and where its parent keeps it. index: None where the field holds one node only."""

    parent: ast.AST
    field: str
    index: int | None
    node: ast.AST
    line: int

    def put(self, new: ast.AST) -> None:
        """Let the parent hold `new` in this place."""
        if self.index is None:
            setattr(self.parent, self.field, new)
        else:
            getattr(self.parent, self.field)[self.index] = new


def quoted(node: ast.AST) -> str:
    """Write a node for people, on one line; of a block its head."""
    text = ast.unparse(node).split("\n")[0]
    return f"`{text if len(text) <= MAX_WORDS else text[: MAX_WORDS - 1] + '…'}`"


def find_sites(tree: ast.Module, source: str) -> Iterator[Site]:
    """Yield each place that may be changed."""
    yield from _below(tree, inside_solution(source))


def inside_solution(source: str) -> Callable[[int], bool]:
    """Return whether a line, counted from 1, is the learner's to write."""
    inside: set[int] = set()
    is_open, has_marker = False, False
    # Python counts lines by newlines only; splitlines would also break at a form feed.
    for number, line in enumerate(source.split("\n"), start=1):
        if "BEGIN SOLUTION" in line:
            is_open = has_marker = True
        elif "END SOLUTION" in line:
            is_open = False
        elif is_open:
            inside.add(number)
    return inside.__contains__ if has_marker else lambda _: True


def _below(parent: ast.AST, is_inside: Callable[[int], bool]) -> Iterator[Site]:
    for field, value in ast.iter_fields(parent):
        if field in NOT_CODE:
            continue
        is_many = isinstance(value, list)
        for index, node in enumerate(value if is_many else [value]):
            if isinstance(node, ast.AST) and not _is_left_alone(parent, node):
                line = getattr(node, "lineno", 0)
                if line and is_inside(line):
                    place = index if is_many else None
                    yield Site(parent=parent, field=field, index=place, node=node, line=line)
                if not isinstance(node, ast.Raise):
                    yield from _below(node, is_inside)


def _is_left_alone(parent: ast.AST, node: ast.AST) -> bool:
    if isinstance(node, SILENT):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) or _is_print(node.value)
    return isinstance(parent, ast.Assert) and node is parent.msg


def _is_print(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    )
