"""A learner's own pages: today, skills, openings, mentor and sharing.

Law: everything is loaded by the id of the person who is logged in; no address names a learner.
"""

from starlette.responses import Response

from skillmap.matching import match_openings, one_exercise_away
from skillmap.model import Learner, LearnerId, PersonId, SkillProfile
from skillmap.profiles import next_items
from skillmap.store import access, openings, pairings, people, profiles, responses
from skillmap.web.desk import Call, redirect
from skillmap.web.views.learner import mentor_view, next_steps, sightings
from skillmap.web.views.openings import opening_cards
from skillmap.web.views.results import assignment_results, finished, not_handed_in
from skillmap.web.views.skills import skill_picture

__all__ = ["jobs", "mentor", "set_sharing", "skills", "today"]

N_OPENINGS = 5
N_SIGHTINGS = 100


def today(call: Call) -> Response:
    """Show what next, and what became of what was handed in."""
    learner, course, words = _learner(call), call.desk.course, call.words
    graded = finished(responses.graded_attempts(call.session, learner=learner.id))
    current = responses.current(call.session, learner=learner.id)
    profile = _profile(call, learner)
    chosen = next_items(profile, course, current, goals=learner.goals) if profile else []
    return call.page(
        "learner_today.html",
        learner=learner,
        steps=next_steps(chosen, course, words),
        results=assignment_results(graded, current, course, words),
        to_come=not_handed_in(graded, course, words),
    )


def skills(call: Call) -> Response:
    """Show the skill picture."""
    learner, course, words = _learner(call), call.desk.course, call.words
    profile = _profile(call, learner)
    return call.page(
        "learner_skills.html",
        learner=learner,
        picture=skill_picture(profile, course, words, first=learner.goals) if profile else None,
        data_until=words.moment(profile.data_until) if profile and profile.data_until else None,
    )


def jobs(call: Call) -> Response:
    """Show the nearest openings."""
    learner, course = _learner(call), call.desk.course
    profile = _profile(call, learner)
    active = {o.id: o for o in openings.active(call.session, call.now)}
    matches = (
        match_openings(
            learner=learner,
            profile=profile,
            openings=list(active.values()),
            course=course,
            responses=responses.current(call.session, learner=learner.id),
            required_level=call.desk.required_level,
        )
        if profile
        else []
    )
    one_away = {m.opening for m in one_exercise_away(matches)}
    cards = opening_cards(matches[:N_OPENINGS], active, one_away, call.words)
    return call.page("learner_jobs.html", learner=learner, cards=cards, n_openings=len(active))


def mentor(call: Call) -> Response:
    """Show the mentor and why, consent, and who has seen what."""
    learner, session = _learner(call), call.session
    mine = [p for p in pairings.published(session) if p.learner == learner.id]
    seen = access.of(session, whom=learner.id, limit=N_SIGHTINGS)
    names: dict[PersonId, str] = {one.id: one.name for one in people.mentors(session)}
    names |= {one.id: one.name for one in people.staff(session)}
    return call.page(
        "learner_mentor.html",
        learner=learner,
        mentors=[mentor_view(p, people.mentor(session, p.mentor), call.words) for p in mine],
        sightings=sightings(seen, names, call.words),
    )


def set_sharing(call: Call) -> Response:
    """Give or withdraw consent to share with the mentor; back to the page of the button."""
    learner = _learner(call)
    people.set_sharing(call.session, learner.id, call.form.get("share") == "yes", call.now)
    return redirect("/learner/mentor#sharing")


def _learner(call: Call) -> Learner:
    return people.learner(call.session, LearnerId(call.person.id))


def _profile(call: Call, learner: Learner) -> SkillProfile | None:
    return profiles.latest(call.session, learner.id)
