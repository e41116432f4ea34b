"""The desk: what every page needs, and the one way in which a page is answered.

In: a request. Out: a response.
Law: nobody reaches a handler without the verdict of `access.enter`, and no POST without its form
token. Handlers are plain functions of a Call; they run in a thread, within one transaction, so that
a page is sent only when the record of its view is kept. What needs other transactions is done after
it (`Later`). What is slow on purpose is checked before
that transaction, in a few threads of its own, so that no other page waits for it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import State
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from skillmap.errors import AccessError
from skillmap.model import Course, Person
from skillmap.ports import Clock
from skillmap.store import Database, Session, people
from skillmap.web import access
from skillmap.web.asked import Asked, read_asked
from skillmap.web.messages import best_language, load_messages
from skillmap.web.session import SESSION_COOKIE, Visitor, require_same_token, visitor_of
from skillmap.web.words import Words, isolated
from skillmap.workflows.disputes import DisputeOffice

__all__ = ["Call", "Check", "Desk", "Handler", "Later", "endpoint", "redirect"]

# Address and message key of each tab, in the order of a coordinator's week.
COORDINATOR_TABS = (("/coordinator", "tabs.cohort"),)
CHECKS_AT_ONCE = 4  # each takes 64 MiB, and a processor


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What `create_app` was given, and the templates.

    office: the way to the gradebook; None where the site has none.
    """

    database: Database
    course: Course
    clock: Clock
    secure_cookies: bool
    required_level: str | None
    office: DisputeOffice | None = None
    templates: Environment = field(default_factory=lambda: _templates())
    checkers: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(CHECKS_AT_ONCE, thread_name_prefix="check")
    )

    def words(self, language: str) -> Words:
        """Speak `language` ("nb" or "en", else English) about this course."""
        messages = load_messages()
        return Words(messages.get(language, messages["en"]), self.course, self.clock().tzinfo)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request at one page, within one transaction.

    visitor: None before login. is_checked: what the page's Check said; False without one.
    """

    desk: Desk
    asked: Asked
    session: Session
    visitor: Visitor | None
    now: datetime
    words: Words
    is_checked: bool = False

    @property
    def person(self) -> Person:
        """Who is logged in; AccessError when nobody is."""
        if self.visitor is None:
            raise AccessError("Nobody is logged in. Log in first.")
        return self.visitor.person

    @property
    def form(self) -> Mapping[str, str]:
        """The fields sent; empty for a GET."""
        return self.asked.form or {}

    def page(self, template: str, *, status: int = 200, **values: object) -> Response:
        """Lay out a template; it knows the words `w`, `t` and `tn`, and who is logged in."""
        words, visitor = self.words, self.visitor
        html = self.desk.templates.get_template(template).render(
            w=words,
            t=words.say,
            tn=words.count,
            path=self.asked.path,
            person=visitor.person if visitor else None,
            csrf=visitor.csrf if visitor else "",
            contacts=_coordinators(self.session, words) if visitor else "",
            **values,
        )
        return HTMLResponse(html, status_code=status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """The rest of an answer, for when the transaction is kept; it may begin others."""

    work: Callable[[], Response]


Handler = Callable[[Call], Response | Later]
Check = Callable[[Desk, Asked], bool]


def redirect(path: str) -> Response:
    """Send the browser on with a GET."""
    return RedirectResponse(path, status_code=303)


def endpoint(
    desk: Desk,
    handler: Handler,
    room: access.Room | None,
    *,
    is_read_only: bool,
    check: Check | None = None,
) -> Callable[[Request], Awaitable[Response]]:
    """Make the Starlette endpoint of a handler; room None is open to everybody.

    check: a slow question that is asked first, outside of the transaction.
    """

    async def serve(request: Request) -> Response:
        asked = await read_asked(request)
        is_checked = False
        if check is not None:
            loop = asyncio.get_running_loop()
            is_checked = await loop.run_in_executor(desk.checkers, check, desk, asked)

        def answer() -> Response:
            with desk.database.begin(is_read_only=is_read_only) as session:
                call = _call(desk, session, asked, request.state, is_checked=is_checked)
                answered = _sent_on(call, room) or handler(call)
            return answered.work() if isinstance(answered, Later) else answered

        return await run_in_threadpool(answer)

    return serve


def _call(desk: Desk, session: Session, asked: Asked, state: State, *, is_checked: bool) -> Call:
    now = desk.clock()
    visitor = visitor_of(session, asked.cookies.get(SESSION_COOKIE), now)
    language = visitor.person.page_language if visitor else best_language(asked.accept_language)
    state.language = language
    return Call(
        desk=desk,
        asked=asked,
        session=session,
        visitor=visitor,
        now=now,
        words=desk.words(language),
        is_checked=is_checked,
    )


def _sent_on(call: Call, room: access.Room | None) -> Response | None:
    """Return the way to the login; None when the person may stay, else an exception."""
    visitor = call.visitor
    if room is not None:
        verdict = access.enter(visitor.person.parts if visitor else (), room)
        if verdict == "log_in":
            return redirect("/login")
        _require_open(verdict)
    if call.asked.form is not None and visitor:
        require_same_token(visitor.csrf, call.asked.form.get("csrf"))
    return None


def _require_open(verdict: access.Verdict) -> None:
    if verdict == "hidden":
        raise HTTPException(404)
    if verdict != "open":
        raise AccessError("This page belongs to another role. Open your own page.")


def _coordinators(session: Session, words: Words) -> str:
    return words.listed(p.name for p in people.staff(session) if p.role == "coordinator")


def _templates() -> Environment:
    style = files("skillmap.web").joinpath("static/style.css").read_bytes()
    environment = Environment(
        loader=PackageLoader("skillmap.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["bdi"] = isolated
    environment.globals["coordinator_tabs"] = COORDINATOR_TABS
    environment.globals["style_version"] = sha256(style).hexdigest()[:8]
    return environment
