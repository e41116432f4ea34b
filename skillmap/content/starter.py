"""Copy the shipped content into a new course folder, for instructors to edit.

In: a folder's path. Out: the files written.
Law: nothing that exists is overwritten, and a copy that fails leaves nothing behind.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from skillmap.content.paths import shipped_content
from skillmap.errors import ContentError, StoreError

__all__ = ["copy_starter"]

PARTS = ("curriculum", "assessments", "notebooks")


def copy_starter(to: Path, *, shipped: Path | None = None) -> list[Path]:
    """Copy curriculum/, assessments/ and notebooks/ into `to`; return the files written, sorted.

    to: may exist, without these folders. shipped: instead of `shipped_content()`.
    Raises ContentError when one of the folders exists, StoreError when the disk refuses.
    """
    home = shipped or shipped_content()
    parts = [part for part in PARTS if (home / part).is_dir()]
    try:
        _refuse_to_overwrite(to, parts)
        _copy_all(home, to, parts)
    except OSError as error:
        raise StoreError(
            f"{to}: the course cannot be copied here: {error.strerror}. Nothing was changed;"
            " check the disk's space and your permissions, then run again."
        ) from error
    return sorted(file for part in parts for file in (to / part).rglob("*") if file.is_file())


def _refuse_to_overwrite(to: Path, parts: list[str]) -> None:
    if to.exists() and not to.is_dir():
        raise ContentError(f"{to}: this is a file. Name a folder for the course.")
    taken = [str(to / part) for part in parts if (to / part).exists()]
    if taken:
        raise ContentError(
            f"{', '.join(taken)}: exists already and is not overwritten."
            " Choose an empty folder, or move this away first."
        )


def _copy_all(home: Path, to: Path, parts: list[str]) -> None:
    is_new = not to.exists()
    to.mkdir(parents=True, exist_ok=True)
    try:
        # A draft inside `to` lies on the same disk, so that a part arrives whole or not at all.
        with TemporaryDirectory(dir=to, prefix=".skillmap-copy-") as draft:
            for part in parts:
                _copy(home / part, Path(draft) / part)
            _move_all(Path(draft), to, parts)
    finally:
        if is_new and not any(to.iterdir()):
            to.rmdir()


def _copy(source: Path, target: Path) -> None:
    """Copy the files' bytes, not their modes: an installed bundle may be read-only."""
    for file in _files(source):
        copy = target / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)


def _files(source: Path) -> Iterator[Path]:
    for file in sorted(source.rglob("*")):
        parts = file.relative_to(source).parts
        is_leftover = any(part.startswith(".") or part == "__pycache__" for part in parts)
        if file.is_file() and not is_leftover:
            yield file


def _move_all(draft: Path, to: Path, parts: list[str]) -> None:
    moved: list[str] = []
    try:
        for part in parts:
            (draft / part).rename(to / part)
            moved.append(part)
    except BaseException:
        for part in moved:
            (to / part).rename(draft / part)
        raise
