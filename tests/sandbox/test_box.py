"""The judge's side of the walls: whatever a box does, the judge and the other boxes go on."""

import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from skillmap.sandbox import BoxEndedError, Gate, Limits, NoWallsError, Rung, Sandbox
from skillmap.sandbox.channel import BrokenChannelError, Channel
from tests.sandbox.boxes import ended_by, opened, printed
from tests.sandbox.ordinary_user import CANNOT, run_as_user

pytestmark = pytest.mark.slow

PATIENCE_S = 8
# Finds the channel to the judge, and writes to it as it likes.
TO_JUDGE = """
import json, os, socket, stat, struct, time

def find():
    for handle in range(3, 200):
        try:
            if stat.S_ISSOCK(os.fstat(handle).st_mode):
                return socket.socket(fileno=handle)
        except OSError:
            pass

def say(value):
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    judge.sendall(struct.pack("<I", len(text)) + text)

judge = find()
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with _ready() as made:
        yield made


@pytest.fixture(scope="module")
def gate(sandbox: Sandbox) -> Gate:
    return sandbox.gate


def _ready() -> Sandbox:
    made = Sandbox(Rung.NAMESPACES)
    try:
        made.wait()
    except NoWallsError as error:
        pytest.skip(str(error))
    return made


def _family(pid: int) -> set[int]:
    found, waiting = set(), [pid]
    while waiting:
        one = waiting.pop()
        found.add(one)
        for path in Path(f"/proc/{one}/task").glob("*/children"):
            waiting += map(int, path.read_text().split())
    return found


def _are_gone(pids: set[int]) -> bool:
    return _soon(lambda: not any(_lives(pid) for pid in pids))


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _soon(is_so: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE_S
    while not is_so() and time.monotonic() < end:
        time.sleep(0.02)
    return is_so()


BREAKS = {
    "no JSON": "say(b'{')",
    "no message": "say(b'[]')",
    "too deep": "say(b'[' * 1_000_000)",
    "too long a message": "judge.sendall(struct.pack('<I', 4_000_000_000))",
    "too many parts": "say(b'{\"x\":[' + b'[],' * 20_000_000 + b'[]]}')",
    "too many items": "say(b'{\"x\":[' + b'1.5,' * 12_000_000 + b'1]}')",
    "outputs that are none": "say({'outputs': 5})",
    "outputs without shape": "say({'outputs': [5]})",
    "no outputs": "say({})",
    "other characters": "say(b'\\xff\\xfe')",
    "a number without end": "say(b'{\"x\": ' + b'9' * 10_000 + b'}')",
}


@pytest.mark.parametrize("how", BREAKS)
def test_what_is_no_answer_ends_the_box_alone(how: str, gate: Gate) -> None:
    assert ended_by(gate, f"{TO_JUDGE}\n{BREAKS[how]}") == "broken"
    assert printed(gate, "print(1)") == "1\n"


DEATHS = {
    "leaving": "import os; os._exit(0)",
    "a crash": "import ctypes; ctypes.string_at(0)",
    "abort": "import os; os.abort()",
    "closed handles": "import os; os.closerange(0, 9999)",
    "half a message": TO_JUDGE + "judge.sendall(struct.pack('<I', 100) + b'{'); os._exit(0)",
    "another program": "import os; os.execv('/usr/bin/true', ['true'])",
}


@pytest.mark.parametrize("how", DEATHS)
def test_a_box_that_dies_says_so(how: str, gate: Gate) -> None:
    assert ended_by(gate, DEATHS[how]) == "died"


WAITS = {
    "half a message": "judge.sendall(struct.pack('<I', 100) + b'{'); time.sleep(99)",
    "a byte now and then": (
        "judge.sendall(struct.pack('<I', 100_000))\n"
        "for _ in range(100_000): judge.sendall(b' '); time.sleep(.01)"
    ),
    "sleep": "time.sleep(99)",
    "a stopped process": "import signal\nfor _ in range(999): time.sleep(1)",
}


@pytest.mark.parametrize("how", WAITS)
def test_nobody_waits_for_ever(how: str, gate: Gate) -> None:
    began = time.monotonic()

    reason = ended_by(gate, f"{TO_JUDGE}\n{WAITS[how]}", cell_cpu_s=0.25, wall_factor=4.0)

    assert reason == "wall"
    assert time.monotonic() - began < PATIENCE_S


def test_a_box_that_does_not_listen_ends_by_the_clock(gate: Gate) -> None:
    with opened(gate, cell_cpu_s=0.25) as box:
        list(box.run([(f"{TO_JUDGE}\nsay({{'outputs': []}})\ntime.sleep(99)", False)]))

        with pytest.raises(BoxEndedError) as caught:
            box.ask({"ask": "do", "args": "x" * 5_000_000})

    assert caught.value.reason == "wall"


def test_all_cells_together_have_a_clock_too(gate: Gate) -> None:
    cells = ["import time; time.sleep(.4)"] * 20

    assert ended_by(gate, *cells, cell_cpu_s=0.5, notebook_cpu_s=0.5, wall_factor=2) == "wall"


def test_an_answer_to_nothing_breaks_the_conversation(gate: Gate) -> None:
    with opened(gate) as box:
        early = f"{TO_JUDGE}\nsay({{'outputs': []}}); say({{'value': 42}})"
        list(box.run([(early, False)]))
        time.sleep(0.2)  # until the surplus has come

        with pytest.raises(BoxEndedError) as caught:
            box.ask({"ask": "look", "name": "x"})

    assert caught.value.reason == "broken"


def test_handles_that_are_sent_to_the_judge_stay_out(gate: Gate) -> None:
    send = (
        f"{TO_JUDGE}\n"
        "text = json.dumps({'outputs': []}).encode()\n"
        "null = os.open('/dev/null', os.O_RDONLY)\n"
        "socket.send_fds(judge, [struct.pack('<I', len(text)) + text], [null] * 200)\n"
    )
    before = len(os.listdir("/proc/self/fd"))
    with opened(gate) as box:
        list(box.run([(send, False)]))

        inside = len(os.listdir("/proc/self/fd"))

    assert inside - before <= 2


def test_a_processor_limit_reaches_code_that_swallows_interrupts(gate: Gate) -> None:
    source = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"

    reason = ended_by(gate, source, cell_cpu_s=0.5, notebook_cpu_s=20, wall_factor=40)

    assert reason == "cpu" or "CellTimeoutError" in reason


def test_processor_time_of_all_cells_together_has_a_limit(gate: Gate) -> None:
    spin = "import time\nend = time.process_time() + .5\nwhile time.process_time() < end: pass"

    reason = ended_by(gate, *[spin] * 8, cell_cpu_s=1, notebook_cpu_s=1, wall_factor=40)

    assert reason in ("cpu", "died")


def test_daemons_end_with_their_box(sandbox: Sandbox) -> None:
    before = _family(sandbox._process.pid)
    with opened(sandbox.gate) as box:
        daemon = (
            "import os, time, signal\n"
            "if os.fork() == 0:\n"
            "    os.setsid()\n"
            "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
            "    if os.fork() == 0: time.sleep(600)\n"
            "    os._exit(0)\n"
            "os.wait()"
        )
        list(box.run([(daemon, False)]))
        inside = _family(sandbox._process.pid) - before

    assert len(inside) == 2
    assert _are_gone(inside)


def test_closing_a_box_ends_an_endless_loop(sandbox: Sandbox) -> None:
    before = _family(sandbox._process.pid)
    with opened(sandbox.gate) as box:
        running = box.run([("while True: pass", False)])
        box._send(
            {
                "ask": "run",
                "cells": [{"source": "while True: pass", "is_test": False}],
                "cpu_s": None,
            }
        )
        inside = _family(sandbox._process.pid) - before
        del running

    assert inside
    assert _are_gone(inside)


@pytest.mark.parametrize("who", ["outer", "warm"])
def test_a_killed_warm_process_takes_all_boxes_along(who: str) -> None:
    with _ready() as sandbox, opened(sandbox.gate) as box:
        box._send(
            {
                "ask": "run",
                "cells": [{"source": "while True: pass", "is_test": False}],
                "cpu_s": None,
            }
        )
        outer = sandbox._process.pid
        family = _family(outer)
        warm = int(Path(f"/proc/{outer}/task/{outer}/children").read_text().split()[0])

        os.kill(outer if who == "outer" else warm, signal.SIGKILL)

        assert len(family) == 3
        assert _are_gone(family)


def test_no_box_can_be_had_of_an_ended_process() -> None:
    sandbox = _ready()
    gate = sandbox.gate
    sandbox._process.kill()
    sandbox._process.wait()

    with pytest.raises(NoWallsError):
        _use_up(gate)

    sandbox.close()


def _use_up(gate: Gate) -> None:
    for _ in range(100):  # until the kernel has closed the other end
        printed(gate, "1")


JUDGE = """
import sys, time
from skillmap.sandbox import Limits, Rung, Sandbox
sandbox = Sandbox(Rung.NAMESPACES)
sandbox.wait()
box = sandbox.gate.open_box(Limits())
box._send({"ask": "run", "cells": [{"source": "while True: pass", "is_test": False}],
           "cpu_s": None})
print(sandbox._process.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_judge_leaves_no_process(how: signal.Signals, sandbox: Sandbox) -> None:
    command = [sys.executable, "-c", JUDGE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as judge:
        assert judge.stdout is not None
        family = _family(int(judge.stdout.readline()))

        judge.send_signal(how)

        assert len(family) == 3
        assert _are_gone(family)


def test_closing_the_sandbox_ends_everything() -> None:
    with _ready() as sandbox:
        box = sandbox.gate.open_box(Limits())
        list(box.run([("x = 1", False)]))
        family = _family(sandbox._process.pid)
        base = sandbox._base

    assert _are_gone(family)
    assert not base.exists()
    box.close()


def test_boxes_are_had_again_after_many_were_left_open(gate: Gate) -> None:
    boxes = [gate.open_box(Limits()) for _ in range(40)]
    for box in boxes:
        box.close()

    assert printed(gate, "print(1)") == "1\n"


def test_files_put_into_a_box_lie_where_the_notebook_runs(gate: Gate) -> None:
    with opened(gate) as box:
        box.put({"data/a.csv": b"1,2\n", "b.txt": b"\x00"})

        outputs = next(box.run([("print(open('data/a.csv').read())", False)]))

    assert outputs[0]["text"] == "1,2\n\n"


def test_where_files_are_shared_no_depth_of_folders_hurts_the_warm_process() -> None:
    if os.getuid() != 0:
        pytest.skip(CANNOT)

    found = run_as_user("tests.sandbox.deep_folders", missing=["namespaces"])

    assert found == {"rung": "landlock", "said": ["3000\n", "3000\n"], "left": []}


def test_a_channel_takes_large_text_of_commas_and_brackets() -> None:
    here, there = (Channel(end, most_bytes=1 << 27) for end in socket.socketpair())
    text = "[1,2],{}" * 100_000
    pid = os.fork()
    if pid == 0:
        there.send({"value": text * 10})
        os._exit(0)

    message = here.receive()

    os.waitpid(pid, 0)
    here.close()
    there.close()
    assert message == {"value": text * 10}


def test_a_channel_refuses_what_would_fill_the_memory_once_it_is_read() -> None:
    here, there = (Channel(end, most_bytes=1 << 27) for end in socket.socketpair())
    pid = os.fork()
    if pid == 0:
        text = b'{"x": [' + b'{"":0},' * 3_000_000 + b"0]}"
        there.end.sendall(struct.pack("<I", len(text)) + text)
        os._exit(0)

    with pytest.raises(BrokenChannelError, match="more parts"):
        here.receive()

    os.waitpid(pid, 0)
    here.close()
    there.close()
