"""The instructor's page: how the class is doing, and who needs a hand."""

from starlette.responses import Response

from skillmap.store import access, disputes, item_tests, people, responses
from skillmap.store.access import AccessRecord
from skillmap.web.desk import Call
from skillmap.web.views.disputes import grade_rows
from skillmap.web.views.instructor import MIN_GROUP, assignment_rows, stuck_rows
from skillmap.web.views.results import finished

__all__ = ["home"]


def home(call: Call) -> Response:
    """Show each assignment, and who is stuck; each learner named can see that it was read."""
    session, course, words = call.session, call.desk.course, call.words
    learners = people.learners(session)
    graded = finished(responses.graded_attempts(session))
    current = responses.current(session)
    for learner in learners:
        record = AccessRecord(
            who=call.person.id,
            whom=learner.id,
            what="access.what.results",
            why="access.why.teaching",
            at=call.now,
        )
        access.record(session, record)
    tiers = item_tests.read_tiers(session)
    return call.page(
        "instructor.html",
        n_learners=len(learners),
        learners=sorted(learners, key=lambda one: one.name),
        rows=assignment_rows(learners, graded, current, course, words, tiers=tiers),
        questions=grade_rows(disputes.opened(session), learners, words),
        n_waiting_scores=len(disputes.waiting_for_gradebook(session)),
        stuck=stuck_rows(learners, current, course, words),
        min_group=MIN_GROUP,
    )
