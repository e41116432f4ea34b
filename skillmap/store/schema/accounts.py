"""Tables of how people log in; of secrets only hashes are kept."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped

from skillmap.model import PersonId
from skillmap.store.schema.columns import Base, UtcTime, handling, kept

__all__ = ["LoginFailureRow", "LoginLinkRow", "PasswordRow", "WebSessionRow"]

SECURITY = "GDPR 6(1)(f) and 32, legitimate interest in keeping the data safe"


class PasswordRow(Base):
    """The hash of a person's password."""

    __tablename__ = "password"
    __table_args__ = (
        {
            "info": handling(
                purpose="let the person log in, and nobody else",
                basis=SECURITY,
                retention_days=365,
                readers=(),
            )
        },
    )

    person: Mapped[PersonId] = kept(
        "say whose password it is", Text, ForeignKey("person.id"), primary_key=True
    )
    hash: Mapped[str] = kept("check a password without knowing it", Text)


class LoginLinkRow(Base):
    """A link that logs a person in once; used ones are deleted."""

    __tablename__ = "login_link"
    __table_args__ = (
        {
            "info": handling(
                purpose="let the person log in once without a password",
                basis=SECURITY,
                retention_days=1,
                readers=(),
            )
        },
    )

    token_sha256: Mapped[str] = kept("recognise the link", Text, primary_key=True)
    person: Mapped[PersonId] = kept("say whom it lets in", Text, ForeignKey("person.id"))
    expires_at: Mapped[datetime] = kept("close it in time", UtcTime)


class WebSessionRow(Base):
    """A browser in which a person is logged in."""

    __tablename__ = "web_session"
    __table_args__ = (
        {
            "info": handling(
                purpose="keep the person logged in",
                basis=SECURITY,
                retention_days=1,
                readers=(),
            )
        },
    )

    token_sha256: Mapped[str] = kept("recognise the browser", Text, primary_key=True)
    person: Mapped[PersonId] = kept("say who is logged in", Text, ForeignKey("person.id"))
    csrf: Mapped[str] = kept("believe only forms of our own pages", Text)
    expires_at: Mapped[datetime] = kept("log out in time", UtcTime)


class LoginFailureRow(Base):
    """A wrong password.

    Only a hash of the id that was typed: it may be nobody's, or a password in the wrong field.
    """

    __tablename__ = "login_failure"
    __table_args__ = (
        Index(None, "typed_sha256", "at"),
        {
            "info": handling(
                purpose="slow down whoever guesses passwords",
                basis=SECURITY,
                retention_days=1,
                readers=(),
            )
        },
    )

    id: Mapped[int] = kept("number the rows", Integer, primary_key=True)
    typed_sha256: Mapped[str] = kept("count failures per id", Text)
    at: Mapped[datetime] = kept("forget old failures", UtcTime)
