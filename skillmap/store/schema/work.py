"""Tables of what comes out: pairing plans, pairings, openings, and the log of views."""

from datetime import datetime

from sqlalchemy import Boolean, Double, ForeignKey, Index, Integer, Text, text
from sqlalchemy.orm import Mapped

from skillmap.model import (
    LearnerId,
    MentorId,
    OpeningId,
    PairingPlan,
    PersonId,
    Reason,
    Requirement,
    Waiting,
)
from skillmap.store.schema.columns import Base, JsonOf, UtcTime, handling, kept

__all__ = ["AccessRow", "DraftRow", "FeedPlaceRow", "OpeningRow", "PairingRow", "PublicationRow"]

INTEREST = "GDPR 6(1)(f), legitimate interest in running the programme"
YEAR = 365

_PAIRING = handling(
    purpose="bring learners and mentors together, by the decision of a named person",
    basis=INTEREST,
    retention_days=YEAR,
    readers=("coordinator",),
)


class DraftRow(Base):
    """The plan that waits for a person's decision; there is one at most."""

    __tablename__ = "pairing_draft"
    __table_args__ = ({"info": _PAIRING, "sqlite_autoincrement": True},)

    id: Mapped[int] = kept("number the drafts, each once", Integer, primary_key=True)
    made_at: Mapped[datetime] = kept("say when it was made", UtcTime)
    plan: Mapped[PairingPlan] = kept("show the plan before it is published", JsonOf(PairingPlan))


class PublicationRow(Base):
    """The decision of a coordinator to make a plan valid."""

    __tablename__ = "publication"
    __table_args__ = ({"info": _PAIRING},)

    id: Mapped[int] = kept("number the decisions", Integer, primary_key=True)
    by: Mapped[PersonId] = kept("name who decided", Text, ForeignKey("person.id"))
    at: Mapped[datetime] = kept("say when", UtcTime)
    waiting: Mapped[tuple[Waiting, ...]] = kept(
        "tell who has no mentor yet, and why", JsonOf(tuple[Waiting, ...])
    )


class PairingRow(Base):
    """A learner with a mentor, from one publication until another one leaves it out."""

    __tablename__ = "pairing"
    __table_args__ = (
        Index(
            "uq_pairing_running",
            "learner",
            "mentor",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        {"info": {**_PAIRING, "readers": ("self", "coordinator", "paired")}},
    )

    id: Mapped[int] = kept("number the rows", Integer, primary_key=True)
    learner: Mapped[LearnerId] = kept("name the learner", Text, ForeignKey("learner.id"))
    mentor: Mapped[MentorId] = kept("name the mentor", Text, ForeignKey("mentor.id"))
    utility: Mapped[float] = kept("compare mentors for this learner", Double)
    reasons: Mapped[tuple[Reason, ...]] = kept(
        "explain the pairing to both", JsonOf(tuple[Reason, ...])
    )
    started_at: Mapped[datetime] = kept("say since when they are a pair", UtcTime)
    ended_at: Mapped[datetime | None] = kept("say until when; empty while it runs", UtcTime)
    ended_why: Mapped[str] = kept("learn why pairs end", Text)
    chosen_by: Mapped[PersonId | None] = kept("name who chose this pair by hand", Text)
    chosen_why: Mapped[str] = kept("say why a person chose this pair by hand", Text)


class OpeningRow(Base):
    """A vacancy as its source last showed it."""

    __tablename__ = "opening"
    __table_args__ = (
        Index(None, "is_active", "expires"),
        {
            "info": handling(
                purpose="show learners vacancies that fit; no contact persons are kept",
                basis=INTEREST,
                retention_days=183,
                readers=("learner", "mentor", "instructor", "coordinator"),
            )
        },
    )

    id: Mapped[OpeningId] = kept("recognise the vacancy", Text, primary_key=True)
    title: Mapped[str] = kept("name the work", Text)
    employer: Mapped[str] = kept("name the employer", Text)
    municipality: Mapped[str] = kept("show where", Text)
    text: Mapped[str] = kept("show the ad", Text)
    apply_url: Mapped[str] = kept("lead to the source's own application page", Text)
    source: Mapped[str] = kept("name the source", Text)
    published: Mapped[datetime] = kept("show the newest first", UtcTime)
    expires: Mapped[datetime] = kept("take it off our lists in time", UtcTime)
    deadline: Mapped[str] = kept("show the ad's own words for its deadline", Text)
    is_active: Mapped[bool] = kept("take a withdrawn ad off our lists at once", Boolean)
    requirements: Mapped[tuple[Requirement, ...]] = kept(
        "compare with a profile", JsonOf(tuple[Requirement, ...])
    )
    fetched_at: Mapped[datetime] = kept("show how fresh it is", UtcTime)


class FeedPlaceRow(Base):
    """How far a feed of openings has been read."""

    __tablename__ = "feed_place"
    __table_args__ = (
        {
            "info": handling(
                purpose="miss no change of a vacancy, and show none that is withdrawn",
                basis=INTEREST,
                retention_days=YEAR,
                readers=("coordinator",),
            )
        },
    )

    url: Mapped[str] = kept("recognise the feed", Text, primary_key=True)
    page: Mapped[str | None] = kept("name the page to read next; empty at the start", Text)
    pending: Mapped[tuple[str, ...]] = kept(
        "name the vacancies that are still to be fetched", JsonOf(tuple[str, ...])
    )
    quiet_until: Mapped[datetime | None] = kept(
        "leave a feed alone that refused our token", UtcTime
    )


class AccessRow(Base):
    """Somebody saw something about somebody. No foreign keys: a log refuses no entry."""

    __tablename__ = "access_log"
    __table_args__ = (
        Index(None, "whom", "at"),
        {
            "info": handling(
                purpose="let people see who looked at their data, and why",
                basis="GDPR 15 and 5(2), access and accountability",
                retention_days=YEAR,
                readers=("self", "coordinator"),
            )
        },
    )

    id: Mapped[int] = kept("keep the order of arrival", Integer, primary_key=True)
    who: Mapped[PersonId] = kept("name who looked", Text)
    whom: Mapped[PersonId] = kept("name whose data it was", Text)
    what: Mapped[str] = kept("say what was seen", Text)
    why: Mapped[str] = kept("say why", Text)
    at: Mapped[datetime] = kept("say when", UtcTime)
