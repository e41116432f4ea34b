"""Read the course folder's settings, `skillmap.toml`.

In: the course folder. Out: Settings, with a default for each key.
Law: a file that does not exist means defaults; an unknown key is refused by its name. The course id
and the exchange are nbgrader's own settings and stand in nbgrader_config.py alone.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from skillmap.content.people_tables import LanguageCode
from skillmap.content.problems import raise_errors
from skillmap.content.tables import Text
from skillmap.content.toml_files import Table, read_table

__all__ = ["Settings", "read_settings"]

SQLITE = "sqlite:///"
# Unencrypted for this machine only: nobody listens on the way there.
FEED = re.compile(
    r"(?:https://[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*|http://127\.0\.0\.1)"
    r"(?::([0-9]{1,5}))?(?:/[a-z0-9._~/-]*)?",
    re.IGNORECASE,
)
HIGHEST_PORT = 65_535


def _feed_address(url: str) -> str:
    found = FEED.fullmatch(url)
    if not found or int(found[1] or 0) > HIGHEST_PORT:
        # The address is not repeated here: it may hold a password.
        raise ValueError(
            "a feed's address is https://host (or http://127.0.0.1), with at most a port and a path"
        )
    return url.rstrip("/")


FeedAddress = Annotated[str, AfterValidator(_feed_address)]


class SettingsFile(Table):
    """skillmap.toml."""

    database: Text = f"{SQLITE}skillmap.db"
    """address of our own database; a relative path is meant from the course folder"""
    openings_feed: FeedAddress | None = None
    """address of the public feed of openings; without it nothing is asked over the network"""
    language: LanguageCode = "en"
    """language in which assignments are released"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What holds for one course folder. database: the URL of our own database.

    openings_feed: the base address of the feed, without a slash at its end; None asks no feed.
    language: the one in which assignments are released, unless another is asked for.
    """

    database: str
    openings_feed: str | None = None
    language: str = "en"


def read_settings(root: Path) -> Settings:
    """Read `root/skillmap.toml`; raise ContentError with one line for each problem in it.

    The path of an SQLite database may be relative to `root`.
    """
    root = root.resolve()
    file = root / "skillmap.toml"
    table, problems = read_table(file, SettingsFile) if file.exists() else (None, [])
    raise_errors(problems)
    table = table or SettingsFile()
    return Settings(
        database=_database(root, table.database),
        openings_feed=table.openings_feed,
        language=table.language,
    )


def _database(root: Path, url: str) -> str:
    path = url.removeprefix(SQLITE)
    if path == url or path in ("", ":memory:") or Path(path).is_absolute():
        return url
    return f"{SQLITE}{(root / path).as_posix()}"
