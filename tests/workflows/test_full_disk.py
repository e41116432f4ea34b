"""A disk that fills up while a class is graded: a small file system, made and filled for it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from skillmap.errors import GradingError, StoreError
from skillmap.workflows.programme import Programme
from tests.grading.builders import RIGHT, released_course, submit
from tests.workflows.builders import doubles, points, run

pytestmark = pytest.mark.slow


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("making a small disk needs the right to mount one")
    yield tmp_path
    subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def fill(disk: Path, *, leave: int) -> Path:
    """Fill a disk but for `leave` bytes; remove the file to make room again."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        file.write(b"\0" * max(0, shutil.disk_usage(disk).free - leave))
    return filler


@pytest.mark.parametrize(
    "leave",
    [
        pytest.param(0, marks=pytest.mark.soak),
        pytest.param(20_000, marks=pytest.mark.soak),
        60_000,
        pytest.param(100_000, marks=pytest.mark.soak),
    ],
)
def test_a_full_disk_is_a_sentence_and_the_next_run_goes_on(
    small_disk: Path, tmp_path_factory: pytest.TempPathFactory, leave: int
) -> None:
    programme = Programme(released_course(small_disk / "course", tmp_path_factory))
    submit(programme.root, "ada", RIGHT, at="20 18:00")
    run(programme)
    submit(programme.root, "ben", RIGHT, at="20 19:00")
    filler = fill(small_disk, leave=leave)

    with pytest.raises((GradingError, StoreError), match=r"(?i)(disk|No space left).*again"):
        run(programme)
    filler.unlink()
    run(programme)

    assert doubles(programme) == [(1, 1.0), (1, 1.0)]
    assert [points(programme, learner) for learner in ("ada", "ben")] == [2.0, 2.0]
    assert os.listdir(small_disk) == ["course"]
