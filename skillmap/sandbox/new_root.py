"""The file system that learners' code sees: Python, and nothing of the machine else.

Law: everything is read-only but the box; what is not listed here is not there, not even by name.
"""

import os
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from skillmap.sandbox.system_calls import (
    MS_BIND,
    MS_NODEV,
    MS_NOSUID,
    MS_PRIVATE,
    MS_REC,
    make_read_only,
    mount,
    pivot_root,
    unmount,
)

__all__ = [
    "BOX",
    "enter_new_root",
    "listable_paths",
    "open_box",
    "python_folders",
    "readable_paths",
]

BOX = "/box"  # the only place that can be written, and only by one learner's code
TMP = f"{BOX}/tmp"
SYSTEM = ("/usr/lib", "/usr/lib64", "/usr/bin", "/usr/share/zoneinfo", "/usr/share/fonts")
LINKS = ("/lib", "/lib64", "/bin")  # into /usr on a merged system, folders on an older one
SETTINGS = ("/etc/localtime", "/etc/ld.so.cache", "/etc/fonts")
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
PASSWD = "learner:x:{uid}:{gid}:learner:/box:/usr/sbin/nologin\n"
OLD = "/.old"


def python_folders() -> tuple[str, ...]:
    """Folders that hold this Python and its packages, outermost only."""
    found = {
        os.path.realpath(path)
        for path in (sys.base_prefix, sys.prefix, *sysconfig.get_paths().values())
        if os.path.isdir(path)
    }
    found |= {os.path.abspath(path) for path in (sys.prefix, sys.base_prefix)}
    inside_system = {path for path in found if _is_below(path, ("/usr/lib", "/usr/bin"))}
    found -= inside_system | {"/usr", "/"}
    return tuple(sorted(path for path in found if not _is_below(path, found - {path})))


def _is_below(path: str, others: "set[str] | tuple[str, ...]") -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in others)


def enter_new_root(hidden: tuple[str, ...]) -> None:
    """Build the file system in this mount namespace and make it the root.

    hidden: folders inside Python's that must look empty, such as this package with its content.
    """
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    base = "/tmp"
    mount("skillmap", base, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=4m")
    os.mkdir(f"{base}{OLD}")
    pivot_root(base, f"{base}{OLD}")
    os.chdir("/")
    for path in _wanted():
        _bind(path)
    for path in DEVICES:
        _bind(path, is_device=True)
    for path in hidden:
        if os.path.isdir(path):
            mount("hidden", path, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0555,size=4k,nr_inodes=2")
    _write_settings()
    os.mkdir(BOX)
    for path in ("/tmp", "/dev/shm"):
        # Where Python itself lies below /tmp, that stays a folder which cannot be written.
        with suppress(FileExistsError):
            os.symlink(TMP, path)
    unmount(OLD)
    os.rmdir(OLD)


def open_box(*, disk_bytes: int, n_files: int) -> None:
    """Give this mount namespace a box of its own."""
    options = f"mode=0700,size={disk_bytes},nr_inodes={n_files}"
    mount("box", BOX, "tmpfs", MS_NOSUID | MS_NODEV, options)


def readable_paths(hidden: tuple[str, ...]) -> list[str]:
    """What may be read where the machine's own root has to be kept: all but what is hidden."""
    found = []
    for path in (*_wanted(), *DEVICES):
        found += _all_but(path, hidden) if os.path.exists(path) else []
    return found


def listable_paths(hidden: tuple[str, ...]) -> list[str]:
    """Folders whose names Python has to list, though not all in them may be read."""
    return [
        str(parent)
        for one in hidden
        for parent in Path(one).parents
        if _is_below(str(parent), python_folders())
    ]


def _all_but(path: str, hidden: tuple[str, ...]) -> list[str]:
    if path in hidden:
        return []
    if not any(_is_below(one, (path,)) for one in hidden):
        return [path]
    return [one for name in os.listdir(path) for one in _all_but(os.path.join(path, name), hidden)]


def _wanted() -> Iterator[str]:
    yield from SYSTEM
    yield from LINKS
    yield from SETTINGS
    yield from python_folders()


def _bind(path: str, *, is_device: bool = False) -> None:
    source = f"{OLD}{path}"
    if os.path.islink(source):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        if not os.path.lexists(path):
            os.symlink(os.readlink(source), path)
        return
    if not os.path.exists(source) or os.path.ismount(path):
        return
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    if os.path.isdir(source):
        os.makedirs(path, exist_ok=True)
    else:
        Path(path).touch()
    mount(source, path, None, MS_BIND | MS_REC)
    if not is_device:
        make_read_only(path)


def _write_settings() -> None:
    Path("/etc").mkdir(exist_ok=True)
    passwd = PASSWD.format(uid=os.getuid() or 65534, gid=os.getgid() or 65534)
    Path("/etc/passwd").write_text(passwd, encoding="utf-8")
    Path("/etc/nsswitch.conf").write_text("passwd: files\nhosts: files\n", encoding="utf-8")
    Path("/etc/hosts").write_text("127.0.0.1 localhost\n", encoding="utf-8")
