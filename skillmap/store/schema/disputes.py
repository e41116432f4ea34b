"""Tables of what learners say against a grade, and of what is known of the tests."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, Integer, Text, text
from sqlalchemy.orm import Mapped

from skillmap.model import AssignmentId, DisputeId, DisputeState, ItemId, LearnerId, PersonId
from skillmap.store.schema.columns import Base, UtcTime, handling, kept

__all__ = ["DisputeRow", "ItemTierRow", "RegradingRow"]

YEAR = 365
IS_OPEN = text("state = 'open'")

_TESTS = handling(
    purpose="tell instructors and learners what is known of the tests; no personal data",
    basis="GDPR 6(1)(f), legitimate interest in grades that can be trusted",
    retention_days=YEAR,
    readers=("learner", "instructor"),
)


class DisputeRow(Base):
    """What a learner says against the score of one item; the row belongs to the learner."""

    __tablename__ = "disputes"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'answered', 'withdrawn')", name="known_state"),
        CheckConstraint("length(text) BETWEEN 1 AND 1000", name="text_length"),
        CheckConstraint(
            "(state = 'answered') = (answer IS NOT NULL AND answered_by IS NOT NULL "
            "AND answered_at IS NOT NULL)",
            name="answered_by_somebody",
        ),
        CheckConstraint("state = 'answered' OR new_score IS NULL", name="score_with_answer"),
        CheckConstraint("new_score IS NOT NULL OR recorded_at IS NULL", name="score_recorded"),
        Index(
            "uq_disputes_open",
            "learner",
            "assignment",
            "notebook",
            "grade_id",
            unique=True,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
        Index(None, "state"),
        {
            "info": handling(
                purpose="let a learner contest a grade, and a person answer",
                basis="GDPR 16 and 22(3), rectification and the right to contest",
                retention_days=YEAR,
                readers=("self", "instructor"),
            )
        },
    )

    id: Mapped[DisputeId] = kept("name it for the answer", Integer, primary_key=True)
    learner: Mapped[LearnerId] = kept("say whose grade it is", Text, ForeignKey("learner.id"))
    assignment: Mapped[AssignmentId] = kept("find the work", Text)
    notebook: Mapped[str] = kept("find the work", Text)
    grade_id: Mapped[str] = kept("say which score is contested", Text)
    text: Mapped[str] = kept("tell the instructor what is wrong, in the learner's words", Text)
    opened_at: Mapped[datetime] = kept("answer the oldest first", UtcTime)
    old_score: Mapped[float] = kept("say which score was contested", Double)
    state: Mapped[DisputeState] = kept("tell what waits for an answer", Text)
    answer: Mapped[str | None] = kept("tell the learner what a person decided", Text)
    answered_by: Mapped[PersonId | None] = kept("name who decided", Text)
    answered_at: Mapped[datetime | None] = kept("say when", UtcTime)
    new_score: Mapped[float | None] = kept("keep the score until the gradebook has it", Double)
    recorded_at: Mapped[datetime | None] = kept("say since when the gradebook has it", UtcTime)


class ItemTierRow(Base):
    """How far the test of one item is kept from learners' code."""

    __tablename__ = "item_tiers"
    __table_args__ = ({"info": _TESTS},)

    assignment: Mapped[AssignmentId] = kept("find the test", Text, primary_key=True)
    notebook: Mapped[str] = kept("find the test", Text, primary_key=True)
    grade_id: Mapped[str] = kept("find the test", Text, primary_key=True)
    tier: Mapped[str] = kept("say how far it is kept apart", Text)
    reason: Mapped[str | None] = kept("say why it is not", Text)
    decided_at: Mapped[datetime] = kept("say how fresh that is", UtcTime)


class RegradingRow(Base):
    """A class was graded again after a test was mended."""

    __tablename__ = "regradings"
    __table_args__ = (Index(None, "assignment", "at"), {"info": _TESTS})

    id: Mapped[int] = kept("keep the order of arrival", Integer, primary_key=True)
    assignment: Mapped[AssignmentId] = kept("say what was graded again", Text)
    item: Mapped[ItemId | None] = kept("name the test that was mended", Text)
    at: Mapped[datetime] = kept("say when", UtcTime)
