"""Disputes of grades, the tiers of tests, and when a class was graded again."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TEXT = sa.Text()
TIME = sa.DateTime(timezone=True)
INTEGER = sa.Integer()
DOUBLE = sa.Double[float]()
IS_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    """Make the tables."""
    _disputes()
    _item_tiers()
    _regradings()


def _filled(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]


def _empty(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=True) for name in names]


def _disputes() -> None:
    op.create_table(
        "disputes",
        *_filled(INTEGER, "id"),
        *_filled(TEXT, "learner", "assignment", "notebook", "grade_id", "text"),
        *_filled(TIME, "opened_at"),
        *_filled(DOUBLE, "old_score"),
        *_filled(TEXT, "state"),
        *_empty(TEXT, "answer", "answered_by"),
        *_empty(TIME, "answered_at"),
        *_empty(DOUBLE, "new_score"),
        *_empty(TIME, "recorded_at"),
        *_checks_of_disputes(),
        sa.ForeignKeyConstraint(["learner"], ["learner.id"], name=op.f("fk_disputes_learner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    op.create_index(
        op.f("uq_disputes_open"),
        "disputes",
        ["learner", "assignment", "notebook", "grade_id"],
        unique=True,
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )
    op.create_index(op.f("ix_disputes_state"), "disputes", ["state"])


def _checks_of_disputes() -> list[sa.CheckConstraint]:
    laws = {
        "known_state": "state IN ('open', 'answered', 'withdrawn')",
        "text_length": "length(text) BETWEEN 1 AND 1000",
        "answered_by_somebody": "(state = 'answered') = (answer IS NOT NULL "
        "AND answered_by IS NOT NULL AND answered_at IS NOT NULL)",
        "score_with_answer": "state = 'answered' OR new_score IS NULL",
        "score_recorded": "new_score IS NOT NULL OR recorded_at IS NULL",
    }
    return [sa.CheckConstraint(law, name=op.f(f"ck_disputes_{name}")) for name, law in laws.items()]


def _item_tiers() -> None:
    op.create_table(
        "item_tiers",
        *_filled(TEXT, "assignment", "notebook", "grade_id", "tier"),
        *_empty(TEXT, "reason"),
        *_filled(TIME, "decided_at"),
        sa.PrimaryKeyConstraint("assignment", "notebook", "grade_id", name=op.f("pk_item_tiers")),
    )


def _regradings() -> None:
    op.create_table(
        "regradings",
        *_filled(INTEGER, "id"),
        *_filled(TEXT, "assignment"),
        *_empty(TEXT, "item"),
        *_filled(TIME, "at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regradings")),
    )
    op.create_index(op.f("ix_regradings_assignment_at"), "regradings", ["assignment", "at"])
