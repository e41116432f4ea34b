"""Submissions whose code reaches for the grader's process, its files and its course.

Expected of each: nothing outside changes, and only the tests whose function misbehaves are lost.
`TOUCHED` in a payload marks an attempt; every one is caught, so that the notebook goes on.
"""

from tests.hostile.expectations import MANUAL, Hostile, Score, as_honest, lost

__all__ = ["REACHES"]

EACH_FD = """\
import json, os
junk = [
    b"\\xff" * 64,
    b"\\x00" * 64,
    b"\\x7f\\xff\\xff\\xff",
    json.dumps({"double_test": 2, "points": 777, "ok": True, "value": 6}).encode() + b"\\n",
]
def write_everywhere():
    for number in range(64):
        for text in junk:
            try:
                os.set_blocking(number, False)
                os.write(number, text)
            except OSError:
                pass
"""
QUIETLY = """\
def attempt(action, *args, **kwargs):
    try:
        return action(*args, **kwargs)
    except BaseException:
        return None
"""
# What cannot cross to the test is for a person to see.
WAITING = as_honest(double_test=MANUAL)
PAYLOADS = {
    "junk_on_all_fds": EACH_FD + "write_everywhere()",
    "reads_all_fds": QUIETLY
    + """\
import os
for number in range(3, 64):
    attempt(os.set_blocking, number, False)
    attempt(os.read, number, 1 << 16)
""",
    "closes_all_fds": "import os\nos.closerange(0, 256)",
    "points_fds_elsewhere": QUIETLY
    + """\
import os
nowhere = os.open(os.devnull, os.O_RDWR)
for number in range(64):
    if number != nowhere:
        attempt(os.dup2, nowhere, number)
""",
    "pushes_terminal_input": QUIETLY
    + """\
import fcntl, termios
for number in range(3):
    attempt(fcntl.ioctl, number, termios.TIOCSTI, b"#")
""",
    "writes_the_gradebook": """\
import sqlite3
try:
    with sqlite3.connect("@ROOT@/gradebook.db", timeout=0.1) as book:
        book.execute("update grade set manual_score = 777")
except sqlite3.Error:
    pass
""",
    "writes_the_course": QUIETLY
    + """\
import os, pathlib
root = pathlib.Path("@ROOT@")
for path in ["source/h1/data.csv", "release/h1/data.csv", "canary.txt", "nbgrader_config.py"]:
    attempt(os.utime, root / path, (1, 1))
    attempt(os.chmod, root / path, 0o777)
    attempt((root / path).open, "a")
attempt((root / "source/h1/planted.py").write_text, "")
attempt((root / "release/h1/planted.py").write_text, "")
""",
    "writes_outside": QUIETLY
    + """\
import os, pathlib, shutil
for folder in ["@OUTSIDE@", "@HOME@"]:
    here = pathlib.Path(folder)
    attempt((here / "planted.txt").write_text, "x")
    attempt(os.utime, here / "untouched.txt", (1, 1))
    attempt(os.chmod, here / "untouched.txt", 0o777)
    attempt(os.rename, here / "untouched.txt", here / "moved.txt")
    attempt(os.symlink, "/", here / "link")
    attempt(os.remove, here / "untouched.txt")
""",
    "climbs_out": QUIETLY
    + """\
import os, pathlib
for depth in range(1, 12):
    up = pathlib.Path("../" * depth)
    attempt((up / "outside" / "climbed.txt").write_text, "x")
    attempt((up / "course" / "source" / "h1" / "climbed.txt").write_text, "x")
attempt(os.chroot, "/proc/1/root")
attempt(os.chdir, "/")
""",
    "replaces_its_notebook": QUIETLY
    + """\
import os, pathlib
for name in ["main.ipynb", "second.ipynb", "data.csv.new", "timestamp.txt"]:
    attempt(os.remove, name)
    attempt(pathlib.Path(name).write_text, '{"cells": []}')
attempt(os.mkfifo, "third.ipynb")
attempt(os.symlink, "@ROOT@/gradebook.db", "fourth.ipynb")
""",
    "signals_its_parent": QUIETLY
    + """\
import os, signal
if os.getpid() != 1 and os.getppid() > 1:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        attempt(os.kill, os.getppid(), number)
""",
    "stops_its_parent": QUIETLY
    + """\
import os, signal
if os.getppid() > 1:
    attempt(os.kill, os.getppid(), signal.SIGSTOP)
""",
    "signals_everybody": QUIETLY
    + """\
import os, signal
attempt(os.kill, 1, signal.SIGWINCH)
attempt(os.kill, -1, 0)
for number in range(2, 400):
    attempt(os.kill, number, 0)
""",
    "signals_its_group": "import os, signal\nos.killpg(0, signal.SIGTERM)",
    "leaves_a_daemon": """\
import os, time
child = os.fork()
if child == 0:
    os.setsid()
    if os.fork() == 0:
        with open("/proc/self/comm", "w") as file:
            file.write("hostiledaemon")
        time.sleep(60)
    os._exit(0)
os.waitpid(child, 0)
""",
    "leaves_twenty_daemons": """\
import os, signal, time
for _ in range(20):
    if os.fork() == 0:
        os.setsid()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        with open("/proc/self/comm", "w") as file:
            file.write("hostiledaemon")
        time.sleep(60)
        os._exit(0)
""",
    "hangs_at_exit": "import atexit, time\natexit.register(time.sleep, 60)",
    "lies_at_exit": EACH_FD + "import atexit\natexit.register(write_everywhere)",
    "hangs_when_deleted": """\
import time
class Slow:
    def __del__(self):
        time.sleep(60)
kept = Slow()
kept.itself = kept
""",
    "hangs_in_a_thread": """\
import threading, time
for _ in range(5):
    threading.Thread(target=time.sleep, args=(60,), daemon=False).start()
""",
    "raises_its_limits": QUIETLY
    + """\
import os, resource
for name in ("AS", "CPU", "FSIZE", "NPROC", "NOFILE", "CORE"):
    number = getattr(resource, "RLIMIT_" + name)
    attempt(resource.setrlimit, number, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    attempt(resource.prlimit, os.getppid() or 1, number, (1, 1)) if os.getppid() > 1 else None
attempt(os.setpriority, os.PRIO_PROCESS, 0, -20)
attempt(os.setuid, 0)
""",
    "changes_signals": """\
import signal
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGCHLD, signal.SIGPIPE):
    signal.signal(number, signal.SIG_IGN)
signal.setitimer(signal.ITIMER_REAL, 0)
""",
    "changes_the_surroundings": """\
import gc, locale, os, sys
os.environ.clear()
sys.setrecursionlimit(10_000)
sys.path[:] = []
sys.argv[:] = []
gc.disable()
sys.stdout = sys.stderr = sys.stdin = None
os.umask(0o777)
""",
    "breaks_imports": """\
import sys
sys.meta_path.clear()
sys.path_hooks.clear()
for name in ["json", "pickle", "struct", "os", "socket", "select"]:
    sys.modules[name] = None
""",
    "runs_magics": "%%bash\ntouch '@OUTSIDE@/by-magic'\ntouch '@HOME@/by-magic'",
    "runs_the_shell": "!touch '@OUTSIDE@/by-shell' '@HOME@/by-shell'",
}
OF_FUNCTION: dict[str, tuple[str, dict[str, Score]]] = {
    "function_exits": ("import sys\n    sys.exit(0)", lost("double_test")),
    "function_exits_at_once": ("import os\n    os._exit(0)", lost("double_test")),
    "function_raises_exit": ("raise SystemExit(0)", lost("double_test")),
    "function_interrupts": ("raise KeyboardInterrupt", lost("double_test")),
    "function_ends_generators": ("raise GeneratorExit", lost("double_test")),
    "function_raises_skip": (
        "import unittest\n    raise unittest.SkipTest('all is well')",
        lost("double_test"),
    ),
    "function_raises_odd": (
        "class Odd(BaseException):\n        def __str__(self):\n            raise self\n"
        "        __repr__ = __str__\n    raise Odd",
        lost("double_test"),
    ),
    "function_raises_endless_cause": (
        "error = ValueError('x')\n    error.__cause__ = error\n    raise error",
        lost("double_test"),
    ),
    "function_deletes_itself": ("del globals()['double']\n    return x", lost("double_test")),
    "function_returns_itself": ("return double", WAITING),
    "function_returns_a_loop": (
        "loop = []\n    loop.append(loop)\n    return loop",
        WAITING,
    ),
    "function_returns_depth": (
        "deep = []\n    for _ in range(100_000):\n        deep = [deep]\n    return deep",
        WAITING,
    ),
    "function_returns_much": ("return 'x' * 200_000_000", lost("double_test")),
    "function_returns_a_huge_number": ("return 1 << 100_000_000", WAITING),
    "function_returns_a_generator": ("yield 2 * x", WAITING),
    "function_returns_a_surrogate": ("return '\\ud800'", lost("double_test")),
    "function_returns_nan_keys": ("return {float('nan'): x, None: [x]}", lost("double_test")),
    "function_replaces_exit": (
        "import os\n    os._exit = lambda code: None\n    return 2 * x",
        as_honest(),
    ),
}

REACHES = (
    *(Hostile(name=name, klass="tampering", last=text) for name, text in PAYLOADS.items()),
    Hostile(name="exits", klass="tampering", first="import sys\nsys.exit(0)"),
    Hostile(name="exits_at_once", klass="tampering", first="import os\nos._exit(0)"),
    Hostile(name="raises_exit", klass="tampering", first="raise SystemExit"),
    Hostile(
        name="kills_itself",
        klass="tampering",
        first="import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\nos.abort()",
    ),
    Hostile(
        name="stops_itself",
        klass="tampering",
        first="import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
    ),
    Hostile(
        name="junk_for_an_answer",
        klass="tampering",
        answers={
            "double": EACH_FD + "def double(x):\n    write_everywhere()\n    os._exit(0)",
        },
        expected=lost("double_test"),
    ),
    *(
        Hostile(
            name=name,
            klass="tampering",
            answers={"double": f"def double(x):\n    {body}"},
            expected=expected,
        )
        for name, (body, expected) in OF_FUNCTION.items()
    ),
)
