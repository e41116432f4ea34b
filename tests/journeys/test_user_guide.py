"""nbgrader's own example course, graded by our command and by nbgrader's, compared cell by cell."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.grading.builders import copy_user_guide
from tests.grading.gradebooks import all_rows

pytestmark = pytest.mark.slow

SCRIPTS = Path(sys.executable).parent
EXPECTED = {"bitdiddle": 1.5, "hacker": 3.0}  # docs/source/user_guide/grades.csv of nbgrader


def command(name: str, *args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    path = f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [str(SCRIPTS / name), *args],
        cwd=cwd,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def test_the_gradebook_equals_nbgrader_s_cell_by_cell(tmp_path: Path) -> None:
    ours = copy_user_guide(tmp_path / "ours")
    theirs = copy_user_guide(tmp_path / "theirs")

    graded = command("skillmap", "--course", str(ours), "grade", "ps1", cwd=tmp_path)
    command("nbgrader", "generate_assignment", "ps1", cwd=theirs)
    command("nbgrader", "autograde", "ps1", cwd=theirs)

    assert graded.returncode == 0, graded.stderr
    assert "2 graded, 0 not graded" in graded.stdout
    rows = all_rows(ours / "gradebook.db")
    assert rows == all_rows(theirs / "gradebook.db")
    totals: dict[object, float] = {}
    for learner, _, _, _, auto, *_ in rows["grades"]:
        totals[learner] = totals.get(learner, 0.0) + float(str(auto or 0))
    assert totals == EXPECTED


def test_grading_leaves_no_file_of_ours_among_the_instructor_s(tmp_path: Path) -> None:
    course = copy_user_guide(tmp_path / "course")

    command("skillmap", "--course", str(course), "grade", "ps1", "--dry-run", cwd=tmp_path)

    made = {path.name for path in course.iterdir()} - {"source", "submitted"}
    assert made <= {"gradebook.db", "skillmap.db", "skillmap.db-wal", "skillmap.db-shm"}
