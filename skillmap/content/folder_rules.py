"""Find files below an assignment's folder that learners must not get.

In: nbgrader's source folder. Out: Problems, one for each stray file or hidden folder.
Law: nbgrader releases every extra file of an assignment, hidden folders too, except those of its
own ignore list.
"""

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from skillmap.content.notebooks import list_assignments, list_notebooks
from skillmap.content.problems import Problem

__all__ = ["judge_folders"]

IGNORED = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback")  # nbgrader 0.9.6's default
TEACHERS_WORDS = {"solution", "solutions", "blueprint", "blueprints", "fasit", "answers"}
TEACHERS_FILES = {"design.md", "design.txt"}


def judge_folders(source: Path) -> Iterator[Problem]:
    """Judge every assignment's folder."""
    for folder in list_assignments(source):
        if "+" in folder.name:
            message = "nbgrader refuses '+' in the name of an assignment"
            yield Problem(file=str(folder), place="", message=message, hint="rename the folder")
        if not list_notebooks(folder):
            message = "the assignment has no notebook"
            yield Problem(file=str(folder), place="", message=message, severity="warning")
        for path in _strays(folder):
            yield Problem(
                file=str(path),
                place="",
                message="nbgrader would give this to learners",
                hint="keep what is for instructors outside the source folder",
            )


def _strays(folder: Path) -> Iterator[Path]:
    """Walk down; do not enter what is ignored or reported already."""
    for path in sorted(folder.glob("*")):
        if any(fnmatch(path.name, pattern) for pattern in IGNORED):
            continue
        if _is_for_teachers(path.name):
            yield path
        elif path.is_dir() and not path.is_symlink():
            yield from _strays(path)


def _is_for_teachers(name: str) -> bool:
    words = set(re.split(r"[\W\d_]+", name.lower()))
    is_named_so = name.lower() in TEACHERS_FILES or bool(words & TEACHERS_WORDS)
    return name.startswith(".") or name.endswith(".toml") or is_named_so
