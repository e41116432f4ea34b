"""A learner's own pages: today, skills, openings, mentor and sharing.

Law: everything is loaded by the id of the person who is logged in; no address names a learner.
"""

from collections.abc import Collection, Sequence

from starlette.responses import Response as HttpResponse

from skillmap.matching import one_exercise_away
from skillmap.model import Course, ItemId, Learner, LearnerId, PersonId, Response, SkillProfile
from skillmap.profiles import NextItem, next_items
from skillmap.store import access, disputes, item_tests, pairings, people, profiles, responses
from skillmap.web.desk import Call, redirect
from skillmap.web.pages.nearness import compare_openings
from skillmap.web.views.disputes import asked_grades
from skillmap.web.views.learner import mentor_view, next_steps, sightings
from skillmap.web.views.openings import opening_cards
from skillmap.web.views.results import (
    assignment_results,
    finished,
    not_handed_in,
    waiting_everywhere,
)
from skillmap.web.views.skills import skill_picture

__all__ = ["jobs", "mentor", "set_sharing", "skills", "today"]

N_STEPS = 3  # one to do, and two for whoever would rather not
N_OPENINGS = 5
N_SIGHTINGS = 100


def today(call: Call) -> HttpResponse:
    """Show what next, and what became of what was handed in."""
    learner, course, words = _learner(call), call.desk.course, call.words
    attempts = responses.graded_attempts(call.session, learner=learner.id)
    current = responses.current(call.session, learner=learner.id)
    graded, profile = finished(attempts), _profile(call, learner)
    waiting = waiting_everywhere(graded, current, course)
    chosen = _next_items(profile, current, learner, course, waiting) if profile else []
    names: dict[str, str] = {one.id: one.name for one in people.staff(call.session)}
    regradings = item_tests.read_regradings(call.session)
    return call.page(
        "learner_today.html",
        learner=learner,
        steps=next_steps(chosen, attempts, course, words),
        results=assignment_results(graded, current, course, words, regradings=regradings),
        questions=asked_grades(disputes.of_learner(call.session, learner.id), names, words),
        to_come=not_handed_in(attempts, course, words),
    )


def skills(call: Call) -> HttpResponse:
    """Show the skill picture."""
    learner, course, words = _learner(call), call.desk.course, call.words
    profile = _profile(call, learner)
    return call.page(
        "learner_skills.html",
        learner=learner,
        picture=skill_picture(profile, course, words, first=learner.goals) if profile else None,
        data_until=words.moment(profile.data_until) if profile and profile.data_until else None,
    )


def jobs(call: Call) -> HttpResponse:
    """Show the nearest openings."""
    learner = _learner(call)
    answers = responses.current(call.session, learner=learner.id)
    near = compare_openings(call, learner, _profile(call, learner), answers)
    one_away = {m.opening for m in one_exercise_away(near.matches)}
    cards = opening_cards(near.matches[:N_OPENINGS], near.openings, one_away, call.words)
    n_openings = len(near.openings)
    return call.page("learner_jobs.html", learner=learner, cards=cards, n_openings=n_openings)


def mentor(call: Call) -> HttpResponse:
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


def set_sharing(call: Call) -> HttpResponse:
    """Give or withdraw consent to share with the mentor; back to the page of the button."""
    learner = _learner(call)
    people.set_sharing(call.session, learner.id, call.form.get("share") == "yes", call.now)
    return redirect("/learner/mentor#sharing")


def _learner(call: Call) -> Learner:
    return people.learner(call.session, LearnerId(call.person.id))


def _next_items(
    profile: SkillProfile,
    answers: Sequence[Response],
    learner: Learner,
    course: Course,
    waiting: Collection[ItemId],
) -> list[NextItem]:
    """Choose what to do next, but nothing that a teacher is about to read."""
    n = N_STEPS + len(waiting)
    chosen = next_items(profile, course, answers, goals=learner.goals, n=n)
    return [one for one in chosen if one.item not in waiting][:N_STEPS]


def _profile(call: Call, learner: Learner) -> SkillProfile | None:
    return profiles.latest(call.session, learner.id)
