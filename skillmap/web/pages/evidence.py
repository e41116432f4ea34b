"""A learner's own page of what nobody graded: what others saw, and what they say themselves.

Law: a learner reaches only what is about them, anything else is "no such page"; to take back takes
as many steps as to give.
"""

from collections.abc import Callable
from math import isfinite
from typing import TypeVar, get_args

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import Response as HttpResponse

from skillmap.errors import StoreError
from skillmap.model import (
    Attestation,
    AttestationId,
    LearnerId,
    SkillId,
    Statement,
    StatementId,
    StatementSource,
)
from skillmap.model.attested import EARLIEST_YEAR, MAX_SAID, MAX_YEARS
from skillmap.store import attestations, people, statements
from skillmap.web.desk import Call, redirect
from skillmap.web.views.evidence import (
    attested_rows,
    level_choices,
    other_evidence,
    skill_choices,
    source_choices,
)
from skillmap.workflows.attest import keep_statement
from skillmap.workflows.evidence import gather

__all__ = ["consent", "said", "show", "state", "withdraw", "withdraw_statement"]

T = TypeVar("T", Attestation, Statement)

MAX_DIGITS = 9  # more fit into no column
SOURCES: tuple[StatementSource, ...] = get_args(StatementSource)


def show(call: Call) -> HttpResponse:
    """Show what others saw, what the learner says, and the form to say more."""
    return _page(call)


def state(call: Call) -> HttpResponse:
    """Keep what a learner says of one skill."""
    problem = _problem(call)
    if problem:
        return _page(call, problem=problem)
    keep_statement(call.session, call.desk.course, _statement(call))
    return redirect("/learner/evidence#stated")


def withdraw_statement(call: Call) -> HttpResponse:
    """Take a learner's own statement back."""
    mine = _own(call, "statement_id", lambda n: statements.find(call.session, StatementId(n)))
    statements.withdraw(call.session, mine.id, at=call.now)
    return redirect("/learner/evidence#stated")


def consent(call: Call) -> HttpResponse:
    """Let an attestation be shown; one that was withdrawn meanwhile stays so."""
    mine = _own_attestation(call)
    if mine.state == "waiting":
        attestations.consent(call.session, mine.id, at=call.now)
    return redirect("/learner/evidence#attested")


def withdraw(call: Call) -> HttpResponse:
    """Say no to an attestation, or take the consent back."""
    attestations.withdraw(call.session, _own_attestation(call).id, at=call.now)
    return redirect("/learner/evidence#attested")


def said(call: Call, field: str) -> str:
    """Read a text field; a browser sends a line end as two characters, and counts it as one."""
    return call.form.get(field, "").replace("\r\n", "\n").strip()


def _page(call: Call, *, problem: Markup | None = None) -> HttpResponse:
    course, words = call.desk.course, call.words
    learner = people.learner(call.session, LearnerId(call.person.id))
    mine = attestations.of_learner(call.session, learner.id)
    waiting = [one for one in mine if one.state == "waiting"]
    return call.page(
        "learner_evidence.html",
        status=422 if problem else 200,
        learner=learner,
        waiting=attested_rows(waiting, words),
        others=other_evidence(gather(call.session, learner.id), course, words),
        skills=skill_choices(course, words),
        levels=level_choices(course, words),
        sources=source_choices(words),
        typed=call.form,
        problem=problem,
        max_text=MAX_SAID,
        max_years=MAX_YEARS,
        first_year=EARLIEST_YEAR,
        this_year=call.now.year,
    )


def _problem(call: Call) -> Markup | None:
    """Say why a statement cannot be kept; None when it can."""
    form, course, say = call.form, call.desk.course, call.words.say
    if form.get("skill") not in course.skills:
        return say("stated.problem.skill")
    if form.get("source") not in SOURCES:
        return say("stated.problem.source")
    if form.get("level") and form["level"] not in {one.id for one in course.levels}:
        return say("attested.problem.level")
    return _problem_of_facts(call)


def _problem_of_facts(call: Call) -> Markup | None:
    say, text = call.words.say, said(call, "text")
    years, last_used = _years(call), _last_used(call)
    if said(call, "years") and (years is None or not 0 <= years <= MAX_YEARS):
        return say("stated.problem.years", most=MAX_YEARS)
    this_year = call.now.year
    if said(call, "last_used") and not EARLIEST_YEAR <= (last_used or 0) <= this_year:
        return say("stated.problem.last_used", first=EARLIEST_YEAR, last=this_year)
    if len(text) > MAX_SAID:
        return say("dispute.problem.long", n=len(text), max=MAX_SAID)
    if years is None and not call.form.get("level") and not text:
        return say("stated.problem.empty")
    if len(statements.standing(call.session, LearnerId(call.person.id))) >= statements.MAX_STANDING:
        return say("stated.problem.many")
    return None


def _statement(call: Call) -> Statement:
    source = next(one for one in SOURCES if one == call.form.get("source"))
    return Statement(
        learner=LearnerId(call.person.id),
        skill=SkillId(call.form["skill"]),
        source=source,
        stated_at=call.now,
        years=_years(call),
        last_used=_last_used(call),
        level=call.form.get("level") or None,
        text=said(call, "text"),
    )


def _years(call: Call) -> float | None:
    try:
        years = float(said(call, "years").replace(",", "."))
    except ValueError:
        return None
    return years if isfinite(years) else None


def _last_used(call: Call) -> int | None:
    typed = said(call, "last_used")
    return int(typed) if typed.isdecimal() and len(typed) == len("2026") else None


def _own_attestation(call: Call) -> Attestation:
    def find(number: int) -> Attestation:
        return attestations.find(call.session, AttestationId(number))

    return _own(call, "attestation_id", find)


def _own(call: Call, parameter: str, find: Callable[[int], T]) -> T:
    """Find what this address names; "no such page" unless it is about the person logged in."""
    number = call.asked.parameters[parameter]
    if not (number.isdecimal() and len(number) <= MAX_DIGITS):
        raise HTTPException(404)
    try:
        found = find(int(number))
    except StoreError as error:
        raise HTTPException(404) from error
    if found.learner != call.person.id:
        raise HTTPException(404)
    return found
