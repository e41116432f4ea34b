"""What a worker of a cluster does: it opens a courtroom of its own, and judges there.

In: orders, as bytes. Out: what the judge returned or raised, as bytes.
Law: one courtroom for each process of a worker, open from the first run that comes to the last that
leaves; a worker whose walls are weaker than the run was promised judges nothing.
"""

import asyncio
import atexit
import pickle
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from skillmap import __version__
from skillmap.errors import GradingError
from skillmap.judging.bench import Case
from skillmap.judging.courtroom import Courtroom
from skillmap.sandbox import NoWallsError, Rung

__all__ = ["RUNGS", "Order", "enter", "judge_here", "leave"]

RUNGS = tuple(rung.value for rung in (Rung.NAMESPACES, Rung.LANDLOCK, Rung.NONE))  # strongest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One submission to judge. name: of the matter; isolation: what every score will record."""

    name: str
    case: Case | None
    isolation: str
    version: str


@dataclass(slots=True)
class _Here:
    """The courtroom of this process, the runs that use it, and the matters that are laid out."""

    lock: Lock = field(default_factory=Lock)
    courtroom: Courtroom | None = None
    runs: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def open(self) -> Courtroom:
        if self.courtroom is None:
            self.courtroom = Courtroom().__enter__()
        return self.courtroom

    def close(self) -> None:
        if self.courtroom is not None:
            self.courtroom.__exit__(None, None, None)
        self.courtroom = None
        self.names.clear()


_here = _Here()
atexit.register(_here.close)


async def enter(run: str) -> tuple[str, str]:
    """Open the courtroom for a run; return how strong its walls are, and which skillmap runs here.

    Raises NoWallsError. A coroutine, because a worker has to answer its scheduler meanwhile.
    """
    return await asyncio.to_thread(_enter, run), __version__


def _enter(run: str) -> str:
    with _here.lock:
        isolation = _here.open().isolation
        _here.runs.add(run)
        return isolation


async def leave(run: str) -> None:
    """Close the courtroom when no other run uses it."""
    await asyncio.to_thread(_leave, run)


def _leave(run: str) -> None:
    with _here.lock:
        _here.runs.discard(run)
        if not _here.runs:
            _here.close()


def judge_here(order: bytes, matter: bytes) -> bytes:
    """Judge one submission. What is raised is returned: Dask writes what it sees raised to its log.

    order: a pickled Order; matter: a pickled Matter.
    """
    try:
        answer = _judge(pickle.loads(order), matter)
    except Exception as error:  # noqa: BLE001  # raised again where the judge was asked for
        answer = error
    return pickle.dumps(answer)


def _judge(order: Order, matter: bytes) -> Any:
    if order.version != __version__:
        raise GradingError(
            f"A worker with skillmap {__version__} joined the cluster; this is {order.version}."
        )
    with _here.lock:  # a worker may judge in several threads
        courtroom = _here.open()
        if RUNGS.index(courtroom.isolation) > RUNGS.index(order.isolation):
            raise NoWallsError(
                f"A worker joined the cluster whose walls are weaker ({courtroom.isolation}) than "
                f"those that each score records ({order.isolation}). Run the command again."
            )
        if order.name not in _here.names:
            courtroom.bench.prepare(order.name, pickle.loads(matter))
            _here.names.add(order.name)
        running = courtroom.bench.start(order.name, order.case)
    return running.finish()
