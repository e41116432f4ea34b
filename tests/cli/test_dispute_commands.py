"""extend, regrade, disputes and answer-dispute, as they are typed."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from skillmap.cli import app
from skillmap.grading import set_due_date
from skillmap.model import LearnerId, PersonId
from skillmap.store import disputes, people, responses
from skillmap.workflows.programme import Programme
from tests.grading.builders import WRONG, released_course, submit
from tests.web.world import make_learner, make_person
from tests.workflows.builders import NOW, doubles
from tests.workflows.builders import run as grade

pytestmark = pytest.mark.slow

DUE = datetime(2026, 11, 22, 18, tzinfo=UTC)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    """Ada's wrong answer, graded and questioned; the tests below go on from each other's state."""
    root = released_course(tmp_path_factory.mktemp("cli") / "course", tmp_path_factory)
    programme = Programme(root)
    set_due_date(programme.nbgrader, "a1", DUE)
    submit(root, "ada", WRONG, at="20 18:00")
    grade(programme)
    with programme.database.begin() as session:
        people.save_learner(session, make_learner("ada", goals=()))
        people.save_person(session, make_person("siri", "Siri Holm", "instructor"))
        mine = responses.current(session, learner=LearnerId(PersonId("ada")))
        about = next(one for one in mine if one.item == "a1/one/double_test")
        disputes.raise_dispute(session, about, "The task says so.", at=NOW)
    return programme


def run(course: Programme, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["--course", str(course.root), *words])
    return done.exit_code, done.output


def test_extend_gives_shows_and_takes_back(course: Programme) -> None:
    code, said = run(course, "extend", "a1", "ada", "--days", "2", "--dry-run")
    assert (code, "Would give ada" in said) == (0, True)
    assert "none yet" in run(course, "extend", "a1")[1]

    assert run(course, "extend", "a1", "ada", "--until", "2026-11-25T18:00+00:00")[0] == 0
    assert "3 days" in run(course, "extend", "a1")[1]

    assert "like everybody" in run(course, "extend", "a1", "ada", "--days", "0")[1]
    assert "none yet" in run(course, "extend", "a1")[1]


@pytest.mark.parametrize(
    "words", [(), ("--days", "1", "--until", "2026-11-25T18:00"), ("--days", "-1")]
)
def test_extend_wants_one_length(course: Programme, words: tuple[str, ...]) -> None:
    assert run(course, "extend", "a1", "ada", *words)[0] == 2


def test_a_regrading_is_planned_in_words(course: Programme) -> None:
    code, said = run(course, "regrade", "a1", "--item", "one/double_test", "--dry-run")

    assert code == 0
    assert "ada" in said
    assert run(course, "regrade", "a1", "--item", "one/nothing", "--dry-run")[0] == 4


def test_a_regrading_without_a_mended_test_changes_nothing(course: Programme) -> None:
    code, said = run(course, "regrade", "a1", "--workers", "1")

    assert code == 0
    assert "none yet" in said
    assert "Graded again: attempts 1, learners 1." in said


def test_a_dispute_is_listed_and_answered(course: Programme) -> None:
    code, said = run(course, "disputes")
    assert (code, "The task says so." in said) == (0, True)
    [one] = json.loads(run(course, "disputes", "--json")[1])
    assert (one["learner"], one["points"], one["max_points"]) == ("ada", 0.0, 2.0)
    number = str(one["id"])

    assert run(course, "answer-dispute", number, "--words", "Yes", "--score", "9")[0] == 4
    assert run(course, "answer-dispute", number, "--words", "Yes", "--by", "ada")[0] == 8
    code, said = run(
        course, "answer-dispute", number, "--words", "Yes", "--score", "2", "--by", "siri"
    )

    assert (code, "new score: ada" in said) == (0, True)
    assert doubles(course) == [(1, 1.0)]
    assert "Nobody questions a grade" in run(course, "disputes")[1]
    assert run(course, "answer-dispute", number, "--words", "Yes")[0] == 7


def test_the_copy_of_a_learner_holds_their_disputes(course: Programme, tmp_path: Path) -> None:
    assert run(course, "export", str(tmp_path), "--of", "ada")[0] == 0

    known = json.loads((tmp_path / "ada.json").read_text(encoding="utf-8"))

    assert [one["text"] for one in known["disputes"]] == ["The task says so."]
