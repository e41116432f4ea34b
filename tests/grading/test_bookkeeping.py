"""Our books equal nbgrader's: what its autograde writes, row by row, on both databases."""

import os
import shutil
import signal
import sqlite3
import threading
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties

from skillmap.errors import GradingError
from skillmap.grading import NbgraderCourse, generate_release, gradebook_rows, open_course
from skillmap.grading.bookkeeping import Books, UnknownLearnerError
from skillmap.grading.extensions import extend_deadline
from skillmap.grading.graded import CellComment, CellGrade, GradedSubmission
from skillmap.grading.release import set_due_date
from skillmap.grading.run import run
from tests.grading.builders import SOLUTION, TEST, answer, make_cell, make_course
from tests.grading.gradebooks import all_rows
from tests.store.postgres import running_cluster

pytestmark = pytest.mark.slow

DUE = datetime(2026, 11, 20, 12, tzinfo=UTC)
EARLY, LATE = DUE - timedelta(hours=1), DUE + timedelta(hours=3)
NO_RESPONSE = "No response."
TASK = {
    "cell_type": "markdown",
    "id": "plot",
    "metadata": {
        "nbgrader": {
            "schema_version": 3,
            "grade_id": "plot",
            "grade": False,
            "solution": False,
            "locked": True,
            "task": True,
            "points": 4,
        }
    },
    "source": "Draw a plot.",
}
CELLS = {
    "one": [
        make_cell(SOLUTION, grade_id="double", kind="solution"),
        make_cell(TEST, grade_id="double_test", points=2),
        make_cell("assert double(3) == 6\n0.5", grade_id="half", points=2),
        make_cell("", grade_id="essay", kind="manual", points=3),
        TASK,
    ],
    "two": [
        make_cell(SOLUTION, grade_id="double", kind="solution"),
        make_cell(TEST, grade_id="double_test", points=1),
    ],
}
RIGHT = {"double": "def double(x):\n    return 2 * x", "essay": "because = 1"}
ADA = GradedSubmission(
    assignment="a1",
    learner="ada",
    timestamp=LATE,
    grades=(
        CellGrade(notebook="one", grade_id="double_test", auto_score=2.0),
        CellGrade(notebook="one", grade_id="half", auto_score=0.5),
        CellGrade(notebook="one", grade_id="essay", auto_score=None),
        CellGrade(notebook="two", grade_id="double_test", auto_score=1),
    ),
    comments=(
        CellComment(notebook="one", grade_id="double", auto_comment=None),
        CellComment(notebook="one", grade_id="essay", auto_comment=None),
        CellComment(notebook="one", grade_id="plot", auto_comment=None),
        CellComment(notebook="two", grade_id="double", auto_comment=None),
    ),
)
BEN = GradedSubmission(
    assignment="a1",
    learner="ben",
    timestamp=EARLY,
    grades=(
        CellGrade(notebook="one", grade_id="double_test", auto_score=0.0),
        CellGrade(notebook="one", grade_id="half", auto_score=0.0),
        CellGrade(notebook="one", grade_id="essay", auto_score=0),
    ),
    comments=(
        CellComment(notebook="one", grade_id="double", auto_comment=NO_RESPONSE),
        CellComment(notebook="one", grade_id="essay", auto_comment=NO_RESPONSE),
        CellComment(notebook="one", grade_id="plot", auto_comment=None),
    ),
    missing_notebooks=("two",),
)
ADA_AGAIN = replace(BEN, learner="ada", timestamp=LATE + timedelta(hours=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """A course, and copies of the gradebook that nbgrader alone wrote.

    released: nobody graded. graded: ada and ben. by_hand: then a person gave ada points.
    again: then ada was graded again, with an empty answer and one notebook less.
    """

    course: Path
    released: Path
    graded: Path
    by_hand: Path
    again: Path


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    root = make_course(tmp_path_factory.mktemp("books") / "course", cells=CELLS)
    configure(root, 'c.LateSubmissionPlugin.penalty_method = "zero"')
    course = open_course(root)
    generate_release(course, "a1")
    set_due_date(course, "a1", DUE)
    released = keep(root, "released")
    hand_in(course, ADA, RIGHT)
    hand_in(course, BEN, {})
    grade_with_nbgrader(course, "ada")
    grade_with_nbgrader(course, "ben")
    graded = keep(root, "graded")
    grade_by_hand(course)
    by_hand = keep(root, "by_hand")
    hand_in(course, ADA_AGAIN, {})
    grade_with_nbgrader(course, "ada")
    again = keep(root, "again")
    return Stages(course=root, released=released, graded=graded, by_hand=by_hand, again=again)


def configure(root: Path, *lines: str) -> None:
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("\n".join(lines) + "\n")


def keep(root: Path, name: str) -> Path:
    return Path(shutil.copy(root / "gradebook.db", root / f"{name}.db"))


def hand_in(course: NbgraderCourse, graded: GradedSubmission, answers: dict[str, str]) -> None:
    folder = course.submitted(graded.learner, "a1")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(course.release("a1"), folder)
    answer(folder, answers)
    for missing in graded.missing_notebooks:
        (folder / f"{missing}.ipynb").unlink()
    (folder / "timestamp.txt").write_text(str(graded.timestamp), encoding="utf-8")


def grade_with_nbgrader(course: NbgraderCourse, learner: str) -> None:
    def make() -> Any:
        app = Autograde(coursedir=course.api.coursedir, parent=course.api)
        app.force = True
        return app

    with course.selected("a1", learner):
        run(course, make, "Autograding")


def grade_by_hand(course: NbgraderCourse) -> None:
    with course.gradebook() as gradebook:
        gradebook.find_grade("double_test", "one", "a1", "ada").manual_score = 1.5
        gradebook.find_grade("half", "one", "a1", "ada").extra_credit = 0.25
        gradebook.find_grade("double_test", "two", "a1", "ada").manual_score = 1.0
        gradebook.find_grade("plot", "one", "a1", "ada").manual_score = 4.0
        gradebook.find_comment("essay", "one", "a1", "ada").manual_comment = "Well said."
        gradebook.db.commit()


def course_at(stage: Path, root: Path, *config: str) -> NbgraderCourse:
    """A course of its own, with a copy of a gradebook."""
    shutil.copy(stage, root / "gradebook.db")
    shutil.copy(stage.parent / "nbgrader_config.py", root)
    configure(root, *config)
    return open_course(root)


def record(course: NbgraderCourse, *submissions: GradedSubmission) -> None:
    with course.gradebook() as gradebook:
        books = Books(course, gradebook)
        for graded in submissions:
            books.record(graded)


def record_in_a_child(course: NbgraderCourse, *submissions: GradedSubmission) -> int:
    """Record in another process and return its id; it ends with 0 when all went well."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            record(course, *submissions)
            code = 0
        finally:
            os._exit(code)
    return child


def rows(course: NbgraderCourse) -> dict[str, list[tuple[object, ...]]]:
    return all_rows(course.root / "gradebook.db")


def test_new_submissions_are_written_as_nbgrader_writes_them(
    stages: Stages, tmp_path: Path
) -> None:
    course = course_at(stages.released, tmp_path)

    record(course, ADA, BEN)

    assert rows(course) == all_rows(stages.graded)
    assert students(course.root / "gradebook.db") == students(stages.graded)


def students(gradebook: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(gradebook)) as connection:
        return connection.execute("select * from student order by id").fetchall()


def test_a_submission_graded_again_is_written_as_nbgrader_writes_it(
    stages: Stages, tmp_path: Path
) -> None:
    course = course_at(stages.by_hand, tmp_path)

    record(course, ADA_AGAIN)

    assert rows(course) == all_rows(stages.again)


def test_recording_twice_changes_nothing(stages: Stages, tmp_path: Path) -> None:
    course = course_at(stages.by_hand, tmp_path)

    record(course, ADA_AGAIN, ADA_AGAIN)

    assert rows(course) == all_rows(stages.again)


def test_postgresql_holds_the_same_rows(
    stages: Stages, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = make_course(tmp_path_factory.mktemp("postgresql"), cells=CELLS)
    ours = course_at(stages.released, tmp_path_factory.mktemp("sqlite"))
    with running_cluster() as cluster:
        configure(
            root,
            'c.LateSubmissionPlugin.penalty_method = "zero"',
            f'c.CourseDirectory.db_url = "{cluster.new_database()}"',
        )
        theirs = open_course(root)
        generate_release(theirs, "a1")
        set_due_date(theirs, "a1", DUE)
        for course in (theirs, ours):
            record(course, ADA, BEN)
            grade_by_hand(course)
            record(course, ADA_AGAIN)

        written = read_rows(theirs)

    assert written == read_rows(ours)


def read_rows(course: NbgraderCourse) -> list[object]:
    found: list[object] = []
    with course.gradebook() as gradebook:
        for submission in gradebook.assignment_submissions("a1"):
            who = submission.student_id
            found.append((who, submission.timestamp, submission.extension))
            for notebook in submission.notebooks:
                key = (who, notebook.name)
                found.append((*key, notebook.flagged, notebook.late_submission_penalty))
                for grade in notebook.grades:
                    scores = (grade.auto_score, grade.manual_score, grade.extra_credit)
                    found.append((*key, grade.name, scores, grade.needs_manual_grade))
                for comment in notebook.comments:
                    text = (comment.auto_comment, comment.manual_comment)
                    found.append((*key, comment.name, text))
    return sorted(found, key=repr)


def test_a_submission_without_a_time_forgets_the_earlier_one(
    stages: Stages, tmp_path: Path
) -> None:
    course = course_at(stages.graded, tmp_path)

    record(course, replace(ADA, timestamp=None))

    notebooks = [row for row in rows(course)["notebooks"] if row[0] == "ada"]
    assert [row[4:] for row in notebooks] == [(None, None), (None, None)]


def test_points_that_need_review_wait_for_a_person(stages: Stages, tmp_path: Path) -> None:
    course = course_at(stages.graded, tmp_path)
    doubted = replace(ADA.grades[0], needs_review=True)

    record(course, replace(ADA, grades=(doubted, *ADA.grades[1:])))

    [row] = [
        row for row in rows(course)["grades"] if row[:4] == ("ada", "a1", "one", "double_test")
    ]
    assert row[4:] == (None, None, None, 1)


def test_an_extension_counts_against_lateness(stages: Stages, tmp_path: Path) -> None:
    course = course_at(stages.graded, tmp_path)
    with course.gradebook() as gradebook:
        extend_deadline(gradebook, "a1", "ada", minutes=180)

    record(course, ADA)

    assert [row[4] for row in rows(course)["notebooks"] if row[0] == "ada"] == [None, None]


def test_an_extension_may_come_before_the_submission(stages: Stages, tmp_path: Path) -> None:
    course = course_at(stages.released, tmp_path)
    with course.gradebook() as gradebook:
        gradebook.add_student("ada")
        extend_deadline(gradebook, "a1", "ada", minutes=180)

    record(course, ADA)

    assert [row[4] for row in rows(course)["notebooks"]] == [None, None]


def test_an_extension_of_no_minutes_takes_the_extension_back(
    stages: Stages, tmp_path: Path
) -> None:
    course = course_at(stages.graded, tmp_path)
    with course.gradebook() as gradebook:
        extend_deadline(gradebook, "a1", "ada", minutes=180)
        extend_deadline(gradebook, "a1", "ada", minutes=0)

    record(course, ADA)

    assert rows(course) == all_rows(stages.graded)


@pytest.mark.parametrize(
    ("assignment", "learner", "minutes", "words"),
    [
        ("a2", "ada", 5, "Assignment 'a2'"),
        ("a1", "adam", 5, "Learner 'adam'.*Did you mean 'ada'"),
        ("a1", "ada", -5, "-5 minutes"),
    ],
)
def test_an_extension_that_cannot_be_is_refused_in_words(
    stages: Stages, tmp_path: Path, assignment: str, learner: str, minutes: int, words: str
) -> None:
    course = course_at(stages.graded, tmp_path)

    with pytest.raises(GradingError, match=words), course.gradebook() as gradebook:
        extend_deadline(gradebook, assignment, learner, minutes=minutes)


HALF_OFF = (
    "from nbgrader.plugins import BasePlugin",
    "class HalfOff(BasePlugin):",
    "    def late_submission_penalty(self, student_id, score, total_seconds_late):",
    "        return {body}",
    "c.AssignLatePenalties.plugin_class = HalfOff",
)


@pytest.mark.parametrize(
    ("body", "penalties"),
    [
        ("score / 2", [1.25, 0.5]),
        ("total_seconds_late / 3600 / 10", [0.3, 0.3]),
        ("-1", [0.0, 0.0]),
        ("99", [2.5, 1.0]),
        ("None", [None, None]),
    ],
)
def test_the_course_s_own_plugin_decides_the_penalty(
    stages: Stages, tmp_path: Path, body: str, penalties: list[float | None]
) -> None:
    lines = [line.format(body=body) for line in HALF_OFF]
    course = course_at(stages.released, tmp_path, *lines)

    record(course, ADA)

    assert [row[4] for row in rows(course)["notebooks"]] == penalties


@pytest.mark.parametrize(
    "line",
    [
        "c.AssignLatePenalties.enabled = False",
        "c.Autograde.autograde_preprocessors = ['nbgrader.preprocessors.SaveAutoGrades']",
    ],
)
def test_a_course_that_leaves_the_step_out_has_no_penalties(
    stages: Stages, tmp_path: Path, line: str
) -> None:
    course = course_at(stages.released, tmp_path, line)

    record(course, ADA)

    assert [row[4] for row in rows(course)["notebooks"]] == [None, None]


def test_a_step_named_by_its_path_assigns_penalties(stages: Stages, tmp_path: Path) -> None:
    line = "c.Autograde.autograde_preprocessors = ['nbgrader.preprocessors.AssignLatePenalties']"
    course = course_at(stages.released, tmp_path, line)

    record(course, ADA, BEN)

    assert rows(course) == all_rows(stages.graded)


def test_a_course_that_adds_learners_by_hand_refuses_others(stages: Stages, tmp_path: Path) -> None:
    course = course_at(stages.released, tmp_path, "c.Autograde.create_student = False")
    with course.gradebook() as gradebook:
        gradebook.add_student("ada")
    record(course, ADA)
    before = dump(course)

    with pytest.raises(UnknownLearnerError, match="db student add"):
        record(course, BEN)

    assert dump(course) == before


@pytest.mark.parametrize(
    "graded",
    [
        replace(ADA, grades=(*ADA.grades, CellGrade(notebook="one", grade_id="x", auto_score=1))),
        replace(ADA, comments=(CellComment(notebook="x", grade_id="double", auto_comment=""),)),
        replace(ADA, missing_notebooks=("x",)),
        replace(ADA, assignment="x"),
    ],
)
@pytest.mark.parametrize("stage", ["released", "by_hand"])
def test_a_cell_that_the_gradebook_does_not_know_leaves_every_row_as_it_was(
    stages: Stages, tmp_path: Path, graded: GradedSubmission, stage: str
) -> None:
    course = course_at(getattr(stages, stage), tmp_path)
    before = dump(course)

    with pytest.raises(GradingError, match="skillmap release"):
        record(course, graded)

    assert dump(course) == before


def dump(course: NbgraderCourse) -> list[str]:
    with closing(sqlite3.connect(course.root / "gradebook.db")) as connection:
        return list(connection.iterdump())


@pytest.mark.parametrize("stage", ["released", "by_hand"])
def test_a_plugin_that_fails_leaves_every_row_as_it_was(
    stages: Stages, tmp_path: Path, stage: str
) -> None:
    lines = [line.format(body="1 / 0") for line in HALF_OFF]
    course = course_at(getattr(stages, stage), tmp_path, *lines)
    before = dump(course)

    with pytest.raises(ZeroDivisionError):
        record(course, ADA)

    assert dump(course) == before


@pytest.mark.parametrize("stage", ["released", "by_hand"])
def test_a_process_killed_before_the_commit_leaves_every_row_as_it_was(
    stages: Stages, tmp_path: Path, stage: str
) -> None:
    body = f"__import__('os').kill(__import__('os').getpid(), {int(signal.SIGKILL)})"
    lines = [line.format(body=body) for line in HALF_OFF]
    course = course_at(getattr(stages, stage), tmp_path, *lines)
    before = dump(course)

    child = record_in_a_child(course, ADA)
    _, status = os.waitpid(child, 0)

    assert os.WTERMSIG(status) == signal.SIGKILL
    assert dump(course) == before


def test_the_books_go_on_after_an_error(stages: Stages, tmp_path: Path) -> None:
    course = course_at(stages.released, tmp_path)
    with course.gradebook() as gradebook:
        books = Books(course, gradebook)
        with pytest.raises(GradingError, match="a1 of ada: the gradebook has no x"):
            books.record(replace(ADA, missing_notebooks=("x",)))

        books.record(ADA)
        books.record(BEN)

    assert rows(course) == all_rows(stages.graded)


def test_two_programs_that_grade_at_once_lose_nothing(stages: Stages, tmp_path: Path) -> None:
    course = course_at(stages.released, tmp_path)
    learners = [[f"{who}{n}" for n in range(20)] for who in "xy"]

    children = [
        record_in_a_child(course, *(replace(ADA, learner=learner) for learner in mine))
        for mine in learners
    ]
    statuses = [os.waitpid(child, 0)[1] for child in children]

    assert statuses == [0, 0]
    assert len(rows(course)["grades"]) == 40 * (len(ADA.grades) + 1)


@contextmanager
def other_program_writes(course: NbgraderCourse, *, seconds: float) -> Iterator[None]:
    """Hold the gradebook's write lock for a while, as the formgrader does while it saves."""
    other = sqlite3.connect(course.root / "gradebook.db", check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(seconds, other.rollback)
    timer.start()
    try:
        yield
    finally:
        timer.join()
        other.close()


def test_a_gradebook_that_another_program_writes_to_is_waited_for(
    stages: Stages, tmp_path: Path
) -> None:
    course = course_at(stages.released, tmp_path)

    with other_program_writes(course, seconds=0.5):
        record(course, ADA, BEN)

    assert rows(course) == all_rows(stages.graded)


def test_a_gradebook_that_stays_locked_is_refused_in_words(
    stages: Stages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gradebook_rows, "PATIENCE_MS", 50)
    course = course_at(stages.released, tmp_path)

    with other_program_writes(course, seconds=0.5), pytest.raises(GradingError, match="formgrader"):
        record(course, ADA)

    assert rows(course) == all_rows(stages.released)


def test_the_gradebook_is_waited_for_thirty_seconds(stages: Stages, tmp_path: Path) -> None:
    course = course_at(stages.released, tmp_path)
    with course.gradebook() as gradebook:
        Books(course, gradebook).record(ADA)

        connection = gradebook.db.connection()
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000


@pytest.mark.parametrize("score", [float("nan"), float("inf")])
def test_a_score_that_is_no_number_is_refused(score: float) -> None:
    with pytest.raises(GradingError, match="no score"):
        CellGrade(notebook="one", grade_id="half", auto_score=score)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(GradingError, match="no time zone"):
        replace(ADA, timestamp=datetime(2026, 11, 20))


@pytest.fixture(scope="module")
def shared(
    stages: Stages, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[NbgraderCourse, Any, Books]]:
    course = course_at(stages.released, tmp_path_factory.mktemp("shared"))
    with course.gradebook() as gradebook:
        yield course, gradebook, Books(course, gradebook)


PENALTY_BEFORE = 7.0
NUMBERS = count()
GRADED_CELLS = [(cell.notebook, cell.grade_id) for cell in ADA.grades]
scores = st.none() | st.floats(0, 4, width=16)
states = st.fixed_dictionaries({key: st.tuples(scores, scores, scores) for key in GRADED_CELLS})
new_scores = st.dictionaries(st.sampled_from(GRADED_CELLS), st.tuples(scores, st.booleans()))
missing = st.sets(st.sampled_from(["one", "two"]))
times = st.sampled_from([None, EARLY, LATE])


@given(before=states, new=new_scores, missing=missing, timestamp=times)
@settings(max_examples=60, deadline=None)
def test_whatever_the_gradebook_held_the_laws_of_a_grade_hold(
    shared: tuple[NbgraderCourse, Any, Books],
    before: dict[tuple[str, str], tuple[float | None, ...]],
    new: dict[tuple[str, str], tuple[float | None, bool]],
    missing: set[str],
    timestamp: datetime | None,
) -> None:
    course, gradebook, books = shared
    learner = f"learner-{next(NUMBERS)}"
    set_state(gradebook, learner, before)
    given = {key: value for key, value in new.items() if key[0] not in missing}

    books.record(
        GradedSubmission(
            assignment="a1",
            learner=learner,
            timestamp=timestamp,
            grades=tuple(
                CellGrade(notebook=key[0], grade_id=key[1], auto_score=score, needs_review=doubted)
                for key, (score, doubted) in given.items()
            ),
            missing_notebooks=tuple(sorted(missing)),
        )
    )

    submission = gradebook.find_submission("a1", learner)
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            key = (notebook.name, grade.name)
            auto, manual, extra = before.get(key, (None, None, None))
            waits = True
            if key[0] in missing:
                auto, waits = 0.0, False
            elif key in given:
                auto = None if given[key][1] else given[key][0]
                waits = manual is not None or auto is None
            held = (grade.auto_score, grade.manual_score, grade.extra_credit)
            assert (held, grade.needs_manual_grade) == ((auto, manual, extra), waits), key
        if notebook.name not in missing:
            ours = notebook.late_submission_penalty
            assert ours == penalty_of_nbgrader(course, gradebook, notebook)
        else:
            assert notebook.late_submission_penalty == PENALTY_BEFORE


def set_state(
    gradebook: Any, learner: str, state: dict[tuple[str, str], tuple[float | None, ...]]
) -> None:
    gradebook.add_student(learner)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader makes its rows in an order that is warned of
        submission = gradebook.add_submission("a1", learner)
    for notebook in submission.notebooks:
        notebook.late_submission_penalty = PENALTY_BEFORE
        for grade in notebook.grades:
            values = state.get((notebook.name, grade.name), (None, None, None))
            grade.auto_score, grade.manual_score, grade.extra_credit = values
    gradebook.db.commit()


def penalty_of_nbgrader(course: NbgraderCourse, gradebook: Any, notebook: Any) -> float | None:
    """What nbgrader's own step makes of the same scores."""
    names = {"notebook": notebook.name, "assignment": "a1", "student": notebook.student.id}
    resources = {"nbgrader": {**names, "db_url": course.db_url}}
    step = AssignLatePenalties(parent=course.api)
    step.preprocess(SimpleNamespace(cells=[]), resources)
    gradebook.db.refresh(notebook)
    penalty: float | None = notebook.late_submission_penalty
    return penalty
