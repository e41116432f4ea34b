"""Make an exception of a learner's cell into the texts of an nbformat error output.

In: the exception. Out: its class's name, its message and a plain traceback with the cells' own
lines. Law: nothing that the learner patched or that the exception's class does can hide the error,
lengthen it beyond bounds, or raise from here.
"""

import re
import traceback
from types import TracebackType
from typing import NamedTuple

from skillmap.sandbox.mime_values import clipped, type_name

__all__ = ["ErrorTexts", "error_texts"]

MAX_EVALUE_BYTES = 10_000
MAX_TRACEBACK_BYTES = 40_000
MAX_FRAMES = 40  # the last ones of a deep recursion say enough
# What a frame of a cell is called by the compiler, and what a reader knows it as.
CELL_FILE = re.compile(r'^  File "<ipython-input-(\d+)-[0-9a-f]+>", line', re.MULTILINE)
OWN_FOLDER = "/skillmap/sandbox/"
# What lies between the runner and a cell's first line.
BELOW_CELLS = (OWN_FOLDER, "/IPython/core/interactiveshell.py", "/asyncio/")


class ErrorTexts(NamedTuple):
    """The three texts of an error output."""

    ename: str
    evalue: str
    traceback: list[str]


def error_texts(error: BaseException) -> ErrorTexts:
    """Return the exception's texts, all exact and clipped."""
    ename = type_name(type(error))
    evalue = _message(error)
    try:
        lines = _formatted(error)
    except BaseException:  # noqa: BLE001 - a learner's class may raise anything, or be interrupted
        lines = [f"{ename}: {evalue}"]
    return ErrorTexts(ename, evalue, _within(lines))


def _message(error: BaseException) -> str:
    try:
        return clipped(str(error), MAX_EVALUE_BYTES)
    except BaseException:  # noqa: BLE001 - a learner's class may raise anything, or be interrupted
        return "<exception str() failed>"


def _formatted(error: BaseException) -> list[str]:
    if type(error) is SystemExit:
        return [f"SystemExit: {_message(error)}"]
    told = traceback.TracebackException(
        type(error),
        error,
        _from_the_cell_on(error.__traceback__),
        limit=-MAX_FRAMES,
        lookup_lines=False,
        compact=True,
    )
    _quote_cells_alone(told)
    return [CELL_FILE.sub(r"Cell In[\1], line", text).rstrip("\n") for text in told.format()]


def _from_the_cell_on(tb: TracebackType | None) -> TracebackType | None:
    while tb is not None and any(own in tb.tb_frame.f_code.co_filename for own in BELOW_CELLS):
        tb = tb.tb_next
    return tb


def _quote_cells_alone(told: traceback.TracebackException | None) -> None:
    """Leave out our frames, and the libraries' lines: to read their files takes too long."""
    while told is not None:
        told.stack[:] = [one for one in told.stack if OWN_FOLDER not in one.filename]
        for frame in told.stack:
            if not frame.filename.startswith("<"):
                frame._line = ""  # type: ignore[attr-defined]  # only so is the file not read
        told = told.__cause__ or told.__context__


def _within(lines: list[str]) -> list[str]:
    room = MAX_TRACEBACK_BYTES
    kept = []
    for line in lines[:200]:
        kept.append(clipped(line, min(room, MAX_EVALUE_BYTES)))
        room -= len(kept[-1])
    return kept
