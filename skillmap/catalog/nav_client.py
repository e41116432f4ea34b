"""Ask the public vacancy feed, patiently and without hammering.

In: paths. Out: decoded JSON, or None for 404.
Law: time-outs, broken connections, 429 and 5xx are tried TRIES times with growing pauses; a 401 is
answered by one new token, then by TokenRefusedError: the public token may be out of date for hours.
"""

import re
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from skillmap.errors import FeedError

if TYPE_CHECKING:
    import httpx

__all__ = ["NavClient", "TokenRefusedError"]

TRIES = 4
FIRST_PAUSE_S = 2.0  # then 4 and 8
LONGEST_PAUSE_S = 60.0
CONNECT_TIMEOUT_S = 10.0
TOKEN_PATH = "/api/publicToken"
_TOKEN = re.compile(r"eyJ[\w.-]+")
_PASSING = frozenset({429, 500, 502, 503, 504})


class TokenRefusedError(FeedError):
    """The feed takes no token of ours now; ask again later, not at once."""


class NavClient:
    """One connection to the feed. token: a private one; None reads the public one."""

    def __init__(
        self,
        *,
        base_url: str,
        token: str | None,
        sleep: Callable[[float], None],
        timeout_s: float,
        transport: "httpx.BaseTransport | None" = None,
    ) -> None:
        # Imported here, because `skillmap --help` and reading a file need no HTTP.
        import httpx

        self._http = httpx.Client(
            base_url=base_url,
            timeout=httpx.Timeout(timeout_s, connect=min(timeout_s, CONNECT_TIMEOUT_S)),
            transport=transport,
            headers={"User-Agent": "skillmap"},
        )
        self._passing_errors: tuple[type[Exception], ...] = (httpx.RequestError,)
        self._sleep = sleep
        self._token = token
        self._is_token_private = token is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back the connections."""
        self._http.close()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Any | None:
        """Decoded JSON of `path`, None for 404. Raises FeedError; TokenRefusedError for 401."""
        response = self._authorized(path, headers or {})
        if response.status_code == 401 and not self._is_token_private:
            self._token = None
            response = self._authorized(path, headers or {})
        if response.status_code == 401:
            raise TokenRefusedError(
                f"The feed refuses our token at {path}. It may be renewed later."
            )
        return None if response.status_code == 404 else _decoded(path, response)

    def _authorized(self, path: str, headers: Mapping[str, str]) -> "httpx.Response":
        if self._token is None:
            self._token = self._public_token()
        return self._answer(path, {**headers, "Authorization": f"Bearer {self._token}"})

    def _public_token(self) -> str:
        response = self._answer(TOKEN_PATH, {})
        token = _TOKEN.search(response.text) if response.status_code == 200 else None
        if token is None:
            raise TokenRefusedError(
                f"The feed gives no public token at {TOKEN_PATH} (status {response.status_code})."
            )
        return token[0]

    def _answer(self, path: str, headers: Mapping[str, str]) -> "httpx.Response":
        """The first answer that is no passing fault."""
        fault = ""
        for n in range(TRIES):
            pause_s = FIRST_PAUSE_S * 2**n
            try:
                response = self._http.get(path, headers=dict(headers))
            except self._passing_errors as error:
                fault = f"{type(error).__name__} {error}".strip()
            else:
                if response.status_code not in _PASSING:
                    return response
                fault = f"status {response.status_code}"
                pause_s = max(pause_s, _asked_pause_s(response))
            if n + 1 < TRIES:
                self._sleep(min(pause_s, LONGEST_PAUSE_S))
        raise FeedError(f"The feed gave no answer at {path} in {TRIES} tries: {fault}.")


def _asked_pause_s(response: "httpx.Response") -> float:
    asked = response.headers.get("Retry-After", "")
    return float(asked) if asked.isascii() and asked.isdigit() else 0.0


def _decoded(path: str, response: "httpx.Response") -> Any:
    if response.status_code != 200:
        raise FeedError(f"The feed answered {path} with status {response.status_code}.")
    try:
        return response.json()
    except (ValueError, RecursionError) as error:
        raise FeedError(f"The feed's answer to {path} is no JSON.") from error
