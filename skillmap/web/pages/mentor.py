"""A mentor's pages: own learners, and the brief before a meeting.

Law: each brief that is shown is recorded first, in the same transaction, for the learner to see.
"""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from skillmap.model import Learner, MentorId
from skillmap.store import access, pairings, people, responses
from skillmap.store.access import AccessRecord
from skillmap.web.access import read_brief
from skillmap.web.desk import Call
from skillmap.web.pages.nearness import compare_openings
from skillmap.web.views.mentor import Brief, make_brief
from skillmap.workflows.evidence import gather

__all__ = ["brief", "home"]


def home(call: Call) -> Response:
    """List the learners whose pairing with this mentor is published."""
    published = pairings.published(call.session)
    mine = {p.learner for p in published if p.mentor == call.person.id}
    learners = [person for person in people.learners(call.session) if person.id in mine]
    return call.page("mentor_home.html", learners=sorted(learners, key=lambda one: one.name))


def brief(call: Call) -> Response:
    """Show one learner's brief, or say plainly that it is not shared."""
    asked_for = call.asked.parameters["learner_id"]
    learner = next((one for one in people.learners(call.session) if one.id == asked_for), None)
    verdict = read_brief(call.person.id, learner, pairings.published(call.session))
    if learner is None or verdict == "hidden":
        raise HTTPException(404)
    if verdict != "open":
        return call.page("mentor_withheld.html", name=learner.name)
    record = AccessRecord(
        who=call.person.id,
        whom=learner.id,
        what="access.what.brief",
        why="access.why.pairing",
        at=call.now,
    )
    access.record(call.session, record)
    return call.page("mentor_brief.html", brief=_load(call, learner), learner_id=learner.id)


def _load(call: Call, learner: Learner) -> Brief:
    session = call.session
    evidence = gather(session, learner.id)
    answers = responses.current(session, learner=learner.id)
    near = compare_openings(call, learner, evidence.profile, answers)
    return make_brief(
        learner=learner,
        mentor=people.mentor(session, MentorId(call.person.id)),
        evidence=evidence,
        responses=answers,
        matches=near.matches,
        openings=near.openings,
        course=call.desk.course,
        words=call.words,
        now=call.now,
    )
