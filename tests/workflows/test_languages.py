"""A class in bokmål: what is handed out, graded and told, and a learner who reads English."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from skillmap.content.catalogues import fingerprint
from skillmap.grading import released_language
from skillmap.workflows.hand_out import notebooks_to_release, release_assignments
from skillmap.workflows.programme import Programme
from tests.grading.builders import SOLUTION, WRONG, add_assignment, make_cell, submit
from tests.workflows.builders import run, silent

pytestmark = pytest.mark.slow

TASK = {"cell_type": "markdown", "id": "task", "metadata": {}, "source": "Double it."}
GAVE, GA = "{call} gave {got!r}", "{call} ga {got!r}"
TEST = "assert double(3) == 6, MESSAGES['gave'].format(call='double(3)', got=double(3))"
CATALOGUE = f"""
[cells.task]
source_sha256 = "{fingerprint("Double it.")}"
text = "Doble det."
[messages.gave]
source_sha256 = "{fingerprint(GAVE)}"
text = "{GA}"
"""


@pytest.fixture
def bilingual(tmp_path: Path) -> Programme:
    """A programme with the assignment `two_tongues`, which is not released yet."""
    root = tmp_path / "course"
    said = make_cell(f'MESSAGES = {{\n    "gave": "{GAVE}",\n}}', grade_id="messages")
    said["metadata"]["nbgrader"] |= {"grade": False, "locked": True, "points": 0}
    exercise = make_cell(SOLUTION, grade_id="double", kind="solution")
    test = make_cell(TEST, grade_id="double_test", points=2)
    (root / "assessments").mkdir(parents=True)
    add_assignment(root / "assessments", "a1", {"one": [TASK, said, exercise, test]})
    texts = root / "assessments" / "texts" / "nb" / "a1"
    texts.mkdir(parents=True)
    (texts / "one.toml").write_text(CATALOGUE, encoding="utf-8")
    (root / "skillmap.toml").write_text('language = "nb"', encoding="utf-8")
    (root / "nbgrader_config.py").write_text(
        "import os\nc = get_config()\nhere = os.path.dirname(os.path.abspath(__file__))\n"
        'c.CourseDirectory.course_id = "test-course"\n'
        'c.CourseDirectory.source_directory = os.path.join("assessments", "source")\n'
        'c.Exchange.root = os.path.join(here, "exchange")\n',
        encoding="utf-8",
    )
    (root / "exchange").mkdir(mode=0o777)
    (root / "exchange").chmod(0o777)
    return Programme(root)


def cells_of(file: Path) -> dict[str, dict[str, Any]]:
    notebook = json.loads(file.read_text(encoding="utf-8"))
    return {cell["id"]: cell for cell in notebook["cells"]}


def said_to(programme: Programme, learner: str) -> str:
    cells = cells_of(programme.nbgrader.autograded(learner, "a1") / "one.ipynb")
    return str(cells["double-test"]["outputs"][0]["evalue"])


def test_a_class_in_bokmål_is_told_in_each_learner_s_own_language(bilingual: Programme) -> None:
    release_assignments(bilingual, ["a1"], due=None, progress=silent)
    handed_out = cells_of(bilingual.nbgrader.release("a1") / "one.ipynb")
    submit(bilingual.root, "nina", WRONG, at="20 18:00")
    in_english = {"messages": f'MESSAGES = {{\n    "gave": "{GAVE}",\n}}'}
    submit(bilingual.root, "ella", {**WRONG, **in_english}, at="20 18:00")
    forged = {"messages": 'MESSAGES = {"gave": "well done"}'}
    submit(bilingual.root, "fred", {**WRONG, **forged}, at="20 18:00")

    run(bilingual)

    assert "".join(handed_out["task"]["source"]) == "Doble det."
    assert released_language(bilingual.nbgrader, "a1") == "nb"
    assert said_to(bilingual, "nina") == said_to(bilingual, "fred") == "double(3) ga 3"
    assert said_to(bilingual, "ella") == "double(3) gave 3"
    assert flags_of(bilingual, "ella") == flags_of(bilingual, "nina") == []
    assert len(flags_of(bilingual, "fred")) == 1


def flags_of(programme: Programme, learner: str) -> list[str]:
    graded = programme.nbgrader.autograded(learner, "a1") / "one.ipynb"
    return list(json.loads(graded.read_text(encoding="utf-8"))["metadata"]["skillmap"]["flags"])


def test_a_release_keeps_its_language_until_another_is_asked_for(bilingual: Programme) -> None:
    assert language_of(notebooks_to_release(bilingual, "a1")) == "nb"
    before = notebooks_to_release(bilingual, "a1", "en")["one.ipynb"]
    bilingual.nbgrader.release("a1").mkdir(parents=True)
    (bilingual.nbgrader.release("a1") / "one.ipynb").write_bytes(before)

    assert language_of(notebooks_to_release(bilingual, "a1")) == "en"
    assert language_of(notebooks_to_release(bilingual, "a1", "nb")) == "nb"


def language_of(notebooks: Mapping[str, bytes]) -> str:
    return str(json.loads(notebooks["one.ipynb"])["metadata"]["skillmap_language"])
