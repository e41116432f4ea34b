"""Tables of what was shown and what it says: responses, graded attempts, profiles.

Their `learner` is no foreign key: nbgrader grades whoever handed in, also people whom nobody
has entered here yet, and their evidence must not be lost.
"""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, Double, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from skillmap.model import AssignmentId, ItemId, LearnerId, SkillProfile
from skillmap.store.schema.columns import Base, JsonOf, UtcTime, handling, kept

__all__ = ["AttemptRow", "ProfileRow", "ResponseRow"]

INTEREST = "GDPR 6(1)(f), legitimate interest in teaching by what learners can do"
YEAR = 365
OWN_TEACHERS = ("self", "instructor")


class ResponseRow(Base):
    """One revision of one response; triggers refuse to change or delete it."""

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("learner", "item", "submitted_at", "revision"),
        Index(None, "learner", "assignment", "submitted_at"),
        CheckConstraint("fraction BETWEEN 0 AND 1", name="fraction_in_range"),
        CheckConstraint("revision >= 1", name="revision_from_one"),
        {
            "info": handling(
                purpose="estimate skills from graded work, and explain the estimate",
                basis=INTEREST,
                retention_days=YEAR,
                readers=OWN_TEACHERS,
            )
        },
    )

    id: Mapped[int] = kept("keep the order of arrival", Integer, primary_key=True)
    learner: Mapped[LearnerId] = kept("say whose work it is", Text)
    item: Mapped[ItemId] = kept("say which exercise was answered", Text)
    assignment: Mapped[AssignmentId] = kept("count attempts at an assignment", Text)
    submitted_at: Mapped[datetime] = kept("order attempts", UtcTime)
    revision: Mapped[int] = kept("keep earlier gradings beside the newest", Integer)
    attempt: Mapped[int] = kept("keep the number that the importer gave", Integer)
    fraction: Mapped[float] = kept("say how much was right", Double)
    points: Mapped[float] = kept("show the grade as nbgrader gave it", Double)
    max_points: Mapped[float] = kept("show what could be reached", Double)
    graded_at: Mapped[datetime] = kept("say when it was graded", UtcTime)
    is_manual: Mapped[bool] = kept("tell a person's grade from a test's", Boolean)
    is_late: Mapped[bool] = kept("show that it came after the due date", Boolean)
    scoring: Mapped[str] = kept("say by which rules it was graded", Text)
    isolation: Mapped[str] = kept("say how far the grading can be trusted", Text)
    sha256: Mapped[str] = kept("recognise the same submission", Text)


class AttemptRow(Base):
    """What became of one submission."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("learner", "assignment", "submitted_at", "sha256"),
        {
            "info": handling(
                purpose="grade each submission once, and tell the learner what became of it",
                basis=INTEREST,
                retention_days=YEAR,
                readers=OWN_TEACHERS,
            )
        },
    )

    id: Mapped[int] = kept("number the rows", Integer, primary_key=True)
    learner: Mapped[LearnerId] = kept("say whose work it is", Text)
    assignment: Mapped[AssignmentId] = kept("say what was handed in", Text)
    submitted_at: Mapped[datetime] = kept("order attempts", UtcTime)
    sha256: Mapped[str] = kept("recognise the same submission", Text)
    number: Mapped[int] = kept("keep the number that the importer gave", Integer)
    graded_at: Mapped[datetime] = kept("say when it was graded", UtcTime)
    scoring: Mapped[str] = kept("say by which rules it was graded", Text)
    isolation: Mapped[str] = kept("say how far the grading can be trusted", Text)
    is_finished: Mapped[bool] = kept("take up a grading that was cut off", Boolean)
    problem: Mapped[str | None] = kept("tell the learner why it could not be graded", Text)
    findings: Mapped[tuple[str, ...]] = kept(
        "tell the instructor what looked odd", JsonOf(tuple[str, ...])
    )


class ProfileRow(Base):
    """One state of one learner's profile."""

    __tablename__ = "profile"
    __table_args__ = (
        Index(None, "learner", "at"),
        {
            "info": handling(
                purpose="show what graded evidence says of a learner, and how it grew",
                basis=INTEREST,
                retention_days=YEAR,
                readers=("self", "instructor", "paired with consent"),
            )
        },
    )

    id: Mapped[int] = kept("number the rows", Integer, primary_key=True)
    learner: Mapped[LearnerId] = kept("say whose profile it is", Text)
    at: Mapped[datetime] = kept("say when it was made", UtcTime)
    profile: Mapped[SkillProfile] = kept("show the estimates as they were", JsonOf(SkillProfile))
