"""Tables of who takes part: people, learners, mentors, exclusions, wishes, consents."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped

from skillmap.model import (
    CohortId,
    ExclusionKind,
    Gender,
    HelpTopic,
    LearnerId,
    Meets,
    MentorId,
    OrganisationId,
    PersonId,
    Role,
    SkillId,
    Spoken,
)
from skillmap.store.schema.columns import Base, JsonOf, UtcTime, handling, kept

__all__ = [
    "ConsentRow",
    "ExclusionRow",
    "LearnerRow",
    "MentorRow",
    "PersonRoleRow",
    "PersonRow",
    "WishRow",
]

AGREEMENT = "GDPR 6(1)(b), agreement to take part"
INTEREST = "GDPR 6(1)(f), legitimate interest in running the programme"
KNOWN_ROLE = (
    "role IN ('learner', 'mentor', 'contributor', 'instructor', 'coordinator', 'referrer', 'host')"
)
MEETS = "meets IN ('online', 'in_person', 'either')"
YEAR = 365
LIMITATION = 3 * YEAR  # claims lapse after three years; until then we must be able to show consent


class PersonRow(Base):
    """Anybody with a page."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint(KNOWN_ROLE, name="known_role"),
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
    organisation: Mapped[OrganisationId | None] = kept(
        "say whom they work for", Integer, ForeignKey("organisation.id")
    )
    email: Mapped[str] = kept("send reminders, when they gave it for that", Text)
    left_on: Mapped[date | None] = kept("say since when they take no part", Date)


class PersonRoleRow(Base):
    """A further part that a person plays, such as a mentor who is a host, too."""

    __tablename__ = "person_role"
    __table_args__ = (
        CheckConstraint(KNOWN_ROLE, name="known_role"),
        {
            "info": handling(
                purpose="know all parts that a person plays",
                basis=AGREEMENT,
                retention_days=YEAR,
                readers=("self", "coordinator"),
            )
        },
    )

    person: Mapped[PersonId] = kept("say who", Text, ForeignKey("person.id"), primary_key=True)
    role: Mapped[Role] = kept("say which part", Text, primary_key=True)


class LearnerRow(Base):
    """What pairing and openings may know of a learner."""

    __tablename__ = "learner"
    __table_args__ = (
        CheckConstraint(MEETS, name="known_way"),
        CheckConstraint("mentor_gender IN ('', 'woman', 'man')", name="known_gender"),
        CheckConstraint("n_waited >= 0", name="waited_not_negative"),
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
    cohort: Mapped[CohortId | None] = kept(
        "say with whom they began", Text, ForeignKey("cohort.id")
    )
    needs: Mapped[tuple[HelpTopic, ...]] = kept(
        "find a mentor who helps with it", JsonOf(tuple[HelpTopic, ...])
    )
    target_role: Mapped[str] = kept("say which work they look for", Text)
    meets: Mapped[Meets] = kept("find a mentor who meets in the same way", Text)
    mentor_gender: Mapped[Gender] = kept("keep the learner's own hard requirement", Text)
    n_waited: Mapped[int] = kept("let nobody wait for ever", Integer)


class MentorRow(Base):
    """What pairing may know of a mentor."""

    __tablename__ = "mentor"
    __table_args__ = (
        CheckConstraint("capacity >= 0", name="capacity_not_negative"),
        CheckConstraint(MEETS, name="known_way"),
        CheckConstraint("gender IN ('', 'woman', 'man')", name="known_gender"),
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
    capacity: Mapped[int] = kept("give nobody more learners than they can meet", Integer)
    spoken: Mapped[tuple[Spoken, ...]] = kept(
        "find learners with a common language", JsonOf(tuple[Spoken, ...])
    )
    slots: Mapped[tuple[str, ...]] = kept("find a common evening", JsonOf(tuple[str, ...]))
    teaches: Mapped[tuple[SkillId, ...]] = kept(
        "find learners who want these skills", JsonOf(tuple[SkillId, ...])
    )
    helps_with: Mapped[tuple[HelpTopic, ...]] = kept(
        "find learners who need this help", JsonOf(tuple[HelpTopic, ...])
    )
    municipality: Mapped[str] = kept("spare both a long way", Text)
    meets: Mapped[Meets] = kept("find learners who meet in the same way", Text)
    gender: Mapped[Gender] = kept("keep a learner's own hard requirement, and nothing else", Text)
    paused_until: Mapped[date | None] = kept("give them nobody new while they pause", Date)


class ExclusionRow(Base):
    """A pair that must not be."""

    __tablename__ = "exclusion"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('hiring_line', 'relative', 'case_worker', 'earlier_pair', 'other')",
            name="known_kind",
        ),
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
    kind: Mapped[ExclusionKind] = kept("say which kind of reason it is", Text)


class WishRow(Base):
    """Somebody would like to meet somebody."""

    __tablename__ = "wish"
    __table_args__ = (
        {
            "info": handling(
                purpose="pair people who would like to meet",
                basis=AGREEMENT,
                retention_days=YEAR,
                readers=("self", "coordinator"),
            )
        },
    )

    by: Mapped[PersonId] = kept(
        "say whose wish it is", Text, ForeignKey("person.id"), primary_key=True
    )
    whom: Mapped[PersonId] = kept(
        "say whom they wish to meet", Text, ForeignKey("person.id"), primary_key=True
    )


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
    channel: Mapped[str] = kept("say how it was given", Text)
    expires_at: Mapped[datetime | None] = kept("let it end by itself", UtcTime)
