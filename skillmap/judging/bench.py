"""Judges: processes that each judge one submission, forked from a warm one that never does.

In: jobs. Out: for each, what its judge returned, or how it died.
Law: a judge that has run an instructor's tests is gone afterwards, so that nothing of one
submission is left for the next; by nbgrader's law judges run none, and go on. A judge that dies
costs the submission it was judging; no judge outlives the process that asked for it.
"""

import os
import pickle
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from skillmap.judging.plan import NotebookPlan
from skillmap.judging.released import ReleasedAssignment
from skillmap.judging.rules import JudgeRules, Scoring
from skillmap.sandbox import Gate

__all__ = ["Bench", "Case", "JudgeDiedError", "Matter", "Running"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What stays the same for all submissions of an assignment; solutions: to be planned with."""

    assignment: ReleasedAssignment
    rules: JudgeRules
    plans: Mapping[str, NotebookPlan] = field(default_factory=dict)
    solutions: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def goes_on(self) -> bool:
        """Whether a judge may take the next submission: no test has run in its process."""
        return self.rules.scoring is Scoring.NBGRADER


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One submission: its notebooks by name, and the files beside them by relative path."""

    texts: Mapping[str, bytes]
    files: Mapping[str, bytes] = field(default_factory=dict)


class JudgeDiedError(Exception):
    """A judge ended without an answer."""


class Running:
    """A judge at work; `connection` is ready when `finish` will not wait."""

    def __init__(self, connection: Connection, idle: list[Connection] | None) -> None:
        self.connection = connection
        self._idle = idle

    def finish(self) -> Any:
        """Return what the judge returned; raise what it raised, or JudgeDiedError."""
        try:
            answer = self.connection.recv()
        except (EOFError, OSError) as error:
            self.connection.close()
            raise JudgeDiedError("it was ended from outside") from error
        if self._idle is None:
            self.connection.close()
        else:
            self._idle.append(self.connection)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Bench:
    """The warm process from which judges are forked."""

    def __init__(self, gate: Gate) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="skillmap-bench-"))
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        handles = (theirs.fileno(), gate.control.fileno())
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "skillmap.judging.bench_process", *map(str, handles)],
                pass_fds=handles,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for whoever asked
            )
        self._papers: dict[str, Path] = {}
        self._idle: dict[str, list[Connection]] = {}
        self._goes_on: dict[str, bool] = {}

    def prepare(self, name: str, matter: Matter) -> None:
        """Lay out what the judges of an assignment need, under a name."""
        file = self._folder / secrets.token_hex(8)
        file.write_bytes(pickle.dumps(matter))
        self._papers[name] = file
        self._idle[name] = []
        self._goes_on[name] = matter.goes_on

    def start(self, name: str, case: Case | None) -> Running:
        """Let a judge begin with a submission; None: with the plan of the assignment itself."""
        idle = self._idle[name] if self._goes_on[name] else None
        connection = idle.pop() if idle else self._fork(name)
        with suppress(OSError):  # a dead judge is found out when its answer is awaited
            connection.send(case)
        return Running(connection, idle)

    def _fork(self, name: str) -> Connection:
        ours, theirs = socket.socketpair()
        with theirs, suppress(OSError):  # the judge that does not come is a dead one
            paper = os.fsencode(self._papers[name])
            socket.send_fds(self._control, [paper], [theirs.fileno()])
        return Connection(ours.detach())

    def close(self) -> None:
        """End the warm process and every judge."""
        self._control.close()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)
