"""Tables of what pairs do: meetings, agreed actions, introductions, surveys, briefs, reminders."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped

from skillmap.model import (
    ActionItemId,
    Fit,
    IntroductionKind,
    LearnerId,
    MeetingId,
    MeetingState,
    MentorId,
    PersonId,
    SurveyKind,
)
from skillmap.store.schema.columns import Base, JsonOf, UtcTime, handling, kept

__all__ = [
    "ActionItemRow",
    "BriefRow",
    "BriefWordsRow",
    "IntroductionRow",
    "MeetingRow",
    "ReminderRow",
    "SurveyRow",
]

AGREEMENT = "GDPR 6(1)(b), agreement to take part"
INTEREST = "GDPR 6(1)(f), legitimate interest in running the programme"
NOTES_DAYS = 90  # after the end of the programme
BRIEF_DAYS = 14  # after the meeting
PAIR = ("self", "paired")


class MeetingRow(Base):
    """A learner and a mentor meet, and what the mentor wrote down afterwards."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'held', 'cancelled')", name="known_state"),
        CheckConstraint("length(done) <= 1000 AND length(learned) <= 1000", name="note_length"),
        Index(None, "learner", "mentor"),
        {
            "info": handling(
                purpose="prepare a pair's next meeting, and see who has not met for long",
                basis=AGREEMENT,
                retention_days=NOTES_DAYS,
                readers=PAIR,
            )
        },
    )

    id: Mapped[MeetingId] = kept("number the meetings", Integer, primary_key=True)
    learner: Mapped[LearnerId] = kept("name the learner", Text, ForeignKey("learner.id"))
    mentor: Mapped[MentorId] = kept("name the mentor", Text, ForeignKey("mentor.id"))
    starts_at: Mapped[datetime] = kept("say when", UtcTime)
    place: Mapped[str] = kept("say where", Text)
    state: Mapped[MeetingState] = kept("tell a plan from what took place", Text)
    done: Mapped[str] = kept("remember what the pair did", Text)
    learned: Mapped[str] = kept("remember what the mentor learned from the learner", Text)
    logged_by: Mapped[PersonId | None] = kept("name who wrote it down", Text)
    logged_at: Mapped[datetime | None] = kept("say when it was written down", UtcTime)


class ActionItemRow(Base):
    """Something that one of a pair does until the next meeting."""

    __tablename__ = "action_item"
    __table_args__ = (
        CheckConstraint("length(text) BETWEEN 1 AND 300", name="text_length"),
        Index(None, "learner", "mentor"),
        {
            "info": handling(
                purpose="bring back in the next brief what was agreed on",
                basis=AGREEMENT,
                retention_days=NOTES_DAYS,
                readers=PAIR,
            )
        },
    )

    id: Mapped[ActionItemId] = kept("number the items", Integer, primary_key=True)
    learner: Mapped[LearnerId] = kept("name the learner", Text, ForeignKey("learner.id"))
    mentor: Mapped[MentorId] = kept("name the mentor", Text, ForeignKey("mentor.id"))
    meeting: Mapped[MeetingId | None] = kept(
        "say at which meeting it was agreed on", Integer, ForeignKey("meeting.id")
    )
    text: Mapped[str] = kept("say what", Text)
    owner: Mapped[PersonId] = kept("say who does it", Text)
    agreed_at: Mapped[datetime] = kept("say since when", UtcTime)
    due_on: Mapped[date | None] = kept("say until when", Date)
    done_at: Mapped[datetime | None] = kept("say when it was done", UtcTime)


class IntroductionRow(Base):
    """A learner met somebody of the field; the other one is not named."""

    __tablename__ = "introduction"
    __table_args__ = (
        CheckConstraint("kind IN ('person', 'employer', 'meet_up')", name="known_kind"),
        CheckConstraint("length(about) <= 200", name="about_length"),
        Index(None, "learner"),
        {
            "info": handling(
                purpose="count a learner's growing network, and see who has met few people",
                basis=INTEREST,
                retention_days=365,
                readers=("self", "paired", "coordinator"),
            )
        },
    )

    id: Mapped[int] = kept("number the introductions", Integer, primary_key=True)
    learner: Mapped[LearnerId] = kept("say who met somebody", Text, ForeignKey("learner.id"))
    by: Mapped[PersonId] = kept("say who introduced them", Text)
    meeting: Mapped[MeetingId | None] = kept(
        "say which meeting it came from", Integer, ForeignKey("meeting.id")
    )
    kind: Mapped[IntroductionKind] = kept("tell a person from a meet-up", Text)
    about: Mapped[str] = kept("say in words who it was, without a name", Text)
    made_on: Mapped[date] = kept("say when", Date)


class SurveyRow(Base):
    """How one side of a pair says that it fits."""

    __tablename__ = "survey"
    __table_args__ = (
        CheckConstraint("kind IN ('day_30', 'closing')", name="known_kind"),
        CheckConstraint("fit IN ('good', 'still_deciding', 'not_good')", name="known_fit"),
        CheckConstraint("goal BETWEEN 1 AND 5", name="goal_in_range"),
        Index("uq_survey_once", "learner", "mentor", "by", "kind", unique=True),
        {
            "info": handling(
                purpose="notice pairs that do not fit, and find them another mentor",
                basis=INTEREST,
                retention_days=365,
                readers=("self", "coordinator"),
            )
        },
    )

    id: Mapped[int] = kept("number the answers", Integer, primary_key=True)
    learner: Mapped[LearnerId] = kept("name the learner", Text, ForeignKey("learner.id"))
    mentor: Mapped[MentorId] = kept("name the mentor", Text, ForeignKey("mentor.id"))
    by: Mapped[PersonId] = kept("say whose answer it is", Text)
    kind: Mapped[SurveyKind] = kept("tell the first month from the end", Text)
    fit: Mapped[Fit] = kept("say whether they fit", Text)
    goal: Mapped[int | None] = kept("say how near the goal came", Integer)
    text: Mapped[str] = kept("keep their own words", Text)
    at: Mapped[datetime] = kept("say when", UtcTime)


class BriefWordsRow(Base):
    """What a learner wants a mentor to read, and what not."""

    __tablename__ = "brief_words"
    __table_args__ = (
        {
            "info": handling(
                purpose="let learners speak for themselves in the brief, and hold back",
                basis=AGREEMENT,
                retention_days=365,
                readers=("self", "paired with consent"),
            )
        },
    )

    learner: Mapped[LearnerId] = kept(
        "say whose words they are", Text, ForeignKey("learner.id"), primary_key=True
    )
    call_me: Mapped[str] = kept("say how to say my name, and how to speak of me", Text)
    proof: Mapped[str] = kept("name the work I want to talk about", Text)
    avoid: Mapped[str] = kept("name what I do not want to discuss", Text)
    background: Mapped[str] = kept("tell what I did before, and what others can learn", Text)
    withheld: Mapped[tuple[str, ...]] = kept(
        "name the parts of the brief that I hold back", JsonOf(tuple[str, ...])
    )


class BriefRow(Base):
    """A mentor may read a brief, until it expires."""

    __tablename__ = "brief"
    __table_args__ = (
        Index(None, "learner", "mentor"),
        {
            "info": handling(
                purpose="let a mentor prepare one meeting, and no longer",
                basis="GDPR 6(1)(a), consent to share with the mentor",
                retention_days=BRIEF_DAYS,
                readers=("self", "paired with consent"),
            )
        },
    )

    id: Mapped[int] = kept("number the briefs", Integer, primary_key=True)
    learner: Mapped[LearnerId] = kept("say whom it is about", Text, ForeignKey("learner.id"))
    mentor: Mapped[MentorId] = kept("say who may read it", Text, ForeignKey("mentor.id"))
    meeting: Mapped[MeetingId | None] = kept(
        "say which meeting it prepares", Integer, ForeignKey("meeting.id")
    )
    issued_at: Mapped[datetime] = kept("say since when", UtcTime)
    expires_at: Mapped[datetime] = kept("say until when", UtcTime)


class ReminderRow(Base):
    """A message that was sent; nobody gets the same one twice."""

    __tablename__ = "reminder"
    __table_args__ = (
        {
            "info": handling(
                purpose="send nobody the same reminder twice",
                basis=INTEREST,
                retention_days=NOTES_DAYS,
                readers=("self",),
            )
        },
    )

    key: Mapped[str] = kept("recognise the message", Text, primary_key=True)
    person: Mapped[PersonId] = kept("say who got it", Text, ForeignKey("person.id"))
    sent_at: Mapped[datetime] = kept("say when", UtcTime)
