"""Run lists of cells, one JSON list per line of stdin, each list in a fork of this process.

Arguments: the seconds that one list may take, and modules to import once for all forks.
"""

import contextlib
import importlib
import io
import json
import os
import resource
import select
import signal
import sys
import time

MEMORY = 4 * 2**30  # bytes


def run_cells(sources):
    """Run cells in one namespace; say of each how long it took and what stopped it."""
    namespace = {"__name__": "__main__"}
    return [run_cell(source, namespace) for source in sources]


def run_cell(source, namespace):
    errors, message, start = io.StringIO(), None, time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(errors):
        try:
            exec(compile(source, "<cell>", "exec"), namespace)
        except BaseException as error:  # noqa: BLE001  # whatever a cell raises is its result
            message = f"{type(error).__name__}: {error}"
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "has_stderr": bool(errors.getvalue()), "message": message}


def in_fork(sources, time_s):
    """Return what the cells gave, or nothing when their time is over."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        resource.setrlimit(resource.RLIMIT_CPU, (time_s, time_s))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        with os.fdopen(writer, "w") as pipe:
            json.dump(run_cells(sources), pipe)
        os._exit(0)
    os.close(writer)
    text = read_all(reader, time.monotonic() + time_s)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return json.loads(text) if text else []


def read_all(reader, deadline):
    chunks = []
    with os.fdopen(reader, "rb") as pipe:
        while select.select([pipe], [], [], max(0, deadline - time.monotonic()))[0]:
            chunk = os.read(pipe.fileno(), 65536)
            if not chunk:
                return b"".join(chunks)
            chunks.append(chunk)
    return b""


if __name__ == "__main__":
    for module in sys.argv[2:]:
        importlib.import_module(module)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(in_fork(json.loads(line), int(sys.argv[1]))) + "\n")
        sys.stdout.flush()
