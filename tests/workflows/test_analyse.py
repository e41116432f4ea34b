"""Item analysis and who is stuck, from a course folder and as they are typed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from skillmap.cli import app
from skillmap.errors import ContentError
from skillmap.grading import set_due_date
from skillmap.model import AssignmentId, LearnerId, PersonId
from skillmap.store import access, people, responses
from skillmap.workflows.analyse import analyse_programme, stuck_learners
from skillmap.workflows.extend import extend
from skillmap.workflows.programme import Programme
from tests.evidence.builders import make_response
from tests.grading.builders import released_course
from tests.web.world import make_learner
from tests.workflows.builders import clock

pytestmark = pytest.mark.slow

DUE = datetime(2026, 11, 10, 18, tzinfo=UTC)
ITEM = "a1/one/double_test"
ADA = LearnerId(PersonId("ada"))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    """Ada failed three times and is late, bo solved it; nothing of it had to be run."""
    root = released_course(tmp_path_factory.mktemp("analyse") / "course", tmp_path_factory)
    programme = Programme(root)
    set_due_date(programme.nbgrader, "a1", DUE)
    log = [make_response(item=ITEM, attempt=n, fraction=0.0) for n in (1, 2, 3)]
    log += [make_response(item=ITEM, learner="bo")]
    with programme.database.begin() as session:
        people.save_learner(session, make_learner("ada", goals=()))
        responses.append(session, log)
    yield programme
    programme.database.close()


def run(course: Programme, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["--course", str(course.root), *words])
    return done.exit_code, done.output


def seen_of_ada(course: Programme) -> int:
    with course.database.begin(is_read_only=True) as session:
        return len(access.of(session, ADA))


def test_who_is_stuck_and_late_is_named_and_can_see_who_looked(course: Programme) -> None:
    before = seen_of_ada(course)

    found = stuck_learners(course, by=PersonId("siri"), clock=clock)

    assert {(one.learner, one.reason.key) for one in found} == {
        ("ada", "stuck.no_progress"),
        ("ada", "stuck.overdue"),
    }
    assert seen_of_ada(course) == before + 1


def test_the_analysis_names_nobody_and_is_of_the_assignment_asked_for(course: Programme) -> None:
    before = seen_of_ada(course)

    found = analyse_programme(course, assignment=AssignmentId("a1"))

    assert {one.assignment for one in found.items} == {"a1"}
    assert "ada" not in repr(found)
    assert seen_of_ada(course) == before
    with pytest.raises(ContentError, match="Did you mean"):
        analyse_programme(course, assignment=AssignmentId("a11"))


def test_both_are_typed(course: Programme) -> None:
    code, text = run(course, "items", "a1", "--json")
    assert code == 0
    assert {one["n_learners"]["shown"] for one in json.loads(text)["items"]} == {"few"}
    assert "Items, difficulty on the author's scale" in run(course, "items")[1]

    code, text = run(course, "stuck", "--json")
    assert code == 0
    assert {one["learner"] for one in json.loads(text)} == {"ada"}
    assert "Who could use a hand" in run(course, "stuck")[1]


def test_who_was_given_more_time_is_not_late(course: Programme) -> None:
    with course.nbgrader.gradebook() as gradebook:
        gradebook.add_student("ada")
    extend(course, "a1", "ada", timedelta(days=7))

    found = stuck_learners(course, by=PersonId("siri"), clock=clock)

    assert [one.reason.key for one in found] == ["stuck.no_progress"]
