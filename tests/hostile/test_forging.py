"""Every forging fixture is an attack: with the tests in the learner's process, it gets points."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.grading.builders import make_notebook
from tests.hostile import shared_kernel
from tests.hostile.course import DATA, RIGHT, answered_notebook, find_cell, plain_cell
from tests.hostile.expectations import NOT_FORGED, POINTS, Hostile
from tests.hostile.forging import FORGING
from tests.hostile.places import Places

pytestmark = pytest.mark.slow

HONEST = Hostile(name="honest", klass="forging")
NOTHING = Hostile(
    name="nothing", klass="forging", answers=dict.fromkeys(RIGHT, "raise NotImplementedError")
)
LIMIT_S = 240
OF_MAIN = {grade_id: points for grade_id, points in POINTS.items() if grade_id != "greet_test"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Mapping[str, float]]:
    """Points by fixture and grade_id, where nothing stands between learner and test."""
    root = tmp_path_factory.mktemp("shared")
    places = Places(root=root, home=root / "home", outside=root / "outside")
    places.outside.mkdir()
    source = root / "source" / "h1"
    source.mkdir(parents=True)
    (source / "main.ipynb").write_text(make_notebook(*answered_notebook()["cells"]))
    for hostile in (HONEST, NOTHING, *FORGING):
        _lay(root / "runs" / hostile.name, hostile, places)
    done = subprocess.run(
        [sys.executable, shared_kernel.__file__, str(root / "runs")],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=True,
        env={**os.environ, "HOME": str(root), "IPYTHONDIR": str(root / "ipython")},
    )
    return json.loads(done.stdout)


def _lay(folder: Path, hostile: Hostile, places: Places) -> None:
    folder.mkdir(parents=True)
    notebook = answered_notebook()
    for grade_id, text in hostile.answers.items():
        if grade_id != "greet":
            find_cell(notebook, grade_id)["source"] = places.fill(text)
    notebook["cells"].insert(0, plain_cell(places.fill(hostile.first)))
    (folder / "main.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (folder / "data.csv").write_text(DATA, encoding="utf-8")


def test_an_honest_notebook_gets_all_points(shared: Mapping[str, Mapping[str, float]]) -> None:
    assert shared["honest"] == OF_MAIN


def test_a_notebook_without_answers_gets_none(shared: Mapping[str, Mapping[str, float]]) -> None:
    assert shared["nothing"] == dict.fromkeys(OF_MAIN, 0.0)


@pytest.mark.parametrize("hostile", FORGING, ids=lambda hostile: hostile.name)
def test_the_attack_is_real(shared: Mapping[str, Mapping[str, float]], hostile: Hostile) -> None:
    lies = [grade_id for grade_id, wanted in hostile.expected.items() if wanted == NOT_FORGED]

    found = shared[hostile.name]

    assert lies
    assert all(found.get(grade_id, 0) > 0 for grade_id in lies)


@pytest.mark.parametrize("hostile", FORGING, ids=lambda hostile: hostile.name)
def test_it_attacks_only_the_cells_it_names(
    shared: Mapping[str, Mapping[str, float]], hostile: Hostile
) -> None:
    others = {g: points for g, points in OF_MAIN.items() if hostile.expected[g] != NOT_FORGED}

    found = shared[hostile.name]

    assert {grade_id: found.get(grade_id) for grade_id in others} == others
