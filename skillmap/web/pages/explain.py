"""Where one number of a profile comes from: for the learner, and for their own mentor.

Law: a mentor sees this page only where the brief is open, and each look is recorded first. An
address of a skill that the profile does not have is "no such page".
"""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from skillmap.model import Learner, LearnerId, SkillId
from skillmap.store import access, pairings, people, profiles
from skillmap.store.access import AccessRecord
from skillmap.web.access import read_brief
from skillmap.web.desk import Call, redirect
from skillmap.web.views.explain import ExplainedView, explained_view
from skillmap.workflows.explain import explain_within

__all__ = ["for_learner", "for_mentor"]


def for_learner(call: Call) -> Response:
    """Show a learner where their own estimate comes from."""
    learner = people.learner(call.session, LearnerId(call.person.id))
    view = _view(call, learner)
    return call.page("learner_skill.html", learner=learner, view=view, skill=_skill_name(call))


def for_mentor(call: Call) -> Response:
    """Show it to the mentor, or go to the brief, which says that it is not shared."""
    asked_for = call.asked.parameters["learner_id"]
    learner = next((one for one in people.learners(call.session) if one.id == asked_for), None)
    verdict = read_brief(call.person.id, learner, pairings.published(call.session))
    if learner is None or verdict == "hidden":
        raise HTTPException(404)
    if verdict != "open":
        return redirect(f"/mentor/brief/{learner.id}")
    view = _view(call, learner)
    access.record(call.session, _record(call, learner))
    return call.page(
        "mentor_skill.html",
        name=learner.name,
        learner_id=learner.id,
        view=view,
        skill=_skill_name(call),
    )


def _view(call: Call, learner: Learner) -> ExplainedView | None:
    """Lay the page out; None when the profile does not keep what it was made from."""
    profile = profiles.latest(call.session, learner.id)
    skill = SkillId(call.asked.parameters["skill"])
    if profile is None or skill not in profile.by_skill():
        raise HTTPException(404)
    if profile.basis is None:
        return None
    explained = explain_within(call.session, call.desk.course, learner.id, skill)
    is_own = call.person.id == learner.id
    return explained_view(explained, profile, call.desk.course, call.words, is_own=is_own)


def _skill_name(call: Call) -> str:
    return call.words.skill(call.asked.parameters["skill"])


def _record(call: Call, learner: Learner) -> AccessRecord:
    return AccessRecord(
        who=call.person.id,
        whom=learner.id,
        what="access.what.explanation",
        why="access.why.pairing",
        at=call.now,
    )
