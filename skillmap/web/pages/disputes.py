"""A grade in question: the learner asks or withdraws, the instructor reads the work and answers.

Law: a learner reaches only their own grades and questions, anything else is "no such page"; each
look of an instructor is shown to the learner; a new score is kept with the answer, and brought into
the gradebook afterwards, outside of our transaction.
"""

from math import isfinite

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import Response as HttpResponse

from skillmap.errors import StoreError
from skillmap.evidence import exercise_of
from skillmap.model import (
    AssignmentId,
    Dispute,
    DisputeId,
    ItemId,
    LearnerId,
    PersonId,
    Response,
    item_id,
)
from skillmap.store import access, disputes, people, responses
from skillmap.store.access import AccessRecord
from skillmap.web.desk import Call, Later, redirect
from skillmap.web.views.disputes import asked_grades, points_of, question_address
from skillmap.web.views.exercises import newest_responses

__all__ = ["answer", "answer_form", "ask", "ask_form", "withdraw"]

MAX_DIGITS = 9  # more fit into no column


def ask_form(call: Call) -> HttpResponse:
    """Show a learner one of their own grades, and the form to question it."""
    return _ask_page(call, _own_grade(call))


def ask(call: Call) -> HttpResponse:
    """Keep a learner's question; back to what they handed in."""
    about, text = _own_grade(call), call.form.get("text", "")
    problem = _problem(call, about, text)
    if problem:
        return _ask_page(call, about, problem=problem, typed=text)
    disputes.raise_dispute(call.session, about, text, at=call.now)
    return redirect("/learner#questions")


def withdraw(call: Call) -> HttpResponse:
    """Take a learner's own open question back."""
    dispute = _find(call)
    if dispute.learner != call.person.id:
        raise HTTPException(404)
    if dispute.state == "open":
        disputes.withdraw(call.session, dispute.id)
    return redirect("/learner#questions")


def answer_form(call: Call) -> HttpResponse:
    """Show an instructor the question with the work, and the form to answer it."""
    return _answer_page(call, _find(call))


def answer(call: Call) -> HttpResponse | Later:
    """Keep an instructor's answer; a new score goes into the gradebook when it is kept."""
    dispute, words = _find(call), call.form.get("words", "")
    typed = call.form.get("score", "").strip().replace(",", ".")
    score = _read_score(typed)
    problem = _problem_of_answer(call, dispute, words, typed, score)
    if problem:
        return _answer_page(call, dispute, problem=problem)
    by = call.person.id
    disputes.answer(call.session, dispute.id, words, by=by, at=call.now, score=score)
    home, office = redirect("/instructor#questions"), call.desk.office
    if score is None or office is None:
        return home

    def settle() -> HttpResponse:
        office.settle()
        return home

    return Later(work=settle)


def _own_grade(call: Call) -> Response:
    """Find the newest response of the person logged in to the item of this address."""
    asked = call.asked.parameters
    item = item_id(asked["assignment"], asked["notebook"], asked["grade_id"])
    mine = newest_responses(responses.current(call.session, learner=LearnerId(call.person.id)))
    found = next((one for one in mine if one.item == item), None)
    if found is None:
        raise HTTPException(404)
    return found


def _ask_page(
    call: Call, about: Response, *, problem: Markup | None = None, typed: str = ""
) -> HttpResponse:
    words, learner = call.words, people.learner(call.session, about.learner)
    mine = disputes.of_learner(call.session, learner.id)
    names: dict[str, str] = {one.id: one.name for one in people.staff(call.session)}
    questions = asked_grades([one for one in mine if one.item == about.item], names, words)
    return call.page(
        "learner_dispute.html",
        status=422 if problem else 200,
        learner=learner,
        title=words.item(about.item),
        assignment=words.assignment(AssignmentId(about.item.split("/", 1)[0])),
        points=points_of(about, words),
        graded=words.say("dispute.graded", when=words.day(about.graded_at)),
        cell=about.item.rpartition("/")[2],
        others=_other_checks(call, about.item),
        questions=questions,
        is_open=any(one.is_open for one in questions),
        address=question_address(about.item),
        problem=problem,
        typed=typed,
        max_text=disputes.MAX_TEXT,
    )


def _other_checks(call: Call, item: ItemId) -> list[tuple[str, str]]:
    """Name the other checks of the same exercise, with the addresses of their pages."""
    course = call.desk.course
    known = course.items.get(item)
    if known is None:
        return []
    others = (one for one in course.items.values() if exercise_of(one) == exercise_of(known))
    return [(one.grade_id, question_address(one.id)) for one in others if one.id != item]


def _problem(call: Call, about: Response, text: str) -> Markup | None:
    """Say why a question cannot be kept; None when it can."""
    problem = _problem_of_words(call, text)
    if problem:
        return problem
    mine = disputes.of_learner(call.session, about.learner)
    is_open = [one for one in mine if one.state == "open"]
    if any(one.item == about.item for one in is_open):
        return call.words.say("dispute.problem.twice")
    if len(is_open) >= disputes.MAX_OPEN:
        return call.words.say("dispute.problem.many", n=len(is_open))
    return None


def _problem_of_words(call: Call, text: str) -> Markup | None:
    n = disputes.length(text)
    if n == 0:
        return call.words.say("dispute.problem.empty")
    if n > disputes.MAX_TEXT:
        return call.words.say("dispute.problem.long", n=n, max=disputes.MAX_TEXT)
    return None


def _find(call: Call) -> Dispute:
    """Find the dispute of this address; "no such page" when there is none."""
    number = call.asked.parameters["dispute_id"]
    if not (number.isdecimal() and len(number) <= MAX_DIGITS):
        raise HTTPException(404)
    try:
        return disputes.find(call.session, DisputeId(int(number)))
    except StoreError as error:
        raise HTTPException(404) from error


def _answer_page(call: Call, dispute: Dispute, *, problem: Markup | None = None) -> HttpResponse:
    words, session, office = call.words, call.session, call.desk.office
    record = AccessRecord(
        who=call.person.id,
        whom=dispute.learner,
        what="access.what.dispute",
        why="access.why.teaching",
        at=call.now,
    )
    access.record(session, record)
    names: dict[str, str] = {one.id: one.name for one in people.staff(session)}
    person = people.person(session, PersonId(dispute.learner))
    newest = _newest(call, dispute)
    [question] = asked_grades([dispute], names, words)
    return call.page(
        "instructor_dispute.html",
        status=422 if problem else 200,
        name=person.name if person else dispute.learner,
        question=question,
        cell_name=dispute.grade_id,
        points=points_of(newest, words) if newest else None,
        max_points=f"{newest.max_points:g}" if newest else None,
        work=office.work_on(dispute, "nb" if words.language == "nb" else "en") if office else None,
        has_gradebook=office is not None,
        problem=problem,
        typed_words=call.form.get("words", ""),
        typed_score=call.form.get("score", ""),
        max_text=disputes.MAX_TEXT,
    )


def _newest(call: Call, dispute: Dispute) -> Response | None:
    theirs = newest_responses(responses.current(call.session, learner=dispute.learner))
    return next((one for one in theirs if one.item == dispute.item), None)


def _read_score(typed: str) -> float | None:
    try:
        score = float(typed)
    except ValueError:
        return None
    return score if isfinite(score) else None


def _problem_of_answer(
    call: Call, dispute: Dispute, words: str, typed: str, score: float | None
) -> Markup | None:
    """Say why an answer cannot be kept; None when it can."""
    if dispute.state != "open":
        return call.words.say("dispute.problem.closed")
    newest = _newest(call, dispute)
    highest = newest.max_points if newest else 0.0
    if typed and (score is None or not 0 <= score <= highest):
        return call.words.say("dispute.problem.score", max=call.words.number(highest))
    return _problem_of_words(call, words)
