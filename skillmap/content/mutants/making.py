"""Make the small wrong versions of a cell.

In: the instructor's cell as text. Out: Mutants, in the order of the source.
Law: the same source gives the same mutants; each compiles, and none is the original or another one.
See DeMillo, Lipton, Sayward, "Hints on test data selection" (1978), for why small slips suffice.
"""

import ast
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from skillmap.content.mutants.calls import change_call
from skillmap.content.mutants.expressions import change_expression
from skillmap.content.mutants.sites import Edit, Site, find_sites, quoted
from skillmap.content.mutants.statements import change_statement

__all__ = ["Mutant", "mutants_of"]

BROKEN = (SyntaxError, ValueError, RecursionError, MemoryError)  # all that the parser may raise


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A wrong version. line: of the original, from 1. source: the whole cell, without comments."""

    operator: str
    line: int
    source: str
    description: str


def mutants_of(source: str, *, limit: int = 40) -> tuple[Mutant, ...]:
    """Return at most `limit` mutants, spread evenly over the operators and the lines.

    None where the cell is no plain Python (a magic, a syntax error) or leaves nothing to change.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a mutant may compare a literal by `is`
        try:
            tree = ast.parse(source)
            mutants = list(_make_all(tree, source))
        except BROKEN:
            return ()
    return tuple(_spread(mutants, limit))


def _make_all(tree: ast.Module, source: str) -> Iterator[Mutant]:
    seen = {ast.dump(ast.parse(ast.unparse(tree)))}
    for site in list(find_sites(tree, source)):
        for edit in (*change_statement(site), *change_expression(site), *change_call(site)):
            text = _written(tree, site, edit)
            dump = _dump(text)
            if dump is not None and dump not in seen:
                seen.add(dump)
                words = edit.words or f"{quoted(site.node)} becomes {quoted(edit.new)}"
                yield Mutant(operator=edit.operator, line=site.line, source=text, description=words)


def _written(tree: ast.Module, site: Site, edit: Edit) -> str:
    """Write the tree with the edit in place, and put the old node back."""
    site.put(edit.new)
    try:
        return ast.unparse(tree)
    finally:
        site.put(site.node)


def _dump(text: str) -> str | None:
    """Return the mutant's tree as text; None when it does not compile."""
    try:
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT  # as a notebook's cells do
        compile(text, "<mutant>", "exec", flags=flags, dont_inherit=True)
        return ast.dump(ast.parse(text))
    except BROKEN:
        return None


def _spread(mutants: Sequence[Mutant], limit: int) -> list[Mutant]:
    """Deal the mutants out, operator by operator and inside each line by line, up to the limit."""
    queues: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        queues.setdefault(mutant.operator, []).append(mutant)
    rounds = zip_longest(*(_line_by_line(queue) for queue in queues.values()))
    dealt = [mutant for mutant in chain.from_iterable(rounds) if mutant is not None]
    chosen = set(dealt[: max(limit, 0)])
    return [mutant for mutant in mutants if mutant in chosen]


def _line_by_line(mutants: Sequence[Mutant]) -> list[Mutant]:
    """Put the first mutant of each line first, then the second ones."""
    n_seen: Counter[int] = Counter()
    ranks: dict[Mutant, int] = {}
    for mutant in mutants:
        ranks[mutant] = n_seen[mutant.line]
        n_seen[mutant.line] += 1
    return sorted(mutants, key=ranks.__getitem__)
