"""A mentor or an instructor chooses the next exercise of one learner.

Law: a mentor sees this page only where the brief is open; each look is recorded for the learner,
and each decision is kept with the name of who made it, which the learner reads.
"""

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import Response

from skillmap.evidence import solved_items
from skillmap.model import ItemId, Learner, Override, OverrideKind, in_force
from skillmap.store import access, overrides, pairings, people, profiles, responses
from skillmap.store.access import AccessRecord
from skillmap.web.access import read_brief
from skillmap.web.desk import Call, redirect
from skillmap.web.views.exercises import exercises_of
from skillmap.web.views.next_exercise import ChoiceView, choice_view
from skillmap.workflows.next_exercise import decide, propose

__all__ = ["choose", "choose_form"]

KINDS: dict[str, OverrideKind] = {"pin": "pin", "dismiss": "dismiss", "clear": "clear"}


def choose_form(call: Call) -> Response:
    """Show what is proposed to a learner, what people decided, and the form to decide."""
    learner = _learner(call)
    return _page(call, learner) if learner else _withheld(call)


def choose(call: Call) -> Response:
    """Keep a decision; back to the form, which shows what became of it."""
    learner = _learner(call)
    if learner is None:
        return _withheld(call)
    kind, item = KINDS.get(call.form.get("kind", "")), ItemId(call.form.get("item", ""))
    if kind is None or item not in call.desk.course.items:
        return _page(call, learner, problem=call.words.say("choose.problem"))
    decision = Override(learner=learner.id, item=item, kind=kind, by=call.person.id, at=call.now)
    decide(call.session, call.desk.course, decision)
    return redirect(call.asked.path)


def _learner(call: Call) -> Learner | None:
    """Find the learner of this address; None when they do not share with this mentor."""
    asked_for = call.asked.parameters["learner_id"]
    found = next((one for one in people.learners(call.session) if one.id == asked_for), None)
    if call.person.role == "instructor":
        verdict = "open" if found else "hidden"
    else:
        verdict = read_brief(call.person.id, found, pairings.published(call.session))
    if verdict == "hidden":
        raise HTTPException(404)
    return found if verdict == "open" else None


def _withheld(call: Call) -> Response:
    return redirect(call.asked.path.replace("/next/", "/brief/", 1))


def _page(call: Call, learner: Learner, *, problem: Markup | None = None) -> Response:
    is_mentor = call.person.role == "mentor"
    record = AccessRecord(
        who=call.person.id,
        whom=learner.id,
        what="access.what.next",
        why="access.why.pairing" if is_mentor else "access.why.teaching",
        at=call.now,
    )
    access.record(call.session, record)
    return call.page(
        "choose_next.html",
        status=422 if problem else 200,
        name=learner.name,
        home="/mentor" if is_mentor else "/instructor",
        home_title=call.words.say("mentees.title" if is_mentor else "class.title"),
        choice=_choice(call, learner),
        problem=problem,
    )


def _choice(call: Call, learner: Learner) -> ChoiceView:
    session, course = call.session, call.desk.course
    profile = profiles.latest(session, learner.id)
    solved = solved_items(responses.current(session, learner=learner.id), learner.id)
    names: dict[str, str] = {one.id: one.name for one in people.staff(session)}
    names |= {one.id: one.name for one in people.mentors(session)}
    return choice_view(
        proposed=propose(session, course, profile).items if profile else (),
        decided=in_force(overrides.of_learner(session, learner.id)),
        unsolved=[
            one
            for one in exercises_of(course.items.values())
            if not solved.issuperset(item.id for item in one.items)
        ],
        names=names,
        words=call.words,
    )
