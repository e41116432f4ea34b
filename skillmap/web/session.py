"""Sessions: a random token in a cookie, its hash and a form token in the database.

In: cookies and forms. Out: a Visitor, or nobody.
Law: the token itself is not stored; a form is believed only with the token of its session (or,
before login, of its own cookie), so that no other site can send one.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from starlette.responses import Response

from skillmap.errors import AccessError
from skillmap.model import Person, PersonId
from skillmap.store import Session, accounts, people

__all__ = [
    "FORM_COOKIE",
    "SESSION_COOKIE",
    "StaleFormError",
    "Visitor",
    "digest",
    "known_token",
    "new_token",
    "require_same_token",
    "set_cookie",
    "start_session",
    "visitor_of",
]

SESSION_COOKIE = "skillmap"
FORM_COOKIE = "skillmap_form"
SESSION_LENGTH = timedelta(hours=12)  # a working day, then log in again
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes in base64url


class StaleFormError(AccessError):
    """The form was not made by a page of this session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A person who is logged in, with the token that their forms carry."""

    person: Person
    csrf: str


def new_token() -> str:
    """Make 32 random bytes that fit into an address."""
    return secrets.token_urlsafe(32)


def known_token(cookie: str | None) -> str | None:
    """Return the cookie when it looks like one of our tokens; anything else counts as none."""
    return cookie if cookie and _TOKEN.fullmatch(cookie) else None


def digest(token: str) -> str:
    """Hash a token for the database; it has 256 random bits, so it needs no salt."""
    return sha256(token.encode()).hexdigest()


def start_session(session: Session, person: PersonId, now: datetime) -> str:
    """Begin a session for `person` and return the token for the cookie."""
    token = new_token()
    accounts.start_session(
        session,
        person=person,
        token_sha256=digest(token),
        csrf=new_token(),
        expires_at=now + SESSION_LENGTH,
    )
    return token


def visitor_of(session: Session, token: str | None, now: datetime) -> Visitor | None:
    """Find who holds this cookie; None for no, an unknown or an expired one."""
    known = accounts.session_of(session, token_sha256=digest(token), now=now) if token else None
    person = people.person(session, known.person) if known else None
    return Visitor(person=person, csrf=known.csrf) if known and person else None


def require_same_token(expected: str | None, given: str | None) -> None:
    """Raise StaleFormError unless the form's token is the one we handed out."""
    if not (expected and given and hmac.compare_digest(expected.encode(), given.encode())):
        raise StaleFormError("This form is not from your session. Open the page again and repeat.")


def set_cookie(response: Response, name: str, token: str, *, is_secure: bool) -> None:
    """Set a cookie that scripts cannot read and other sites' forms do not carry."""
    response.set_cookie(
        name,
        token,
        max_age=int(SESSION_LENGTH.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=is_secure,
    )
