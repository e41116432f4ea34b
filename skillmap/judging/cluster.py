"""Judges on the workers of a Dask cluster that is there already; the gradebook stays here.

In: the address of a scheduler. Out: a courtroom as Autograder wants it.
Law: every worker has this skillmap and walls of its own, or nothing is graded. A worker that dies
costs at most the submission it was judging, and the next run tries that again.
"""

import pickle
import platform
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from contextlib import ExitStack, suppress
from functools import partial
from importlib import metadata
from multiprocessing.connection import Connection
from typing import Any, Self

from skillmap import __version__
from skillmap.errors import GradingError
from skillmap.judging.bench import Case, JudgeDiedError, Matter, Running
from skillmap.judging.cluster_worker import RUNGS, Order, enter, judge_here, leave
from skillmap.sandbox import NoWallsError

__all__ = ["ClusterBench", "ClusterCourtroom"]

CONNECT_S = 8.0
DEADLINE_S = 9.0  # some addresses take the connection and never answer
SUBMISSIONS_PER_THREAD = 2  # one is judged, the next one is there already
TRIES_AGAIN = 3
LOST = ("cancelled", "lost")
MOST_BYTES = "1GB"  # of a submission with its files, before Dask warns of it
NOT_INSTALLED = (
    "Grading on a cluster needs Dask, which is not installed: `pip install 'skillmap[dask]'`."
)
WHAT_TO_DO = (
    "Every worker needs the skillmap and the Python of the machine that grades, and Linux with "
    "walls; nothing was graded."
)


class ClusterRunning(Running):
    """A judge at work on some worker; `connection` is at its end when `future` is done."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, None)
        self.future: Any = None

    def finish(self) -> Any:
        """Return what the judge returned; raise what it raised, or JudgeDiedError.

        Raises GradingError when the cluster is gone, or has a worker that cannot judge.
        """
        answer = self._answer()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _answer(self) -> Any:
        from distributed import KilledWorker

        try:
            self.connection.poll(None)
            answer = pickle.loads(self.future.result())
        except KilledWorker as error:
            raise JudgeDiedError("its worker was ended from outside") from error
        except CancelledError as error:
            if self.future.client.status != "running":
                raise GradingError(
                    "The cluster cannot be reached any more. What was graded is kept; run the "
                    "command again when it is back."
                ) from error
            raise JudgeDiedError("what it needed was lost with a worker") from error
        except Exception as error:
            raise GradingError(
                f"A worker of the cluster cannot judge: {error!r}. {WHAT_TO_DO}"
            ) from error
        finally:
            self.connection.close()
        return answer


class ClusterBench:
    """Hands submissions to the cluster, as Bench does to a process of this machine."""

    def __init__(self, client: Any, isolation: str) -> None:
        self._client = client
        self._isolation = isolation
        self._matters: dict[str, tuple[str, bytes]] = {}
        self._scattered: dict[str, Any] = {}

    def prepare(self, name: str, matter: Matter) -> None:
        """Send to all workers what the judges of an assignment need, under a name."""
        self._matters[name] = (secrets.token_hex(8), pickle.dumps(matter))
        self._scattered.pop(name, None)

    def start(self, name: str, case: Case | None) -> ClusterRunning:
        """Let a judge begin with a submission; None: with the plan of the assignment itself."""
        order = Order(
            name=self._matters[name][0],
            case=case,
            isolation=self._isolation,
            version=__version__,
        )
        ours, theirs = socket.socketpair()
        running = ClusterRunning(Connection(ours.detach()))
        self._submit(running, theirs, name, pickle.dumps(order), n_more=TRIES_AGAIN)
        return running

    def _submit(
        self, running: ClusterRunning, end: socket.socket, name: str, order: bytes, *, n_more: int
    ) -> None:
        """Submit an order; when it is done, close the socket's end.

        Dask gives work of a dead worker to another by itself, but not when the matter died, too.
        """
        matter = self._matter(name)

        def note(future: Any) -> None:
            was_lost = future.status in LOST and self._client.status == "running"
            is_under_way = False
            try:
                if was_lost and n_more:
                    if self._scattered.get(name) is matter:
                        del self._scattered[name]
                    self._submit(running, end, name, order, n_more=n_more - 1)
                    is_under_way = True
            finally:
                if not is_under_way:
                    end.close()

        # Dask shows the name of a task to everybody: it names no learner.
        running.future = self._client.submit(judge_here, order, matter, pure=False)
        running.future.add_done_callback(note)

    def _matter(self, name: str) -> Any:
        """Return where the workers find the matter; it is sent again when it died with them."""
        held = self._scattered.get(name)
        if held is None or held.status != "finished":
            try:
                held = self._client.scatter(self._matters[name][1], broadcast=True, hash=False)
            except TimeoutError as error:
                raise GradingError(
                    "The cluster has no worker any more. What was graded is kept; start a worker, "
                    "and run the command again."
                ) from error
            self._scattered[name] = held
        return held


class ClusterCourtroom:
    """A context with proved walls and judges on every worker of a cluster.

    address: of the scheduler, such as tcp://10.0.0.1:8786. isolation: the weakest walls among the
    workers. n_at_once: how many submissions keep the cluster busy.
    Raises GradingError when the cluster cannot be used, NoWallsError when a worker has no walls.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._run = secrets.token_hex(8)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._client = stack.enter_context(_connect(self._address))
            self.n_at_once = SUBMISSIONS_PER_THREAD * self._count_threads()
            self._demand_same_python()
            stack.callback(self._leave)
            self.isolation = self._enter()
            self.bench = ClusterBench(self._client, self.isolation)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _count_threads(self) -> int:
        n_threads: int = sum(self._client.nthreads().values())
        if not n_threads:
            raise GradingError(f"The cluster at {self._address} has no worker: start one.")
        return n_threads

    def _demand_same_python(self) -> None:
        """Refuse workers without skillmap, or with another Python: other scores might come out."""
        ours = platform.python_version_tuple()[:2]
        problems = {}
        for worker, version in self._ask(platform.python_version_tuple).items():
            if tuple(version[:2]) != ours:
                problems[worker] = f"Python {'.'.join(version)} instead of {'.'.join(ours)}"
        # The standard library's, for a worker without skillmap could not even read ours.
        for worker, found in self._ask(metadata.version, "skillmap").items():
            if isinstance(found, Exception):
                problems[worker] = "skillmap is not installed"
        self._refuse(problems)

    def _enter(self) -> str:
        rungs: set[str] = set()
        problems: dict[str, str] = {}
        answers = self._ask(enter, self._run)
        for worker, answer in answers.items():
            if isinstance(answer, Exception):
                problems[worker] = str(answer) or repr(answer)
            elif answer[1] != __version__:
                problems[worker] = f"skillmap {answer[1]} instead of {__version__}"
            else:
                rungs.add(answer[0])
        has_walls = not any(isinstance(one, NoWallsError) for one in answers.values())
        self._refuse(problems, GradingError if has_walls else NoWallsError)
        return max(rungs, key=RUNGS.index)

    def _ask(self, function: Any, *args: str) -> dict[str, Any]:
        """Run a function on every worker, out of turn; what it raises is its answer."""
        answers: dict[str, Any] = self._client.run(function, *args, on_error="return")
        return answers

    def _refuse(
        self,
        problems: Mapping[str, str],
        kind: type[GradingError] | type[NoWallsError] = GradingError,
    ) -> None:
        if problems:
            listed = "; ".join(f"{worker}: {what}" for worker, what in sorted(problems.items()))
            raise kind(f"Workers of the cluster that cannot grade: {listed}. {WHAT_TO_DO}")

    def _leave(self) -> None:
        """Close the courtrooms. A worker that is gone, or a whole cluster, has none."""
        if self._client.status == "running":
            with suppress(OSError):
                self._client.run(leave, self._run, on_error="ignore")


def _connect(address: str) -> Any:
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise GradingError(NOT_INSTALLED) from error
    dask.config.set({"distributed.admin.large-graph-warning-threshold": MOST_BYTES})
    try:
        return _within(
            DEADLINE_S, partial(Client, address, timeout=CONNECT_S, set_as_default=False)
        )
    except (OSError, ValueError) as error:
        raise GradingError(
            f"No Dask scheduler answers at {address!r}; its address looks like tcp://HOST:8786."
        ) from error


def _within(seconds: float, make: Callable[[], Any]) -> Any:
    """Call something that may never return; raise TimeoutError then, and leave it behind."""
    made: Future[Any] = Future()

    def call() -> None:
        try:
            made.set_result(make())
        except BaseException as error:  # noqa: BLE001  # raised again by whoever waits
            made.set_exception(error)

    threading.Thread(target=call, daemon=True).start()
    return made.result(seconds)
