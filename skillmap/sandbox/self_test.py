"""Prove that the walls stand, by trying to climb them as a learner's code would.

In: a gate. Out: the names of the probes that got through, and of what honest code could not do;
none is what has to come out.
Law: each probe tries something that is there to be had without the walls, so that a probe that
fails shows a wall and not a typing error.
"""

import json
import os
import secrets
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from skillmap.sandbox.box import BoxEndedError, Gate
from skillmap.sandbox.limits import Limits

__all__ = ["CANARY", "climbed_walls"]

CANARY = "SKILLMAP_CANARY"
LIMITS = Limits(cell_cpu_s=10, notebook_cpu_s=20)

# Runs inside the box. What gets through is listed by name.
PROBES = """
import ctypes, json, os, resource, socket
through = []

def probe(name, attempt):
    try:
        if attempt() is not False:
            through.append(name)
    except (OSError, KeyError, PermissionError):
        pass

def connects(kind, family, address):
    with socket.socket(family, kind) as one:
        one.settimeout(2)
        one.connect(address)
        one.send(b"x")

def call(number, *arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.syscall(number, *arguments) >= 0

def is_unlimited(kind):
    return resource.getrlimit(kind)[1] == resource.RLIM_INFINITY

probe("read a file of the machine", lambda: open(FILE).read())
probe("read a file by its real path", lambda: open(os.path.realpath(FILE)).read())
probe("list the home folders", lambda: os.listdir("/root") and os.listdir("/home"))
probe("write to a file of the machine", lambda: open(FILE, "a"))
probe("write beside Python", lambda: open(os.path.dirname(os.__file__) + "/x.py", "w"))
probe("write to the root folder", lambda: open("/x", "w"))
probe("read the grader's environment", lambda: os.environ[CANARY])
probe("read another process", lambda: open(f"/proc/{GRADER}/environ", "rb").read())
probe("signal the grader", lambda: os.kill(GRADER, 0))
probe("signal the parent", lambda: os.kill(os.getppid(), 0) if os.getppid() else False)
probe("connect over TCP", lambda: connects(1, socket.AF_INET, ("127.0.0.1", PORT)))
probe("send over UDP", lambda: connects(2, socket.AF_INET, ("127.0.0.1", PORT)))
probe("connect to an abstract socket", lambda: connects(1, socket.AF_UNIX, "\\0" + NAME))
probe("be root", lambda: os.getuid() == 0)
probe("become another user", lambda: os.setuid(0))
probe("trace", lambda: call(101, 0, 0, 0, 0))
probe("use the key ring", lambda: call(250, 0, -3, 0))
probe("use io_uring", lambda: call(425, 1, ctypes.create_string_buffer(120)))
probe("open a virtual machine's socket", lambda: socket.socket(40, socket.SOCK_STREAM))
probe("load a program into the kernel", lambda: call(321, 0, ctypes.create_string_buffer(64), 64))
probe("make namespaces", lambda: call(272, 0x10000000))
probe("mount", lambda: call(165, b"x", b"/tmp", b"tmpfs", 0, 0))
probe("share memory by a key", lambda: call(29, 4711, 4096, 0o1666))
probe("make a file in memory alone", lambda: call(319, b"x", 0))
probe("compute for ever", lambda: is_unlimited(resource.RLIMIT_CPU))
probe("use all memory", lambda: is_unlimited(resource.RLIMIT_AS))
probe("fill the disk", lambda: is_unlimited(resource.RLIMIT_FSIZE))

def need(name, attempt):
    try:
        attempt()
    except Exception as error:
        through.append(f"not {name} ({type(error).__name__})")

need("import what is not imported yet", lambda: __import__("sqlite3"))
need("write in its own folder", lambda: open("x", "w"))
need("throw output away", lambda: open("/dev/null", "w").write("x"))
print(json.dumps(through))
"""


def climbed_walls(gate: Gate) -> list[str]:
    """Try everything from inside a box; return what got through, or should work and does not.

    A box that ends, or does not answer as it should, proves nothing: that is listed, too.
    """
    with _bait() as constants:
        box = gate.open_box(LIMITS)
        try:
            outputs = next(box.run([(f"{constants}\n{PROBES}", False)]))
        except BoxEndedError as error:
            return [f"the self-test was cut off ({error.reason})"]
        finally:
            box.close()
    try:
        through = json.loads(outputs[-1]["text"])
    except (IndexError, KeyError, ValueError):
        return [f"the self-test could not be run: {str(outputs)[:300]}"]
    return [str(one) for one in through]


@contextmanager
def _bait() -> Iterator[str]:
    """Lay out what there is to be had, and yield it as Python constants."""
    name = f"skillmap-{secrets.token_hex(8)}"
    with (
        tempfile.TemporaryDirectory(prefix="skillmap-bait-") as folder,
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_UNIX) as abstract,
    ):
        abstract.bind(f"\0{name}")
        abstract.listen()
        os.chmod(folder, 0o755)
        file = Path(folder, "canary.txt")
        file.write_text("canary", encoding="utf-8")
        file.chmod(0o666)
        yield "\n".join(
            f"{key} = {value!r}"
            for key, value in {
                "FILE": str(file),
                "PORT": server.getsockname()[1],
                "NAME": name,
                "GRADER": os.getpid(),
                "CANARY": CANARY,
            }.items()
        )
