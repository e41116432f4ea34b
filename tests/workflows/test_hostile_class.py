"""One class with every bad submission that we could think of, graded in one run."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from skillmap.model import GradedAttempt
from skillmap.workflows.grade import plan_grading
from skillmap.workflows.programme import Programme
from tests.grading.builders import RIGHT, released_course, submit
from tests.workflows.builders import doubles, log, points, records, run

pytestmark = pytest.mark.slow


def code(text: str) -> Callable[[Path], None]:
    """Add a cell that runs `text` to the notebook."""

    def change(folder: Path) -> None:
        cell = {
            "cell_type": "code",
            "id": "added",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": text,
        }
        edit(folder, lambda notebook: notebook["cells"].append(cell))

    return change


def edit(folder: Path, change: Callable[[dict], object]) -> None:
    path = folder / "one.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change(notebook)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def notebook_becomes(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / "one.ipynb").unlink()
        make(folder / "one.ipynb")

    return change


def without_mark_parts(folder: Path) -> None:
    edit(folder, lambda notebook: notebook["cells"][1]["metadata"]["nbgrader"].pop("grade_id"))


def of_old_schema(folder: Path) -> None:
    def change(notebook: dict) -> None:
        for cell in notebook["cells"]:
            del cell["metadata"]["nbgrader"]["schema_version"]

    edit(folder, change)


def odd_names(folder: Path) -> None:
    (folder / os.fsdecode(b"\xff\xfe\n.txt")).touch()
    (folder / "ends here\x1b[2J.ipynb").write_text("{}", encoding="utf-8")


PROBLEMS: dict[str, tuple[Callable[[Path], object], str]] = {
    "binary": (notebook_becomes(lambda p: p.write_bytes(b"\xff\0" * 99)), "UTF-8"),
    "deep": (notebook_becomes(lambda p: p.write_text("[" * 99_999)), "is damaged"),
    "empty": (notebook_becomes(lambda p: p.touch()), "is damaged"),
    "folder": (notebook_becomes(lambda p: p.mkdir()), "a folder or a link"),
    "gone": (notebook_becomes(lambda p: None), "no notebook at all"),
    "huge": (lambda folder: os.truncate(folder / "one.ipynb", 1 << 30), "20 MB"),
    "link": (notebook_becomes(lambda p: p.symlink_to("/etc/passwd")), "a folder or a link"),
    "pipe": (notebook_becomes(os.mkfifo), "a folder or a link"),
    "renamed": (notebook_becomes(lambda p: p.with_name("1.ipynb").touch()), "1.ipynb"),
    "*": (lambda folder: None, "cannot be used"),
    "a[d]a": (lambda folder: None, "cannot be used"),
    "..": (lambda folder: None, "cannot be used"),
}
HARMLESS: dict[str, Callable[[Path], object]] = {
    "killer": code("import os\nos._exit(1)"),
    "no_id": without_mark_parts,
    "old": of_old_schema,
    "litters": code("open('x.ipynb', 'w').write('no json'); import os; os.mkfifo('p.ipynb')"),
    "names": odd_names,
    "nested": lambda folder: shutil.copytree(folder, folder / "again" / "and again"),
    "shouts": code("import os; os.write(1, b'SHOUT'); os.write(2, b'SHOUT')"),
    "Åse+x@a.no": lambda folder: None,
    "same_twice": lambda folder: None,
}


@pytest.fixture(scope="module")
def graded(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Programme, dict[str, GradedAttempt], str]:
    root = released_course(tmp_path_factory.mktemp("hostile"), tmp_path_factory)
    for learner, (change, _) in PROBLEMS.items():
        change(submit(root, learner, RIGHT, at="20 18:00"))
    for learner, spoil in HARMLESS.items():
        spoil(submit(root, learner, RIGHT, at="20 19:00"))
    programme = Programme(root)
    screen = root.parent / f"{root.name}.screen"
    with screen.open("wb") as file:
        before = os.dup(1), os.dup(2)
        os.dup2(file.fileno(), 1), os.dup2(file.fileno(), 2)
        try:
            found = run(programme, n_workers=2)
        finally:
            for number, saved in enumerate(before, start=1):
                os.dup2(saved, number)
                os.close(saved)
    return programme, {one.attempt.learner: one for one in found}, screen.read_text()


Graded = tuple[Programme, dict[str, GradedAttempt], str]


@pytest.mark.parametrize("learner", PROBLEMS)
def test_a_bad_submission_gets_a_sentence(graded: Graded, learner: str) -> None:
    problem = str(graded[1][learner].problem)

    assert PROBLEMS[learner][1] in problem
    assert problem.isprintable()
    assert "Traceback" not in problem


@pytest.mark.parametrize("learner", HARMLESS)
def test_everybody_else_is_graded(graded: Graded, learner: str) -> None:
    assert graded[1][learner].problem is None
    assert points(graded[0], learner) == 2.0


def test_only_what_was_graded_is_evidence(graded: Graded) -> None:
    assert {response.learner for response in log(graded[0])} == set(HARMLESS)


def test_no_learner_s_code_writes_on_the_screen(graded: Graded) -> None:
    assert graded[2] == ""


def test_no_name_of_a_learner_leads_out_of_submitted(graded: Graded) -> None:
    root = graded[0].root

    assert not (root / "a1").exists()
    assert (root / "source" / "a1" / "one.ipynb").is_file()


def test_a_second_run_takes_up_only_what_may_do_better(graded: Graded) -> None:
    plan = plan_grading(graded[0], ["a1"])

    assert {submission.attempt.learner for submission in plan.pending} == {
        "..",
        "*",
        "a[d]a",
    }
    assert len(records(graded[0])) == len(PROBLEMS) + len(HARMLESS)
    assert len(doubles(graded[0])) == len(HARMLESS)
