"""The desk: what every page needs, and the one way in which a page is answered.

In: a request. Out: a response.
Law: nobody reaches a handler without the verdict of `access.enter`, and no POST without its form
token. Handlers are plain functions of a Call; they run in a thread, within one transaction, so that
a page is sent only when the record of its view is kept.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from importlib.resources import files
from urllib.parse import parse_qsl

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
from skillmap.web.messages import best_language, load_messages
from skillmap.web.session import SESSION_COOKIE, Visitor, require_same_token, visitor_of
from skillmap.web.words import Words, isolated

__all__ = ["Asked", "Call", "Desk", "Handler", "endpoint", "redirect"]

MAX_FORM_BYTES = 16_384  # our longest form has five short fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What `create_app` was given, and the templates."""

    database: Database
    course: Course
    clock: Clock
    secure_cookies: bool
    required_level: str | None
    templates: Environment = field(default_factory=lambda: _templates())

    def words(self, language: str) -> Words:
        """Speak `language` ("nb" or "en", else English) about this course."""
        messages = load_messages()
        return Words(messages.get(language, messages["en"]), self.course, self.clock().tzinfo)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The parts of a request that handlers may read."""

    path: str
    parameters: Mapping[str, str]
    cookies: Mapping[str, str]
    accept_language: str
    form: Mapping[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request at one page, within one transaction. visitor: None before login."""

    desk: Desk
    asked: Asked
    session: Session
    visitor: Visitor | None
    now: datetime
    words: Words

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


Handler = Callable[[Call], Response]


def redirect(path: str) -> Response:
    """Send the browser on with a GET."""
    return RedirectResponse(path, status_code=303)


def endpoint(
    desk: Desk, handler: Handler, room: access.Room | None, *, is_read_only: bool
) -> Callable[[Request], Awaitable[Response]]:
    """Make the Starlette endpoint of a handler; room None is open to everybody."""

    async def serve(request: Request) -> Response:
        asked = Asked(
            path=request.url.path,
            parameters=request.path_params,
            cookies=request.cookies,
            accept_language=request.headers.get("accept-language", ""),
            form=await _read_form(request) if request.method == "POST" else None,
        )

        def answer() -> Response:
            with desk.database.begin(is_read_only=is_read_only) as session:
                return _answer(desk, session, handler, room, asked, request.state)

        return await run_in_threadpool(answer)

    return serve


def _answer(
    desk: Desk,
    session: Session,
    handler: Handler,
    room: access.Room | None,
    asked: Asked,
    state: State,
) -> Response:
    now = desk.clock()
    visitor = visitor_of(session, asked.cookies.get(SESSION_COOKIE), now)
    language = visitor.person.page_language if visitor else best_language(asked.accept_language)
    state.language = language
    if room is not None:
        verdict = access.enter(visitor.person.role if visitor else None, room)
        if verdict == "log_in":
            return redirect("/login")
        _require_open(verdict)
    if asked.form is not None and visitor:
        require_same_token(visitor.csrf, asked.form.get("csrf"))
    words = desk.words(language)
    return handler(
        Call(desk=desk, asked=asked, session=session, visitor=visitor, now=now, words=words)
    )


def _require_open(verdict: access.Verdict) -> None:
    if verdict == "hidden":
        raise HTTPException(404)
    if verdict != "open":
        raise AccessError("This page belongs to another role. Open your own page.")


async def _read_form(request: Request) -> Mapping[str, str]:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            raise HTTPException(413)
    # PostgreSQL knows no NUL in a text.
    text = body.decode("utf-8", "replace").replace("%00", "")
    return dict(parse_qsl(text, keep_blank_values=True))


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
    environment.globals["style_version"] = sha256(style).hexdigest()[:8]
    return environment
