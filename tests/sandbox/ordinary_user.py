"""Run a module of the tests as an ordinary user, on a machine that lacks some walls.

Root sees to it first that the user can enter the folders of Python. What is missing is made so by
a filter of system calls, as containers have it. Started as a programme, this module does so:
`python -m tests.sandbox.ordinary_user MISSING MODULE ARGUMENT...`.
"""

import ctypes
import errno
import json
import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from skillmap.sandbox.new_root import python_folders
from skillmap.sandbox.system_calls import (
    CLONE_NEWNS,
    MS_BIND,
    MS_PRIVATE,
    MS_REC,
    call,
    mount,
    prctl,
    unshare,
)

__all__ = ["CANNOT", "run_as_user"]

USER = 64777  # owns nothing
TIMEOUT_S = 60
CHECKOUT = Path(__file__).parents[2]
CANNOT = "needs root and mount namespaces"
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
CLONE_NEWUSER = 0x10000000
CLONE, UNSHARE, CLONE3, LANDLOCK = 56, 272, 435, (444, 445, 446)
ROOT_UNSHARES_TOO = 0x20000  # CLONE_NEWNS


def run_as_user(module: str, *arguments: str, missing: Iterable[str] = ()) -> Any:
    """Run a module as an ordinary user; return the JSON that it printed.

    missing: "namespaces", "landlock".
    """
    command = [sys.executable, "-m", __name__, ",".join(missing), module, *arguments]
    done = subprocess.run(
        command, cwd=CHECKOUT, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def main() -> None:
    """Become the user, and run the module."""
    missing, module, *arguments = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        unshare(CLONE_NEWNS)
        mount("none", "/", None, MS_REC | MS_PRIVATE)
        _open_the_way((*python_folders(), str(CHECKOUT)), Path(folder))
        pid = os.fork()
        if pid == 0:
            _forbid(missing.split(","))
            os.setgroups([])
            os.setresgid(USER, USER, USER)
            os.setresuid(USER, USER, USER)
            os.environ["HOME"] = "/tmp"
            os.execv(sys.executable, [sys.executable, "-m", module, *arguments])
        _, status = os.waitpid(pid, 0)
        for one in Path(folder).iterdir():
            subprocess.run(["umount", "-l", str(one)], check=True)
    sys.exit(os.waitstatus_to_exitcode(status))


def _open_the_way(wanted: Iterable[str], folder: Path) -> None:
    """Put an empty folder over each that the user cannot enter, and what is wanted into it."""
    wanted = [path for path in wanted if _closed_above(path)]
    for number, path in enumerate(wanted):
        (folder / str(number)).mkdir()
        mount(path, str(folder / str(number)), None, MS_BIND | MS_REC)
    for closed in {_closed_above(path) for path in wanted}:
        mount("way", closed, "tmpfs", 0, "mode=0755")
    for number, path in enumerate(wanted):
        os.makedirs(path, mode=0o755, exist_ok=True)
        mount(str(folder / str(number)), path, None, MS_BIND | MS_REC)


def _closed_above(path: str) -> str:
    closed = [str(one) for one in Path(path).parents if not one.stat().st_mode & 0o001]
    return closed[-1] if closed else ""


def _forbid(missing: list[str]) -> None:
    lines = [(0x20, 0, 0, 0)]
    if "namespaces" in missing:
        lines += [(0x15, 0, 1, CLONE3), (6, 0, 0, ERRNO | errno.ENOSYS)]
        for number in (CLONE, UNSHARE):
            lines += [(0x15, 0, 4, number), (0x20, 0, 0, 16)]
            lines += [(0x45, 0, 1, CLONE_NEWUSER | ROOT_UNSHARES_TOO)]
            lines += [(6, 0, 0, ERRNO | errno.EPERM), (6, 0, 0, ALLOW)]
    if "landlock" in missing:
        for number in LANDLOCK:
            lines += [(0x15, 0, 1, number), (6, 0, 0, ERRNO | errno.ENOSYS)]
    lines.append((6, 0, 0, ALLOW))
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in lines))
    header = struct.pack("=HxxxxxxQ", len(lines), ctypes.addressof(code))
    prctl(38, 1)
    call(317, 1, 0, ctypes.create_string_buffer(header))


if __name__ == "__main__":
    main()
