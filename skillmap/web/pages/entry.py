"""The doors: front page, login, one-time links, logout.

Law: an unknown id, a wrong password and a person without a password look the same and take the
same time. Opening a one-time link does not use it up, only its button does: programs that preview
links in mail and chat open them too.
"""

from datetime import datetime, timedelta

from starlette.responses import Response

from skillmap.model import PersonId
from skillmap.store import Session, accounts, people
from skillmap.web.access import HOMES
from skillmap.web.asked import Asked
from skillmap.web.desk import Call, Desk, redirect
from skillmap.web.passwords import is_password
from skillmap.web.session import (
    FORM_COOKIE,
    SESSION_COOKIE,
    digest,
    known_token,
    new_token,
    require_same_token,
    set_cookie,
    start_session,
)

__all__ = [
    "check_password",
    "front",
    "log_in",
    "log_in_form",
    "log_out",
    "use_link",
    "use_link_form",
]

MAX_FAILURES = 5  # then wait: guessing stays below 500 passwords a day
FAILURE_WINDOW = timedelta(minutes=15)


def front(call: Call) -> Response:
    """Send a person to the page of their role, or to the login."""
    return redirect(HOMES[call.visitor.person.role] if call.visitor else "/login")


def log_in_form(call: Call) -> Response:
    """Show the login."""
    if call.visitor:
        return redirect(HOMES[call.person.role])
    return _form(call, "login.html", problem=None, typed="")


def check_password(desk: Desk, asked: Asked) -> bool:
    """Compare the password that was typed; slow on purpose, so no transaction is open meanwhile."""
    person, password = _typed(asked)
    with desk.database.begin(is_read_only=True) as session:
        if _is_guessing(session, person, desk.clock()):
            return False
        stored = accounts.password_hash(session, person)
    return is_password(password, stored)


def log_in(call: Call) -> Response:
    """Let a person in whose password is right; count failures and slow down guessing.

    Failures are counted again here, where one transaction writes at a time: of many guesses at
    once only MAX_FAILURES learn whether they were right.
    """
    _require_form_token(call)
    person, _ = _typed(call.asked)
    if _is_guessing(call.session, person, call.now):
        problem = call.words.say("login.too_many", n=FAILURE_WINDOW.seconds // 60)
        return _form(call, "login.html", 429, problem=problem, typed=person)
    if not call.is_checked:
        accounts.record_login_failure(call.session, person, call.now)
        problem = call.words.say("login.wrong")
        return _form(call, "login.html", 401, problem=problem, typed=person)
    return _admit(call, person)


def use_link_form(call: Call) -> Response:
    """Show the button that uses a one-time link; says nothing about the link itself."""
    return _form(call, "enter.html")


def use_link(call: Call) -> Response:
    """Use up a one-time link and log its person in."""
    if not call.visitor:
        _require_form_token(call)
    person = accounts.take_link(call.session, digest(call.asked.parameters["token"]), call.now)
    if person is None:
        return call.page(
            "message.html",
            status=410,
            title=call.words.say("enter.spent.title"),
            text=call.words.say("enter.spent.text"),
        )
    return _admit(call, person)


def log_out(call: Call) -> Response:
    """End the session, here and in the database."""
    if token := call.asked.cookies.get(SESSION_COOKIE):
        accounts.end_session(call.session, digest(token))
    response = redirect("/login")
    response.delete_cookie(SESSION_COOKIE, path="/")
    return response


def _typed(asked: Asked) -> tuple[PersonId, str]:
    form = asked.form or {}
    return PersonId(form.get("person", "").strip()), form.get("password", "")


def _is_guessing(session: Session, person: PersonId, now: datetime) -> bool:
    return accounts.recent_login_failures(session, person, now - FAILURE_WINDOW) >= MAX_FAILURES


def _admit(call: Call, person: PersonId) -> Response:
    if old := call.asked.cookies.get(SESSION_COOKIE):
        accounts.end_session(call.session, digest(old))
    response = redirect(HOMES[people.require_known(call.session, person).role])
    token = start_session(call.session, person, call.now)
    set_cookie(response, SESSION_COOKIE, token, is_secure=call.desk.secure_cookies)
    return response


def _form(call: Call, template: str, status: int = 200, **values: object) -> Response:
    token = known_token(call.asked.cookies.get(FORM_COOKIE)) or new_token()
    form_token = call.visitor.csrf if call.visitor else token
    response = call.page(template, status=status, form_token=form_token, **values)
    set_cookie(response, FORM_COOKIE, token, is_secure=call.desk.secure_cookies)
    return response


def _require_form_token(call: Call) -> None:
    require_same_token(known_token(call.asked.cookies.get(FORM_COOKIE)), call.form.get("csrf"))
