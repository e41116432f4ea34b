"""What a process uses is counted with all that it started."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from skillmap.sandbox.usage import usage_of

MB = 1_000_000
HIDES_ITSELF = """
import ctypes, time
x = bytearray(80_000_000); x[::4096] = b"x" * len(x[::4096])
print(ctypes.CDLL(None).prctl(4, 0, 0, 0, 0), flush=True)
time.sleep(60)
"""


SHARES = """
import mmap, os, time
shared = mmap.mmap(-1, 80_000_000); shared[::4096] = b"x" * len(shared[::4096])
for _ in range(3):
    if os.fork() == 0:
        shared[::4096]
        time.sleep(5)
        os._exit(0)
print(1, flush=True)
time.sleep(60)
"""


@contextmanager
def started(source: str) -> Iterator[int]:
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process.pid
        process.kill()


@contextmanager
def forked(work: object) -> Iterator[int]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        work()  # type: ignore[operator]
        os.write(writing, b"x")
        time.sleep(60)
        os._exit(0)
    try:
        assert select.select([reading], [], [], 20)[0]
        yield pid
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(reading)
        os.close(writing)


def spin(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


@pytest.mark.slow
def test_processor_time_of_ended_children_counts() -> None:
    def work() -> None:
        if os.fork() == 0:
            spin(0.3)
            os._exit(0)
        os.wait()

    with forked(work) as pid:
        used = usage_of(pid)

    assert 0.25 <= used.cpu_s <= 0.6


@pytest.mark.slow
def test_processor_time_of_living_children_counts() -> None:
    def work() -> None:
        reading, writing = os.pipe()
        if os.fork() == 0:
            spin(0.3)
            os.write(writing, b"x")
            time.sleep(2)
            os._exit(0)
        os.read(reading, 1)

    with forked(work) as pid:
        used = usage_of(pid)

    assert 0.25 <= used.cpu_s <= 0.6


@pytest.mark.slow
def test_shared_memory_counts_once() -> None:
    with started(SHARES) as pid:
        used = usage_of(pid)

    assert 80 * MB < used.memory_bytes < 160 * MB


@pytest.mark.slow
def test_memory_of_a_process_that_hides_itself_counts() -> None:
    with started(HIDES_ITSELF) as pid:
        used = usage_of(pid)

    assert 80 * MB < used.memory_bytes < 120 * MB


def test_who_is_gone_uses_nothing() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)

    used = usage_of(pid)

    assert used.cpu_s == 0
    assert used.memory_bytes == 0
