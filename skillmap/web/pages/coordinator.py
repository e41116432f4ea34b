"""The coordinator's pages: the cohort, the draft of pairs, and its publication by a named person.

Law: a draft becomes real only by a button on a page that shows it; when the draft changed in
between, nothing is published and the new draft is shown.
"""

from collections.abc import Mapping, Sequence

from markupsafe import Markup
from starlette.responses import Response

from skillmap.errors import MatchingError
from skillmap.model import Learner
from skillmap.store import access, disputes, openings, pairings, people, responses
from skillmap.store.access import AccessRecord
from skillmap.web.desk import Call, redirect
from skillmap.web.views.coordinator import cohort_rows, pair_rows, plan_digest, waiting_rows
from skillmap.web.views.results import finished
from skillmap.web.words import isolated

__all__ = ["confirm", "home", "publish"]


def home(call: Call) -> Response:
    """Show the cohort, the draft or the published pairs, who waits, and how fresh it all is."""
    session, words = call.session, call.words
    learners, mentors = people.learners(session), people.mentors(session)
    _record(call, learners)
    graded = finished(responses.graded_attempts(session))
    published, draft = pairings.published(session), pairings.draft(session)
    names, asked = _names(call), disputes.count(session)
    return call.page(
        "coordinator.html",
        rows=cohort_rows(learners, mentors, published, graded, words),
        draft=pair_rows(draft.pairings, names, words) if draft else [],
        published=pair_rows(published, names, words),
        published_by=_published_by(call),
        waiting=waiting_rows(draft.waiting if draft else pairings.waiting(session), names, words),
        n_open=asked.get("open", 0),
        n_answered=asked.get("answered", 0),
        n_openings=len(openings.active(session, call.now)),
        updated=words.moment(max(g.graded_at for g in graded)) if graded else None,
    )


def confirm(call: Call) -> Response:
    """Ask once more, with every pair and reason on the page, and who is left waiting."""
    return _ask(call, problem=None)


def publish(call: Call) -> Response:
    """Publish the draft that was read, in the name of the person logged in."""
    draft = pairings.draft(call.session)
    if draft is None or plan_digest(draft) != call.form.get("plan"):
        return _ask(call, problem=call.words.say("publish.changed"))
    try:
        pairings.publish(call.session, by=call.person.id, at=call.now)
    except MatchingError:
        return _ask(call, problem=call.words.say("publish.excluded"))
    return redirect("/coordinator")


def _ask(call: Call, *, problem: Markup | None) -> Response:
    draft, names = pairings.draft(call.session), _names(call)
    return call.page(
        "publish.html",
        status=409 if problem else 200,
        problem=problem,
        draft=pair_rows(draft.pairings, names, call.words) if draft else [],
        waiting=waiting_rows(draft.waiting, names, call.words) if draft else [],
        digest=plan_digest(draft) if draft else "",
    )


def _published_by(call: Call) -> Markup | None:
    last = pairings.published_by(call.session)
    if last is None:
        return None
    person, at = people.person(call.session, last[0]), call.words.day(last[1])
    name = isolated(person.name if person else last[0])
    return call.words.say("draft.published_by", name=name, when=at)


def _names(call: Call) -> Mapping[str, str]:
    names: dict[str, str] = {one.id: one.name for one in people.learners(call.session)}
    names |= {one.id: one.name for one in people.mentors(call.session)}
    return names


def _record(call: Call, learners: Sequence[Learner]) -> None:
    for learner in learners:
        record = AccessRecord(
            who=call.person.id,
            whom=learner.id,
            what="access.what.cohort",
            why="access.why.coordination",
            at=call.now,
        )
        access.record(call.session, record)
