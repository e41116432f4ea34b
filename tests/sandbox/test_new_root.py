"""The file system of a box, wherever Python itself lies."""

import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SCRIPT = """\
from skillmap.sandbox import Limits, open_sandbox
CELL = "import tempfile\\nprint(tempfile.TemporaryFile().write(b'abc'))"
with open_sandbox() as sandbox:
    box = sandbox.gate.open_box(Limits())
    print(next(box.run([(CELL, False)])))
    box.close()
"""


def test_regression_python_below_the_folder_of_temporary_files(tmp_path: Path) -> None:
    place = tmp_path / "venv"
    if not str(place).startswith("/tmp/"):
        pytest.skip("temporary files lie elsewhere on this machine")
    venv.create(place, symlinks=True)
    [packages] = place.glob("lib/python*/site-packages")
    lines = [*site.getsitepackages(), str(Path(__file__).parents[2])]
    (packages / "ours.pth").write_text("\n".join(lines), encoding="utf-8")

    done = subprocess.run(
        [place / "bin" / Path(sys.executable).name, "-c", SCRIPT],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "'text': '3\\n'" in done.stdout
