"""Tables of the doors that employers open: practice places, who had them, and outcomes."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped

from skillmap.model import (
    AgreementState,
    CohortId,
    LearnerId,
    OrganisationId,
    OutcomeId,
    OutcomeKind,
    PersonId,
    PlaceId,
    PlacementId,
    PlacementState,
)
from skillmap.store.schema.columns import Base, UtcTime, handling, kept

__all__ = ["OutcomeRow", "PlacementRow", "PracticePlaceRow"]

AGREEMENT = "GDPR 6(1)(b), agreement to take part"
YEAR = 365


class PracticePlaceRow(Base):
    """A real project of an organisation, with seats for learners."""

    __tablename__ = "practice_place"
    __table_args__ = (
        CheckConstraint("agreement IN ('none', 'sent', 'signed')", name="known_agreement"),
        CheckConstraint("n_seats >= 1", name="has_a_seat"),
        CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),
        {
            "info": handling(
                purpose="know which organisations take learners into a real project",
                basis="GDPR 6(1)(f), legitimate interest in running the programme",
                retention_days=2 * YEAR,
                readers=("host", "coordinator"),
            )
        },
    )

    id: Mapped[PlaceId] = kept("number the places", Integer, primary_key=True)
    organisation: Mapped[OrganisationId] = kept("say where", Integer, ForeignKey("organisation.id"))
    project: Mapped[str] = kept("say what the work is", Text)
    starts_on: Mapped[date] = kept("say from when", Date)
    ends_on: Mapped[date] = kept("say until when", Date)
    n_seats: Mapped[int] = kept("give it to no more learners than fit", Integer)
    host: Mapped[PersonId | None] = kept("say who answers for it", Text, ForeignKey("person.id"))
    supervisor: Mapped[str] = kept("say who helps day by day", Text)
    agreement: Mapped[AgreementState] = kept("begin nothing without an agreement", Text)


class PlacementRow(Base):
    """A learner has a practice place."""

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint(
            "state IN ('offered', 'running', 'finished', 'broken_off')", name="known_state"
        ),
        Index("uq_placement_once", "place", "learner", unique=True),
        Index(None, "learner"),
        {
            "info": handling(
                purpose="bring learners into real projects, and learn how it went",
                basis=AGREEMENT,
                retention_days=YEAR,
                readers=("self", "host", "coordinator"),
            )
        },
    )

    id: Mapped[PlacementId] = kept("number the placements", Integer, primary_key=True)
    place: Mapped[PlaceId] = kept("say where", Integer, ForeignKey("practice_place.id"))
    learner: Mapped[LearnerId] = kept("say who", Text, ForeignKey("learner.id"))
    state: Mapped[PlacementState] = kept("say how far it is", Text)
    starts_on: Mapped[date | None] = kept("say from when", Date)
    ends_on: Mapped[date | None] = kept("say until when", Date)
    host_says: Mapped[str] = kept("keep how the host judges it", Text)
    learner_says: Mapped[str] = kept("keep how the learner judges it", Text)


class OutcomeRow(Base):
    """What became of a learner. No foreign key: the row may outlive the person."""

    __tablename__ = "outcome"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('internship', 'wage_subsidy', 'job', 'studies')", name="known_kind"
        ),
        Index(None, "learner"),
        {
            "info": handling(
                purpose="learn whether the programme leads to relevant work",
                basis="GDPR 6(1)(a), consent to tell what became of me",
                retention_days=2 * YEAR,
                readers=("self", "coordinator"),
            )
        },
    )

    id: Mapped[OutcomeId] = kept("number the outcomes", Integer, primary_key=True)
    learner: Mapped[LearnerId | None] = kept("say whose it is; empty once erased", Text)
    cohort: Mapped[CohortId | None] = kept("compare cohorts", Text, ForeignKey("cohort.id"))
    kind: Mapped[OutcomeKind] = kept("tell a job from an internship", Text)
    started_on: Mapped[date] = kept("say from when", Date)
    is_relevant: Mapped[bool | None] = kept("say whether it fits what they can", Boolean)
    is_there_6: Mapped[bool | None] = kept("say whether it lasted 6 months", Boolean)
    is_there_12: Mapped[bool | None] = kept("say whether it lasted 12 months", Boolean)
    recorded_at: Mapped[datetime] = kept("say when it was written down", UtcTime)
