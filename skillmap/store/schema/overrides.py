"""The table of what people decide about a learner's next exercise."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped

from skillmap.model import ItemId, LearnerId, OverrideKind, PersonId
from skillmap.store.schema.columns import Base, UtcTime, handling, kept

__all__ = ["OverrideRow"]

YEAR = 365


class OverrideRow(Base):
    """One decision; a later one on the same item takes its place, and none is changed."""

    __tablename__ = "next_override"
    __table_args__ = (
        CheckConstraint("kind IN ('pin', 'dismiss', 'clear')", name="known_kind"),
        Index(None, "learner"),
        {
            "info": handling(
                purpose="let a mentor or an instructor choose a learner's next exercise",
                basis="GDPR 6(1)(b), agreement to take part",
                retention_days=YEAR,
                readers=("self", "paired with consent", "instructor"),
            )
        },
    )

    id: Mapped[int] = kept("keep the order of the decisions", Integer, primary_key=True)
    learner: Mapped[LearnerId] = kept("say for whom", Text, ForeignKey("learner.id"))
    item: Mapped[ItemId] = kept("say which item", Text)
    kind: Mapped[OverrideKind] = kept("put it first, leave it out, or neither", Text)
    by: Mapped[PersonId] = kept("name who decided", Text)
    at: Mapped[datetime] = kept("say when", UtcTime)
