"""Start a programme: a course folder with the starter content, ready for plain nbgrader, too."""

import re
from pathlib import Path

from skillmap.content import copy_starter
from skillmap.errors import ContentError
from skillmap.workflows.programme import Programme

__all__ = ["start_programme"]

NBGRADER_CONFIG = '''\
"""nbgrader's settings; `skillmap` and every nbgrader command in this folder read them."""

import os

here = os.path.dirname(os.path.abspath(__file__))
c = get_config()  # noqa: F821 (nbgrader puts it there)
c.CourseDirectory.course_id = "{course_id}"
c.CourseDirectory.source_directory = os.path.join("assessments", "source")
c.Exchange.root = os.path.join(here, "exchange")
'''
SETTINGS = """\
# Settings of this programme. The course id and the exchange stand in nbgrader_config.py.
database = "sqlite:///skillmap.db"  # or postgresql+psycopg://user@host/name
# openings_feed = "https://…"  # follow a public feed of openings; docs/how-to/run-a-cohort.md
"""


def start_programme(root: Path, *, course_id: str) -> Programme:
    """Make `root` a course folder with the starter content.

    Raises ContentError when it holds a course already, or when the id would not do for a folder.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", course_id):
        raise ContentError(
            f"Course id {course_id!r}: use letters, digits, '.', '_' and '-' only; "
            "it becomes the name of a folder."
        )
    copy_starter(root)
    (root / "exchange").mkdir()
    (root / "nbgrader_config.py").write_text(
        NBGRADER_CONFIG.format(course_id=course_id), encoding="utf-8"
    )
    (root / "skillmap.toml").write_text(SETTINGS, encoding="utf-8")
    return Programme(root)
