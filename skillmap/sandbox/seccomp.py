"""seccomp: which system calls learners' code may still make.

In: whether the process has namespaces of its own. Out: a filter, installed for good.
Law: a call of another architecture ends the process; a denied call fails with EPERM, as it would
for any ordinary user, so that honest programs see an error and not a dead kernel.
Source: https://docs.kernel.org/userspace-api/seccomp_filter.html, numbers of x86-64.
"""

import ctypes
import errno
import struct
from collections.abc import Iterable
from functools import cache

from skillmap.sandbox.system_calls import call, prctl

__all__ = ["filter_code", "install_filter"]

AUDIT_ARCH_X86_64 = 0xC000003E
X32_BIT = 0x40000000
PR_SET_NO_NEW_PRIVS = 38
SECCOMP, SET_MODE_FILTER = 317, 1
KILL_PROCESS, ALLOW, ERRNO = 0x80000000, 0x7FFF0000, 0x00050000
LOAD, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT, SECOND_ARGUMENT = 0, 4, 16, 24

CLONE, CLONE3, SOCKET, SOCKETPAIR, IOCTL, PRCTL, PRLIMIT = 56, 435, 41, 53, 16, 157, 302
FORK, VFORK = 57, 58
CLONE_THREAD = 0x00010000
CLONE_NEW_ANYTHING = 0x7E020080
AF_UNIX, AF_INET, AF_INET6 = 1, 2, 10
TYPE_INTO_TERMINAL = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX
OWN_PROCESS = 0
HIDE_USAGE = 4  # PR_SET_DUMPABLE, after which the judge could not read what a process uses
OUTLIVE = 1  # PR_SET_PDEATHSIG, without which a process would outlive the warm one

# fmt: off
DENIED = (
    101, 310, 311, 312, 438, 440, 448,          # ptrace, process_vm_*, kcmp, pidfd_getfd, …
    248, 249, 250,                              # keyrings
    321, 298, 323, 425, 426, 427,               # bpf, perf, userfaultfd, io_uring
    165, 166, 155, 161, 428, 429, 430, 431, 432, 433, 442,  # mounts and roots
    272, 308,                                   # unshare, setns
    246, 320, 175, 313, 176, 169, 167, 168,     # kexec, modules, reboot, swap
    133, 259, 73, 163, 179, 443, 180, 212,      # mknod, flock, acct, quota, …
    303, 304, 300,                              # file handles, fanotify
    164, 227, 305, 159, 170, 171, 172, 173,     # clocks, host name, ports
    103, 153, 154, 156, 134, 136, 139, 135,     # syslog, vhangup, ldt, …, personality
    237, 238, 239, 256, 279,                    # NUMA
    319, 447, 317,                              # memfd, memfd_secret, seccomp itself
    29, 30, 31, 67, 64, 65, 66, 220, 68, 69, 70, 71, 240, 241,  # System V and POSIX queues
)
DENIED_WITHOUT_NAMESPACES = (
    FORK, VFORK, SOCKET,                        # children would outlive the box; any socket
    90, 91, 92, 93, 94, 260, 268, 452,          # chmod, chown and kin: Landlock leaves them
    132, 235, 261, 280,                         # times of files
    188, 189, 190, 197, 198, 199, 463, 466, 469,  # attributes of files
    62, 200, 129, 297, 424,                     # kill and kin; abort() uses tgkill on itself
    141, 142, 144, 203, 251, 314,               # priority and processors of others
)
# fmt: on

Instruction = tuple[int, int, int, int]
LINE = struct.Struct("=HBBI")


def install_filter(*, has_namespaces: bool) -> None:
    """Put the filter on this process and all that it starts. It cannot be taken off again."""
    code = ctypes.create_string_buffer(filter_code(has_namespaces=has_namespaces))
    n_lines = len(filter_code(has_namespaces=has_namespaces)) // LINE.size
    header = ctypes.create_string_buffer(struct.pack("=HxxxxxxQ", n_lines, ctypes.addressof(code)))
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    call(SECCOMP, SET_MODE_FILTER, 0, header)


@cache
def filter_code(*, has_namespaces: bool) -> bytes:
    """Return the filter as the kernel reads it; made once, before there are children."""
    return b"".join(LINE.pack(*line) for line in _program(has_namespaces=has_namespaces))


def _program(*, has_namespaces: bool) -> list[Instruction]:
    lines: list[Instruction] = [
        (LOAD, 0, 0, ARCHITECTURE),
        (JUMP_EQUAL, 1, 0, AUDIT_ARCH_X86_64),
        (RETURN, 0, 0, KILL_PROCESS),
        (LOAD, 0, 0, NUMBER),
        (JUMP_AT_LEAST, 0, 1, X32_BIT),
        (RETURN, 0, 0, KILL_PROCESS),
        *_when(CLONE3, [(RETURN, 0, 0, ERRNO | errno.ENOSYS)]),  # glibc falls back to clone
        *_when(CLONE, _clone_rules(has_namespaces=has_namespaces)),
        *_when(IOCTL, _argument_in(SECOND_ARGUMENT, TYPE_INTO_TERMINAL, denied=True)),
        *_when(SOCKETPAIR, _argument_in(FIRST_ARGUMENT, (AF_UNIX,), denied=False)),
        *_when(PRCTL, _argument_in(FIRST_ARGUMENT, (HIDE_USAGE, OUTLIVE), denied=True)),
    ]
    denied = list(DENIED)
    if has_namespaces:
        lines += _when(
            SOCKET, _argument_in(FIRST_ARGUMENT, (AF_UNIX, AF_INET, AF_INET6), denied=False)
        )
    else:
        lines += _when(PRLIMIT, _argument_in(FIRST_ARGUMENT, (OWN_PROCESS,), denied=False))
        denied += DENIED_WITHOUT_NAMESPACES
    for number in denied:
        lines += _when(number, [(RETURN, 0, 0, ERRNO | errno.EPERM)])
    return [*lines, (RETURN, 0, 0, ALLOW)]


def _when(number: int, rules: list[Instruction]) -> list[Instruction]:
    """Rules for one call; each way through them returns."""
    return [(JUMP_EQUAL, 0, len(rules), number), *rules]


def _clone_rules(*, has_namespaces: bool) -> list[Instruction]:
    rules = [
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (JUMP_ANY_BIT, 0, 1, CLONE_NEW_ANYTHING),
        (RETURN, 0, 0, ERRNO | errno.EPERM),
    ]
    if not has_namespaces:  # threads only
        rules += [(JUMP_ANY_BIT, 1, 0, CLONE_THREAD), (RETURN, 0, 0, ERRNO | errno.EPERM)]
    return [*rules, (RETURN, 0, 0, ALLOW)]


def _argument_in(place: int, values: Iterable[int], *, denied: bool) -> list[Instruction]:
    deny, allow = (RETURN, 0, 0, ERRNO | errno.EPERM), (RETURN, 0, 0, ALLOW)
    hit, miss = (deny, allow) if denied else (allow, deny)
    rules: list[Instruction] = [(LOAD, 0, 0, place)]
    for value in values:
        rules += [(JUMP_EQUAL, 0, 1, value), hit]
    return [*rules, miss]
