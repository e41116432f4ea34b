"""The headers that every answer carries: what a browser may load, frame, keep and tell.

In: the path of a page, the status of its answer. Out: header names and values.
Law: nothing is loaded from elsewhere, no script runs, no page and no error is kept in a cache, and
no other site may embed what is ours. Only a learner's own pages may be framed, by this same origin
(a tab inside JupyterLab); a page that shows other people's data never is.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["HeaderMiddleware", "page_headers"]

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src {pictures}; form-action 'self'; "
    "frame-ancestors {ancestors}; base-uri 'none'"
)


def page_headers(path: str, status: int) -> dict[str, str]:
    """Return the security headers for the page at `path` when it answers with `status`."""
    is_own = path == "/learner" or path.startswith("/learner/")
    # Pictures that a learner's code drew lie in the page itself; they were cleaned before.
    pictures = "'self' data:" if path.startswith("/instructor/dispute/") else "'self'"
    may_keep = path.startswith("/static/") and status in (200, 304)
    return {
        "Content-Security-Policy": _POLICY.format(
            ancestors="'self'" if is_own else "'none'", pictures=pictures
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "max-age=86400" if may_keep else "no-store",
    }


class HeaderMiddleware:
    """Adds `page_headers` to each answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, and complete the start of its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(page_headers(scope["path"], message["status"]))
            await send(message)

        await self.app(scope, receive, send_with_headers)
