"""The process as cells find it: `__main__`, the standard streams, no keyboard."""

import builtins
import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from IPython.core.error import StdinNotImplementedError

from skillmap.sandbox.cell_shell import CellShell
from skillmap.sandbox.cell_streams import TapeStream

__all__ = ["CellPlace"]

INLINE_BACKEND = "module://matplotlib_inline.backend_inline"
NO_INPUT = "{} was called, but this frontend does not support input requests."


class CellPlace:
    """Puts the shell's namespace and the tape's streams where Python looks for them.

    The variable that tells matplotlib where to draw is set at once, for its import may come first.
    """

    def __init__(self, shell: CellShell, out: TapeStream, err: TapeStream) -> None:
        self._shell = shell
        self._out, self._err = out, err
        os.environ.setdefault("MPLBACKEND", INLINE_BACKEND)

    def enter(self) -> None:
        """Move in, for good."""
        self.restore()
        builtins.input = _no_input
        getpass.getpass = _no_password

    def restore(self) -> None:
        """Put the streams and `__main__` back, if cells have replaced them."""
        sys.stdout, sys.stderr = self._out, self._err
        sys.modules["__main__"] = self._shell.user_module

    @contextmanager
    def visited(self) -> Iterator[None]:
        """Move in for a while."""
        kept: Any = sys.stdout, sys.stderr, sys.modules["__main__"]
        asking: Any = builtins.input, getpass.getpass
        self.enter()
        try:
            yield
        finally:
            sys.stdout, sys.stderr, sys.modules["__main__"] = kept
            builtins.input, getpass.getpass = asking


def _no_input(prompt: object = "") -> NoReturn:
    raise StdinNotImplementedError(NO_INPUT.format("raw_input"))


def _no_password(prompt: str = "", stream: object = None) -> NoReturn:
    raise StdinNotImplementedError(NO_INPUT.format("getpass"))
