"""Change one statement: leave it out, return nothing, jump elsewhere, catch too much.

In: a Site. Out: Edits that a learner's slip could have made.
"""

import ast
from collections.abc import Iterator

from skillmap.content.mutants.sites import Edit, Site, quoted

__all__ = ["change_statement"]

REMOVABLE = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Delete, ast.Raise, ast.Assert)
WIDEST = {"Exception", "BaseException"}


def change_statement(site: Site) -> Iterator[Edit]:
    """Yield the changes of the site's node, if it is a statement or an except clause."""
    match site.node:
        case ast.Return(value=value) if value is not None and not _is_none(value):
            yield Edit(operator="return", new=ast.Return(value=ast.Constant(None)))
        case ast.Break():
            yield Edit(operator="jump", new=ast.Continue())
        case ast.Continue():
            yield Edit(operator="jump", new=ast.Break())
        case ast.ExceptHandler(type=ast.expr() as kind) if ast.unparse(kind) not in WIDEST:
            yield _widened(site.node, kind)
        case ast.If(orelse=[]) as node:
            yield _removed(node)
        case ast.stmt() as node if isinstance(node, REMOVABLE):
            yield _removed(node)


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _widened(handler: ast.ExceptHandler, kind: ast.expr) -> Edit:
    every = ast.Name(id="Exception", ctx=ast.Load())
    new = ast.ExceptHandler(type=every, name=handler.name, body=handler.body)
    words = f"`except {ast.unparse(kind)}` becomes `except Exception`"
    return Edit(operator="except", new=new, words=words)


def _removed(node: ast.stmt) -> Edit:
    return Edit(operator="removal", new=ast.Pass(), words=f"{quoted(node)} is left out")
