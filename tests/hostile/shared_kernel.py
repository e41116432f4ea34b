"""Grade notebooks as if tests shared the learner's process, to see that an attack is one.

A programme of its own: `shared_kernel.py FOLDER`.
In: FOLDER/*/main.ipynb, answered, with the tests.
Out: one line of JSON on the standard output, points by grade_id for each notebook.
Each notebook runs in a fork with limits on time, memory and files. Its points follow nbgrader
0.9.6 (utils.determine_grade): the first result or error decides; a failed reply without an error
is one; a result that is no number, negative or NaN gives full points.
"""

import contextlib
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.interactiveshell import InteractiveShell

LIMIT_S = 20
LIMITS = {
    resource.RLIMIT_CPU: 15,
    resource.RLIMIT_AS: 4 << 30,
    resource.RLIMIT_FSIZE: 10_000_000,
    resource.RLIMIT_CORE: 0,
}
Outputs = list[tuple[str, str]]


class Recorder(DisplayHook):
    """Keeps results where nbgrader looks for them: among the outputs."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        del md_dict
        self.shell.outputs.append(("execute_result", format_dict.get("text/plain", "")))


class Shell(InteractiveShell):
    """IPython as a kernel has it, with the outputs in a list."""

    displayhook_class = Recorder
    outputs: Outputs

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        del evalue, stb
        self.outputs.append(("error", str(etype)))

    def init_io(self) -> None:
        """Leave the standard streams alone."""


def run_cell(shell: Shell, source: str) -> Outputs:
    """Run one cell, and return its outputs, those that the reply adds included."""
    shell.outputs = []
    result = shell.run_cell(source, store_history=True)
    if not result.success and "error" not in dict(shell.outputs):
        shell.outputs.append(("error", "by the reply"))
    return shell.outputs


def points(outputs: Outputs, max_points: float) -> float:
    """Return nbgrader's points, with infinity for those above the maximum."""
    for kind, text in outputs:
        if kind == "error":
            return 0.0
        try:
            value = float(text)
        except ValueError:
            return max_points
        return value if 0 <= value <= max_points else max(max_points, value)
    return max_points


def grade(path: Path) -> dict[str, float]:
    """Run a notebook's code cells in order; points by grade_id of its tests."""
    os.chdir(path.parent)
    shell = Shell.instance()
    scores = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        mark = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code":
            outputs = run_cell(shell, cell["source"])
            if mark.get("grade"):
                scores[mark["grade_id"]] = points(outputs, mark["points"])
    return scores


def in_a_fork(path: Path) -> dict[str, float]:
    """Grade in a child, which is ended when it takes too long; no points for one that crashes."""
    found = path.with_suffix(".scores")
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            os.setsid()
            for limit, value in LIMITS.items():
                resource.setrlimit(limit, (value, value))
            nowhere = os.open(os.devnull, os.O_RDWR)
            for number in range(3):
                os.dup2(nowhere, number)
            found.write_text(json.dumps(grade(path)), encoding="utf-8")
        os._exit(0)
    end = time.monotonic() + LIMIT_S
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        if time.monotonic() > end:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            break
        time.sleep(0.005)
    return json.loads(found.read_text(encoding="utf-8")) if found.exists() else {}


def main(folder: Path) -> None:
    """Grade every notebook of the folder, with the libraries imported once."""
    import math  # noqa: F401 - warm for the forks
    import unittest  # noqa: F401 - warm for the forks

    import pandas  # noqa: F401 - warm for the forks

    found = {path.parent.name: in_a_fork(path) for path in sorted(folder.glob("*/main.ipynb"))}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
