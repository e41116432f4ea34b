import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from nbgrader.utils import parse_utc

from skillmap.grading.times import as_stamp, newest_change, parse_time, read_time

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_stamp_is_read_back_as_it_was_written(when: datetime) -> None:
    assert parse_time(as_stamp(when)) == when


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20 12:00:00.000000 UTC",
        "2026-11-20 12:00:00 UTC",
        "2026-11-20 13:00:00 +0100",
        "2026-11-20T12:00:00Z",
        "20 November 2026 12:00:00",
    ],
)
def test_what_nbgrader_reads_is_read_alike(text: str) -> None:
    assert parse_time(text) == parse_utc(text).replace(tzinfo=UTC)


@given(st.text() | st.text("0123456789-:+. TZ", max_size=40))
@example("7")
@example("99999999999999999999")
@example("2026-11-20 18:00:00 99999999999999999")
@example("0001-01-01 00:00:00 +50000")
@example("2026-11-20 18:00 XYZ")
@example("2026-11")
def test_any_text_is_a_time_or_none(text: str) -> None:
    parsed = parse_time(text)

    assert parsed is None or parsed.tzinfo is UTC


@pytest.mark.parametrize("text", ["7", "12:30", "Friday", "11-20", "2026"])
def test_a_part_of_a_date_is_no_time_since_today_would_fill_it_in(text: str) -> None:
    assert parse_time(text) is None


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"soon", b"2026-11-20 12:00 UTC" * 50])
def test_a_timestamp_file_with_something_else_holds_no_time(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "timestamp.txt").write_bytes(content)

    assert read_time(tmp_path) is None


def test_a_pipe_in_place_of_the_timestamp_blocks_nobody(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "timestamp.txt")

    assert read_time(tmp_path) is None


@pytest.mark.parametrize("seconds", [-(1 << 40), 0, 1 << 33, 1 << 40])
def test_any_date_of_a_file_gives_a_time(tmp_path: Path, seconds: int) -> None:
    file = tmp_path / "one.ipynb"
    file.touch()
    os.utime(file, (seconds, seconds))

    assert newest_change(tmp_path, [file]).tzinfo is UTC
    assert newest_change(tmp_path, [tmp_path / "gone"]) < NOON - timedelta(days=1)
