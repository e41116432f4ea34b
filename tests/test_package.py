"""The wheel brings everything: content, catalogues, templates, migrations."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    [wheel] = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(out / "site")
    return out / "site"


@pytest.mark.parametrize(
    "name",
    [
        "_bundled/curriculum/skills.toml",
        "_bundled/assessments/source/python-1-values/values.ipynb",
        "_bundled/assessments/blueprints/pandas-3-groups.toml",
        "_bundled/demo/openings.json",
        "_bundled/notebooks/python/values.ipynb",
        "web/messages/nb.po",
        "web/templates/base.html",
        "web/static/style.css",
        "store/migrations/env.py",
    ],
)
def test_the_wheel_holds(unpacked: Path, name: str) -> None:
    assert (unpacked / "skillmap" / name).is_file()


def test_a_course_can_be_started_from_the_wheel_alone(unpacked: Path, tmp_path: Path) -> None:
    course = tmp_path / "course"
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}

    made = subprocess.run(
        [sys.executable, "-P", "-m", "skillmap", "init", str(course), "--id", "spring"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    checked = subprocess.run(
        [sys.executable, "-P", "-m", "skillmap", "--course", str(course), "check"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert made.returncode == 0, made.stderr
    assert " assignments." in made.stdout
    assert checked.returncode == 0, checked.stdout
