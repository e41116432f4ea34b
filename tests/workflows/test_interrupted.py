"""`skillmap grade`, stopped with Ctrl-C or killed at any moment, and run again.

Law: then gradebook and log equal those of a run that nobody disturbed, no process is left behind,
and Ctrl-C prints one sentence.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from skillmap.grading import find_submissions
from skillmap.workflows.programme import Programme
from tests.grading.builders import WRONG, released_course, submit
from tests.grading.gradebooks import all_rows
from tests.workflows.builders import log, records

pytestmark = pytest.mark.slow

MARK = "SKILLMAP_TEST_RUN"
PATIENCE_S = 120
STOPPED = "skillmap: Stopped. What was done is kept; run the same command to go on.\n"
SLOW = {"double": "import time\ntime.sleep(.3)\ndef double(x):\n    return 2 * x"}


class Run:
    """`skillmap grade` as a process group of its own; what it starts can be told by its mark."""

    def __init__(self, course: Path, *, workers: int) -> None:
        self._mark = uuid4().hex
        self._process = subprocess.Popen(
            [sys.executable, "-m", "skillmap", "--course", str(course), "grade", "a1"]
            + ["--workers", str(workers)],
            env={**os.environ, MARK: self._mark, "PYTHONFAULTHANDLER": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def signal(self, number: int) -> None:
        """Send a signal to the whole group, as a terminal does; a run that is over gets none."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, number)

    def is_grading(self) -> bool:
        """Whether it holds the course folder, or is over already."""
        held = f" {self._process.pid} "
        return self._process.poll() is not None or any(
            "FLOCK" in lock and held in lock
            for lock in Path("/proc/locks").read_text(encoding="utf-8").splitlines()
        )

    def kill(self) -> None:
        """Kill the main process alone, as an administrator or the kernel does."""
        self._process.kill()

    def end(self) -> tuple[int, str]:
        """Wait for it; return exit code and what it printed on stderr."""
        try:
            _, said = self._process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGABRT)  # Python's fault handler shows where it hangs
            pytest.fail(self._process.communicate()[1])
        return self._process.returncode, said

    def left_behind(self) -> list[str]:
        """Name the processes that this run started and that still live."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if f"{MARK}={self._mark}".encode() in (folder / "environ").read_bytes():
                    found.append((folder / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue
        return found


def eventually(condition: Callable[[], bool]) -> bool:
    """Wait until something is true, or give up."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three learners; one attempt ends Python itself, one is damaged."""
    root = released_course(tmp_path_factory.mktemp("handed in") / "course", tmp_path_factory)
    submit(root, "ada", WRONG, at="20 18:00")
    submit(root, "ada", SLOW, at="21 18:00")
    submit(root, "ben", SLOW, at="20 19:00")
    submit(root, "ben", {"double": "import os\nos._exit(1)"}, at="21 19:00")
    damaged = submit(root, "eve", WRONG, at="21 20:00")
    (damaged / "one.ipynb").write_text("{", encoding="utf-8")
    return root


def final_state(course: Path) -> dict[str, object]:
    """All that grading leaves, but for ids and the times of grading."""
    programme = Programme(course)
    rows = all_rows(course / "gradebook.db")
    rows["maxima"] = [row for row in rows["maxima"] if row[0] == "a1"]
    try:
        return {
            **rows,
            "log": [(r.learner, r.item, r.attempt, r.points, r.sha256) for r in log(programme)],
            "attempts": [(r.attempt, r.is_finished, r.problem) for r in records(programme)],
            "folders": sorted(
                str(path.relative_to(course))
                for step in ("submitted", "autograded", "release")
                for path in (course / step).rglob("*")
            ),
            "found": [s.attempt for s in find_submissions(programme.nbgrader, "a1")],
        }
    finally:
        programme.database.close()


@pytest.fixture(scope="module")
def undisturbed(handed_in: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    course = shutil.copytree(handed_in, tmp_path_factory.mktemp("undisturbed") / "course")
    assert Run(course, workers=1).end()[0] == 4  # one attempt could not be graded
    return final_state(course)


def begun(course: Path, n: int) -> bool:
    """Whether so many attempts were laid before nbgrader."""
    return len(list(course.glob("autograded/*/a1/one.ipynb"))) >= n


def disturb(course: Path, run: Run, *, how: int, is_group: bool = True) -> None:
    """Stop a run, see that it went quietly and wholly, and run again."""
    run.signal(how) if is_group else run.kill()
    code, said = run.end()

    assert eventually(lambda: not run.left_behind()), run.left_behind()
    if how == signal.SIGINT and code not in (0, 4):
        assert code == 130, said
        assert said.removeprefix("Grading …\n") == STOPPED
    code, said = Run(course, workers=2).end()
    assert code in (0, 4)
    assert said.splitlines() == ["Grading …"]


@pytest.mark.parametrize(
    ("workers", "how", "is_group"),
    [
        pytest.param(1, signal.SIGINT, True, marks=pytest.mark.soak),
        (2, signal.SIGINT, True),
        pytest.param(1, signal.SIGKILL, True, marks=pytest.mark.soak),
        (2, signal.SIGKILL, False),
    ],
)
def test_a_run_that_was_stopped_is_made_up_for(
    handed_in: Path,
    undisturbed: dict[str, object],
    tmp_path: Path,
    workers: int,
    how: int,
    is_group: bool,
) -> None:
    course = shutil.copytree(handed_in, tmp_path / "course")
    run = Run(course, workers=workers)
    assert eventually(lambda: begun(course, workers))

    disturb(course, run, how=how, is_group=is_group)

    assert final_state(course) == undisturbed


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_at_any_moment(
    handed_in: Path, undisturbed: dict[str, object], tmp_path: Path, seed: int
) -> None:
    rng = random.Random(seed)
    course = shutil.copytree(handed_in, tmp_path / "course")
    if rng.random() < 0.3:  # as in a course that was never released: that is done, too
        (course / "gradebook.db").unlink()
        shutil.rmtree(course / "release")
    how = rng.choice([signal.SIGINT, signal.SIGKILL, signal.SIGKILL])
    for _ in range(rng.randint(1, 2)):
        run = Run(course, workers=rng.randint(1, 2))
        assert eventually(run.is_grading)
        time.sleep(rng.uniform(0, 6))
        disturb(course, run, how=how, is_group=rng.random() < 0.5 or how == signal.SIGINT)

    state = final_state(course)
    assert {**state, "folders": 0} == {**undisturbed, "folders": 0}
