"""Error pages in plain words: what happened, what to do; never a traceback.

In: an exception that reached the edge. Out: a page in the reader's language.
Law: the page says nothing that the exception knows; a text for operators may name other people.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from skillmap.errors import AccessError, StoreError
from skillmap.web.desk import Desk
from skillmap.web.headers import page_headers
from skillmap.web.messages import best_language
from skillmap.web.session import StaleFormError

__all__ = ["error_handlers"]

_LOG = logging.getLogger("skillmap.web")

ErrorHandler = Callable[[Request, Exception], Awaitable[Response]]

_TITLES = {
    403: "error.403.title",
    404: "error.404.title",
    405: "error.405.title",
    413: "error.413.title",
    500: "error.500.title",
    503: "error.503.title",
}
_TEXTS = {
    403: "error.403.text",
    404: "error.404.text",
    405: "error.405.text",
    413: "error.413.text",
    500: "error.500.text",
    503: "error.503.text",
}


def error_handlers(desk: Desk) -> Mapping[type[Exception], ErrorHandler]:
    """Return a handler for each kind of exception."""

    def handler(status: int | None) -> ErrorHandler:
        async def handle(request: Request, error: Exception) -> Response:
            told = error.status_code if isinstance(error, HTTPException) else status or 500
            return _page(desk, request, told, error)

        return handle

    return {
        HTTPException: handler(None),
        AccessError: handler(403),
        StoreError: handler(503),
        Exception: handler(500),
    }


def _page(desk: Desk, request: Request, status: int, error: Exception) -> Response:
    if isinstance(error, StoreError):
        _LOG.error("%s", error)
    language = getattr(request.state, "language", None)
    words = desk.words(language or best_language(request.headers.get("accept-language", "")))
    shown = status if status in _TITLES else 500
    title, text = _TITLES[shown], _TEXTS[shown]
    if isinstance(error, StaleFormError):
        title, text = "error.form.title", "error.form.text"
    html = desk.templates.get_template("message.html").render(
        w=words,
        t=words.say,
        tn=words.count,
        person=None,
        contacts="",
        title=words.say(title),
        text=words.say(text),
    )
    allow = getattr(error, "headers", None) or {}
    headers = page_headers(request.scope["path"], status)
    return HTMLResponse(html, status, headers={**allow, **headers})
