"""Read the course folder's settings, `skillmap.toml`.

In: the course folder. Out: Settings, with a default for each key.
Law: a file that does not exist means defaults; an unknown key is refused by its name. The course id
and the exchange are nbgrader's own settings and stand in nbgrader_config.py alone.
"""

from dataclasses import dataclass
from pathlib import Path

from skillmap.content.problems import raise_errors
from skillmap.content.tables import Text
from skillmap.content.toml_files import Table, read_table

__all__ = ["Settings", "read_settings"]

SQLITE = "sqlite:///"


class SettingsFile(Table):
    """skillmap.toml."""

    database: Text = f"{SQLITE}skillmap.db"
    """address of our own database; a relative path is meant from the course folder"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What holds for one course folder. database: the URL of our own database."""

    database: str


def read_settings(root: Path) -> Settings:
    """Read `root/skillmap.toml`; raise ContentError with one line for each problem in it.

    The path of an SQLite database may be relative to `root`.
    """
    root = root.resolve()
    file = root / "skillmap.toml"
    table, problems = read_table(file, SettingsFile) if file.exists() else (None, [])
    raise_errors(problems)
    return Settings(database=_database(root, (table or SettingsFile()).database))


def _database(root: Path, url: str) -> str:
    path = url.removeprefix(SQLITE)
    if path == url or path in ("", ":memory:") or Path(path).is_absolute():
        return url
    return f"{SQLITE}{(root / path).as_posix()}"
