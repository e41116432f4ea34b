"""What learners say against a grade, and what a person answered.

In: a learner's words about one item; later an answer, with a new score or without. Out: Disputes.
Law: one open dispute for each learner and item, and MAX_OPEN for each learner; only what is open
is answered or withdrawn; a new score waits here until the gradebook has taken it.
"""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from skillmap.errors import StoreError
from skillmap.model import Dispute, DisputeId, DisputeState, LearnerId, PersonId, Response
from skillmap.store.schema import DisputeRow

__all__ = [
    "MAX_OPEN",
    "MAX_TEXT",
    "answer",
    "count",
    "find",
    "length",
    "mark_recorded",
    "of_learner",
    "opened",
    "raise_dispute",
    "waiting_for_gradebook",
    "withdraw",
]

MAX_OPEN = 20  # of one learner: more than any assignment has items, and few enough to answer
MAX_TEXT = 1000  # characters, of a dispute and of its answer

FIELDS = tuple(field.name for field in fields(Dispute))


def raise_dispute(session: Session, about: Response, text: str, *, at: datetime) -> Dispute:
    """Keep what the learner of `about` says against its points.

    Raises StoreError when the text is empty or too long, when this item is disputed already, or
    when too many are open.
    """
    said = _require_words(text)
    mine = [one for one in of_learner(session, about.learner) if one.state == "open"]
    if any(one.item == about.item for one in mine):
        raise StoreError(f"{about.item}: this grade is questioned already. Wait for the answer.")
    if len(mine) >= MAX_OPEN:
        raise StoreError(
            f"{about.learner}: {len(mine)} grades are questioned already. "
            "Wait for an answer, or withdraw one."
        )
    assignment, notebook, grade_id = about.item.split("/", 2)
    row = DisputeRow(
        learner=about.learner,
        assignment=assignment,
        notebook=notebook,
        grade_id=grade_id,
        text=said,
        opened_at=at,
        old_score=about.points,
        state="open",
    )
    session.add(row)
    session.flush()
    return _dispute(row)


def find(session: Session, id: DisputeId) -> Dispute:
    """Return one dispute. Raises StoreError when there is none of this number."""
    return _dispute(_row(session, id))


def of_learner(session: Session, learner: LearnerId) -> list[Dispute]:
    """Return all disputes of a learner, newest first."""
    query = select(DisputeRow).where(DisputeRow.learner == learner).order_by(DisputeRow.id.desc())
    return [_dispute(row) for row in session.scalars(query)]


def opened(session: Session) -> list[Dispute]:
    """Return what waits for an answer, oldest first."""
    query = select(DisputeRow).where(DisputeRow.state == "open").order_by(DisputeRow.id)
    return [_dispute(row) for row in session.scalars(query)]


def waiting_for_gradebook(session: Session) -> list[Dispute]:
    """Return the answers whose new score the gradebook does not have yet, oldest first."""
    query = (
        select(DisputeRow)
        .where(DisputeRow.new_score.is_not(None), DisputeRow.recorded_at.is_(None))
        .order_by(DisputeRow.answered_at, DisputeRow.id)
    )
    return [_dispute(row) for row in session.scalars(query)]


def count(session: Session) -> dict[DisputeState, int]:
    """Count the disputes of all learners by state, without saying whose they are."""
    query = select(DisputeRow.state, func.count()).group_by(DisputeRow.state)
    return {state: n for state, n in session.execute(query)}


def answer(
    session: Session,
    id: DisputeId,
    words: str,
    *,
    by: PersonId,
    at: datetime,
    score: float | None = None,
) -> Dispute:
    """Answer an open dispute, with a new score or without.

    Raises StoreError when it is not open, or when the words are missing or too long.
    """
    row = _open_row(session, id)
    row.answer = _require_words(words)
    row.state, row.answered_by, row.answered_at, row.new_score = "answered", by, at, score
    session.flush()
    return _dispute(row)


def withdraw(session: Session, id: DisputeId) -> Dispute:
    """Take an open dispute back. Raises StoreError when it is not open."""
    row = _open_row(session, id)
    row.state = "withdrawn"
    session.flush()
    return _dispute(row)


def mark_recorded(session: Session, ids: Iterable[DisputeId], *, at: datetime) -> None:
    """Keep that the gradebook has taken these new scores."""
    for id in ids:
        _row(session, id).recorded_at = at
    session.flush()


def length(text: str) -> int:
    """Count the characters of a text as it would be kept."""
    return len(_tidied(text))


def _tidied(text: str) -> str:
    # A browser sends a line end as two characters, and counts it as one.
    return text.replace("\r\n", "\n").strip()


def _require_words(text: str) -> str:
    said = _tidied(text)
    if not 1 <= len(said) <= MAX_TEXT:
        raise StoreError(f"This text has {len(said)} characters. Write 1 to {MAX_TEXT} characters.")
    return said


def _open_row(session: Session, id: DisputeId) -> DisputeRow:
    row = _row(session, id)
    if row.state != "open":
        raise StoreError(f"Dispute {id}: it is {row.state} already, and not open any more.")
    return row


def _row(session: Session, id: DisputeId) -> DisputeRow:
    row = session.get(DisputeRow, id)
    if row is None:
        raise StoreError(
            f"Dispute {id}: there is none of this number. `skillmap disputes` lists them."
        )
    return row


def _dispute(row: DisputeRow) -> Dispute:
    return Dispute(**{name: getattr(row, name) for name in FIELDS})
