"""A gradebook that cannot be used: a sentence, nothing lost, and the next run goes on."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import nbgrader
import pytest

from skillmap.errors import GradingError
from skillmap.grading import find_submissions, gradebook_rows
from skillmap.workflows.give_feedback import release_feedback
from skillmap.workflows.grade import plan_grading
from skillmap.workflows.programme import Programme
from tests.courtroom import autograde
from tests.grading.builders import RIGHT, WRONG, submit
from tests.workflows.builders import doubles, points, records, run, silent

pytestmark = pytest.mark.slow

OLD_GRADEBOOK = Path(nbgrader.__file__).parent / "tests" / "apps" / "files" / "gradebook.db"


def make_text(file: Path) -> None:
    file.write_text("no gradebook at all\n" * 100, encoding="utf-8")


def make_old(file: Path) -> None:
    shutil.copy(OLD_GRADEBOOK, file)


def make_damaged(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)


def make_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (make_text, "is no gradebook or is damaged"),
        (make_old, "nbgrader db upgrade"),
        (make_damaged, "is no gradebook or is damaged"),
        (make_folder, "cannot be opened"),
    ],
)
def test_a_gradebook_that_is_none_is_named_and_left_alone(
    programme: Programme, spoil: Callable[[Path], None], words: str
) -> None:
    submit(programme.root, "ada", RIGHT, at="20 18:00")
    file = programme.root / "gradebook.db"
    good = file.read_bytes()
    spoil(file)

    with pytest.raises(GradingError, match=words) as raised:
        run(programme)

    assert str(file) in str(raised.value)
    assert "run the command again" in str(raised.value)
    assert records(programme) == []
    file.rmdir() if file.is_dir() else file.unlink()
    file.write_bytes(good)
    assert [one.problem for one in run(programme)] == [None]


@contextmanager
def held(programme: Programme) -> Iterator[None]:
    """Hold the gradebook's write lock, as another program does; nobody waits long for it here."""
    holder = sqlite3.connect(programme.root / "gradebook.db", isolation_level=None)
    holder.execute("begin immediate")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gradebook_rows, "PATIENCE_MS", 100)
        yield
    holder.close()


def test_a_locked_gradebook_stops_the_class_and_no_learner_pays(programme: Programme) -> None:
    submit(programme.root, "ada", RIGHT, at="20 18:00")

    with held(programme), pytest.raises(GradingError, match="close the formgrader or wait"):
        run(programme)

    assert [one.is_finished for one in records(programme)] == [False]
    assert len(plan_grading(programme, ["a1"]).pending) == 1


def test_a_gradebook_that_may_not_be_written_stops_the_class(programme: Programme) -> None:
    submit(programme.root, "ada", RIGHT, at="20 18:00")
    [submission] = find_submissions(programme.nbgrader, "a1")
    file = programme.root / "gradebook.db"
    if subprocess.run(["chattr", "+i", file], capture_output=True, check=False).returncode:
        pytest.skip("making a file immutable needs root and a file system that knows it")

    try:
        with pytest.raises(GradingError, match=r"gradebook\.db: .*permission"):
            autograde(programme.nbgrader, submission)
    finally:
        subprocess.run(["chattr", "-i", file], check=True)

    assert autograde(programme.nbgrader, submission).result.problem is None


def test_an_old_copy_of_the_gradebook_is_brought_up_to_date(programme: Programme) -> None:
    file = programme.root / "gradebook.db"
    old_copy = file.read_bytes()
    submit(programme.root, "ada", WRONG, at="20 18:00")
    submit(programme.root, "ada", RIGHT, at="21 18:00")
    run(programme)
    file.write_bytes(old_copy)

    assert run(programme) == []

    assert points(programme, "ada") == 2.0
    assert doubles(programme) == [(1, 0.0), (2, 1.0)]


def test_feedback_is_stopped_by_a_locked_gradebook_but_not_by_one_learner(
    programme: Programme,
) -> None:
    submit(programme.root, "ada", RIGHT, at="20 18:00")
    run(programme)

    [nobody, by_hand] = release_feedback(
        programme, [("a1", "nobody"), ("a1", "ada")], progress=silent
    )

    assert "nobody" in nobody
    assert "Give them by hand" in by_hand
    assert (programme.nbgrader.feedback("ada", "a1") / "one.html").is_file()
    make_text(programme.root / "gradebook.db")
    with pytest.raises(GradingError, match="is no gradebook"):
        release_feedback(programme, [("a1", "ada")], progress=silent)
