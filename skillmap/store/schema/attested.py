"""Tables of what nobody graded: what named persons saw, and what learners say of themselves."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Double, ForeignKey, Index, Integer, Text, text
from sqlalchemy.orm import Mapped

from skillmap.model import (
    AttestationId,
    LearnerId,
    PersonId,
    SkillId,
    StatementId,
    StatementSource,
)
from skillmap.store.schema.columns import Base, UtcTime, handling, kept

__all__ = ["AttestationRow", "StatementRow"]

YEAR = 365
STANDS = text("withdrawn_at IS NULL")
READERS = ("self", "paired with consent")


class AttestationRow(Base):
    """What one person saw a learner do; nobody but the learner reads it before they consent."""

    __tablename__ = "attestation"
    __table_args__ = (
        CheckConstraint("length(words) BETWEEN 1 AND 1000", name="words_length"),
        CheckConstraint("length(by_name) BETWEEN 1 AND 200", name="name_length"),
        CheckConstraint("length(by_role) BETWEEN 1 AND 200", name="role_length"),
        Index(None, "learner", "skill"),
        {
            "info": handling(
                purpose="show what a named person saw a learner do, when the learner wants it",
                basis="GDPR 6(1)(a), consent to each attestation by itself",
                retention_days=YEAR,
                readers=READERS,
            )
        },
    )

    id: Mapped[AttestationId] = kept("name it for the consent", Integer, primary_key=True)
    learner: Mapped[LearnerId] = kept("say who was seen", Text, ForeignKey("learner.id"))
    skill: Mapped[SkillId] = kept("say for which skill it speaks", Text)
    by_name: Mapped[str] = kept("name who saw it", Text)
    by_role: Mapped[str] = kept("say in which role they saw it", Text)
    by_person: Mapped[PersonId | None] = kept("tell whom of the register it was", Text)
    words: Mapped[str] = kept("say what was seen", Text)
    level: Mapped[str] = kept("compare it with the level that a requirement asks for", Text)
    seen_on: Mapped[date] = kept("show how old it is", Date)
    recorded_at: Mapped[datetime] = kept("keep the order of arrival", UtcTime)
    consented_at: Mapped[datetime | None] = kept("say since when it may be shown", UtcTime)
    withdrawn_at: Mapped[datetime | None] = kept("say since when it may not", UtcTime)


class StatementRow(Base):
    """What a learner says of one skill; they add it and take it back themselves."""

    __tablename__ = "statement"
    __table_args__ = (
        CheckConstraint("source IN ('work', 'study', 'cv', 'self')", name="known_source"),
        CheckConstraint("length(text) <= 1000", name="text_length"),
        CheckConstraint("years BETWEEN 0 AND 60", name="years_in_range"),
        Index(
            "uq_statement_standing",
            "learner",
            "skill",
            "source",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
        {
            "info": handling(
                purpose="show what learners say of their earlier work, apart from what was graded",
                basis="GDPR 6(1)(b), agreement to take part",
                retention_days=YEAR,
                readers=READERS,
            )
        },
    )

    id: Mapped[StatementId] = kept("name it for its withdrawal", Integer, primary_key=True)
    learner: Mapped[LearnerId] = kept("say whose words they are", Text, ForeignKey("learner.id"))
    skill: Mapped[SkillId] = kept("say which skill it is about", Text)
    source: Mapped[StatementSource] = kept("tell work, study, CV and opinion apart", Text)
    years: Mapped[float | None] = kept("say how long they used it", Double)
    last_used: Mapped[int | None] = kept("say how long ago", Integer)
    level: Mapped[str | None] = kept("keep the level that they give themselves", Text)
    text: Mapped[str] = kept("keep their own words", Text)
    stated_at: Mapped[datetime] = kept("say when they said so", UtcTime)
    withdrawn_at: Mapped[datetime | None] = kept("say since when they do not say so", UtcTime)
