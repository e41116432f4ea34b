"""Landlock: the kernel's own list of what a process and its children may still touch.

Law: everything is forbidden except what `restrict` is told; nothing can lift it again.
Source: https://docs.kernel.org/userspace-api/landlock.html
"""

import ctypes
import os
from collections.abc import Iterable

from skillmap.sandbox.system_calls import call, prctl

__all__ = ["LEAST_ABI", "abi_version", "restrict"]

LEAST_ABI = 6  # with it come signals and abstract sockets, besides files and TCP
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION_FLAG = 1
PATH_BENEATH = 1
PR_SET_NO_NEW_PRIVS = 38

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
ALL_FILE_ACCESS = (1 << 16) - 1  # up to IOCTL_DEV, ABI 5
ON_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | 1 << 14 | 1 << 15  # the others are for folders
MAKE_DEVICES = 1 << 6 | 1 << 11  # character and block devices
ALL_TCP = 0b11
ALL_SCOPES = 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def abi_version() -> int:
    """Version of Landlock in this kernel; 0 where there is none."""
    try:
        return call(CREATE_RULESET, None, 0, VERSION_FLAG)
    except OSError:
        return 0


def restrict(
    *,
    readable: Iterable[str],
    writable: Iterable[str],
    listable: Iterable[str] = (),
    has_own_network: bool = False,
) -> None:
    """Forbid this process all files but these, all TCP, and signals to others, for good.

    listable: folders of which the names may be read, but not what is below.
    has_own_network: leave TCP to a network that leads nowhere, which says so in plainer words.
    Raises OSError where the kernel has no Landlock of version LEAST_ABI.
    """
    attributes = _Ruleset(ALL_FILE_ACCESS, 0 if has_own_network else ALL_TCP, ALL_SCOPES)
    ruleset = call(CREATE_RULESET, _buffer(attributes), ctypes.sizeof(attributes), 0)
    try:
        for path in readable:
            _allow(ruleset, path, EXECUTE | READ_FILE | READ_DIR)
        for path in listable:
            _allow(ruleset, path, READ_DIR)
        for path in writable:
            _allow(ruleset, path, ALL_FILE_ACCESS & ~MAKE_DEVICES)
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        call(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, access: int) -> None:
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not os.path.isdir(path):
            access &= ON_A_FILE
        call(ADD_RULE, ruleset, PATH_BENEATH, _buffer(_PathBeneath(access, handle)), 0)
    finally:
        os.close(handle)


def _buffer(structure: ctypes.Structure) -> "ctypes.Array[ctypes.c_char]":
    return ctypes.create_string_buffer(bytes(structure))
