"""Tables of how people come in: links that a company or a coordinator shares, and their forms."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped

from skillmap.model import CohortId, IntakeKind, LearnerId, OrganisationId, PersonId
from skillmap.store.schema.columns import Base, JsonOf, UtcTime, handling, kept

__all__ = ["IntakeFormRow", "IntakeLinkRow", "ReferralRow"]

BEFORE_AGREEMENT = "GDPR 6(1)(b), steps before an agreement, at the person's own request"


class IntakeLinkRow(Base):
    """A link that lets people fill in a form; of the link only a hash is kept."""

    __tablename__ = "intake_link"
    __table_args__ = (
        CheckConstraint("kind IN ('learner', 'mentor')", name="known_kind"),
        {
            "info": handling(
                purpose="let people come in by a form of their own",
                basis=BEFORE_AGREEMENT,
                retention_days=180,
                readers=("coordinator",),
            )
        },
    )

    token_sha256: Mapped[str] = kept("recognise the link", Text, primary_key=True)
    kind: Mapped[IntakeKind] = kept("choose the form", Text)
    organisation: Mapped[OrganisationId | None] = kept(
        "say which company posts it", Integer, ForeignKey("organisation.id")
    )
    cohort: Mapped[CohortId | None] = kept("say for which cohort", Text, ForeignKey("cohort.id"))
    made_by: Mapped[PersonId] = kept("name who made it", Text)
    made_at: Mapped[datetime] = kept("say when", UtcTime)
    expires_at: Mapped[datetime] = kept("close it in time", UtcTime)


class IntakeFormRow(Base):
    """A form, saved as it is filled in; emptied once a coordinator has taken it over."""

    __tablename__ = "intake_form"
    __table_args__ = (
        CheckConstraint("kind IN ('learner', 'mentor')", name="known_kind"),
        {
            "info": handling(
                purpose="keep a form until it is complete and a coordinator has read it",
                basis=BEFORE_AGREEMENT,
                retention_days=30,
                readers=("self", "coordinator"),
            )
        },
    )

    token_sha256: Mapped[str] = kept("let the person go on where they were", Text, primary_key=True)
    kind: Mapped[IntakeKind] = kept("choose the form", Text)
    link: Mapped[str] = kept("say by which link they came", Text)
    language: Mapped[str] = kept("show it in the person's language", Text)
    answers: Mapped[Mapping[str, str]] = kept(
        "keep what was filled in so far", JsonOf(Mapping[str, str])
    )
    saved_at: Mapped[datetime] = kept("forget forms that nobody finishes", UtcTime)
    sent_at: Mapped[datetime | None] = kept("say when it was complete", UtcTime)
    person: Mapped[PersonId | None] = kept("say who came of it", Text, ForeignKey("person.id"))


class ReferralRow(Base):
    """An office sent a learner to us."""

    __tablename__ = "referral"
    __table_args__ = (
        {
            "info": handling(
                purpose="tell an office about attendance and finish, when the learner wants it",
                basis="GDPR 6(1)(b), agreement to take part",
                retention_days=365,
                readers=("self", "coordinator"),
            )
        },
    )

    learner: Mapped[LearnerId] = kept(
        "say who was sent", Text, ForeignKey("learner.id"), primary_key=True
    )
    referrer: Mapped[PersonId] = kept("say who sent them", Text, ForeignKey("person.id"))
