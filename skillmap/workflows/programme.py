"""A course folder, opened: settings, content, nbgrader and the database, each when asked for."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from skillmap.content import (
    ContentPaths,
    Settings,
    find_content,
    is_plain_course,
    load_course,
    read_settings,
)
from skillmap.errors import ContentError
from skillmap.model import Course
from skillmap.store import Database, open_database

if TYPE_CHECKING:
    from skillmap.grading import NbgraderCourse

__all__ = ["Programme"]

SIGNS_OF_A_COURSE = ("skillmap.toml", "nbgrader_config.py", "source", "gradebook.db", "submitted")


class Programme:
    """Everything a workflow needs of one course folder.

    Raises ContentError when the folder is no course. Importing nbgrader costs 2 s, so this module
    does it only when it is asked for what nbgrader knows.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        if not any((self.root / sign).exists() for sign in SIGNS_OF_A_COURSE):
            raise ContentError(
                f"{self.root}: this folder is no course (it has none of: "
                f"{', '.join(SIGNS_OF_A_COURSE)}). Make one with `skillmap init DIR`, "
                "or name the folder of your nbgrader course with --course DIR."
            )

    @cached_property
    def settings(self) -> Settings:
        """What skillmap.toml says, with defaults."""
        return read_settings(self.root)

    @cached_property
    def paths(self) -> ContentPaths:
        """Where the curriculum, assignments and lessons lie."""
        is_elsewhere = is_plain_course(self.root) and not (self.root / "source").is_dir()
        source = self.nbgrader.source("") if is_elsewhere else None
        return find_content(self.root, source_dir=source)

    @cached_property
    def course(self) -> Course:
        """The curriculum with its skills and items."""
        return load_course(self.paths)

    @cached_property
    def nbgrader(self) -> "NbgraderCourse":
        """nbgrader's view of the same folder."""
        from skillmap.grading import open_course

        return open_course(self.root)

    @cached_property
    def database(self) -> Database:
        """Our own database, made or brought up to date."""
        return open_database(self.settings.database)

    def assignments(self) -> list[str]:
        """Names of all assignments, released or not."""
        from skillmap.grading import known_assignments

        return known_assignments(self.nbgrader)

    def source_assignments(self) -> list[str]:
        """Names of the assignments that can be released."""
        from skillmap.grading import source_assignments

        return source_assignments(self.nbgrader)
