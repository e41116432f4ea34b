"""The folder with a learner's graded notebooks, where formgrader and feedback look for it.

Law: whole, or as it was before. It can be made again from the submission at any time.
"""

import os
import shutil
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde

from skillmap.grading.course import NbgraderCourse
from skillmap.grading.files import notebooks_in

__all__ = ["permissions", "write_graded"]


def permissions(course: NbgraderCourse) -> int:
    """Return the mode that the course wants its graded files to have."""
    app: Any = Autograde(coursedir=course.api.coursedir, parent=course.api)
    return int(str(app.permissions), 8)  # nbgrader writes 0o444 as 444


def write_graded(
    course: NbgraderCourse,
    assignment: str,
    learner: str,
    contents: Mapping[str, bytes],
    *,
    mode: int,
) -> None:
    """Write files by relative path in the place of those of an earlier attempt.

    Notebooks of that one which c.CourseDirectory.notebook_id leaves out stay. mode: of the files.
    Raises GradingError when the disk refuses.
    """
    folder = course.autograded(learner, assignment)
    new, old = (folder.with_name(f".{folder.name}.{name}") for name in ("new", "old"))
    is_shared = bool(course.api.coursedir.groupshared)
    try:
        for left_over in (new, old):
            shutil.rmtree(left_over, ignore_errors=True)
        new.mkdir(parents=True)
        for name, content in {**_left_out(course, folder), **contents}.items():
            _write(new / name, content, mode)
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
        if is_shared:
            for one in (folder, folder.parent):
                one.chmod(one.stat().st_mode & 0o2777 | 0o2770)
        if old.exists():
            shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise course.refusal(error) or error from error


def _left_out(course: NbgraderCourse, folder: Path) -> dict[str, bytes]:
    wanted = str(course.api.coursedir.notebook_id)
    names = [] if wanted == "*" else [n for n in notebooks_in(folder) if not fnmatch(n, wanted)]
    return {f"{name}.ipynb": (folder / f"{name}.ipynb").read_bytes() for name in names}


def _write(path: Path, content: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        os.fchmod(file.fileno(), mode)
