"""Find the global names that a cell takes from what ran before it.

In: the source of a cell. Out: names.
Law: a name that the cell makes itself before it first uses it is not among them, nor are the
parameters and other local names of its functions.
"""

import ast
import symtable
from collections.abc import Iterator, Sequence

__all__ = ["free_names"]


def free_names(source: str) -> frozenset[str]:
    """Return the names that a cell needs from others; empty for what is no plain Python."""
    try:
        tree = _SpelledOut().visit(ast.parse(source))
        return frozenset(_Reader().read(tree.body))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()


class _SpelledOut(ast.NodeTransformer):
    """Writes `x += 1` as `x = x + 1`, because symtable does not tell that the first reads x."""

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:  # noqa: N802  # ast's name
        if not isinstance(node.target, ast.Name):
            return node
        read = ast.Name(id=node.target.id, ctx=ast.Load())
        value = ast.BinOp(left=read, op=node.op, right=node.value)
        return ast.Assign(targets=[node.target], value=value, lineno=node.lineno)


class _Reader:
    """Goes through statements in the order in which they run. made: what is surely there by now."""

    def __init__(self) -> None:
        self._made: set[str] = set()

    def read(self, statements: Sequence[ast.stmt]) -> Iterator[str]:
        for statement in statements:
            yield from self._read_one(statement)

    def _read_one(self, statement: ast.stmt) -> Iterator[str]:
        if isinstance(statement, ast.For | ast.AsyncFor):
            yield from self._used(ast.Expr(statement.iter))
            yield from self._branch([_assignment(statement.target), *statement.body])
            yield from self._branch(statement.orelse)
        elif isinstance(statement, ast.With | ast.AsyncWith):
            for item in statement.items:
                yield from self._used(ast.Expr(item.context_expr))
                if item.optional_vars:
                    yield from self._read_one(_assignment(item.optional_vars))
            yield from self.read(statement.body)
        else:
            yield from self._used(statement)
            if isinstance(statement, SURE):
                self._made |= _bound(statement)

    def _branch(self, statements: Sequence[ast.stmt]) -> Iterator[str]:
        """Read what may not run at all: what it makes is there for itself alone."""
        before = set(self._made)
        yield from self.read(statements)
        self._made = before

    def _used(self, statement: ast.stmt) -> Iterator[str]:
        text = ast.unparse(ast.fix_missing_locations(statement))
        table = symtable.symtable(text, "<cell>", "exec")
        yield from set(_referenced(table, is_top=True)) - self._made


# A function or a class may use its own name; an `if` or a `try` makes its names only perhaps.
SURE = (
    ast.Assign,
    ast.AnnAssign,
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
)


def _assignment(target: ast.expr) -> ast.stmt:
    return ast.Assign(targets=[target], value=ast.Constant(None), lineno=1)


def _referenced(table: symtable.SymbolTable, *, is_top: bool) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (is_top or symbol.is_global()):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _referenced(inner, is_top=False)


def _bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement of a kind in SURE makes."""
    table = symtable.symtable(ast.unparse(statement), "<cell>", "exec")
    return {symbol.get_name() for symbol in table.get_symbols() if _is_made(symbol)}


def _is_made(symbol: symtable.Symbol) -> bool:
    return symbol.is_assigned() or symbol.is_imported()
