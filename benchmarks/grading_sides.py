"""The sides of a race in grading: nbgrader, as its command grades, and ours; and what they use.

In: a course directory that may be written to. Out: seconds, without start-up.
"""

import os
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, GenerateFeedback
from traitlets.config import Config

from skillmap.grading import Autograder, Stopping, Submission, open_course
from skillmap.grading.run import NbgraderFailureError, run
from skillmap.judging import Courtroom, Scoring
from skillmap.sandbox.system_calls import (
    CLONE_NEWNS,
    MS_BIND,
    MS_PRIVATE,
    MS_REC,
    mount,
    unmount,
    unshare,
)
from skillmap.workflows.grade import GradingPlan, GradingRun, not_in_gradebook, plan_grading
from skillmap.workflows.programme import Programme

__all__ = [
    "N_WORKERS",
    "Key",
    "Side",
    "convert_with_nbgrader",
    "cpu_s",
    "let_outsiders_read_python",
    "nbgrader_process",
    "rss_mb",
    "say",
]

N_WORKERS = os.cpu_count() or 1
Key = tuple[str, str]  # (assignment, learner)


def say(words: str) -> None:
    """Tell who waits how far it is."""
    print(f"{datetime.now(UTC):%H:%M:%S} {words}", file=sys.stderr, flush=True)


@cache
def _plain_course(root: Path) -> Any:
    """Open a course as nbgrader itself does, without our settings for its kernels."""
    defaults = Config()
    defaults.NotebookClient.shutdown_kernel = "graceful"
    defaults.KernelManager.transport_encryption = "disabled"
    warnings.simplefilter("ignore")
    return open_course(root, defaults=defaults)


def convert_with_nbgrader(root: Path, step: str, keys: Sequence[Key]) -> dict[Key, float | str]:
    """Let nbgrader autograde, or make feedback; return the seconds of each, or why it could not."""
    course, kind = _plain_course(root), {"autograde": Autograde, "feedback": GenerateFeedback}[step]
    result: dict[Key, float | str] = {}
    for assignment, learner in keys:
        with course.selected(assignment, learner):
            app = kind(coursedir=course.api.coursedir, parent=course.api)
            app.force = True
            began = time.perf_counter()
            try:
                run(course, lambda app=app: app, step)
                result[assignment, learner] = time.perf_counter() - began
            except NbgraderFailureError as failure:
                result[assignment, learner] = str(failure)
    return result


class Side:
    """One of our two sides: a run of `grade` that goes on from batch to batch."""

    def __init__(self, root: Path, scoring: Scoring) -> None:
        self.programme = Programme(root)
        self._stack = ExitStack()
        stopping = self._stack.enter_context(Stopping())
        room = self._stack.enter_context(Courtroom())
        self._run = GradingRun(
            self.programme,
            clock=_now,
            n_workers=N_WORKERS,
            stopping=stopping,
            scoring=scoring,
            courtroom=room,
        )
        self._stack.enter_context(self._run)
        self.assignments = self.programme.assignments()
        self._run.make_ready(self.assignments)  # what it makes is there afterwards
        self.submissions: dict[Key, Submission] = {}

    def __enter__(self) -> "Side":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def warm_up(self) -> None:
        """Start the judges, and let them plan every assignment: start-up, which is not measured."""
        for assignment in {assignment for assignment, _ in self.submissions}:
            self.autograder.plans(assignment)

    def plan(self, *, again: bool = False) -> float:
        """Find what there is to grade, as each run does; return the seconds."""
        began = time.perf_counter()
        self._run.make_ready(self.assignments)
        plan = plan_grading(self.programme, self.assignments, again=again)
        seconds = time.perf_counter() - began
        self.submissions = {_key(one): one for one in plan.pending if _is_in_submitted(self, one)}
        return seconds

    def check(self) -> float:
        """Look whether the gradebook holds the latest of everybody; return the seconds."""
        began = time.perf_counter()
        for assignment in self.assignments:
            list(not_in_gradebook(self.programme, assignment))
        return time.perf_counter() - began

    def grade(self, keys: Sequence[Key]) -> float:
        """Grade, gradebook and log included; return the seconds."""
        plan = GradingPlan(pending=tuple(self.submissions[key] for key in keys), n_done=0)
        began = time.perf_counter()
        records = list(self._run.grade_all(plan, {}))
        seconds = time.perf_counter() - began
        for record in records:
            if record.problem:
                say(f"  ours refuses {record.attempt.learner}: {record.problem}")
        return seconds

    @property
    def autograder(self) -> Autograder:
        """Our judges."""
        return self._run._autograder()


def _now() -> datetime:
    return datetime.now(UTC)


def _key(submission: Submission) -> Key:
    return submission.attempt.assignment, submission.attempt.learner


def _is_in_submitted(side: Side, submission: Submission) -> bool:
    assignment, learner = _key(submission)
    return submission.folder == side.programme.nbgrader.submitted(learner, assignment)


def _be_quiet() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())  # kernels warn at each start


def let_outsiders_read_python() -> None:
    """Show Python's folder to the user that grading without walls becomes, if only root may enter.

    Root's home looks empty but for it then, for this process and those that it starts.
    """
    home = Path.home()
    if os.getuid() or not Path(sys.base_prefix).is_relative_to(home) or home.stat().st_mode & 1:
        return
    if Path(__file__).resolve().is_relative_to(home) or Path.cwd().is_relative_to(home):
        return  # we would vanish ourselves
    inner = home / Path(sys.base_prefix).relative_to(home).parts[0]
    unshare(CLONE_NEWNS)
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    with tempfile.TemporaryDirectory(prefix="bench-grade-") as aside:
        mount(str(inner), aside, None, MS_BIND | MS_REC)
        mount("none", str(home), "tmpfs", 0, "mode=0755,size=1m")
        inner.mkdir()
        mount(aside, str(inner), None, MS_BIND | MS_REC)
        unmount(aside)


@contextmanager
def nbgrader_process(root: Path, some: Sequence[Key]) -> Iterator[ProcessPoolExecutor]:
    """A process that lives on, in which nbgrader has everything imported."""
    context = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=_be_quiet) as pool:
        pool.submit(convert_with_nbgrader, root, "autograde", some).result()
        yield pool


def _family() -> list[int]:
    """Process ids of this process and of all below it."""
    pids = [os.getpid()]
    for pid in pids:
        with suppress(OSError):  # it ended meanwhile
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:
                    pids += map(int, file.read().split())
    return pids


def rss_mb() -> float:
    """Megabytes of memory of this process and of all below it."""
    total = 0
    for pid in _family():
        with suppress(OSError), open(f"/proc/{pid}/statm", encoding="ascii") as file:
            total += int(file.read().split()[1])
    return total * os.sysconf("SC_PAGE_SIZE") / 1e6


def cpu_s() -> float:
    """Processor seconds of this process and of all below it, the ended ones included."""
    total = 0
    for pid in _family():
        with suppress(OSError), open(f"/proc/{pid}/stat", encoding="ascii") as file:
            total += sum(map(int, file.read().rpartition(")")[2].split()[11:15]))
    return total / os.sysconf("SC_CLK_TCK")
