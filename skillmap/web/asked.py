"""What a request says, as far as handlers may read it.

In: a request. Out: an Asked, or HTTP 413 for a form that is longer than any of ours.
Law: nothing here depends on the Host header, which the caller writes; no text holds a NUL.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

__all__ = ["MAX_FORM_BYTES", "Asked", "read_asked"]

MAX_FORM_BYTES = 16_384  # our longest form has six short fields and a text of 1000 characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The parts of a request that handlers may read. form: None unless something was sent."""

    path: str
    parameters: Mapping[str, str]
    cookies: Mapping[str, str]
    accept_language: str
    form: Mapping[str, str] | None


async def read_asked(request: Request) -> Asked:
    """Read a request to its end."""
    return Asked(
        path=request.scope["path"],
        parameters=request.path_params,
        cookies=request.cookies,
        accept_language=request.headers.get("accept-language", ""),
        form=await _read_form(request) if request.method == "POST" else None,
    )


async def _read_form(request: Request) -> Mapping[str, str]:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            raise HTTPException(413)
    fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    # PostgreSQL knows no NUL in a text.
    return {name: value.replace("\x00", "") for name, value in fields}
