"""What named persons saw, and what learners say of themselves."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TEXT = sa.Text()
TIME = sa.DateTime(timezone=True)
INTEGER = sa.Integer()
STANDS = sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    """Make the tables."""
    _attestations()
    _statements()


def _filled(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]


def _empty(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=True) for name in names]


def _checks(table: str, laws: dict[str, str]) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(law, name=op.f(f"ck_{table}_{name}")) for name, law in laws.items()]


def _attestations() -> None:
    op.create_table(
        "attestation",
        *_filled(INTEGER, "id"),
        *_filled(TEXT, "learner", "skill", "by_name", "by_role"),
        *_empty(TEXT, "by_person"),
        *_filled(TEXT, "words", "level"),
        *_filled(sa.Date(), "seen_on"),
        *_filled(TIME, "recorded_at"),
        *_empty(TIME, "consented_at", "withdrawn_at"),
        *_checks(
            "attestation",
            {
                "words_length": "length(words) BETWEEN 1 AND 1000",
                "name_length": "length(by_name) BETWEEN 1 AND 200",
                "role_length": "length(by_role) BETWEEN 1 AND 200",
            },
        ),
        sa.ForeignKeyConstraint(["learner"], ["learner.id"], name=op.f("fk_attestation_learner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attestation")),
    )
    op.create_index(op.f("ix_attestation_learner_skill"), "attestation", ["learner", "skill"])


def _statements() -> None:
    op.create_table(
        "statement",
        *_filled(INTEGER, "id"),
        *_filled(TEXT, "learner", "skill", "source"),
        *_empty(sa.Double[float](), "years"),
        *_empty(INTEGER, "last_used"),
        *_empty(TEXT, "level"),
        *_filled(TEXT, "text"),
        *_filled(TIME, "stated_at"),
        *_empty(TIME, "withdrawn_at"),
        *_checks(
            "statement",
            {
                "known_source": "source IN ('work', 'study', 'cv', 'self')",
                "text_length": "length(text) <= 1000",
                "years_in_range": "years BETWEEN 0 AND 60",
            },
        ),
        sa.ForeignKeyConstraint(["learner"], ["learner.id"], name=op.f("fk_statement_learner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
    )
    op.create_index(
        op.f("uq_statement_standing"),
        "statement",
        ["learner", "skill", "source"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )
