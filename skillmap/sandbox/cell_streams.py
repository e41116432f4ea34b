"""What stands for the standard streams while cells run: at Python's level and at the kernel's.

Python's `sys.stdout` and `sys.stderr` write straight onto the tape. What goes past them, to the
file descriptors 1 and 2, lands in unlinked files, which are read when the cell shows something or
ends.
"""

import os
import sys
from _thread import allocate_lock, get_ident
from contextlib import suppress
from io import TextIOBase

from skillmap.sandbox.outputs import OutputTape

__all__ = ["Descriptors", "Strangers", "TapeStream"]

MAX_DRAINED_BYTES = 1 << 20  # of one stream at a time; the tape clips further


class Strangers:
    """The threads that ran already when a trusted cell began: they have no say in it."""

    def __init__(self) -> None:
        self.idents: frozenset[int] = frozenset()
        self.writing = allocate_lock()

    def mark(self) -> None:
        """Take every other thread that runs now for a stranger; one that writes may finish."""
        with self.writing:
            self.idents = frozenset(sys._current_frames()) - {get_ident()}  # noqa: SLF001

    def forget(self) -> None:
        """Let all threads speak."""
        self.idents = frozenset()


class TapeStream(TextIOBase):
    """A text stream onto the tape, as ipykernel's: no buffer beneath, and it cannot be closed."""

    def __init__(self, tape: OutputTape, name: str, strangers: Strangers) -> None:
        self._tape = tape
        self._strangers = strangers
        self.name = name

    encoding = "UTF-8"
    errors = "strict"

    def write(self, text: str, /) -> int:
        """Put the text on the tape."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        strangers = self._strangers
        with strangers.writing:
            if not strangers.idents or get_ident() not in strangers.idents:
                self._tape.write(self.name, text)
        return len(text)

    def writable(self) -> bool:
        """Say yes."""
        return True

    def fileno(self) -> int:
        """Return the descriptor whose text comes onto the tape too."""
        return 1 if self.name == "stdout" else 2

    def close(self) -> None:
        """Do nothing: a cell that closes its streams does not close them for the next."""


class Descriptors:
    """Catches what is written to the file descriptors 1 and 2 in two unlinked files.

    Where no file can be made, that text is lost, and nothing else.
    """

    def __init__(self, tape: OutputTape) -> None:
        self._tape = tape
        self._files: list[tuple[str, int]] = []

    def redirect(self) -> None:
        """Point both descriptors at fresh files; done once, in the process that runs cells."""
        for target, name in ((1, "stdout"), (2, "stderr")):
            descriptor = _unlinked_file()
            if descriptor is not None:
                os.dup2(descriptor, target)
                self._files.append((name, descriptor))

    def drain(self) -> None:
        """Move what was written since onto the tape."""
        for name, descriptor in self._files:
            # A learner may have closed every descriptor there is.
            with suppress(OSError):
                if _fstat(descriptor).st_size:
                    raw = os.pread(descriptor, MAX_DRAINED_BYTES, 0)
                    os.ftruncate(descriptor, 0)
                    self._tape.write(name, raw.decode("utf-8", "replace"))


_fstat = os.fstat


def _unlinked_file() -> int | None:
    flags = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC
    for folder in (os.environ.get("TMPDIR"), ".", "/tmp"):
        with suppress(OSError):
            return os.open(folder or ".", flags | os.O_TMPFILE, 0o600)
    with suppress(OSError):
        return os.memfd_create("output")
    return None
