"""Find by its text what a notebook must not do: ask the network or a person, write to stderr, or
draw lots without a seed.

In: a Notebook. Out: Problems, warnings, with the line.
Law: only what can be seen is told; the proof by running finds more. Nothing is executed.
"""

import ast
import warnings
from collections.abc import Iterator

from skillmap.content.notebooks import Notebook
from skillmap.content.problems import Problem

__all__ = ["judge_safety"]

NETWORK = frozenset(
    ("aiohttp", "ftplib", "http.client", "httpx", "requests", "smtplib", "socket", "urllib.request")
)
SEEDED = frozenset(("Random", "default_rng", "RandomState", "Generator", "SeedSequence"))
LOTS = ("random.", "np.random.", "numpy.random.")
CLOCKS = frozenset(
    ("date.today", "datetime.now", "datetime.today", "datetime.utcnow", "pd.Timestamp.now",
     "pd.Timestamp.today", "time.time")
)  # fmt: skip


def judge_safety(notebook: Notebook) -> Iterator[Problem]:
    """Warn of each such line in the code cells."""
    for cell in notebook.cells:
        tree = _parse(cell.source) if cell.cell_type == "code" else None
        for node in ast.walk(tree) if tree else ():
            for message, hint in _found(node):
                yield Problem(
                    file=str(notebook.file),
                    place=cell.place,
                    message=f"line {getattr(node, 'lineno', 1)}: {message}",
                    hint=hint,
                    severity="warning",
                )


def _found(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        for name in sorted(_imported(node) & NETWORK):
            yield f"{name} asks the network", "bring the data as a file"
    if isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.stderr":
        yield "it writes to stderr, which nbgrader takes for a failure", "print instead"
    if isinstance(node, ast.Call):
        yield from _called(node, ast.unparse(node.func))


def _called(node: ast.Call, name: str) -> Iterator[tuple[str, str]]:
    last = name.rpartition(".")[2]
    if name == "input":
        yield "it waits for somebody to type", "give the value in the code"
    elif name in CLOCKS or name.removeprefix("datetime.") in CLOCKS:
        yield f"{name}() differs from day to day", "give the date in the code"
    elif last in SEEDED and not node.args and not node.keywords and _is_lot(name, last):
        yield f"{name}() has no seed", f"write a number into it, as {name}(7)"
    elif name.startswith(LOTS) and last not in SEEDED and "(" not in name:
        yield f"{name} draws from a generator that all share", "use random.Random(7)"


def _is_lot(name: str, last: str) -> bool:
    return name == last or name.startswith(LOTS)


def _imported(node: ast.Import | ast.ImportFrom) -> frozenset[str]:
    if isinstance(node, ast.Import):
        names = {alias.name for alias in node.names}
    else:
        home = node.module or ""
        names = {home, *(f"{home}.{alias.name}" for alias in node.names)}
    return frozenset(names | {name.partition(".")[0] for name in names})


def _parse(source: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an odd escape is not what is judged here
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
