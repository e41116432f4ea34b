"""What the tests plant to be stolen or harmed, and where: canaries, listeners, a folder outside.

Law: every canary is random and in no payload's text, so that it can be found only by who read it.
"""

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["DAEMON", "MARK", "SECRET", "Listeners", "Places", "fingerprint", "make_places"]

SECRET = "HOSTILE_SECRET"  # name of the variable that a payload reads
MARK = "HOSTILE_RUN"  # name of the variable that every process of a run inherits
OWN_CACHE = {".cache", ".config"}  # where matplotlib lists the machine's fonts, outside the walls
DAEMON = "hostiledaemon"  # the name that payloads give to processes that should outlive them


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """A course's root, and what lies around it."""

    root: Path
    home: Path
    outside: Path
    tcp_port: int = 9
    udp_port: int = 9
    unix_name: str = "hostile-nobody"
    canaries: dict[str, str] = field(default_factory=dict)

    def fill(self, text: str) -> str:
        """Put the places into a payload."""
        here = {
            "@ROOT@": str(self.root),
            "@HOME@": str(self.home),
            "@OUTSIDE@": str(self.outside),
            "@TCP@": str(self.tcp_port),
            "@UDP@": str(self.udp_port),
            "@UNIX@": self.unix_name,
        }
        for sign, value in here.items():
            text = text.replace(sign, value)
        return text


class Listeners:
    """Sockets on this machine that nobody may reach: TCP, UDP and an abstract unix name."""

    def __init__(self, stack: ExitStack) -> None:
        self.unix_name = f"hostile-{secrets.token_hex(4)}"
        kinds = (
            (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            (socket.AF_UNIX, socket.SOCK_STREAM, "\0" + self.unix_name),
        )
        self._sockets = [stack.enter_context(socket.socket(*kind[:2])) for kind in kinds]
        for listener, (_, _, address) in zip(self._sockets, kinds, strict=True):
            listener.bind(address)
            listener.setblocking(False)
            if listener.type == socket.SOCK_STREAM:
                listener.listen(8)
        self.tcp_port = self._sockets[0].getsockname()[1]
        self.udp_port = self._sockets[1].getsockname()[1]

    def reached(self) -> list[str]:
        """Return which of them got a connection or a datagram."""
        return [
            name
            for name, one in zip(("tcp", "udp", "unix"), self._sockets, strict=True)
            if _has_news(one)
        ]


def _has_news(listener: socket.socket) -> bool:
    try:
        if listener.type == socket.SOCK_STREAM:
            listener.accept()[0].close()
        else:
            listener.recv(1)
    except BlockingIOError:
        return False
    return True


@contextmanager
def make_places(base: Path) -> Iterator[tuple[Places, Listeners]]:
    """Make the folders and listeners around a course that will lie in base/course."""
    with ExitStack() as stack:
        listeners = Listeners(stack)
        home, outside = base / "home", base / "outside"
        for folder in (home / ".ssh", outside):
            folder.mkdir(parents=True)
        canaries = {name: f"canary-{secrets.token_hex(8)}" for name in ("env", "home", "key")}
        (home / "secret.txt").write_text(canaries["home"], encoding="utf-8")
        (home / ".ssh" / "id_ed25519").write_text(canaries["key"], encoding="utf-8")
        (outside / "untouched.txt").write_text("as it was", encoding="utf-8")
        os.utime(outside / "untouched.txt", (1_000_000_000, 1_000_000_000))
        places = Places(
            root=base / "course",
            home=home,
            outside=outside,
            tcp_port=listeners.tcp_port,
            udp_port=listeners.udp_port,
            unix_name=listeners.unix_name,
            canaries=canaries,
        )
        yield places, listeners


def fingerprint(*folders: Path) -> dict[str, tuple[int, int, bytes]]:
    """Return mode, time of change and content of every file below the folders, by path."""
    found = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if OWN_CACHE & set(path.parts):
                continue
            info = path.lstat()
            content = path.read_bytes() if path.is_file() else b""
            changed = int(info.st_mtime) if path.is_file() else 0
            found[str(path)] = (info.st_mode, changed, content)
    return found
