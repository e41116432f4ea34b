"""Tables of who takes part: people, learners, mentors, exclusions, consents."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped

from skillmap.model import LearnerId, MentorId, PersonId, Role, SkillId, Spoken
from skillmap.store.schema.columns import Base, JsonOf, UtcTime, handling, kept

__all__ = ["ConsentRow", "ExclusionRow", "LearnerRow", "MentorRow", "PersonRow"]

AGREEMENT = "GDPR 6(1)(b), agreement to take part"
INTEREST = "GDPR 6(1)(f), legitimate interest in running the programme"
YEAR = 365
LIMITATION = 3 * YEAR  # claims lapse after three years; until then we must be able to show consent


class PersonRow(Base):
    """Anybody with a page."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint(
            "role IN ('learner', 'mentor', 'instructor', 'coordinator')", name="known_role"
        ),
        {
            "info": handling(
                purpose="know who takes part and which pages are theirs",
                basis=AGREEMENT,
                retention_days=YEAR,
                readers=("self", "instructor", "coordinator", "paired"),
            )
        },
    )

    id: Mapped[PersonId] = kept("tell people apart", Text, primary_key=True)
    name: Mapped[str] = kept("address the person", Text)
    role: Mapped[Role] = kept("decide which pages the person may open", Text)
    page_language: Mapped[str] = kept("show pages in the person's language", Text)


class LearnerRow(Base):
    """What pairing and openings may know of a learner."""

    __tablename__ = "learner"
    __table_args__ = (
        {
            "info": handling(
                purpose="find a mentor and openings for the learner",
                basis=AGREEMENT,
                retention_days=YEAR,
                readers=("self", "coordinator", "paired"),
            )
        },
    )

    id: Mapped[LearnerId] = kept(
        "say whose wishes these are", Text, ForeignKey("person.id"), primary_key=True
    )
    spoken: Mapped[tuple[Spoken, ...]] = kept(
        "find a mentor and openings with a common language", JsonOf(tuple[Spoken, ...])
    )
    slots: Mapped[tuple[str, ...]] = kept("find a common evening", JsonOf(tuple[str, ...]))
    goals: Mapped[tuple[SkillId, ...]] = kept(
        "find a mentor who teaches what the learner wants", JsonOf(tuple[SkillId, ...])
    )
    topics: Mapped[str] = kept("prepare the next meeting", Text)
    municipality: Mapped[str] = kept("show openings nearby", Text)


class MentorRow(Base):
    """What pairing may know of a mentor."""

    __tablename__ = "mentor"
    __table_args__ = (
        CheckConstraint("capacity >= 0", name="capacity_not_negative"),
        {
            "info": handling(
                purpose="find learners for the mentor",
                basis=AGREEMENT,
                retention_days=YEAR,
                readers=("self", "coordinator", "paired"),
            )
        },
    )

    id: Mapped[MentorId] = kept(
        "say whose offer this is", Text, ForeignKey("person.id"), primary_key=True
    )
    organisation: Mapped[str] = kept("show where the mentor works", Text)
    capacity: Mapped[int] = kept("give nobody more learners than they can meet", Integer)
    spoken: Mapped[tuple[Spoken, ...]] = kept(
        "find learners with a common language", JsonOf(tuple[Spoken, ...])
    )
    slots: Mapped[tuple[str, ...]] = kept("find a common evening", JsonOf(tuple[str, ...]))
    teaches: Mapped[tuple[SkillId, ...]] = kept(
        "find learners who want these skills", JsonOf(tuple[SkillId, ...])
    )


class ExclusionRow(Base):
    """A pair that must not be."""

    __tablename__ = "exclusion"
    __table_args__ = (
        {
            "info": handling(
                purpose="keep apart two people who must not be paired",
                basis=INTEREST,
                retention_days=YEAR,
                readers=("coordinator",),
            )
        },
    )

    learner: Mapped[LearnerId] = kept(
        "name the learner", Text, ForeignKey("learner.id"), primary_key=True
    )
    mentor: Mapped[MentorId] = kept(
        "name the mentor", Text, ForeignKey("mentor.id"), primary_key=True
    )
    why: Mapped[str] = kept("let a coordinator review the exclusion", Text)


class ConsentRow(Base):
    """One consent, given and perhaps withdrawn; a new one is a new row."""

    __tablename__ = "consent"
    __table_args__ = (
        Index(None, "person", "purpose"),
        {
            "info": handling(
                purpose="show that consent was given, to what, and for how long",
                basis="GDPR 7(1), duty to demonstrate consent",
                retention_days=LIMITATION,
                readers=("self", "coordinator"),
            )
        },
    )

    id: Mapped[int] = kept("number the consents", Integer, primary_key=True)
    person: Mapped[PersonId] = kept("say who consented", Text, ForeignKey("person.id"))
    purpose: Mapped[str] = kept("say to what: one purpose at a time", Text)
    version: Mapped[str] = kept("say which text was shown", Text)
    language: Mapped[str] = kept("say in which language it was shown", Text)
    given_at: Mapped[datetime] = kept("say since when it holds", UtcTime)
    withdrawn_at: Mapped[datetime | None] = kept("say until when it held", UtcTime)
