import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmap.catalog import FeedStep, NavFeed
from skillmap.model import FeedCursor, Opening
from tests.catalog.builders import NOW, SKILLS, Mirror, make_feed
from tests.catalog.nav_replica import Answer, NavReplica, served


def make_replica(n_ads: int = 0, *, page_size: int = 3, **options: object) -> NavReplica:
    replica = NavReplica(page_size=page_size, **options)
    for n in range(n_ads):
        replica.publish(f"ad {n}", f"Title {n}")
    return replica


def fail_times(n: int, path: str, answer: Answer | None) -> object:
    """Answer the first n requests below a path wrongly; None breaks the connection."""
    left = iter(range(n))

    def fault(asked: str) -> Answer | None:
        if path in asked and next(left, None) is not None:
            if answer is None:
                raise ConnectionResetError
            return answer
        return None

    return fault


@pytest.mark.parametrize("n_ads", range(9))
def test_the_first_poll_brings_every_active_ad(n_ads: int) -> None:
    replica = make_replica(n_ads)
    mirror = Mirror(make_feed(replica))

    mirror.poll()

    assert mirror.titles() == replica.active()
    assert mirror.problems == ()


def read_all(replica: NavReplica, **options: Any) -> tuple[list[Opening], list[str]]:
    """Openings and problems of a first poll."""
    steps = list(make_feed(replica, **options).poll(FeedCursor()))
    openings = [opening for step in steps for opening in step.openings]
    return openings, [problem for step in steps for problem in step.problems]


def test_an_empty_feed_is_read_and_asked_from_the_start_again() -> None:
    steps = list(make_feed(make_replica()).poll(FeedCursor()))

    assert steps == [FeedStep(cursor=FeedCursor())]


def test_the_last_state_within_a_page_wins() -> None:
    replica = make_replica(1, page_size=10)
    uuid = next(iter(replica.ads))
    replica.stop(uuid)
    replica.publish("another", "Another")
    replica.publish("another", "Another, changed")

    openings, _ = read_all(replica)

    assert [(one.title, one.is_active) for one in openings] == [
        ("", False),
        ("Another, changed", True),
    ]


def test_an_entry_behind_a_last_page_is_found_although_its_tag_stays_the_same() -> None:
    replica = make_replica(2, page_size=10)
    mirror = Mirror(make_feed(replica))
    mirror.poll()

    replica.publish("late", "Late")
    mirror.poll()

    assert mirror.titles() == replica.active()


def test_the_replica_has_the_trap_of_the_unchanged_tag() -> None:
    replica = make_replica(2, page_size=10)
    headers = {"authorization": f"Bearer {replica.token}"}
    before = replica.answer("/api/v1/feed", headers)

    replica.publish("late", "Late")
    after = replica.answer("/api/v1/feed", headers)
    again = replica.answer("/api/v1/feed", {**headers, "if-none-match": before.headers["ETag"]})

    assert before.headers["ETag"] == after.headers["ETag"]
    assert json.loads(before.body)["next_url"] is None
    assert json.loads(after.body)["next_url"] is not None
    assert again.status == 304


def test_the_first_poll_asks_for_six_months() -> None:
    replica = make_replica(2, starts_at=NOW - timedelta(days=400))
    replica.now = NOW - timedelta(days=2)
    young = replica.publish("young", "Young")

    mirror = Mirror(make_feed(replica))
    mirror.poll()

    assert list(mirror.titles()) == [young]


def test_a_stopped_ad_is_gone_after_the_next_poll() -> None:
    replica = make_replica(4)
    mirror = Mirror(make_feed(replica))
    mirror.poll()

    replica.stop(next(iter(replica.ads)))
    mirror.poll()

    assert mirror.titles() == replica.active()


def test_an_ad_that_the_feed_does_not_show_is_inactive() -> None:
    replica = make_replica(1)
    uuid = next(iter(replica.ads))
    replica.ads[uuid].is_finn = True

    openings, _ = read_all(replica)

    assert [(one.id, one.is_active) for one in openings] == [(uuid, False)]


@pytest.mark.parametrize("answer", [None, Answer(status=500), Answer(status=429)])
@pytest.mark.parametrize("path", ["publicToken", "/feed", "/feedentry/"])
def test_a_passing_fault_is_tried_again_with_growing_pauses(
    answer: Answer | None, path: str
) -> None:
    replica = make_replica(2, fault=fail_times(3, path, answer))
    naps: list[float] = []
    mirror = Mirror(make_feed(replica, naps=naps))

    mirror.poll()

    assert mirror.titles() == replica.active()
    assert naps == [2.0, 4.0, 8.0]


def test_the_feed_s_own_wish_for_a_pause_is_kept_up_to_a_minute() -> None:
    busy = Answer(status=503, headers={"Retry-After": "3600"})
    naps: list[float] = []

    read_all(make_replica(1, fault=fail_times(1, "/feed", busy)), naps=naps)

    assert naps == [60.0]


def test_a_detail_that_cannot_be_had_stays_pending_until_it_can() -> None:
    replica = make_replica(3)
    unlucky = list(replica.ads)[1]
    replica.fault = fail_times(4, unlucky, Answer(status=502))
    mirror = Mirror(make_feed(replica))

    mirror.poll()
    assert mirror.cursor.pending == (unlucky,)
    assert unlucky not in mirror.shown
    assert "in 4 tries: status 502" in mirror.problems[0]

    mirror.poll()
    assert mirror.titles() == replica.active()
    assert mirror.cursor.pending == ()


def test_a_page_that_cannot_be_had_is_read_at_the_next_poll() -> None:
    replica = make_replica(9)
    second = replica.log[2].id
    replica.fault = fail_times(4, second, None)
    mirror = Mirror(make_feed(replica))

    mirror.poll()
    assert mirror.cursor.page == f"/api/v1/feed/{second}"

    mirror.poll()
    assert mirror.titles() == replica.active()


def test_when_details_fail_in_a_row_the_rest_waits() -> None:
    replica = make_replica(20, page_size=50)
    replica.fault = fail_times(10_000, "/feedentry/", Answer(status=500))
    mirror = Mirror(make_feed(replica))

    mirror.poll()

    assert len(mirror.cursor.pending) == 20
    assert len([one for one in replica.requests if "/feedentry/" in one]) == 12


def test_a_page_that_stays_broken_does_not_keep_the_details_waiting() -> None:
    replica = make_replica(9)
    replica.fault = fail_times(10_000, replica.log[4].id, Answer(status=500))
    mirror = Mirror(make_feed(replica))

    mirror.poll()

    assert len(mirror.shown) == 5
    assert mirror.cursor.pending == ()


def test_after_a_page_one_detail_shows_that_the_feed_is_down() -> None:
    replica = make_replica(9)
    replica.fault = lambda path: None if "Token" in path else Answer(status=503)
    mirror = Mirror(make_feed(replica), FeedCursor(pending=tuple(replica.ads)))

    mirror.poll()

    assert len(mirror.problems) == 2
    assert set(mirror.cursor.pending) == set(replica.ads)


def test_ads_that_stay_broken_do_not_stop_the_others_for_long() -> None:
    replica = make_replica(20, page_size=50)
    broken = list(replica.ads)[12:17]
    replica.fault = lambda path: Answer(status=500) if path.rpartition("/")[2] in broken else None
    mirror = Mirror(make_feed(replica))

    for _ in range(3):
        mirror.poll()

    assert len(mirror.shown) == 15
    assert set(mirror.cursor.pending) == set(broken)


def test_the_newest_ads_come_first() -> None:
    replica = make_replica(6)

    openings, _ = read_all(replica)

    assert [one.title for one in openings] == [f"Title {n}" for n in (5, 4, 3, 2, 1, 0)]


@pytest.mark.parametrize("n_steps", range(1, 12))
def test_a_poll_that_is_cut_off_after_any_step_is_made_up_for(n_steps: int) -> None:
    replica = make_replica(8)
    replica.stop(next(iter(replica.ads)))
    mirror = Mirror(make_feed(replica))

    mirror.poll(n_steps=n_steps)
    mirror.poll()

    assert mirror.titles() == replica.active()


def test_withdrawn_ads_go_even_when_no_detail_can_be_had() -> None:
    replica = make_replica(4)
    mirror = Mirror(make_feed(replica))
    mirror.poll()

    replica.stop(next(iter(replica.ads)))
    replica.fault = fail_times(10_000, "/feedentry/", Answer(status=500))
    mirror.poll()

    assert mirror.titles() == replica.active()


def test_a_refused_token_is_renewed_once() -> None:
    replica = make_replica(2)
    mirror = Mirror(make_feed(replica))
    mirror.poll()
    replica.n_tokens += 1
    replica.publish("late", "Late")

    mirror.poll()

    assert mirror.titles() == replica.active()
    assert replica.requests.count("/api/publicToken") == 2


def test_a_feed_that_refuses_every_token_is_left_alone_for_half_an_hour() -> None:
    replica = make_replica(2)
    replica.refuses_everything = True
    now = [NOW]
    mirror = Mirror(make_feed(replica, clock=lambda: now[0]))

    mirror.poll()
    n_requests = len(replica.requests)
    mirror.feed = make_feed(replica, clock=lambda: now[0])
    mirror.poll()
    assert n_requests == len(replica.requests) == 4
    assert "refused our token" in mirror.problems[0]

    replica.refuses_everything = False
    now[0] += timedelta(minutes=31)
    mirror.poll()
    assert mirror.titles() == replica.active()


def test_a_private_token_that_is_refused_is_not_replaced_by_the_public_one() -> None:
    replica = make_replica(1)

    _, problems = read_all(replica, token="eyJ.private")

    assert "refuses our token" in problems[0]
    assert "/api/publicToken" not in replica.requests


def test_a_page_that_the_feed_no_longer_knows_starts_the_walk_again() -> None:
    replica = make_replica(5)
    lost = FeedCursor(page="/api/v1/feed/00000000-0000-0000-0000-000000000000")
    mirror = Mirror(make_feed(replica), lost)

    mirror.poll()

    assert mirror.titles() == replica.active()
    assert "no longer knows" in mirror.problems[0]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"<html>", "is no JSON"),
        (b"[]", "cannot be read"),
        (b'{"items": []}', "id: Field required"),
        (b'{"id": "a", "items": [1, {"id": "b"}]}', "item of the feed cannot be read"),
        (b'{"id": "a", "next_url": "https://other.example.org/x"}', "next_url"),
        (b'{"id": "a", "next_url": "/api/v1/feed/a"}', "in a circle"),
        (b'{"id": "\\u0001?#/", "items": [1]}', "item of the feed cannot be read"),
    ],
)
def test_a_broken_page_is_a_problem_and_no_crash(body: bytes, problem: str) -> None:
    replica = make_replica(
        1, fault=lambda path: Answer(status=200, body=body) if "v1" in path else None
    )

    mirror = Mirror(make_feed(replica))
    mirror.poll()
    mirror.poll()

    assert any(problem in one for one in mirror.problems)


@pytest.mark.parametrize("body", [b'{"uuid": "x", "status": "INACTIVE"}', b"[]"])
def test_a_broken_detail_is_a_problem_and_no_crash(body: bytes) -> None:
    broken = Answer(status=200, body=body)
    replica = make_replica(1, fault=lambda path: broken if "feedentry" in path else None)

    openings, problems = read_all(replica)

    assert openings == []
    assert len(problems) == 1


EVENTS = st.lists(
    st.lists(st.tuples(st.sampled_from(["publish", "stop"]), st.integers(0, 7)), max_size=9),
    max_size=6,
)


def apply(replica: NavReplica, events: list[tuple[str, int]], version: Iterator[int]) -> None:
    for kind, n in events:
        uuids = list(replica.ads)
        if kind == "stop" and n < len(uuids):
            replica.stop(uuids[n])
        else:
            replica.publish(f"ad {n}", f"Title {n}, version {next(version)}")


@settings(max_examples=60, deadline=None)
@given(
    batches=EVENTS,
    page_size=st.integers(2, 6),
    faults=st.lists(st.sampled_from(["", "", "", "broken", "500", "401"]), max_size=60),
)
def test_no_ad_is_missed_dead_or_doubled_whatever_happens(
    batches: list[list[tuple[str, int]]], page_size: int, faults: list[str]
) -> None:
    left = iter(faults)

    def fault(path: str) -> Answer | None:
        match next(left, ""):
            case "broken":
                raise ConnectionResetError
            case "":
                return None
            case status:
                return Answer(status=int(status))

    now = [NOW]
    replica = NavReplica(page_size=page_size)
    mirror = Mirror(make_feed(replica, clock=lambda: now[0]))
    version = iter(range(10_000))
    for batch in batches:
        apply(replica, batch, version)
        replica.fault = fault
        mirror.poll()
        now[0] += timedelta(hours=1)
        replica.fault = None
        mirror.poll()
        now[0] += timedelta(hours=1)

        assert mirror.titles() == replica.active()
    assert mirror.n_repeated == 0


@pytest.mark.slow
def test_the_feed_is_read_over_a_real_connection() -> None:
    replica = make_replica(12)
    with served(replica) as url:
        feed = NavFeed(skills=SKILLS, clock=lambda: NOW, sleep=lambda s: None, base_url=url)
        with feed:
            mirror = Mirror(feed)
            mirror.poll()
            replica.stop(next(iter(replica.ads)))
            mirror.poll()

    assert mirror.titles() == replica.active()
    assert mirror.problems == ()


@pytest.mark.slow
def test_a_broken_connection_is_tried_again() -> None:
    replica = make_replica(3, fault=fail_times(2, "/feedentry/", None))
    naps: list[float] = []
    with served(replica) as url:
        feed = NavFeed(skills=SKILLS, clock=lambda: NOW, sleep=naps.append, base_url=url)
        with feed:
            mirror = Mirror(feed)
            mirror.poll()

    assert mirror.titles() == replica.active()
    assert naps == [2.0, 4.0]


@pytest.mark.slow
def test_reading_files_does_not_pay_for_http() -> None:
    code = "import sys, skillmap.catalog; sys.exit('httpx' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_nobody_s_contact_data_leaves_the_parser() -> None:
    openings, _ = read_all(make_replica(1))

    assert "kari" not in repr(openings).lower()
