"""The doors: front page, login, one-time links, logout.

Law: an unknown id, a wrong password and a person without a password look the same and take the
same time. Opening a one-time link does not use it up, only its button does: programs that preview
links in mail and chat open them too.
"""

from datetime import timedelta

from starlette.responses import Response

from skillmap.model import PersonId
from skillmap.store import Session, accounts, people
from skillmap.web.access import HOMES
from skillmap.web.desk import Call, redirect
from skillmap.web.passwords import is_password
from skillmap.web.session import (
    FORM_COOKIE,
    SESSION_COOKIE,
    digest,
    new_token,
    require_same_token,
    set_cookie,
    start_session,
)

__all__ = ["front", "log_in", "log_in_form", "log_out", "use_link", "use_link_form"]

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


def log_in(call: Call) -> Response:
    """Check id and password; count failures and slow down guessing.

    Runs in a transaction that only reads, for checking a password is slow on purpose and must not
    hold the lock that writers wait for.
    """
    _require_form_token(call)
    typed, password = call.form.get("person", "").strip(), call.form.get("password", "")
    person = PersonId(typed)
    since = call.now - FAILURE_WINDOW
    if accounts.recent_login_failures(call.session, person, since) >= MAX_FAILURES:
        problem = call.words.say("login.too_many", n=FAILURE_WINDOW.seconds // 60)
        return _form(call, "login.html", 429, problem=problem, typed=typed)
    if not is_password(password, accounts.password_hash(call.session, person)):
        with call.desk.database.begin() as session:
            accounts.record_login_failure(session, person, call.now)
        problem = call.words.say("login.wrong")
        return _form(call, "login.html", 401, problem=problem, typed=typed)
    with call.desk.database.begin() as session:
        return _admit(call, session, person)


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
    return _admit(call, call.session, person)


def log_out(call: Call) -> Response:
    """End the session, here and in the database."""
    if token := call.asked.cookies.get(SESSION_COOKIE):
        accounts.end_session(call.session, digest(token))
    response = redirect("/login")
    response.delete_cookie(SESSION_COOKIE, path="/")
    return response


def _admit(call: Call, session: Session, person: PersonId) -> Response:
    if old := call.asked.cookies.get(SESSION_COOKIE):
        accounts.end_session(session, digest(old))
    response = redirect(HOMES[people.require_known(session, person).role])
    token = start_session(session, person, call.now)
    set_cookie(response, SESSION_COOKIE, token, is_secure=call.desk.secure_cookies)
    return response


def _form(call: Call, template: str, status: int = 200, **values: object) -> Response:
    token = call.asked.cookies.get(FORM_COOKIE) or new_token()
    form_token = call.visitor.csrf if call.visitor else token
    response = call.page(template, status=status, form_token=form_token, **values)
    set_cookie(response, FORM_COOKIE, token, is_secure=call.desk.secure_cookies)
    return response


def _require_form_token(call: Call) -> None:
    require_same_token(call.asked.cookies.get(FORM_COOKIE), call.form.get("csrf"))
