"""The warm process: Python with everything imported, behind the outer walls, forking a child a box.

In: over the control socket, a request with two handles: the child's channel and its lifeline.
Out: nothing; the child speaks over its channel, and lives until its lifeline is closed.
Law: one thread; the process and all its children end when the control socket is closed.
"""

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from skillmap.sandbox.cells import CellRunner
from skillmap.sandbox.channel import Channel
from skillmap.sandbox.child import live
from skillmap.sandbox.limits import Limits
from skillmap.sandbox.walls import Rung, Walls

__all__ = ["main"]

WARM = ("numpy", "pandas", "matplotlib", "matplotlib.pyplot", "matplotlib_inline.backend_inline")
PACKAGE = Path(__file__).resolve().parents[1]
PATIENCE_MS = 20  # between looks at children that were told to end
MOST_BYTES = 4096
GC_THRESHOLD = 20_000  # objects; a box lives for a second, and each search for cycles costs it
REMOVE = ("/bin/rm", "-rf", "--")  # any depth, where Python's own would overflow
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "NBGRADER_EXECUTION": "autograde",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


@dataclass(slots=True)
class _Child:
    pid: int
    lifeline: socket.socket
    box: Path | None


def main() -> None:
    """Serve boxes over the control socket whose handle is the first argument."""
    control = socket.socket(fileno=int(sys.argv[1]))
    rung, base = Rung(sys.argv[2]), Path(sys.argv[3])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        runner = CellRunner(max_output_bytes=Limits().output_bytes)
        _import_all()
        walls = Walls.enter(rung, base=base, hidden=(str(PACKAGE),))
        _warm_up(runner)
    except OSError as error:
        control.send(json.dumps({"refused": str(error)}).encode())
        return
    control.send(json.dumps({"ready": True}).encode())
    _serve(control, walls, runner)


def _import_all() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in WARM:
            with suppress(ImportError):  # a course may do without
                importlib.import_module(name)


def _warm_up(runner: CellRunner) -> None:
    os.environ.clear()
    os.environ.update(ENVIRONMENT)
    sys.argv[:] = [""]
    ours = (sys.prefix, sys.base_prefix)
    sys.path[:] = ["", *(path for path in sys.path if path.startswith(ours))]
    runner.warm_up()
    gc.collect()
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD)


def _serve(control: socket.socket, walls: Walls, runner: CellRunner) -> None:
    poll = select.poll()
    poll.register(control, select.POLLIN)
    children: dict[int, _Child] = {}
    ending: list[_Child] = []
    n_made = 0
    while True:
        for handle, _ in poll.poll(PATIENCE_MS if ending else None):
            if handle != control.fileno():
                child = children.pop(handle)
                poll.unregister(handle)
                _kill(child)
                ending.append(child)
                continue
            request, handles, _, _ = socket.recv_fds(control, MOST_BYTES, 2)
            if not request:
                _end_all([*children.values(), *ending], walls)
                return  # the last judge is gone
            n_made += 1
            made = _make(json.loads(request), handles, walls, n_made, runner)
            if made:
                children[made.lifeline.fileno()] = made
                poll.register(made.lifeline, select.POLLHUP)
        ending = [child for child in ending if not _is_over(child)]


def _make(
    request: dict[str, float], handles: list[int], walls: Walls, number: int, runner: CellRunner
) -> _Child | None:
    if len(handles) != 2:  # this process has too many open already
        for handle in handles:
            os.close(handle)
        return None
    channel, lifeline = handles
    limits = Limits(**request)  # type: ignore[arg-type]  # written by asdict(Limits) in the judge
    box = walls.folder_for(number)
    try:
        pid = walls.fork()
    except OSError as error:  # one box less, but not the end of all
        Channel(socket.socket(fileno=channel), most_bytes=0).send({"failed": str(error)})
        os.close(lifeline)
        return None
    if pid == 0:
        live(channel, walls, limits, box, runner)
    os.close(channel)
    return _Child(pid, socket.socket(fileno=lifeline), box)


def _kill(child: _Child) -> None:
    child.lifeline.close()
    with suppress(ProcessLookupError):
        os.kill(child.pid, signal.SIGKILL)


def _is_over(child: _Child) -> bool:
    pid, _ = os.waitpid(child.pid, os.WNOHANG)
    if pid and child.box:
        remover = os.posix_spawn(REMOVE[0], (*REMOVE, str(child.box)), os.environ)
        child.pid, child.box = remover, None
        return False
    return bool(pid)


def _end_all(children: list[_Child], walls: Walls) -> None:
    for child in children:
        _kill(child)
    if walls.rung is not Rung.NAMESPACES:
        for child in children:
            os.waitpid(child.pid, 0)
        os.execv(REMOVE[0], (*REMOVE, str(walls.base)))


if __name__ == "__main__":
    main()
