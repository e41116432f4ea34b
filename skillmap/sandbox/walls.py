"""The walls around learners' code, on three rungs.

First the warm process enters the outer walls for good (`Walls.enter`), then each child closes the
inner ones around itself (`Walls.close_around`).
Law: nothing here continues when a wall cannot be had; the error says which one.
"""

import errno
import os
import resource
import signal
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from skillmap.sandbox import landlock
from skillmap.sandbox.limits import Limits
from skillmap.sandbox.new_root import (
    BOX,
    enter_new_root,
    listable_paths,
    open_box,
    python_folders,
    readable_paths,
)
from skillmap.sandbox.seccomp import filter_code, install_filter
from skillmap.sandbox.system_calls import (
    CLONE_NEWIPC,
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWPID,
    CLONE_NEWUSER,
    CLONE_NEWUTS,
    clone,
    drop_capabilities,
    make_read_only,
    prctl,
    unshare,
)
from skillmap.sandbox.usage import own_address_space

__all__ = ["OUTSIDER", "Rung", "Walls"]

OUTSIDER = 64999  # a user that owns nothing; above Debian's ordinary ones
OUTER = CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET
ALL_NAMESPACES = OUTER | CLONE_NEWUSER | CLONE_NEWPID
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
DEVICES = "/dev"


class Rung(StrEnum):
    """How strong the walls are.

    NAMESPACES: own files, processes, network, users; Landlock; seccomp.
    LANDLOCK: Landlock and seccomp alone. The machine's files can be neither read nor changed, but
    whether a name exists can be found out; no sockets and no processes can be made.
    NONE: a process of its own and limits, nothing else.
    """

    NAMESPACES = "namespaces"
    LANDLOCK = "landlock"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Walls:
    """What the warm process keeps to make walls for its children.

    process_files: the machine's /proc, opened before it vanished. address_space: bytes that the
    warm process has mapped. base: folder for the boxes where they cannot be mounted.
    hidden: folders inside Python's that nobody in a box may read.
    """

    rung: Rung
    uid: int
    gid: int
    base: Path
    hidden: tuple[str, ...]
    process_files: int
    address_space: int

    @classmethod
    def enter(cls, rung: Rung, *, base: Path, hidden: tuple[str, ...] = ()) -> "Walls":
        """Put this process behind the outer walls. Raises OSError when the kernel refuses."""
        # Without walls code runs as whoever grades, root included: it was asked for by name.
        is_root = os.getuid() == 0 and rung is not Rung.NONE
        if rung is not Rung.NONE and landlock.abi_version() < landlock.LEAST_ABI:
            raise OSError(
                errno.ENOSYS, f"no Landlock of version {landlock.LEAST_ABI} in this kernel"
            )
        walls = cls(
            rung=rung,
            uid=OUTSIDER if is_root else os.getuid(),
            gid=OUTSIDER if is_root else os.getgid(),
            base=base,
            hidden=hidden,
            process_files=os.open("/proc", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC),
            address_space=own_address_space(),
        )
        if rung is Rung.NAMESPACES:
            unshare(OUTER | CLONE_NEWPID | (0 if is_root else CLONE_NEWUSER))
            if not is_root:
                walls.map_ids()
            enter_new_root(hidden)
            _continue_as_first_process()
        if is_root:
            walls.become_outsider()
        if rung is Rung.NAMESPACES:
            # Once more, for to become another user has taken it off.
            prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if rung is not Rung.NONE:
            _demand_readable_python()
            filter_code(has_namespaces=rung is Rung.NAMESPACES)
            drop_capabilities()
            prctl(PR_SET_NO_NEW_PRIVS, 1)
        prctl(PR_SET_DUMPABLE, 1)  # else a child may not write the map of its own ids
        return walls

    def become_outsider(self) -> None:
        """Give up root, for good."""
        os.setgroups([])
        os.setresgid(self.gid, self.gid, self.gid)
        os.setresuid(self.uid, self.uid, self.uid)

    def map_ids(self) -> None:
        """Keep one's own user and group in a new user namespace, and no others."""
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{self.uid} {self.uid} 1"),
            ("gid_map", f"{self.gid} {self.gid} 1"),
        ):
            handle = os.open(f"self/{name}", os.O_WRONLY | os.O_CLOEXEC, dir_fd=self.process_files)
            try:
                os.write(handle, text.encode())
            finally:
                os.close(handle)

    def fork(self) -> int:
        """Fork, with namespaces of the child's own where this rung has them."""
        return clone(ALL_NAMESPACES) if self.rung is Rung.NAMESPACES else os.fork()

    def folder_for(self, number: int) -> Path | None:
        """Where the box of the child of that number lies, if it is not a mount of its own."""
        return None if self.rung is Rung.NAMESPACES else self.base / str(number)

    def close_around(self, limits: Limits, folder: Path | None) -> Path:
        """Close the walls around this child and return its box. Raises OSError without a wall."""
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if folder is None:
            self.map_ids()
        os.close(self.process_files)
        if folder is None:
            open_box(disk_bytes=limits.disk_bytes, n_files=limits.n_files)
            folder = Path(BOX)
        else:
            folder.mkdir(mode=0o700)
        if self.rung is Rung.NAMESPACES:
            landlock.restrict(readable=["/"], writable=[str(folder), DEVICES], has_own_network=True)
            drop_capabilities()
        elif self.rung is Rung.LANDLOCK:
            landlock.restrict(
                readable=readable_paths(self.hidden),
                listable=listable_paths(self.hidden),
                writable=[str(folder), "/dev/null"],
            )
        self._set_limits(limits)
        if self.rung is not Rung.NONE:
            install_filter(has_namespaces=self.rung is Rung.NAMESPACES)
        return folder

    def _set_limits(self, limits: Limits) -> None:
        """Set what the kernel counts per process; what is counted together, the judge watches."""
        for kind, value in (
            (resource.RLIMIT_CPU, int(limits.notebook_cpu_s) + 1),
            (resource.RLIMIT_AS, self.address_space + limits.memory_bytes),
            (resource.RLIMIT_FSIZE, limits.disk_bytes),
            (resource.RLIMIT_NOFILE, limits.n_open_files),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_MEMLOCK, 0),
            (resource.RLIMIT_MSGQUEUE, 0),
        ):
            resource.setrlimit(kind, (value, value))
        if self.rung is Rung.NAMESPACES:  # elsewhere the machine's other processes would count
            resource.setrlimit(resource.RLIMIT_NPROC, (limits.n_processes, limits.n_processes))


def _demand_readable_python() -> None:
    """Raise OSError when what is not imported yet could not be imported: scores would suffer."""
    for folder in python_folders():
        if not os.access(folder, os.R_OK | os.X_OK):
            raise OSError(errno.EACCES, "only root may enter the folder of Python", folder)


def _continue_as_first_process() -> None:
    """Go on in a child that is number 1 of the new namespace; this process only waits for it."""
    pid = os.fork()
    if pid == 0:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        make_read_only("/", with_all_below=False)  # else devices would be none
        return
    os.closerange(0, 1024)
    _, status = os.waitpid(pid, 0)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
