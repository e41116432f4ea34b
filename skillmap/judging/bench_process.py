"""The warm process behind Bench: imports what tests need, and forks a judge for each job.

Started with two handles: the control socket, and the gate to the boxes.
"""

import gc
import importlib
import os
import pickle
import resource
import signal
import socket
import sys
import warnings
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from skillmap.judging.bench import Case, Matter
from skillmap.judging.judge import judge, plan_assignment
from skillmap.sandbox import Gate
from skillmap.sandbox.system_calls import prctl
from skillmap.sandbox.usage import own_address_space

__all__ = ["main"]

WARM = ("numpy", "pandas", "numpy.testing", "pandas.testing", "unittest", "IPython.core.error")
MOST_BYTES = 4096
MEMORY_BYTES = 2 << 30  # of a judge; a test may unroll what a learner's function returned
PR_SET_PDEATHSIG = 1


def main() -> None:
    """Serve until the control socket is closed."""
    control, gate_end = (socket.socket(fileno=int(one)) for one in sys.argv[1:3])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in WARM:
        with suppress(ImportError), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            importlib.import_module(name)
    gc.collect()
    gc.freeze()
    _serve(control, Gate(gate_end))


def _serve(control: socket.socket, gate: Gate) -> None:
    matters: dict[bytes, tuple[Matter, Path]] = {}
    while True:
        paper, handles, _, _ = socket.recv_fds(control, MOST_BYTES, 1)
        if not paper:
            return
        if paper not in matters:
            matters[paper] = _lay_out(paper)
        if os.fork() == 0:
            control.close()
            _work(Connection(handles[0]), gate, *matters[paper])
        os.close(handles[0])
        _bury()


def _lay_out(paper: bytes) -> tuple[Matter, Path]:
    """Read what the judges of an assignment need; its files lie in a folder where tests run."""
    matter: Matter = pickle.loads(Path(os.fsdecode(paper)).read_bytes())
    folder = Path(f"{os.fsdecode(paper)}.files")
    folder.mkdir()
    for name, content in matter.assignment.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return matter, folder


def _work(connection: Connection, gate: Gate, matter: Matter, folder: Path) -> None:
    """Judge one submission, or as many as come, and end. Never returns."""
    try:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        room = own_address_space() + MEMORY_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (room, room))
        os.chdir(folder)
        connection.send(_answer(connection.recv(), gate, matter))
        while matter.goes_on:
            connection.send(_answer(connection.recv(), gate, matter))
    except EOFError:
        pass  # nobody asks any more
    finally:
        os._exit(0)


def _answer(case: Case | None, gate: Gate, matter: Matter) -> Any:
    try:
        if case is None:
            return plan_assignment(gate, matter.assignment, matter.solutions, rules=matter.rules)
        return judge(
            gate,
            matter.assignment,
            case.texts,
            files=case.files,
            plans=matter.plans,
            rules=matter.rules,
        )
    except Exception as error:  # noqa: BLE001  # raised again where the judge was asked for
        return error


def _bury() -> None:
    """Let the ended judges go."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


if __name__ == "__main__":
    main()
