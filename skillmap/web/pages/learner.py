"""A learner's own pages: today, skills, openings, mentor and sharing.

Law: everything is loaded by the id of the person who is logged in; no address names a learner.
"""

from starlette.responses import Response as HttpResponse

from skillmap.matching import one_exercise_away
from skillmap.model import Learner, LearnerId, PersonId, SkillProfile
from skillmap.store import (
    access,
    attestations,
    disputes,
    item_tests,
    pairings,
    people,
    profiles,
    responses,
)
from skillmap.web.desk import Call, redirect
from skillmap.web.pages.nearness import compare_openings
from skillmap.web.views.disputes import asked_grades
from skillmap.web.views.evidence import other_evidence
from skillmap.web.views.learner import mentor_view, next_steps, sightings
from skillmap.web.views.openings import opening_cards
from skillmap.web.views.results import (
    assignment_results,
    finished,
    not_handed_in,
    waiting_everywhere,
)
from skillmap.web.views.skills import skill_picture
from skillmap.workflows.evidence import disputed_items, gather
from skillmap.workflows.next_exercise import propose

__all__ = ["jobs", "mentor", "set_sharing", "skills", "today"]

N_OPENINGS = 5
N_SIGHTINGS = 100


def today(call: Call) -> HttpResponse:
    """Show what next, and what became of what was handed in."""
    learner, course, words = _learner(call), call.desk.course, call.words
    attempts = responses.graded_attempts(call.session, learner=learner.id)
    current = responses.current(call.session, learner=learner.id)
    graded, profile = finished(attempts), _profile(call, learner)
    waiting = waiting_everywhere(graded, current, course)
    # Nothing that a teacher is about to read.
    chosen = propose(call.session, course, profile, without=waiting).items if profile else ()
    names: dict[str, str] = {one.id: one.name for one in people.staff(call.session)}
    names |= {one.id: one.name for one in people.mentors(call.session)}
    regradings = item_tests.read_regradings(call.session)
    return call.page(
        "learner_today.html",
        learner=learner,
        steps=next_steps(chosen, attempts, course, words, names=names),
        results=assignment_results(graded, current, course, words, regradings=regradings),
        questions=asked_grades(disputes.of_learner(call.session, learner.id), names, words),
        to_come=not_handed_in(attempts, course, words),
    )


def skills(call: Call) -> HttpResponse:
    """Show the skill picture, and apart from it what nobody graded."""
    learner, course, words = _learner(call), call.desk.course, call.words
    evidence = gather(call.session, learner.id)
    profile = evidence.profile
    mine = attestations.of_learner(call.session, learner.id)
    return call.page(
        "learner_skills.html",
        learner=learner,
        picture=skill_picture(profile, course, words, first=learner.goals) if profile else None,
        data_until=words.moment(profile.data_until) if profile and profile.data_until else None,
        others=other_evidence(evidence, course, words),
        n_waiting=sum(one.state == "waiting" for one in mine),
    )


def jobs(call: Call) -> HttpResponse:
    """Show the nearest openings."""
    learner = _learner(call)
    answers = responses.current(call.session, learner=learner.id)
    near = compare_openings(call, learner, _profile(call, learner), answers)
    one_away = {m.opening for m in one_exercise_away(near.matches)}
    disputed = disputed_items(call.session, learner.id)
    cards = opening_cards(
        near.matches[:N_OPENINGS], near.openings, one_away, call.words, disputed=disputed
    )
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


def _profile(call: Call, learner: Learner) -> SkillProfile | None:
    return profiles.latest(call.session, learner.id)
