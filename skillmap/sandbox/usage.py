"""What a process and all its descendants use, read from /proc."""

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

__all__ = ["Usage", "own_address_space", "usage_of"]

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
SOCKET_BYTES = 212_992  # the kernel's net.core.wmem_default
WHOLE = ("RssAnon:", "RssShmem:")
PARENT, UTIME, CSTIME = 1, 11, 14  # fields of stat after the name; CSTIME is the last of four


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """cpu_s: processor seconds so far, those of ended children included.

    memory_bytes: what is shared between processes counts for each of them in part; a socket in a
    network of its own counts for all that it could hold, for the kernel charges nobody with it.
    """

    cpu_s: float
    memory_bytes: int


def own_address_space() -> int:
    """Return the bytes that this process has mapped."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * PAGE_BYTES


def usage_of(pid: int, *, exact_above: int = 0) -> Usage:
    """Add up a process and its descendants; one that ended meanwhile counts nothing.

    exact_above: up to so many bytes, what is shared may count in full; to tell it apart is slow.
    """
    children: defaultdict[int, list[int]] = defaultdict(list)
    ticks: dict[int, int] = {}
    for one, parent, used in _processes():
        children[parent].append(one)
        ticks[one] = used
    family, waiting = set(), [pid]
    while waiting:
        one = waiting.pop()
        if one not in family:
            family.add(one)
            waiting += children[one]
    memory = sum(_resident_bytes(one) for one in family)
    if memory > exact_above:
        memory = sum(_memory_bytes(one) for one in family)
    return Usage(
        cpu_s=sum(ticks.get(one, 0) for one in family) / TICKS_PER_S,
        memory_bytes=memory + _socket_bytes(pid),
    )


def _processes() -> Iterator[tuple[int, int, int]]:
    for name in os.listdir("/proc"):
        if name.isdecimal():
            with suppress(OSError, ValueError, IndexError):
                with open(f"/proc/{name}/stat", encoding="ascii", errors="replace") as file:
                    fields = file.read().rpartition(")")[2].split()
                used = sum(map(int, fields[UTIME : CSTIME + 1]))
                yield int(name), int(fields[PARENT]), used


def _resident_bytes(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * PAGE_BYTES
    except (OSError, ValueError, IndexError):
        return 0


def _memory_bytes(pid: int) -> int:
    with suppress(PermissionError, ValueError, IndexError, KeyError):
        try:
            with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
                lines = file.read().splitlines()[1:]
        except (FileNotFoundError, ProcessLookupError):
            return 0
        sizes = {line.split(":")[0]: int(line.split()[1]) for line in lines}
        return 1024 * (sizes["Pss_Anon"] + sizes["Pss_Shmem"] + sizes.get("SwapPss", 0))
    return _whole_memory_bytes(pid)


def _whole_memory_bytes(pid: int) -> int:
    """What a process uses that hides what it shares: all of it counts."""
    with suppress(OSError, ValueError):
        with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as file:
            lines = [line.split() for line in file]
        return sum(1024 * int(line[1]) for line in lines if line[0] in WHOLE)
    return 0


def _socket_bytes(pid: int) -> int:
    with suppress(OSError, ValueError, IndexError):
        if os.readlink(f"/proc/{pid}/ns/net") != os.readlink("/proc/self/ns/net"):
            with open(f"/proc/{pid}/net/sockstat", encoding="ascii") as file:
                return int(file.readline().split()[2]) * SOCKET_BYTES
    return 0
