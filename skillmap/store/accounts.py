"""How people log in: passwords, links that work once, sessions, failures.

In: hashes, made by the caller. Out: who it is, or nobody.
Law: no password and no token stands in the database; what has expired lets nobody in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from skillmap.model import PersonId
from skillmap.store import people
from skillmap.store.schema import LoginFailureRow, LoginLinkRow, PasswordRow, WebSessionRow

__all__ = [
    "WebSession",
    "add_link",
    "end_session",
    "password_hash",
    "recent_login_failures",
    "record_login_failure",
    "session_of",
    "set_password_hash",
    "start_session",
    "take_link",
]

FAILURES_KEPT = timedelta(days=1)  # nobody is locked out for longer


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSession:
    """A browser in which somebody is logged in. csrf: what each of its forms must carry."""

    person: PersonId
    csrf: str
    expires_at: datetime


def set_password_hash(session: Session, person: PersonId, hash: str) -> None:
    """Keep the hash of a new password. Raises StoreError when the person is unknown."""
    people.require_known(session, person)
    session.merge(PasswordRow(person=person, hash=hash))
    session.flush()


def password_hash(session: Session, person: PersonId) -> str | None:
    """Return the hash, or None when the person is unknown or has no password."""
    row = session.get(PasswordRow, person)
    return None if row is None else row.hash


def add_link(session: Session, person: PersonId, token_sha256: str, expires_at: datetime) -> None:
    """Let a token log this person in once. Raises StoreError when the person is unknown."""
    people.require_known(session, person)
    session.add(LoginLinkRow(token_sha256=token_sha256, person=person, expires_at=expires_at))
    session.flush()


def take_link(session: Session, token_sha256: str, now: datetime) -> PersonId | None:
    """Use a link up and return whom it lets in; None when unknown, used or expired."""
    session.execute(delete(LoginLinkRow).where(LoginLinkRow.expires_at <= now))
    link = LoginLinkRow.token_sha256 == token_sha256
    return session.scalars(
        delete(LoginLinkRow).where(link).returning(LoginLinkRow.person)
    ).one_or_none()


def start_session(
    session: Session, person: PersonId, token_sha256: str, csrf: str, expires_at: datetime
) -> None:
    """Log a person in. Raises StoreError when the person is unknown."""
    people.require_known(session, person)
    session.add(
        WebSessionRow(token_sha256=token_sha256, person=person, csrf=csrf, expires_at=expires_at)
    )
    session.flush()


def session_of(session: Session, token_sha256: str, now: datetime) -> WebSession | None:
    """Return the session of a token; None when unknown, ended or expired."""
    row = session.get(WebSessionRow, token_sha256)
    if row is None or row.expires_at <= now:
        return None
    return WebSession(person=row.person, csrf=row.csrf, expires_at=row.expires_at)


def end_session(session: Session, token_sha256: str) -> None:
    """Log out; an unknown token changes nothing."""
    session.execute(delete(WebSessionRow).where(WebSessionRow.token_sha256 == token_sha256))


def record_login_failure(session: Session, person: PersonId, at: datetime) -> None:
    """Count a wrong password against the id that was typed, whether or not anybody has it."""
    session.execute(delete(LoginFailureRow).where(LoginFailureRow.at < at - FAILURES_KEPT))
    session.add(LoginFailureRow(typed_sha256=_digest(person), at=at))
    session.flush()


def recent_login_failures(session: Session, person: PersonId, since: datetime) -> int:
    """Count the failures against an id at or after `since`."""
    query = select(func.count()).where(
        LoginFailureRow.typed_sha256 == _digest(person), LoginFailureRow.at >= since
    )
    return session.scalars(query).one()


def _digest(typed: str) -> str:
    return sha256(typed.encode(errors="replace")).hexdigest()
