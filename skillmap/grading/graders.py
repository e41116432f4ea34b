"""Processes that grade one attempt at a time, each of which may die without taking others along.

In: a course folder; then one Submission after the other. Out: an Outcome for each.
Law: a grader that dies costs the attempt it was grading; a grader never outlives this process.
"""

import os
import signal
import sys
import threading
import traceback
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from pathlib import Path

from skillmap.grading.autograde import Autograded, autograde, not_graded
from skillmap.grading.course import NbgraderCourse, open_course
from skillmap.grading.gradebook import GradebookSubmission, gradebook_submissions
from skillmap.grading.stopping import interrupts_held_back
from skillmap.grading.submissions import Submission

__all__ = ["Grader", "Outcome", "grade_here", "wait_for_any"]

# Fresh processes: nbgrader's event loops and sockets do not survive a fork.
CONTEXT = get_context("spawn")
PATIENCE_S = 5.0  # for a grader without work to end by itself
DIED = (
    "The program that graded this was ended from outside ({how}), perhaps because the memory was "
    "full. The next run tries again; if it happens again, your instructor has to look at the "
    "notebook."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one attempt, and what the gradebook holds of its learner afterwards."""

    submission: Submission
    result: Autograded
    held: tuple[GradebookSubmission, ...] = ()


def grade_here(course: NbgraderCourse, submission: Submission) -> Outcome:
    """Grade one attempt in this process. Raises GradingError when gradebook or disk refuse."""
    attempt = submission.attempt
    result = autograde(course, submission)
    held = (
        gradebook_submissions(course, attempt.assignment, learner=attempt.learner)
        if result.problem is None
        else []
    )
    return Outcome(submission=submission, result=result, held=tuple(held))


class Grader:
    """A process with nbgrader in it. `submission` is what it grades now, None when it is free."""

    def __init__(self, root: Path) -> None:
        self.submission: Submission | None = None
        self.is_alive = True
        self.pipe, theirs = CONTEXT.Pipe()
        self._process = CONTEXT.Process(target=_serve, args=(theirs, root), daemon=True)
        with interrupts_held_back():
            self._process.start()
        theirs.close()

    def begin(self, submission: Submission) -> None:
        """Give the grader an attempt; its `pipe` is ready when `finish` has the Outcome."""
        self.submission = submission
        with suppress(OSError):  # it died while it was free; `finish` says so
            self.pipe.send(submission)

    def finish(self) -> Outcome:
        """Return what became of the attempt; raise what the grader raised."""
        submission, self.submission = self.submission, None
        if submission is None:
            raise RuntimeError("a grader was asked for an attempt that it was never given")
        try:
            answer: Outcome | Exception = self.pipe.recv()
        except (EOFError, OSError):
            return Outcome(submission=submission, result=self._say_how_it_died())
        if isinstance(answer, Exception):
            raise answer
        return answer

    def end(self) -> None:
        """End the process: at once when it is grading, else in its own time."""
        self.pipe.close()
        if self.submission is None:
            self._process.join(PATIENCE_S)
        self._process.kill()
        self._process.join()

    def _say_how_it_died(self) -> Autograded:
        self.is_alive = False
        self._process.join(PATIENCE_S)
        self._process.kill()
        self._process.join()
        code = self._process.exitcode or 0
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return not_graded(DIED.format(how=how), is_final=False)


def wait_for_any(graders: list[Grader]) -> list[Grader]:
    """Wait until some of these graders are ready, or dead, and return them."""
    ready = connection.wait([grader.pipe for grader in graders])
    return [grader for grader in graders if grader.pipe in ready]


def _serve(pipe: Connection, root: Path) -> None:
    """Grade what comes through the pipe, until it is closed or the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # What the course's configuration prints was seen once, in the parent.
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # for good
    course: NbgraderCourse | None = None
    while True:
        try:
            submission: Submission = pipe.recv()
        except EOFError:
            return
        try:
            course = course or open_course(root)
            answer: Outcome | Exception = grade_here(course, submission)
        except Exception as error:  # noqa: BLE001  # raised again in the parent
            error.add_note(traceback.format_exc())
            answer = error
        pipe.send(answer)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
