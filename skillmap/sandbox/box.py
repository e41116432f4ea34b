"""The judge's side of the walls: start the warm process, and talk to one box.

Law: whatever a box does, the judge gets an answer or a BoxEndedError with the reason, in bounded
time and memory; closing a box ends all that runs in it.
"""

import json
import os
import select
import socket
import struct
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from skillmap.errors import GradingError
from skillmap.sandbox.channel import BrokenChannelError, Channel
from skillmap.sandbox.limits import Limits
from skillmap.sandbox.usage import Usage, usage_of
from skillmap.sandbox.walls import OUTSIDER, Rung

__all__ = ["Box", "BoxEndedError", "Gate", "NoWallsError", "Sandbox"]

PYTHON_BYTES = 128 << 20  # of the warm process, which its children share in part
TICK_S = 0.05  # between looks at what a box uses
START_S = 120.0  # a busy machine needs long to import everything
SO_PASSCRED, SCM_CREDENTIALS = 16, 2
CREDENTIALS = struct.Struct("3i")


class NoWallsError(GradingError):
    """The walls cannot be had on this machine."""


class BoxEndedError(Exception):
    """A box is no more; `reason` is a key: cpu, wall, memory, output, died or broken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Gate:
    """Where boxes are had: one end of the warm process's control socket, to be shared by forks."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control

    def open_box(self, limits: Limits) -> "Box":
        """Start a fresh process behind all walls."""
        ours, theirs = socket.socketpair()
        lifeline, their_lifeline = socket.socketpair()
        ours.setsockopt(socket.SOL_SOCKET, SO_PASSCRED, 1)
        with theirs, their_lifeline:
            request = json.dumps(asdict(limits)).encode()
            handles = [theirs.fileno(), their_lifeline.fileno()]
            try:
                socket.send_fds(self.control, [request], handles)
            except OSError as error:
                raise NoWallsError("the process that makes boxes has ended") from error
        return Box(ours, lifeline, limits)


class Sandbox:
    """The warm process behind the outer walls; boxes are had at its `gate` after `wait`."""

    def __init__(self, rung: Rung) -> None:
        self.rung = rung
        self._base = Path(tempfile.mkdtemp(prefix="skillmap-boxes-"))
        if os.getuid() == 0:
            os.chown(self._base, OUTSIDER, OUTSIDER)
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.gate = Gate(control)
        command = [sys.executable, "-I", "-m", "skillmap.sandbox.zygote"]
        with theirs:
            self._process = subprocess.Popen(
                [*command, str(theirs.fileno()), rung.value, str(self._base)],
                pass_fds=(theirs.fileno(),),
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the judge alone
            )
        self._is_ready = False

    def wait(self) -> None:
        """Wait until boxes can be had. Raises NoWallsError when a wall is missing."""
        if self._is_ready:
            return
        self.gate.control.settimeout(START_S)
        try:
            answer = json.loads(self.gate.control.recv(4096) or b'{"refused": "it ended at once"}')
        except TimeoutError:
            answer = {"refused": f"it was not ready after {START_S:.0f} s"}
        if "refused" in answer:
            self.close()
            raise NoWallsError(f"{self.rung.value}: {answer['refused']}")
        self.gate.control.settimeout(None)
        if self.rung is Rung.NAMESPACES:  # boxes are mounts of their own
            self._base.rmdir()
        self._is_ready = True

    def close(self) -> None:
        """End the warm process and every box."""
        self.gate.control.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        # Not Python's own, which cannot climb down into what learners may have made.
        subprocess.run(["/bin/rm", "-rf", "--", str(self._base)], stderr=subprocess.DEVNULL)

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Box:
    """One process behind the walls, with one learner's code in it."""

    def __init__(self, end: socket.socket, lifeline: socket.socket, limits: Limits) -> None:
        self.limits = limits
        self._channel = Channel(end, most_bytes=2 * limits.value_bytes + limits.output_bytes)
        self._lifeline = lifeline
        self._readable, self._writable = select.poll(), select.poll()
        self._readable.register(end, select.POLLIN | select.POLLHUP)
        self._writable.register(end, select.POLLOUT | select.POLLHUP)
        self._pid = 0
        self._began = self._looked = time.monotonic()
        self._waited_s = 0.0
        self._base: Usage | None = None
        self._cpu_limit_s = limits.cell_cpu_s

    def put(self, files: Mapping[str, bytes]) -> None:
        """Write files into the folder where the notebook runs."""
        texts = {name: b64encode(content).decode() for name, content in files.items()}
        self._send({"ask": "files", "files": texts})

    def run(self, cells: Sequence[tuple[str, bool]]) -> Iterator[list[dict[str, Any]]]:
        """Run cells (source, is it a test); yield the outputs of each. Raises BoxEndedError."""
        shapes = [{"source": source, "is_test": is_test} for source, is_test in cells]
        self._send({"ask": "run", "cells": shapes, "cpu_s": self.limits.cell_cpu_s})
        for _ in shapes:
            answer = self._receive(cpu_limit_s=self.limits.cell_cpu_s * 2 + 1)
            outputs = answer.get("outputs")
            if not isinstance(outputs, list) or not all(isinstance(o, dict) for o in outputs):
                raise BoxEndedError("broken")
            yield outputs

    def ask(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Ask one thing; return the answer, of which nothing is known. Raises BoxEndedError."""
        self._send(message)
        return self._receive(cpu_limit_s=self.limits.cell_cpu_s)

    def close(self) -> None:
        """End all that runs in the box."""
        self._channel.close()
        self._lifeline.close()

    def _send(self, message: Mapping[str, Any]) -> None:
        if not self._pid:
            self._meet()
        self._begin(self.limits.cell_cpu_s)
        try:
            self._channel.demand_silence()
            self._channel.send(message, lambda: self._watch(self._writable))
        except BrokenChannelError as error:
            raise _ended(error) from error

    def _receive(self, *, cpu_limit_s: float) -> dict[str, Any]:
        self._begin(cpu_limit_s)
        try:
            answer = self._channel.receive(lambda: self._watch(self._readable))
        except BrokenChannelError as error:
            raise _ended(error) from error
        self._waited_s += time.monotonic() - self._began
        return answer

    def _begin(self, cpu_limit_s: float) -> None:
        self._began = self._looked = time.monotonic()
        self._base, self._cpu_limit_s = None, cpu_limit_s

    def _meet(self) -> None:
        """Hear that the walls stand, and learn the process id as this machine counts it."""
        self._channel.end.settimeout(START_S)
        try:
            peek, ancillary, _, _ = self._channel.end.recvmsg(
                1, socket.CMSG_SPACE(CREDENTIALS.size), socket.MSG_PEEK
            )
        except OSError as error:
            raise NoWallsError("a box did not start") from error
        for _, kind, data in ancillary:
            if kind == SCM_CREDENTIALS:
                self._pid = CREDENTIALS.unpack(data[: CREDENTIALS.size])[0]
        self._channel.end.settimeout(None)
        if not peek:
            raise NoWallsError("a box ended at once")
        answer = self._channel.receive()
        if answer != {"ready": True} or not self._pid:
            raise NoWallsError(f"a box could not close its walls: {answer.get('failed')}")

    def _watch(self, ready: select.poll) -> None:
        """Wait until the channel is ready, and look at what the box uses meanwhile."""
        while not ready.poll(1000 * TICK_S):
            self._look()
        # Who sends a byte now and then must not go unseen.
        if time.monotonic() - self._looked > TICK_S:
            self._look()

    def _look(self) -> None:
        used = usage_of(self._pid, exact_above=self.limits.memory_bytes)
        self._looked = time.monotonic()
        self._base = self._base or used
        if used.memory_bytes > self.limits.memory_bytes + PYTHON_BYTES:
            raise BoxEndedError("memory")
        if used.cpu_s - self._base.cpu_s > self._cpu_limit_s:
            raise BoxEndedError("cpu")
        if used.cpu_s > self.limits.notebook_cpu_s:
            raise BoxEndedError("cpu")
        waited_s = self._looked - self._began
        if waited_s > self.limits.cell_wall_s:
            raise BoxEndedError("wall")
        if self._waited_s + waited_s > self.limits.notebook_wall_s:
            raise BoxEndedError("wall")


def _ended(error: BrokenChannelError) -> BoxEndedError:
    return BoxEndedError("died" if error.is_gone else "broken")


def _environment() -> dict[str, str]:
    """What the warm process may know of ours while it imports; none of it reaches a box."""
    kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    return {**kept, "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
