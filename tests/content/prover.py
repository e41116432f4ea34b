"""A Prover for trusted notebooks: plain Python, a fork for each run, a limit of time and memory.

It knows exactly what bundled assignments need: code cells in order, asserts, stdout and stderr.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from skillmap.content.notebooks import Notebook
from skillmap.content.proof import CellKey, ItemRun

WORKER = Path(__file__).with_name("prover_worker.py")


class SubprocessProver:
    """Asks one worker, which forks for each notebook."""

    def __init__(self, notebooks: Sequence[Notebook], worker: subprocess.Popen[str]) -> None:
        self._notebooks, self._worker = notebooks, worker

    def run(self, assignment: str, answers: Mapping[CellKey, str]) -> dict[CellKey, ItemRun]:
        runs: dict[CellKey, ItemRun] = {}
        for notebook in self._notebooks:
            cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
            sources = [answers.get((notebook.name, c.grade_id), c.source) for c in cells]
            results = self._ask(sources)
            for cell, result in zip(cells, results, strict=False):
                if cell.is_grade and not cell.is_solution:
                    key, points = (notebook.name, cell.grade_id), cell.points or 0.0
                    is_lost = result["message"] is not None or result["has_stderr"]
                    runs[key] = ItemRun(
                        notebook=notebook.name,
                        grade_id=cell.grade_id,
                        score=0.0 if is_lost else points,
                        max_score=points,
                        **result,
                    )
        return runs

    def _ask(self, sources: Sequence[str]) -> list[dict]:
        assert self._worker.stdin is not None
        assert self._worker.stdout is not None
        self._worker.stdin.write(json.dumps(sources) + "\n")
        self._worker.stdin.flush()
        return json.loads(self._worker.stdout.readline())


@contextmanager
def subprocess_prover(
    notebooks: Sequence[Notebook], *, time_s: int = 5, preload: Sequence[str] = ()
) -> Iterator[SubprocessProver]:
    """Give a prover for the notebooks of one assignment, which runs in a copy of their folder."""
    with TemporaryDirectory() as scratch:
        folder = copytree(notebooks[0].file.parent, Path(scratch) / "work")
        command = [sys.executable, "-I", str(WORKER), str(time_s), *preload]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder
        ) as worker:
            yield SubprocessProver(notebooks, worker)
            assert worker.stdin is not None
            worker.stdin.close()
            worker.wait(timeout=10)
