"""The few Linux system calls for which Python has no function, through ctypes.

Each raises OSError with the kernel's own errno. Numbers are those of x86-64; elsewhere
`is_supported` is False, and nothing here is called.
"""

import ctypes
import os
import platform
import signal
import sys

__all__ = [
    "CLONE_NEWIPC",
    "CLONE_NEWNET",
    "CLONE_NEWNS",
    "CLONE_NEWPID",
    "CLONE_NEWUSER",
    "CLONE_NEWUTS",
    "MS_BIND",
    "MS_NODEV",
    "MS_NOEXEC",
    "MS_NOSUID",
    "MS_PRIVATE",
    "MS_RDONLY",
    "MS_REC",
    "MS_REMOUNT",
    "call",
    "clone",
    "drop_capabilities",
    "is_supported",
    "make_read_only",
    "mount",
    "pivot_root",
    "prctl",
    "unmount",
    "unshare",
]

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 32, 4096, 16384, 1 << 18
MNT_DETACH = 2
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV = 1, 2, 4
SYS_CLONE, SYS_CAPSET, SYS_PIVOT_ROOT, SYS_MOUNT_SETATTR = 56, 126, 155, 442
CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)
# With the interpreter's lock held: a clone must not let another thread run in between.
_locked_libc = ctypes.PyDLL(None, use_errno=True)
_locked_libc.syscall.restype = ctypes.c_long
_libc.syscall.restype = ctypes.c_long


def is_supported() -> bool:
    """Whether the numbers here are those of this machine."""
    return sys.platform == "linux" and platform.machine() == "x86_64" and sys.maxsize > 2**32


def call(number: int, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None) -> int:
    """Make a system call by its number; return its result."""
    return _checked(_libc.syscall(ctypes.c_long(number), *map(_as_word, arguments)))


def clone(flags: int) -> int:
    """Fork with new namespaces; return 0 in the child, the child's process id in the parent."""
    interpreter = ctypes.pythonapi
    interpreter.PyOS_BeforeFork()
    pid = _locked_libc.syscall(
        ctypes.c_long(SYS_CLONE), ctypes.c_long(flags | signal.SIGCHLD), *[ctypes.c_long(0)] * 4
    )
    if pid == 0:
        interpreter.PyOS_AfterFork_Child()
        return 0
    number = ctypes.get_errno()
    interpreter.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(number, os.strerror(number))
    return int(pid)


def unshare(flags: int) -> None:
    """Move this process into new namespaces."""
    _checked(_libc.unshare(ctypes.c_int(flags)))


def mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    """Mount `source` on `target`."""
    _checked(
        _libc.mount(
            source.encode(),
            target.encode(),
            kind.encode() if kind else None,
            ctypes.c_ulong(flags),
            options.encode() if options else None,
        )
    )


def unmount(target: str) -> None:
    """Take a mount away, at once for newcomers and later for who still uses it."""
    _checked(_libc.umount2(target.encode(), ctypes.c_int(MNT_DETACH)))


def pivot_root(new: str, old: str) -> None:
    """Make the mount `new` this namespace's root, and put the old one at `old` below it."""
    call(SYS_PIVOT_ROOT, new.encode(), old.encode())


def make_read_only(target: str, *, with_all_below: bool = True) -> None:
    """Make a mount read-only, without devices and set-uid programs."""
    attributes = (ctypes.c_uint64 * 4)(
        MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, 0, 0, 0
    )
    result = _libc.syscall(
        ctypes.c_long(SYS_MOUNT_SETATTR),
        ctypes.c_long(AT_FDCWD),
        ctypes.c_char_p(target.encode()),
        ctypes.c_long(AT_RECURSIVE if with_all_below else 0),
        ctypes.byref(attributes),
        ctypes.c_size_t(ctypes.sizeof(attributes)),
    )
    _checked(result)


def prctl(option: int, value: int = 0) -> None:
    """Change an attribute of this process."""
    _checked(_libc.prctl(ctypes.c_int(option), ctypes.c_ulong(value), *[ctypes.c_ulong(0)] * 3))


def drop_capabilities() -> None:
    """Give up every capability that this process holds."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _checked(_libc.syscall(ctypes.c_long(SYS_CAPSET), ctypes.byref(header), ctypes.byref(nothing)))


def _as_word(value: int | bytes | ctypes.Array[ctypes.c_char] | None) -> object:
    if isinstance(value, int):
        return ctypes.c_long(value)
    return ctypes.c_char_p(value) if isinstance(value, bytes) else value


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return int(result)
