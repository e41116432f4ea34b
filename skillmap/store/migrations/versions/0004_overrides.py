"""What mentors and instructors decide about a learner's next exercise."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TEXT = sa.Text()


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "next_override",
        sa.Column("id", sa.Integer(), nullable=False),
        *[sa.Column(name, TEXT, nullable=False) for name in ("learner", "item", "kind", "by")],
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('pin', 'dismiss', 'clear')", name=op.f("ck_next_override_known_kind")
        ),
        sa.ForeignKeyConstraint(["learner"], ["learner.id"], name=op.f("fk_next_override_learner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_next_override")),
    )
    op.create_index(op.f("ix_next_override_learner"), "next_override", ["learner"])
