"""A warm process that forks a limited child per notebook, for tests: JSON lines in and out."""

import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
from typing import Any

WALL_S = 20.0
MEMORY_BYTES = 2 << 30


class WarmProcess:
    """Starts the process of `serve` and asks it to run notebooks."""

    def __init__(self, folder: str, **options: int) -> None:
        environment = {**os.environ, "HOME": folder, "TMPDIR": folder}
        environment.pop("MPLBACKEND", None)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.sandbox.warm_process", json.dumps(options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )

    def run(self, *cells: str | dict[str, Any], folder: str = ".") -> list[dict[str, Any]]:
        """Run the cells in one child; an answer per cell that the child finished."""
        asked = [{"source": one} if isinstance(one, str) else one for one in cells]
        self._process.stdin.write(json.dumps({"cells": asked, "folder": folder}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


def serve(options: dict[str, int]) -> None:
    from skillmap.sandbox.cells import CellRunner

    runner = CellRunner(**options)
    runner.warm_up()
    for line in sys.stdin:
        answers = _in_child(runner, json.loads(line))
        sys.stdout.write(json.dumps(answers) + "\n")
        sys.stdout.flush()


def _in_child(runner: Any, asked: dict[str, Any]) -> list[Any]:
    receiver, sender = os.pipe()
    child = os.fork()
    if not child:
        os.close(receiver)
        try:
            _child(runner, asked, sender)
        finally:
            os._exit(0)
    os.close(sender)
    raw = _read_until_end(receiver, time.monotonic() + WALL_S)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(receiver)
    return [json.loads(line) for line in raw.splitlines()]


def _child(runner: Any, asked: dict[str, Any], sender: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (15, 15))
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 20, 64 << 20))
    os.chdir(asked["folder"])
    # Far from what hostile cells close.
    sender = os.dup2(sender, 200)
    write, dumps = os.write, json.dumps
    for cell in asked["cells"]:
        result = runner.run(**cell)
        answer = dumps(
            {
                "outputs": result.outputs,
                "is_ok": result.is_ok,
                "ename": result.ename,
                "execution_count": result.execution_count,
            }
        )
        rest = (answer + "\n").encode()
        while rest:
            rest = rest[write(sender, rest) :]


def _read_until_end(receiver: int, deadline: float) -> bytes:
    pieces = []
    while (left := deadline - time.monotonic()) > 0:
        if select.select([receiver], [], [], left)[0]:
            piece = os.read(receiver, 1 << 20)
            if not piece:
                break
            pieces.append(piece)
    return b"".join(pieces)


if __name__ == "__main__":
    serve(json.loads(sys.argv[1]))
