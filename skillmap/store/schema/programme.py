"""Tables of the frame of a programme: cohorts, organisations, events and who came."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped

from skillmap.model import (
    AttendanceState,
    CohortId,
    EventId,
    EventKind,
    OrganisationId,
    OrganisationKind,
    PersonId,
)
from skillmap.store.schema.columns import Base, UtcTime, handling, kept

__all__ = ["AttendanceRow", "CohortRow", "EventRow", "OrganisationRow"]

INTEREST = "GDPR 6(1)(f), legitimate interest in running the programme"
YEAR = 365
EVERYBODY = (
    "learner",
    "mentor",
    "contributor",
    "instructor",
    "coordinator",
    "referrer",
    "host",
)

_FRAME = handling(
    purpose="know which cohorts, organisations and events there are; no personal data",
    basis=INTEREST,
    retention_days=3 * YEAR,
    readers=EVERYBODY,
)


class CohortRow(Base):
    """The learners who begin together."""

    __tablename__ = "cohort"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),
        {"info": _FRAME},
    )

    id: Mapped[CohortId] = kept("tell cohorts apart", Text, primary_key=True)
    title: Mapped[str] = kept("name it for people", Text)
    starts_on: Mapped[date] = kept("say when it begins", Date)
    ends_on: Mapped[date] = kept("say when its course ends, and count retention from it", Date)


class OrganisationRow(Base):
    """A company, an office or an association."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('employer', 'public', 'volunteer', 'school', 'other')", name="known_kind"
        ),
        Index("uq_organisation_name", "name", unique=True),
        {"info": _FRAME},
    )

    id: Mapped[OrganisationId] = kept("number the organisations", Integer, primary_key=True)
    name: Mapped[str] = kept("name it for people", Text)
    kind: Mapped[OrganisationKind] = kept("tell employers from offices", Text)


class EventRow(Base):
    """An evening or a week with many people."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('meet_up', 'case_week', 'demo_day', 'class', 'other')", name="known_kind"
        ),
        CheckConstraint("starts_at <= ends_at", name="starts_before_it_ends"),
        {"info": _FRAME},
    )

    id: Mapped[EventId] = kept("number the events", Integer, primary_key=True)
    title: Mapped[str] = kept("name it for people", Text)
    kind: Mapped[EventKind] = kept("tell meet-ups from classes", Text)
    cohort: Mapped[CohortId | None] = kept("say whose it is", Text, ForeignKey("cohort.id"))
    starts_at: Mapped[datetime] = kept("say when", UtcTime)
    ends_at: Mapped[datetime] = kept("say until when", UtcTime)
    place: Mapped[str] = kept("say where", Text)


class AttendanceRow(Base):
    """Whether a person was invited to an event, came, or stayed away."""

    __tablename__ = "attendance"
    __table_args__ = (
        CheckConstraint("state IN ('invited', 'came', 'stayed_away')", name="known_state"),
        Index(None, "person"),
        {
            "info": handling(
                purpose="see who has met few people yet, and invite them",
                basis=INTEREST,
                retention_days=YEAR,
                readers=("self", "coordinator", "referrer with consent"),
            )
        },
    )

    event: Mapped[EventId] = kept("say where", Integer, ForeignKey("event.id"), primary_key=True)
    person: Mapped[PersonId] = kept("say who", Text, ForeignKey("person.id"), primary_key=True)
    state: Mapped[AttendanceState] = kept("say whether they came", Text)
