"""What learners say of their own skills.

In: a Statement; later its withdrawal. Out: Statements.
Law: nothing is deleted or rewritten; of one learner, skill and source one statement stands, and a
new one takes the place of the old one.
"""

from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillmap.errors import StoreError
from skillmap.model import LearnerId, Statement, StatementId
from skillmap.store import people
from skillmap.store.schema import StatementRow

__all__ = ["MAX_STANDING", "find", "keep", "of_learner", "standing", "withdraw"]

MAX_STANDING = 100  # of one learner: more than the catalogue has skills to say something about

FIELDS = tuple(field.name for field in fields(Statement))


def keep(session: Session, statement: Statement) -> Statement:
    """Keep what a learner says, and return it with its number.

    Raises StoreError when the learner is unknown, or has too many statements that stand.
    """
    learner = people.learner(session, statement.learner)
    mine = standing(session, learner.id)
    same = [one for one in mine if _subject(one) == _subject(statement)]
    if len(mine) - len(same) >= MAX_STANDING:
        raise StoreError(f"{learner.id}: {len(mine)} statements stand already. Withdraw one.")
    for earlier in same:
        withdraw(session, earlier.id, at=statement.stated_at)
    values = {name: getattr(statement, name) for name in FIELDS if name != "id"}
    row = StatementRow(**values | {"withdrawn_at": None})
    session.add(row)
    session.flush()
    return replace(statement, id=row.id, withdrawn_at=None)


def find(session: Session, id: StatementId) -> Statement:
    """Return one statement. Raises StoreError when there is none of this number."""
    return _statement(_row(session, id))


def of_learner(session: Session, learner: LearnerId) -> list[Statement]:
    """Return all that a learner ever said, newest first: for the learner alone."""
    query = select(StatementRow).where(StatementRow.learner == learner)
    return [_statement(row) for row in session.scalars(query.order_by(StatementRow.id.desc()))]


def standing(session: Session, learner: LearnerId) -> list[Statement]:
    """Return what a learner says still, newest first."""
    return [one for one in of_learner(session, learner) if one.stands]


def withdraw(session: Session, id: StatementId, *, at: datetime) -> Statement:
    """Take a statement back; repeating it changes nothing."""
    row = _row(session, id)
    if row.withdrawn_at is None:
        row.withdrawn_at = at
    session.flush()
    return _statement(row)


def _subject(statement: Statement) -> tuple[str, str]:
    return statement.skill, statement.source


def _row(session: Session, id: StatementId) -> StatementRow:
    row = session.get(StatementRow, id)
    if row is None:
        raise StoreError(
            f"Statement {id}: there is none of this number. `skillmap evidence` lists them."
        )
    return row


def _statement(row: StatementRow) -> Statement:
    return Statement(**{name: getattr(row, name) for name in FIELDS})
