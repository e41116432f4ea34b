"""Run one cell's source in the shell: transform, parse, compile, execute, as IPython does.

Law: nothing here trusts what a learner may have put in place of the shell's own methods; the
exception of a cell is returned, never shown by code that the learner can replace.
"""

# mypy: disable-error-code="no-untyped-call"
# IPython's functions have no types.

import ast
import inspect
from types import CodeType
from typing import Any

from IPython.core.async_helpers import get_asyncio_loop
from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell

from skillmap.sandbox.cell_shell import CellShell

__all__ = ["finish", "run_source"]

TOP_LEVEL_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def run_source(shell: CellShell, source: str) -> ExecutionResult:
    """Run the cell; raises whatever it raises, and returns what IPython's events are told."""
    info = ExecutionInfo(source, True, False, True, None)
    result = ExecutionResult(info)
    if not source or source.isspace():
        return result
    count = result.execution_count = shell.execution_count
    shell.execution_count = count + 1
    _trigger(shell, "pre_execute")
    _trigger(shell, "pre_run_cell", info)
    cell = InteractiveShell.transform_cell(shell, source)
    info.transformed_cell = cell
    shell.history_manager.store_inputs(count, cell, source)
    with shell.builtin_trap, shell.display_trap:
        _run_cell(shell, cell, source, result)
    return result


def finish(shell: CellShell, result: ExecutionResult | None) -> None:
    """Tell the events that the cell has ended; figures are drawn by one of them."""
    _trigger(shell, "post_execute")
    _trigger(shell, "post_run_cell", result)


def _trigger(shell: CellShell, event: str, *values: Any) -> None:
    if shell.events.callbacks[event]:
        shell.events.trigger(event, *values)


def _run_cell(shell: CellShell, cell: str, source: str, result: ExecutionResult) -> None:
    name = shell.compile.cache(cell, result.execution_count, raw_code=source)
    tree = shell.compile.ast_parse(cell, filename=name)
    tree = InteractiveShell.transform_ast(shell, tree)
    shell.displayhook.exec_result = result
    try:
        with shell.compile.extra_flags(TOP_LEVEL_AWAIT):
            if _is_async(cell, shell):
                get_asyncio_loop().run_until_complete(_run_async(shell, tree.body, name))
            else:
                for code in _codes(shell, tree.body, name):
                    exec(code, shell.user_global_ns, shell.user_ns)  # noqa: S102 - the purpose
    finally:
        shell.displayhook.exec_result = None


def _is_async(cell: str, shell: CellShell) -> bool:
    if not ("await" in cell or "async" in cell):
        return False
    return bool(InteractiveShell.should_run_async(shell, cell, transformed_cell=cell))


async def _run_async(shell: CellShell, nodes: list[ast.stmt], name: str) -> None:
    for code in _codes(shell, nodes, name):
        if code.co_flags & inspect.CO_COROUTINE:
            await eval(code, shell.user_global_ns, shell.user_ns)  # noqa: S307 - the purpose
        else:
            exec(code, shell.user_global_ns, shell.user_ns)  # noqa: S102 - the purpose


def _codes(shell: CellShell, nodes: list[ast.stmt], name: str) -> Any:
    """Yield the cell's code: all statements, then the last expression, which shows its value.

    What does not compile as a whole is compiled statement by statement, so that those before the
    faulty one run, as in IPython.
    """
    is_shown = bool(nodes) and isinstance(nodes[-1], ast.Expr)
    body = nodes[:-1] if is_shown else nodes
    try:
        whole = [_compiled(shell, ast.Module(body, []), name, "exec")] if body else []
        whole += [_compiled(shell, ast.Interactive(nodes[-1:]), name, "single")] if is_shown else []
    except (SyntaxError, ValueError, TypeError):
        yield from _codes_one_by_one(shell, nodes, name)
    else:
        yield from whole


def _codes_one_by_one(shell: CellShell, nodes: list[ast.stmt], name: str) -> Any:
    for node in nodes:
        if node is nodes[-1] and isinstance(node, ast.Expr):
            yield _compiled(shell, ast.Interactive([node]), name, "single")
        else:
            yield _compiled(shell, ast.Module([node], []), name, "exec")


def _compiled(shell: CellShell, tree: ast.AST, name: str, mode: str) -> CodeType:
    code: CodeType = shell.compile(tree, name, mode)
    return code
