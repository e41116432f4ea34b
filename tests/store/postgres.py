"""A private PostgreSQL for tests: its own folder, its own port on 127.0.0.1, no password.

    with running_cluster() as cluster:
        url = cluster.new_database()

Law: it never meets a PostgreSQL that is there already, and is gone when the block ends.
"""

import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

__all__ = ["Cluster", "require_postgresql", "running_cluster"]

USER = "postgres"
# Nothing here has to survive a power cut.
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A running server."""

    port: int

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database and return its address."""
        name = f"test_{next(_NUMBERS)}"
        self.execute(self.url(), f"CREATE DATABASE {name}")
        return self.url(name)

    def empty(self, url: str, tables: Iterable[str]) -> None:
        """Delete all rows, also those that triggers and keys guard; much faster than a new one."""
        deletes = "; ".join(f"DELETE FROM {table}" for table in tables)
        self.execute(url, f"SET session_replication_role = replica; {deletes}")

    def execute(self, url: str, statements: str) -> None:
        """Run statements in the database of `url`."""
        import psycopg

        plain = url.replace("+psycopg", "")
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(statements.encode())


def require_postgresql() -> Path:
    """Return the folder of PostgreSQL's programs, or skip the test."""
    pytest.importorskip("psycopg", reason="psycopg is missing: `pip install skillmap[postgres]`")
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest_last = sorted(found, key=lambda path: [int(n) for n in re.findall(r"\d+", str(path))])
    if not newest_last:
        pytest.skip("PostgreSQL is not installed: `make system-deps` installs it")
    return newest_last[-1].parent


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Start a server and stop it at the end; skips the test where PostgreSQL is missing."""
    programs = require_postgresql()
    folder = Path(tempfile.mkdtemp(prefix="skillmap-postgresql-"))
    data = folder / "data"
    port = _free_port()
    options = f"-p {port} -k '' -h 127.0.0.1 " + " ".join(f"-c {one}" for one in SETTINGS)
    try:
        _give_away(folder)
        _run(programs / "initdb", "-D", data, "-U", USER, "--auth=trust", "-E", "UTF8", "-N")
        _run(programs / "pg_ctl", "-D", data, "-l", folder / "log", "-o", options, "-w", "start")
        try:
            yield Cluster(port=port)
        finally:
            # pg_ctl ends the process whose id stands in our own data folder, and no other.
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


def _run(*command: str | Path) -> None:
    # PostgreSQL refuses to run as root.
    as_user: dict[str, Any] = (
        {"user": _unprivileged(), "group": _group(), "extra_groups": []} if _is_root() else {}
    )
    done = subprocess.run(
        [str(part) for part in command],
        cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
        **as_user,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {done.stderr}")


def _give_away(folder: Path) -> None:
    if _is_root():
        shutil.chown(folder, _unprivileged(), _group())


def _is_root() -> bool:
    return os.geteuid() == 0


def _unprivileged() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _group() -> int:
    return pwd.getpwnam(_unprivileged()).pw_gid


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
