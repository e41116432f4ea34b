"""Judges on a real Dask cluster of two workers on this machine."""

import builtins
import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from skillmap import __version__
from skillmap.cli.run_commands import free_port
from skillmap.errors import GradingError
from skillmap.grading import generate_release, gradebook_submissions
from skillmap.judging import Scoring, cluster, cluster_worker
from skillmap.judging import courtroom as courtrooms
from skillmap.judging.cluster import ClusterCourtroom
from skillmap.judging.cluster_worker import Order, judge_here
from skillmap.model import GradedAttempt
from skillmap.sandbox import NoWallsError, open_sandbox
from skillmap.workflows.grade import grade
from skillmap.workflows.programme import Programme
from tests.courtroom import courtroom
from tests.grading.builders import RIGHT, WRONG, released_course, submit
from tests.grading.gradebooks import all_rows
from tests.store.postgres import running_cluster
from tests.workflows.builders import clock, silent

distributed = pytest.importorskip("distributed", reason="`pip install 'skillmap[dask]'`")
pytestmark = pytest.mark.slow

PATIENCE_S = 60
CRASH = {"double": "import os\nos._exit(1)"}
FORGERY = {
    "double": "class Yes(int):\n    def __eq__(self, other):\n        return True\n"
    "def double(x):\n    return Yes()"
}
DULL = {"double": "import time\ntime.sleep(.4)\ndef double(x):\n    return 2 * x"}


@pytest.fixture(scope="module")
def workers() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address="127.0.0.1:0",
        host="127.0.0.1",
    ) as running:
        yield running


@pytest.fixture
def course(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = released_course(tmp_path / "course", tmp_path_factory)
    submit(root, "ada", RIGHT, at="20 18:00")
    submit(root, "ada", WRONG, at="21 18:00")
    submit(root, "ben", CRASH, at="20 19:00")
    submit(root, "eve", FORGERY, at="20 20:00")
    submit(root, "kim", RIGHT, at="20 21:00")
    damaged = submit(root, "lea", RIGHT, at="20 22:00")
    (damaged / "one.ipynb").write_text("{ not a notebook", encoding="utf-8")
    submit(root, "kim", WRONG, at="21 22:00", assignment="two")
    return root


def run(
    root: Path, room: Any, *, n_workers: int = 4, scoring: Scoring = Scoring.CORRECTED
) -> list[GradedAttempt]:
    programme = Programme(root)
    try:
        return grade(
            programme,
            ["a1", "two"],
            clock=clock,
            progress=silent,
            n_workers=n_workers,
            scoring=scoring,
            courtroom=room,
        )
    finally:
        programme.database.close()


def verdicts(graded: list[GradedAttempt]) -> list[tuple[object, ...]]:
    found = [(one.attempt, one.problem, one.findings, one.isolation) for one in graded]
    return sorted(found, key=repr)


@pytest.mark.parametrize("scoring", list(Scoring))
def test_a_cluster_gives_the_gradebook_that_this_machine_gives(
    workers: Any, course: Path, tmp_path: Path, scoring: Scoring
) -> None:
    here = shutil.copytree(course, tmp_path / "here")
    expected = run(here, courtroom(), scoring=scoring)

    with ClusterCourtroom(workers.scheduler_address) as room:
        graded = run(course, room, n_workers=room.n_at_once, scoring=scoring)

    assert verdicts(graded) == verdicts(expected)
    assert all_rows(course / "gradebook.db") == all_rows(here / "gradebook.db")


def test_a_cluster_grades_into_postgresql(workers: Any, course: Path, tmp_path: Path) -> None:
    here = shutil.copytree(course, tmp_path / "here")
    run(here, courtroom())
    with running_cluster() as postgresql:
        with (course / "nbgrader_config.py").open("a", encoding="utf-8") as config:
            config.write(f'c.CourseDirectory.db_url = "{postgresql.new_database()}"\n')
        programme = Programme(course)
        for assignment in ("a1", "two"):
            generate_release(programme.nbgrader, assignment)
        programme.database.close()

        with ClusterCourtroom(workers.scheduler_address) as room:
            run(course, room)

        held = gradebook(course)
    assert held
    assert held == gradebook(here)


def gradebook(root: Path) -> list[tuple[object, ...]]:
    programme = Programme(root)
    try:
        held = [
            (one.learner, one.timestamp, one.late_penalty, cell)
            for assignment in ("a1", "two")
            for one in gradebook_submissions(programme.nbgrader, assignment)
            for cell in one.cells
        ]
    finally:
        programme.database.close()
    return sorted(held, key=repr)


def test_a_run_leaves_nothing_on_the_workers(workers: Any, course: Path) -> None:
    with distributed.Client(workers.scheduler_address, set_as_default=False) as client:
        before = sum(client.run(n_children).values())

        with ClusterCourtroom(workers.scheduler_address) as room:
            during = sum(client.run(n_children).values())
            run(course, room)

        assert (before, sum(client.run(n_children).values())) == (0, 0)
        assert during > 0


def n_children() -> int:
    import psutil

    return len(psutil.Process().children(recursive=True))


def test_two_runs_at_once_share_a_worker(workers: Any, course: Path) -> None:
    with ClusterCourtroom(workers.scheduler_address) as first:
        with ClusterCourtroom(workers.scheduler_address):
            pass

        graded = run(course, first)

    assert len(graded) == 7


@pytest.mark.parametrize("n_workers", [pytest.param(1, marks=pytest.mark.soak), 2])
def test_a_worker_that_is_killed_loses_nothing(
    n_workers: int, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = released_course(tmp_path / "course", tmp_path_factory)
    learners = [f"learner{n}" for n in range(6)]
    for learner in learners:
        submit(root, learner, DULL, at="20 18:00")
    killed: list[int] = []
    with (
        distributed.LocalCluster(
            n_workers=n_workers,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            host="127.0.0.1",
            silence_logs="CRITICAL",
        ) as mortal,
        distributed.Client(mortal, set_as_default=False) as client,
        ClusterCourtroom(mortal.scheduler_address) as room,
    ):

        def kill_one(done: int, total: int, what: str) -> None:
            del done, total, what
            if not killed:
                killed.append(next(iter(client.run(os.getpid).values())))
                os.kill(killed[0], signal.SIGKILL)

        programme = Programme(root)
        graded = grade(
            programme,
            ["a1"],
            clock=clock,
            progress=kill_one,
            n_workers=room.n_at_once,
            courtroom=room,
        )
        again = grade(programme, ["a1"], clock=clock, progress=silent, courtroom=room)
        programme.database.close()

    assert killed
    assert len(graded) == len(learners)
    unfinished = {one.attempt.learner for one in graded if not one.is_finished}
    assert {one.attempt.learner for one in again} == unfinished
    assert all(one.is_finished for one in again)
    held = {row[0]: row[4] for row in all_rows(root / "gradebook.db")["grades"] if row[4]}
    assert held == dict.fromkeys(learners, 2.0)


def test_a_cluster_that_goes_away_ends_the_run_in_words(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = released_course(tmp_path / "course", tmp_path_factory)
    for n in range(4):
        submit(root, f"learner{n}", DULL, at="20 18:00")
    programme = Programme(root)
    address = f"tcp://127.0.0.1:{free_port(8786)}"
    with (
        program("dask_scheduler", "--host", address, "--no-dashboard") as scheduler,
        program("dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"),
    ):
        wait_for_worker(address)
        with (
            ClusterCourtroom(address) as room,
            pytest.raises(GradingError, match="any more"),
        ):
            grade(
                programme,
                ["a1"],
                clock=clock,
                progress=lambda *_: scheduler.kill(),
                courtroom=room,
            )

    graded = run(root, courtroom())
    programme.database.close()
    assert 0 < len(graded) < 4


@contextmanager
def program(name: str, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """One of Dask's programs, ended with the block."""
    command = [sys.executable, "-m", f"distributed.cli.{name}", *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as started:
        try:
            yield started
        finally:
            started.terminate()
            try:
                started.wait(10)
            except subprocess.TimeoutExpired:
                started.kill()


def wait_for_worker(address: str) -> None:
    with distributed.Client(address, timeout=PATIENCE_S, set_as_default=False) as client:
        client.wait_for_workers(1, timeout=PATIENCE_S)


def test_an_address_where_nobody_answers_is_said_within_ten_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert cluster.CONNECT_S < cluster.DEADLINE_S < 10
    monkeypatch.setattr(cluster, "CONNECT_S", 0.5)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and never listens
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"

        with pytest.raises(GradingError, match=f"No Dask scheduler answers at '{address}'"):
            ClusterCourtroom(address).__enter__()


def test_what_is_no_address_is_said_in_words() -> None:
    with pytest.raises(GradingError, match="looks like tcp://HOST:8786"):
        ClusterCourtroom("nonsense://").__enter__()


def test_a_machine_without_dask_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_dask(name: str, *rest: Any) -> Any:
        if name in ("dask", "distributed"):
            raise ModuleNotFoundError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_dask)

    with pytest.raises(GradingError, match=r"pip install 'skillmap\[dask\]'"):
        ClusterCourtroom("tcp://127.0.0.1:1").__enter__()


def test_a_cluster_without_workers_is_refused() -> None:
    with (
        distributed.LocalCluster(
            n_workers=0, processes=True, dashboard_address="127.0.0.1:0", host="127.0.0.1"
        ) as empty,
        pytest.raises(GradingError, match="has no worker"),
    ):
        ClusterCourtroom(empty.scheduler_address).__enter__()


def test_a_worker_of_another_version_is_named(
    workers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "__version__", "99.0")

    with pytest.raises(GradingError, match=rf"tcp://127.*: skillmap {__version__} instead of 99.0"):
        ClusterCourtroom(workers.scheduler_address).__enter__()


def test_a_worker_without_walls_is_named_and_nothing_is_graded(workers: Any) -> None:
    with distributed.Client(workers.scheduler_address, set_as_default=False) as client:
        [first, *_] = client.run(take_walls_away)
        client.run(give_walls_back)
        client.run(take_walls_away, workers=[first])
        try:
            with pytest.raises(NoWallsError, match=rf"{first}: no kernel for walls"):
                ClusterCourtroom(workers.scheduler_address).__enter__()
        finally:
            client.run(give_walls_back)


def take_walls_away() -> None:
    def refuse(*, is_unsafe: bool) -> None:
        del is_unsafe
        raise NoWallsError("no kernel for walls")

    courtrooms.open_sandbox = refuse  # type: ignore[assignment]


def give_walls_back() -> None:
    courtrooms.open_sandbox = open_sandbox


def test_a_worker_that_joins_with_weaker_walls_judges_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weak = SimpleNamespace(isolation="landlock")
    monkeypatch.setattr(cluster_worker, "_here", cluster_worker._Here(courtroom=weak))
    order = Order(name="a1", case=None, isolation="namespaces", version=__version__)

    answer = pickle.loads(judge_here(pickle.dumps(order), b""))

    assert isinstance(answer, NoWallsError)
    assert "weaker" in str(answer)


def test_a_worker_that_joins_with_another_version_judges_nothing() -> None:
    order = Order(name="a1", case=None, isolation="namespaces", version="99.0")

    answer = pickle.loads(judge_here(pickle.dumps(order), b""))

    assert isinstance(answer, GradingError)
