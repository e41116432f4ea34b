import re
from pathlib import Path

import pytest

from skillmap.content import read_settings
from skillmap.errors import ContentError
from tests.content.builders import write


def test_without_a_file_the_database_lies_in_the_course_folder(tmp_path: Path) -> None:
    assert read_settings(tmp_path).database == f"sqlite:///{tmp_path}/skillmap.db"


def test_another_database_may_be_named(tmp_path: Path) -> None:
    write(tmp_path / "skillmap.toml", 'database = "postgresql://db/skillmap"\n')

    assert read_settings(tmp_path).database == "postgresql://db/skillmap"


def test_a_relative_path_is_meant_from_the_course_folder(tmp_path: Path) -> None:
    write(tmp_path / "skillmap.toml", 'database = "sqlite:///data/x.db"\n')

    assert read_settings(tmp_path).database == f"sqlite:///{tmp_path}/data/x.db"


@pytest.mark.parametrize("url", ["sqlite:////srv/x.db", "sqlite://", "sqlite:///:memory:"])
def test_a_database_that_needs_no_folder_stays_as_it_is(tmp_path: Path, url: str) -> None:
    write(tmp_path / "skillmap.toml", f'database = "{url}"\n')

    assert read_settings(tmp_path).database == url


def test_no_feed_is_named_by_default(tmp_path: Path) -> None:
    assert read_settings(tmp_path).openings_feed is None


@pytest.mark.parametrize(
    "url",
    ["https://feed.example.org", "https://feed.example.org:8443/a/b", "http://127.0.0.1:8099"],
)
def test_a_feed_is_named_by_its_address(tmp_path: Path, url: str) -> None:
    write(tmp_path / "skillmap.toml", f'openings_feed = "{url}/"\n')

    assert read_settings(tmp_path).openings_feed == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feed.example.org",
        "http://feed.example.org",
        "http://127.0.0.1.example.org",
        "http://localhost:8099",
        "ftp://feed.example.org",
        "https://",
        "https://feed..example.org",
        "https://feed.example.org:99999",
        "https://feed.example.org?last",
        "https://ada:secret@feed.example.org",
        "https://feed.example.org/a b",
        "https://feed.example.org/\\n",
    ],
)
def test_a_feed_is_asked_over_a_safe_line_only(tmp_path: Path, url: str) -> None:
    write(tmp_path / "skillmap.toml", f'openings_feed = "{url}"\n')

    with pytest.raises(ContentError, match="openings_feed: a feed's address is https://") as told:
        read_settings(tmp_path)

    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("databse = 'x'", "skillmap.toml: unknown key 'databse' (Did you mean 'database'?)"),
        ("database = 3", "database"),
        ("database =", "skillmap.toml:1: is not valid TOML"),
    ],
)
def test_what_cannot_be_is_told(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path / "skillmap.toml", text)

    with pytest.raises(ContentError, match=re.escape(message)):
        read_settings(tmp_path)
