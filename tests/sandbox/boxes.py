"""Boxes for tests: run code in one, and read what it printed.

Started as a programme, this module prints as JSON what the code of its last argument printed in a
box of the strongest walls: `python -m tests.sandbox.boxes CODE`.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from skillmap.sandbox import Box, BoxEndedError, Gate, Limits, NoWallsError, open_sandbox

__all__ = ["QUICK", "ended_by", "opened", "printed", "said"]

QUICK = Limits(cell_cpu_s=5, notebook_cpu_s=10)


@contextmanager
def opened(gate: Gate, **limits: float) -> Iterator[Box]:
    """Open a box for a while."""
    box = gate.open_box(replace(QUICK, **limits))
    try:
        yield box
    finally:
        box.close()


def said(outputs: list[dict[str, Any]]) -> str:
    """Return all that a cell printed, and the errors."""
    return "".join(
        one.get("text") or f"{one.get('ename')}: {one.get('evalue')}\n" for one in outputs
    )


def printed(gate: Gate, *sources: str, **limits: float) -> str:
    """Run cells in a fresh box; return what the last one printed."""
    with opened(gate, **limits) as box:
        return said(list(box.run([(source, False) for source in sources]))[-1])


def ended_by(gate: Gate, *sources: str, **limits: float) -> str:
    """Run cells in a fresh box; return why it ended, or what the last cell printed."""
    try:
        return f"not ended: {printed(gate, *sources, **limits)}"
    except BoxEndedError as error:
        return error.reason


def main() -> None:
    """Run the code of the last argument, and print the rung and what the code printed."""
    try:
        with open_sandbox() as sandbox:
            found = {"rung": sandbox.rung.value, "said": printed(sandbox.gate, sys.argv[-1])}
    except NoWallsError as error:
        found = {"refused": str(error)}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
