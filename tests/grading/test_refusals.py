import errno
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DatabaseError

from skillmap.grading.refusals import gradebook_refusal, public_url, refusal

URL = "sqlite:////course/gradebook.db"


def failing(database: Path, statement: str, **parameters: str) -> DatabaseError:
    engine = create_engine(f"sqlite:///{database}", connect_args={"timeout": 0})
    try:
        with engine.begin() as connection, pytest.raises(DatabaseError) as raised:
            connection.execute(text(statement), parameters)
    finally:
        engine.dispose()
    return raised.value


def test_a_locked_database_is_named_with_its_cause(tmp_path: Path) -> None:
    holder = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    holder.execute("create table t (x)")
    holder.execute("begin immediate")

    said = str(
        refusal(
            failing(tmp_path / "a.db", "insert into t values (1)"), db_url=URL, learners="submitted"
        )
    )
    holder.close()

    assert "/course/gradebook.db" in said
    assert "close the formgrader" in said
    assert "run the command again" in said


def test_no_gradebook_is_told_from_an_old_one(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("a text file " * 100, encoding="utf-8")
    foreign = refusal(failing(tmp_path / "a.db", "select 1 from t"), db_url=URL, learners="s")
    old = refusal(failing(tmp_path / "b.db", "select 1 from t"), db_url=URL, learners="s")

    assert "is no gradebook" in str(foreign)
    assert "nbgrader db upgrade" in str(old)


def test_what_a_learner_wrote_is_never_a_sign(tmp_path: Path) -> None:
    error = failing(tmp_path / "a.db", "select abs(:x, 1)", x="database is locked")

    assert "database is locked" in str(error)
    assert refusal(error, db_url=URL, learners="submitted") is None
    assert refusal(ValueError("database is locked"), db_url=URL, learners="submitted") is None


def test_an_unknown_database_error_while_opening_is_a_refusal(tmp_path: Path) -> None:
    error = failing(tmp_path / "a.db", "select abs(1, 2)")

    assert "db_url" in str(gradebook_refusal(error, db_url=URL, is_surely=True))


def test_the_cause_counts_wherever_it_lies_in_the_chain() -> None:
    outer = ValueError("outer")
    outer.__context__ = RuntimeError("middle")
    outer.__context__.__cause__ = OSError(errno.ENOSPC, "No space left on device", "/course/x")

    said = str(refusal(outer, db_url=URL, learners="submitted"))

    assert said.startswith("/course/x: No space left on device.")


@pytest.mark.parametrize(
    ("code", "where", "is_refusal"),
    [
        (errno.EACCES, "/course/autograded/ada", True),
        (errno.EACCES, "/course/submitted/ada/a1/x", False),
        (errno.ENOSPC, "/course/submitted/ada/a1/x", True),
        (errno.ENAMETOOLONG, "/course/autograded/ada", False),
        (errno.ENOENT, "/course/autograded/ada", False),
    ],
)
def test_a_forbidden_file_of_a_learner_does_not_stop_the_class(
    code: int, where: str, is_refusal: bool
) -> None:
    found = refusal(OSError(code, "words", where), db_url=URL, learners="submitted")

    assert (found is not None) == is_refusal


def test_a_password_is_not_shown() -> None:
    shown = public_url("postgresql://teacher:secret@host/grades")

    assert shown == "postgresql://teacher@host/grades"
