"""Import nbgrader a second faster: the grammar of IRIs is built when an IRI is first checked.

jsonschema, which nbgrader brings in, offers a check of the format "iri". Its package
`rfc3987_syntax` builds a grammar on import, which takes most of a second; no schema of nbgrader,
nbformat or Jupyter's events asks for that format.
Law: whoever does ask gets the answer of the real package; whoever imports it gets the real one.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

__all__ = ["grammar_of_iris_put_off"]

NAME = "rfc3987_syntax"


@contextmanager
def grammar_of_iris_put_off() -> Iterator[None]:
    """Inside the block, `import nbgrader` (or jsonschema) does not build the grammar.

    Does nothing when the grammar has been built already.
    """
    if NAME in sys.modules:
        yield
        return
    sys.modules[NAME] = stand_in = _StandIn(NAME)
    try:
        yield
    finally:
        if sys.modules.get(NAME) is stand_in:
            del sys.modules[NAME]


class _StandIn(ModuleType):
    """Offers the one function that jsonschema takes."""

    @staticmethod
    def is_valid_syntax(term: str, text: str) -> bool:
        """Ask the real package, which is imported now if nobody has done so."""
        if isinstance(sys.modules.get(NAME), _StandIn):
            del sys.modules[NAME]
        return bool(import_module(NAME).is_valid_syntax(term, text))
