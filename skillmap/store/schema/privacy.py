"""Tables that outlive a person without naming one: tombstones, and what items were like."""

from datetime import datetime

from sqlalchemy import Double, Index, Integer, Text
from sqlalchemy.orm import Mapped

from skillmap.model import ItemId, PersonId
from skillmap.store.schema.columns import Base, UtcTime, handling, kept

__all__ = ["ItemParameterRow", "TombstoneRow"]

YEAR = 365


class TombstoneRow(Base):
    """Somebody was erased; who it was, only the key and the id together can tell."""

    __tablename__ = "tombstone"
    __table_args__ = (
        {
            "info": handling(
                purpose="show that a person was erased, and keep a restored backup from bringing "
                "them back",
                basis="GDPR 5(2) and 17, accountability for erasure",
                retention_days=3 * YEAR,
                readers=("coordinator",),
            )
        },
    )

    mac: Mapped[str] = kept("recognise an erased id with the key", Text, primary_key=True)
    erased_at: Mapped[datetime] = kept("say when", UtcTime)
    erased_by: Mapped[PersonId] = kept("name who did it", Text)


class ItemParameterRow(Base):
    """How hard an item was for a cohort, as an aggregate of a version; it names nobody."""

    __tablename__ = "item_parameter"
    __table_args__ = (
        Index("uq_item_parameter_version", "item", "version", unique=True),
        {
            "info": handling(
                purpose="keep what was learnt about items when a person's responses are erased",
                basis="GDPR 6(1)(f), legitimate interest in fair exercises; no personal data",
                retention_days=3 * YEAR,
                readers=("instructor",),
            )
        },
    )

    id: Mapped[int] = kept("number the rows", Integer, primary_key=True)
    item: Mapped[ItemId] = kept("say which item", Text)
    version: Mapped[int] = kept("tell states apart", Integer)
    model: Mapped[str] = kept("say by which model", Text)
    easiness: Mapped[float] = kept("say how easy it was", Double)
    sd: Mapped[float] = kept("say how sure that is", Double)
    n_responses: Mapped[int] = kept("say from how many answers", Integer)
    fitted_at: Mapped[datetime] = kept("say when", UtcTime)
