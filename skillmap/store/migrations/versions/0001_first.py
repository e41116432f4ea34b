"""The first tables, and the triggers that keep the response log append-only."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT = sa.Text()
TIME = sa.DateTime(timezone=True)
INTEGER = sa.Integer()
DOUBLE = sa.Double[float]()
BOOLEAN = sa.Boolean()

RESPONSE_KEY = ("learner", "item", "submitted_at", "revision")
ATTEMPT_KEY = ("learner", "assignment", "submitted_at", "sha256")
APPEND_ONLY = "the response log is append-only"


def upgrade() -> None:
    """Make all tables."""
    people = (_person, _learner, _mentor, _exclusion, _consent)
    evidence = (_response, _attempt, _profile)
    work = (_pairing_draft, _publication, _pairing, _opening, _feed_place, _access_log)
    accounts = (_password, _login_link, _web_session, _login_failure)
    for make_table in (*people, *evidence, *work, *accounts):
        make_table()
    if op.get_bind().dialect.name == "sqlite":
        _guard_response_on_sqlite()
    else:
        _guard_response_on_postgresql()


def _filled(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]


def _person() -> None:
    op.create_table(
        "person",
        *_filled(TEXT, "id", "name", "role", "page_language"),
        sa.CheckConstraint(
            "role IN ('learner', 'mentor', 'instructor', 'coordinator')",
            name=op.f("ck_person_known_role"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )


def _learner() -> None:
    op.create_table(
        "learner",
        *_filled(TEXT, "id", "spoken", "slots", "goals", "topics", "municipality"),
        sa.ForeignKeyConstraint(["id"], ["person.id"], name=op.f("fk_learner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learner")),
    )


def _mentor() -> None:
    op.create_table(
        "mentor",
        *_filled(TEXT, "id", "organisation"),
        *_filled(INTEGER, "capacity"),
        *_filled(TEXT, "spoken", "slots", "teaches"),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_mentor_capacity_not_negative")),
        sa.ForeignKeyConstraint(["id"], ["person.id"], name=op.f("fk_mentor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor")),
    )


def _exclusion() -> None:
    op.create_table(
        "exclusion",
        *_filled(TEXT, "learner", "mentor", "why"),
        sa.ForeignKeyConstraint(["learner"], ["learner.id"], name=op.f("fk_exclusion_learner")),
        sa.ForeignKeyConstraint(["mentor"], ["mentor.id"], name=op.f("fk_exclusion_mentor")),
        sa.PrimaryKeyConstraint("learner", "mentor", name=op.f("pk_exclusion")),
    )


def _consent() -> None:
    op.create_table(
        "consent",
        *_filled(INTEGER, "id"),
        *_filled(TEXT, "person", "purpose", "version", "language"),
        *_filled(TIME, "given_at"),
        sa.Column("withdrawn_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_consent_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_person_purpose"), "consent", ["person", "purpose"])


def _response() -> None:
    op.create_table(
        "response",
        *_filled(INTEGER, "id"),
        *_filled(TEXT, "learner", "item", "assignment"),
        *_filled(TIME, "submitted_at"),
        *_filled(INTEGER, "revision", "attempt"),
        *_filled(DOUBLE, "fraction", "points", "max_points"),
        *_filled(TIME, "graded_at"),
        *_filled(BOOLEAN, "is_manual", "is_late"),
        *_filled(TEXT, "scoring", "isolation", "sha256"),
        sa.CheckConstraint("fraction BETWEEN 0 AND 1", name=op.f("ck_response_fraction_in_range")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_response_revision_from_one")),
        sa.UniqueConstraint(
            *RESPONSE_KEY, name=op.f("uq_response_learner_item_submitted_at_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
    )
    op.create_index(
        op.f("ix_response_learner_assignment_submitted_at"),
        "response",
        ["learner", "assignment", "submitted_at"],
    )


def _attempt() -> None:
    op.create_table(
        "attempt",
        *_filled(INTEGER, "id"),
        *_filled(TEXT, "learner", "assignment"),
        *_filled(TIME, "submitted_at"),
        *_filled(TEXT, "sha256"),
        *_filled(INTEGER, "number"),
        *_filled(TIME, "graded_at"),
        *_filled(TEXT, "scoring", "isolation"),
        *_filled(BOOLEAN, "is_finished"),
        sa.Column("problem", TEXT, nullable=True),
        *_filled(TEXT, "findings"),
        sa.UniqueConstraint(
            *ATTEMPT_KEY, name=op.f("uq_attempt_learner_assignment_submitted_at_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )


def _profile() -> None:
    op.create_table(
        "profile",
        *_filled(INTEGER, "id"),
        *_filled(TEXT, "learner"),
        *_filled(TIME, "at"),
        *_filled(TEXT, "profile"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile")),
    )
    op.create_index(op.f("ix_profile_learner_at"), "profile", ["learner", "at"])


def _pairing_draft() -> None:
    op.create_table(
        "pairing_draft",
        *_filled(INTEGER, "id"),
        *_filled(TIME, "made_at"),
        *_filled(TEXT, "plan"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_draft")),
        sqlite_autoincrement=True,
    )


def _publication() -> None:
    op.create_table(
        "publication",
        *_filled(INTEGER, "id"),
        *_filled(TEXT, "by"),
        *_filled(TIME, "at"),
        *_filled(TEXT, "waiting"),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_publication_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )


def _pairing() -> None:
    op.create_table(
        "pairing",
        *_filled(INTEGER, "id"),
        *_filled(TEXT, "learner", "mentor"),
        *_filled(DOUBLE, "utility"),
        *_filled(TEXT, "reasons"),
        *_filled(TIME, "started_at"),
        sa.Column("ended_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["learner"], ["learner.id"], name=op.f("fk_pairing_learner")),
        sa.ForeignKeyConstraint(["mentor"], ["mentor.id"], name=op.f("fk_pairing_mentor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing")),
    )
    running = sa.text("ended_at IS NULL")
    where: dict[str, Any] = {"sqlite_where": running, "postgresql_where": running}
    op.create_index("uq_pairing_running", "pairing", ["learner", "mentor"], unique=True, **where)


def _opening() -> None:
    op.create_table(
        "opening",
        *_filled(TEXT, "id", "title", "employer", "municipality", "text", "apply_url", "source"),
        *_filled(TIME, "published", "expires"),
        *_filled(TEXT, "deadline"),
        *_filled(BOOLEAN, "is_active"),
        *_filled(TEXT, "requirements"),
        *_filled(TIME, "fetched_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
    )
    op.create_index(op.f("ix_opening_is_active_expires"), "opening", ["is_active", "expires"])


def _feed_place() -> None:
    op.create_table(
        "feed_place",
        *_filled(TEXT, "url", "pending"),
        sa.Column("page", TEXT, nullable=True),
        sa.Column("quiet_until", TIME, nullable=True),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_feed_place")),
    )


def _access_log() -> None:
    op.create_table(
        "access_log",
        *_filled(INTEGER, "id"),
        *_filled(TEXT, "who", "whom", "what", "why"),
        *_filled(TIME, "at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    op.create_index(op.f("ix_access_log_whom_at"), "access_log", ["whom", "at"])


def _password() -> None:
    op.create_table(
        "password",
        *_filled(TEXT, "person", "hash"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_password_person")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_password")),
    )


def _login_link() -> None:
    op.create_table(
        "login_link",
        *_filled(TEXT, "token_sha256", "person"),
        *_filled(TIME, "expires_at"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_login_link_person")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_login_link")),
    )


def _web_session() -> None:
    op.create_table(
        "web_session",
        *_filled(TEXT, "token_sha256", "person", "csrf"),
        *_filled(TIME, "expires_at"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_web_session_person")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_web_session")),
    )


def _login_failure() -> None:
    op.create_table(
        "login_failure",
        *_filled(INTEGER, "id"),
        *_filled(TEXT, "typed_sha256"),
        *_filled(TIME, "at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_failure")),
    )
    op.create_index(
        op.f("ix_login_failure_typed_sha256_at"), "login_failure", ["typed_sha256", "at"]
    )


def _guard_response_on_sqlite() -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER response_no_{verb.lower()} BEFORE {verb} ON response "
            f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
        )
    # INSERT OR REPLACE deletes rows without asking the trigger above.
    same = " AND ".join(f"{name} = NEW.{name}" for name in RESPONSE_KEY)
    op.execute(
        "CREATE TRIGGER response_no_replace BEFORE INSERT ON response "
        f"WHEN EXISTS (SELECT 1 FROM response WHERE id = NEW.id OR ({same})) "
        f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
    )


def _guard_response_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION response_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{APPEND_ONLY}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER response_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON response "
        "FOR EACH STATEMENT EXECUTE FUNCTION response_refuse()"
    )
