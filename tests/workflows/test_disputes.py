"""A dispute from the question to the corrected score, with a real gradebook and database."""

import pytest

from skillmap.errors import AccessError, GradingError, StoreError
from skillmap.grading import alone
from skillmap.model import Dispute, LearnerId, PersonId
from skillmap.store import access, disputes, people, profiles, responses
from skillmap.web import create_app
from skillmap.workflows.disputes import (
    DisputeOffice,
    answer_dispute,
    open_disputes,
    require_instructor,
    settle,
)
from skillmap.workflows.programme import Programme
from tests.grading.builders import WRONG, submit
from tests.web.conftest import Site, TickingClock, csrf_of
from tests.web.world import make_learner, make_person
from tests.workflows.builders import NOW, clock, doubles, log, points, run

pytestmark = pytest.mark.slow

ADA = LearnerId(PersonId("ada"))
SIRI = PersonId("siri")


@pytest.fixture
def asked(programme: Programme) -> Dispute:
    """Ada handed in a wrong answer, which was graded, and says that it is right."""
    submit(programme.root, "ada", WRONG, at="20 18:00")
    run(programme)
    with programme.database.begin() as session:
        people.save_learner(session, make_learner("ada", goals=()))
        people.save_person(session, make_person("siri", "Siri Holm", "instructor"))
        mine = responses.current(session, learner=ADA)
        about = next(one for one in mine if one.item == "a1/one/double_test")
        return disputes.raise_dispute(session, about, "The task says so.", at=NOW)


def found(programme: Programme, dispute: Dispute) -> Dispute:
    with programme.database.begin(is_read_only=True) as session:
        return disputes.find(session, dispute.id)


def test_a_new_score_goes_through_the_gradebook_to_the_log_and_the_profile(
    programme: Programme, asked: Dispute
) -> None:
    settled = answer_dispute(programme, asked.id, "You are right.", score=1.5, by=SIRI, clock=clock)

    assert [one.id for one in settled.recorded] == [asked.id]
    assert settled.problems == ()
    assert points(programme, "ada") == 1.5
    assert doubles(programme) == [(1, 0.75)]
    assert [r.is_manual for r in log(programme) if r.item == asked.item] == [True]
    assert found(programme, asked).recorded_at == NOW
    with programme.database.begin() as session:
        assert profiles.latest(session, ADA) is not None


def test_an_answer_on_the_page_reaches_the_gradebook(programme: Programme, asked: Dispute) -> None:
    ticking = TickingClock(NOW)
    office = DisputeOffice(programme, clock=ticking)
    app = create_app(programme.database, programme.course, clock=ticking, office=office)
    site = Site(app=app, database=programme.database, course=programme.course, clock=ticking)
    client, path = site.visitor("siri"), f"/instructor/dispute/{asked.id}"
    page = client.get(path).text
    assert "def double" in page.replace('<span class="py-k">def</span>', "def")

    form = {"csrf": csrf_of(page), "words": "You are right.", "score": "2"}
    assert client.post(path, data=form).status_code == 303

    assert points(programme, "ada") == 2.0
    assert doubles(programme) == [(1, 1.0)]
    assert "It is 2 now" in site.visitor("ada").get("/learner").text


def test_an_answer_without_a_score_changes_no_score(programme: Programme, asked: Dispute) -> None:
    settled = answer_dispute(programme, asked.id, "No.", score=None, by=SIRI, clock=clock)

    assert settled.recorded == ()
    assert doubles(programme) == [(1, 0.0)]
    assert found(programme, asked).state == "answered"


def test_a_score_waits_while_the_course_is_being_graded(
    programme: Programme, asked: Dispute
) -> None:
    with alone(programme.nbgrader):
        settled = answer_dispute(programme, asked.id, "Yes.", score=2, by=SIRI, clock=clock)
    assert settled.recorded == ()
    assert "another skillmap grades" in settled.problems[0]
    assert found(programme, asked).waits_for_gradebook

    assert len(settle(programme, clock=clock).recorded) == 1

    assert points(programme, "ada") == 2.0
    assert settle(programme, clock=clock).recorded == ()


def test_a_site_without_gradebook_makes_none_and_lets_the_score_wait(
    programme: Programme, asked: Dispute
) -> None:
    gradebook = programme.root / "gradebook.db"
    gradebook.rename(programme.root / "elsewhere.db")

    settled = answer_dispute(programme, asked.id, "Yes.", score=2, by=SIRI, clock=clock)

    assert "no gradebook" in settled.problems[0]
    assert not gradebook.exists()
    assert found(programme, asked).waits_for_gradebook


@pytest.mark.parametrize("score", [-0.5, 2.5, float("nan"), float("inf")])
def test_a_score_that_the_item_cannot_give_is_refused_before_anything_is_kept(
    programme: Programme, asked: Dispute, score: float
) -> None:
    with pytest.raises(GradingError, match="gives 0 to 2 points"):
        answer_dispute(programme, asked.id, "Yes.", score=score, by=SIRI, clock=clock)

    assert found(programme, asked).state == "open"


def test_nobody_answers_twice(programme: Programme, asked: Dispute) -> None:
    answer_dispute(programme, asked.id, "Yes.", score=2, by=SIRI, clock=clock)

    with pytest.raises(StoreError, match="answered already"):
        answer_dispute(programme, asked.id, "No.", score=0, by=SIRI, clock=clock)

    assert points(programme, "ada") == 2.0


def test_each_look_from_the_command_line_is_the_learners_to_see(
    programme: Programme, asked: Dispute
) -> None:
    [one] = open_disputes(programme, by=PersonId("command line (x)"), clock=clock)

    assert (one.dispute, one.points, one.max_points) == (asked, 0.0, 2.0)
    with programme.database.begin(is_read_only=True) as session:
        assert [view.what for view in access.of(session, ADA)] == ["access.what.dispute"]


def test_only_an_instructor_answers_by_name(programme: Programme, asked: Dispute) -> None:
    assert require_instructor(programme, SIRI) == SIRI

    with pytest.raises(AccessError, match="only an instructor"):
        require_instructor(programme, asked.learner)


def test_the_office_shows_the_answer_and_the_check_that_failed(
    programme: Programme, asked: Dispute
) -> None:
    work = DisputeOffice(programme, clock=clock).work_on(asked, "en")

    assert work is not None
    assert work.test is not None
    assert "double" in work.answers[0].source
    assert "AssertionError" in str(work.test.failed) or "double(3)" in str(work.test.failed)
    gone = programme.root / "autograded"
    gone.rename(programme.root / "elsewhere")
    assert DisputeOffice(programme, clock=clock).work_on(asked, "nb") is None
