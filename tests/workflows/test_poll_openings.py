"""Following the feed into the database: nothing missed, nothing dead, whatever ends a poll."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from skillmap.catalog import NavFeed
from skillmap.cli import app
from skillmap.errors import ContentError, StoreError
from skillmap.model import FeedCursor
from skillmap.store import Database, open_database, openings
from skillmap.workflows import poll_openings as workflow
from skillmap.workflows.poll_openings import PollResult, follow_feed, poll_openings
from skillmap.workflows.programme import Programme
from tests.catalog.builders import NOW, make_feed
from tests.catalog.nav_replica import Answer, NavReplica, served

URL = "https://replica.example.org"
Opened = Callable[[], Database]


class CrashError(Exception):
    """Ends a poll as a bug or a signal would."""


def make_replica(n_ads: int = 0, *, page_size: int = 3, **options: Any) -> NavReplica:
    replica = NavReplica(page_size=page_size, **options)
    for n in range(n_ads):
        replica.publish(f"ad {n}", f"Title {n}")
    return replica


def make_clock(*, step_s: float = 1) -> Callable[[], datetime]:
    """A clock that goes on by so many seconds each time it is asked."""
    ticks = count()
    return lambda: NOW + timedelta(seconds=step_s * next(ticks))


def silent(done: int, total: int, what: str) -> None:
    del done, total, what


def follow(database: Database, replica: NavReplica, **options: Any) -> PollResult:
    values = {"clock": make_clock(step_s=60), "progress": silent, **options}
    return follow_feed(database, make_feed(replica), URL, **values)


def shown(database: Database, now: datetime = NOW) -> dict[str, str]:
    with database.begin(is_read_only=True) as session:
        return {one.id: one.title for one in openings.active(session, now)}


def end_at(n: int, error: type[BaseException], *, path: str = "") -> Callable[[str], Answer | None]:
    """Raise at the n-th request below a path, counted from 0."""
    left = count()

    def fault(asked: str) -> Answer | None:
        if path in asked and next(left) == n:
            raise error
        return None

    return fault


def details(replica: NavReplica) -> list[str]:
    return [path for path in replica.requests if "feedentry" in path]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "store.db"
    open_database(f"sqlite:///{file}").close()
    return file


@pytest.fixture(scope="module")
def new_database(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    folder = tmp_path_factory.mktemp("databases")
    numbers = count()

    def opened() -> Database:
        file = folder / f"{next(numbers)}.db"
        shutil.copy(template, file)
        return open_database(f"sqlite:///{file}")

    return opened


@pytest.fixture
def database(new_database: Opened) -> Iterator[Database]:
    with closing(new_database()) as opened:
        yield opened


def test_a_poll_brings_what_is_active_and_the_next_takes_away_what_is_withdrawn(
    database: Database,
) -> None:
    replica = make_replica(7)

    first = follow(database, replica)
    assert shown(database) == replica.active()
    assert (first.n_changed, first.n_waiting, first.is_read) == (7, 0, True)

    replica.stop(next(iter(replica.ads)))
    assert follow(database, replica).n_changed == 1
    assert shown(database) == replica.active()


def test_a_poll_without_news_changes_nothing(database: Database) -> None:
    replica = make_replica(4)
    replica.stop(next(iter(replica.ads)))
    follow(database, replica)

    for _ in range(2):
        assert follow(database, replica).n_changed == 0


def test_each_feed_has_its_own_place(database: Database) -> None:
    one, other = make_replica(4), make_replica(2)
    follow(database, one)

    follow_feed(
        database, make_feed(other), "https://b.example.org", clock=make_clock(), progress=silent
    )

    assert one.requests.count("/api/v1/feed") == other.requests.count("/api/v1/feed") == 1


def test_progress_ends_with_nothing_to_do(database: Database) -> None:
    told: list[tuple[int, int]] = []

    follow(database, make_replica(5), progress=lambda done, total, what: told.append((done, total)))

    assert [done for done, _ in told] == list(range(1, len(told) + 1))
    assert told[-1][0] == told[-1][1]


CHANGES = st.lists(st.tuples(st.sampled_from(["publish", "stop"]), st.integers(0, 7)), max_size=8)
CRASHES = st.one_of(st.none(), st.integers(0, 25))


def change(replica: NavReplica, changes: list[tuple[str, int]], version: Iterator[int]) -> None:
    for kind, n in changes:
        uuids = list(replica.ads)
        if kind == "stop" and n < len(uuids):
            replica.stop(uuids[n])
        else:
            replica.publish(f"ad {n}", f"Title {n}, version {next(version)}")


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    rounds=st.lists(st.tuples(CHANGES, CRASHES, CHANGES), max_size=5),
    page_size=st.integers(2, 5),
    step_s=st.sampled_from([0, 2, 60]),
)
def test_no_opening_is_missed_and_none_is_dead_whatever_request_a_poll_dies_at(
    new_database: Opened,
    rounds: list[tuple[list[tuple[str, int]], int | None, list[tuple[str, int]]]],
    page_size: int,
    step_s: int,
) -> None:
    replica = NavReplica(page_size=page_size)
    clock, version = make_clock(step_s=step_s), count()
    with closing(new_database()) as database:
        for before, crash, after in rounds:
            change(replica, before, version)
            replica.fault = None if crash is None else end_at(crash, CrashError)
            with suppress(CrashError):
                follow(database, replica, clock=clock)
            replica.fault = None
            change(replica, after, version)

            follow(database, replica, clock=clock)

            assert shown(database) == replica.active()


@pytest.mark.parametrize("n_saves", range(6))
def test_a_crash_while_saving_keeps_neither_openings_nor_place(
    database: Database, monkeypatch: pytest.MonkeyPatch, n_saves: int
) -> None:
    replica = make_replica(6)
    left, move, places = count(), openings.move_feed, []

    def move_or_die(session: Any, url: str, **places_of_step: Any) -> None:
        move(session, url, **places_of_step)
        if next(left) == n_saves:
            raise CrashError
        places.append((places_of_step["after"], len(openings.active(session, NOW))))

    with monkeypatch.context() as patched:
        patched.setattr(openings, "move_feed", move_or_die)
        with pytest.raises(CrashError):
            follow(database, replica)

    with database.begin(is_read_only=True) as session:
        found = (openings.feed_place(session, URL), len(openings.active(session, NOW)))
    assert found == (places[-1] if places else (FeedCursor(), 0))

    follow(database, replica)
    assert shown(database) == replica.active()


def test_what_was_saved_before_a_crash_is_not_fetched_again(database: Database) -> None:
    replica = make_replica(30, page_size=50, fault=end_at(20, CrashError, path="feedentry"))
    with suppress(CrashError):
        follow(database, replica)

    assert len(shown(database)) == 20
    replica.requests.clear()
    follow(database, replica)

    assert shown(database) == replica.active()
    assert len(details(replica)) <= 12  # ten are left; one or two of the last page come again


def test_what_is_saved_lags_behind_by_ten_seconds_at_most(database: Database) -> None:
    replica = make_replica(30, page_size=50, fault=end_at(25, CrashError, path="feedentry"))

    with suppress(CrashError):
        follow(database, replica, clock=make_clock(step_s=1))

    assert 25 - 10 <= len(shown(database)) < 25


def test_a_fast_feed_is_saved_in_parts_so_that_others_can_write(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workflow, "SAVE_AT", 6)
    replica = make_replica(30, page_size=50, fault=end_at(20, CrashError, path="feedentry"))

    with suppress(CrashError):
        follow(database, replica, clock=lambda: NOW)

    assert len(shown(database)) == 18


def test_of_two_polls_at_once_one_stops_and_no_dead_opening_comes_back(
    new_database: Opened,
) -> None:
    replica = make_replica(6, page_size=50)
    uuids = list(replica.ads)
    with closing(new_database()) as database:

        def meanwhile(done: int, total: int, what: str) -> None:
            del total, what
            if done == 4:
                replica.stop(uuids[-1])
                follow(database, replica)

        with pytest.raises(StoreError, match="another poll"):
            follow(database, replica, progress=meanwhile, clock=make_clock(step_s=0))

        assert shown(database) == replica.active()


def test_a_feed_that_refused_our_token_is_left_alone_by_the_next_process(
    database: Database,
) -> None:
    replica = make_replica(2)
    replica.refuses_everything = True
    first = follow(database, replica)
    n_requests = len(replica.requests)

    second = follow(database, replica)

    assert (first.is_read, second.is_read) == (False, False)
    assert "not asked again before" in second.problems[0]
    assert len(replica.requests) == n_requests


def make_course(root: Path, *, feed: str | None) -> Path:
    root.mkdir(exist_ok=True)
    text = f'openings_feed = "{feed}"\n' if feed else ""
    (root / "skillmap.toml").write_text(text, encoding="utf-8")
    return root


def run(root: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["--course", str(root), "openings", *options])


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise AssertionError("a network call")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@contextmanager
def talking_to(replica: NavReplica) -> Iterator[None]:
    """Let the workflow talk with a replica instead of the network, and never sleep."""

    def feed(**options: Any) -> NavFeed:
        assert options["base_url"] == URL
        return make_feed(replica, clock=options["clock"])

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(workflow, "NavFeed", feed)
        patched.setattr(workflow, "SAVE_EVERY", timedelta(0))
        yield


@pytest.mark.usefixtures("no_network")
def test_without_the_setting_nothing_is_asked_and_the_line_to_add_is_told(tmp_path: Path) -> None:
    done = run(make_course(tmp_path / "course", feed=None), "--poll")

    assert done.exit_code == ContentError.exit_code
    assert 'openings_feed = "https://pam-stilling-feed.nav.no"' in done.output
    assert "skillmap.toml" in done.output


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("options", [[], ["--json"], ["--poll", "--dry-run"]])
def test_with_the_setting_only_a_poll_asks(tmp_path: Path, options: list[str]) -> None:
    done = run(make_course(tmp_path / "course", feed=URL), *options)

    assert done.exit_code == 0, done.output


def test_the_block_on_the_network_holds(tmp_path: Path, no_network: None) -> None:
    programme = Programme(make_course(tmp_path / "course", feed="http://127.0.0.1:9"))

    with pytest.raises(AssertionError, match="a network call"):
        poll_openings(programme, clock=lambda: NOW, sleep=lambda s: None, progress=silent)


def test_the_command_says_what_a_poll_brought(tmp_path: Path) -> None:
    root = make_course(tmp_path / "course", feed=URL)
    replica = make_replica(5, starts_at=datetime.now(UTC))
    with talking_to(replica):
        told = run(root, "--poll")
        again = run(root, "--poll", "--json")
    planned = run(root, "--poll", "--dry-run")
    listed = json.loads(run(root, "--json").output)

    assert told.exit_code == again.exit_code == 0
    assert told.stdout == "5 openings are new, changed or withdrawn; 0 wait.\n"
    assert "Reading the feed" in told.stderr
    assert json.loads(again.stdout)["n_changed"] == 0
    assert "Would read https://replica.example.org from /api/v1/feed/" in planned.output
    assert {one["id"]: one["title"] for one in listed} == replica.active()


def test_what_could_not_be_read_is_told_and_the_rest_is_kept(tmp_path: Path) -> None:
    root = make_course(tmp_path / "course", feed=URL)
    replica = make_replica(5, starts_at=datetime.now(UTC))
    unlucky = list(replica.ads)[2]
    replica.fault = lambda path: Answer(status=502) if unlucky in path else None
    with talking_to(replica):
        told = run(root, "--poll")

    assert told.exit_code == 0
    assert f"no answer at /api/v1/feedentry/{unlucky} in 4 tries: status 502" in told.output
    assert "4 openings are new, changed or withdrawn; 1 wait." in told.output


def test_a_feed_that_gives_nothing_ends_with_its_own_exit_code(tmp_path: Path) -> None:
    root = make_course(tmp_path / "course", feed=URL)
    with talking_to(make_replica(5, fault=lambda path: Answer(status=503))):
        told = run(root, "--poll")

    assert told.exit_code == 9
    assert "status 503" in told.output
    assert "Traceback" not in told.output


def test_an_empty_feed_is_no_failure(tmp_path: Path) -> None:
    root = make_course(tmp_path / "course", feed=URL)
    with talking_to(make_replica()):
        told = run(root, "--poll")

    assert (told.exit_code, told.stdout) == (
        0,
        "0 openings are new, changed or withdrawn; 0 wait.\n",
    )


def test_ctrl_c_keeps_what_was_saved_and_the_next_poll_goes_on(tmp_path: Path) -> None:
    root = make_course(tmp_path / "course", feed=URL)
    stop = end_at(12, KeyboardInterrupt, path="feedentry")
    replica = make_replica(20, page_size=50, starts_at=datetime.now(UTC), fault=stop)
    with talking_to(replica):
        stopped = run(root, "--poll")
        n_kept = len(json.loads(run(root, "--json").output))
        replica.requests.clear()
        run(root, "--poll")
    listed = json.loads(run(root, "--json").output)

    assert (stopped.exit_code, n_kept) == (130, 12)
    assert len(details(replica)) <= 10  # eight are left; one or two of the last page come again
    assert {one["id"]: one["title"] for one in listed} == replica.active()


def test_one_thing_at_a_time(tmp_path: Path) -> None:
    done = run(make_course(tmp_path / "course", feed=URL), "--poll", "--for", "ada")

    assert done.exit_code == 2
    assert "Choose one of" in done.output


def test_a_dry_import_tells_and_saves_nothing(tmp_path: Path) -> None:
    root = make_course(tmp_path / "course", feed=None)
    file = Path(__file__).parents[2] / "demo" / "openings.json"

    planned = json.loads(run(root, "--import", str(file), "--dry-run", "--json").stdout)
    listed = json.loads(run(root, "--json").output)
    done = run(root, "--import", str(file))

    assert (planned["problems"], listed) == ([], [])
    assert done.stdout.startswith(f"{planned['n_changed']} openings are new")


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_killed_program_is_made_up_for_by_the_next(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    pids: list[int] = []
    replica = make_replica(9, starts_at=datetime.now(UTC))
    hit = end_at(4, CrashError, path="feedentry")

    def kill_in_the_middle(path: str) -> Answer | None:
        try:
            return hit(path)
        except CrashError:
            os.kill(pids[0], number)
            return None

    replica.fault = kill_in_the_middle
    with served(replica) as url:
        root = make_course(tmp_path / "course", feed=url)
        command = [sys.executable, "-m", "skillmap", "--course", str(root), "openings", "--poll"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
            pids.append(program.pid)
            _, said = program.communicate(timeout=120)
        replica.stop(next(iter(replica.ads)))
        done = run(root, "--poll")
    listed = json.loads(run(root, "--json").output)

    assert program.returncode == code
    assert b"Traceback" not in said
    assert done.exit_code == 0
    assert {one["id"]: one["title"] for one in listed} == replica.active()
