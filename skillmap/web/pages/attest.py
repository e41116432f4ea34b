"""A mentor writes what they saw their own learner do.

Law: the page says nothing about the learner but the name, and never what became of an attestation:
whether it is shown is the learner's choice, and a no costs nothing.
"""

from datetime import date
from urllib.parse import quote

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import Response as HttpResponse

from skillmap.model import Learner, SkillId
from skillmap.model.attested import MAX_SAID
from skillmap.store import attestations, pairings, people
from skillmap.web.access import attest_for
from skillmap.web.desk import Call, redirect
from skillmap.web.pages.evidence import said
from skillmap.web.views.evidence import level_choices, skill_choices
from skillmap.workflows.attest import Sight, keep_sight

__all__ = ["attest", "attest_form", "thanks"]


def attest_form(call: Call) -> HttpResponse:
    """Show the form for one learner."""
    return _page(call, _own_learner(call))


def attest(call: Call) -> HttpResponse:
    """Keep what the mentor saw; it waits for the learner's consent."""
    learner = _own_learner(call)
    problem, day = _problem(call, learner), _day(call)
    if problem or day is None:
        return _page(call, learner, problem=problem)
    sight = Sight(
        learner=learner.id,
        skill=SkillId(call.form["skill"]),
        by=call.person.id,
        words=said(call, "words"),
        level=call.form["level"],
        seen_on=day,
    )
    keep_sight(call.session, call.desk.course, sight, at=call.now)
    return redirect(f"{_address(learner)}/thanks")


def thanks(call: Call) -> HttpResponse:
    """Say what happens next."""
    return call.page("mentor_thanks.html", name=_own_learner(call).name)


def _own_learner(call: Call) -> Learner:
    asked_for = call.asked.parameters["learner_id"]
    learner = next((one for one in people.learners(call.session) if one.id == asked_for), None)
    verdict = attest_for(call.person.id, learner, pairings.published(call.session))
    if learner is None or verdict != "open":
        raise HTTPException(404)
    return learner


def _address(learner: Learner) -> str:
    return f"/mentor/attest/{quote(learner.id, safe='')}"


def _page(call: Call, learner: Learner, *, problem: Markup | None = None) -> HttpResponse:
    course, words = call.desk.course, call.words
    return call.page(
        "mentor_attest.html",
        status=422 if problem else 200,
        name=learner.name,
        address=_address(learner),
        skills=skill_choices(course, words),
        levels=level_choices(course, words),
        typed=call.form,
        problem=problem,
        today=call.now.date().isoformat(),
        max_text=MAX_SAID,
    )


def _problem(call: Call, learner: Learner) -> Markup | None:
    """Say why an attestation cannot be kept; None when it can."""
    form, course, say, words = call.form, call.desk.course, call.words.say, said(call, "words")
    if form.get("skill") not in course.skills:
        return say("stated.problem.skill")
    if form.get("level") not in {one.id for one in course.levels}:
        return say("attested.problem.level")
    day = _day(call)
    if day is None or day > call.now.date():
        return say("attested.problem.day")
    if not words:
        return say("attested.problem.empty")
    if len(words) > MAX_SAID:
        return say("dispute.problem.long", n=len(words), max=MAX_SAID)
    mine = attestations.of_learner(call.session, learner.id)
    if sum(one.state == "waiting" for one in mine) >= attestations.MAX_WAITING:
        return say("attested.problem.many")
    return None


def _day(call: Call) -> date | None:
    try:
        return date.fromisoformat(said(call, "seen_on"))
    except ValueError:
        return None
