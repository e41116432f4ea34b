"""The register: cohorts, organisations, more roles, meetings, events, places, outcomes, intake."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TEXT = sa.Text()
TIME = sa.DateTime(timezone=True)
DATE = sa.Date()
INTEGER = sa.Integer()
BOOLEAN = sa.Boolean()
DOUBLE: sa.types.TypeEngine[Any] = sa.Double[float]()

ROLES = "'learner', 'mentor', 'contributor', 'instructor', 'coordinator', 'referrer', 'host'"
KNOWN_ROLE = f"role IN ({ROLES})"
MEETS = "TEXT NOT NULL DEFAULT 'either'", "known_way", "meets IN ('online', 'in_person', 'either')"
WORDS = "TEXT NOT NULL DEFAULT ''"
LIST = "TEXT NOT NULL DEFAULT '[]'"


def upgrade() -> None:
    """Make the tables of the register, and give the old ones their new columns."""
    _frame()
    _people()
    _pairs()
    _intake()
    _meetings()
    _events_and_places()
    _what_stays()


def _filled(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]


def _empty(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=True) for name in names]


def _checks(table: str, **laws: str) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(law, name=op.f(f"ck_{table}_{name}")) for name, law in laws.items()]


def _points(table: str, **homes: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{home}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, home in homes.items()
    ]


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))


def _unique(name: str, table: str, *columns: str) -> None:
    op.create_index(op.f(name), table, list(columns), unique=True)


def _add(table: str, column: str, kind: str, law: tuple[str, str] | None = None) -> None:
    """Add a column with its check; SQLite knows no other way to add one to a table."""
    check = f" CONSTRAINT ck_{table}_{law[0]} CHECK ({law[1]})" if law else ""
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}{check}")


def _add_link(table: str, column: str, kind: str, home: str) -> None:
    link = f"CONSTRAINT fk_{table}_{column} REFERENCES {home} (id)"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} {link}")


def _frame() -> None:
    op.create_table(
        "cohort",
        *_filled(TEXT, "id", "title"),
        *_filled(DATE, "starts_on", "ends_on"),
        *_checks("cohort", starts_before_it_ends="starts_on <= ends_on"),
        _key("cohort", "id"),
    )
    op.create_table(
        "organisation",
        *_filled(INTEGER, "id"),
        *_filled(TEXT, "name", "kind"),
        *_checks(
            "organisation",
            known_kind="kind IN ('employer', 'public', 'volunteer', 'school', 'other')",
        ),
        _key("organisation", "id"),
    )
    _unique("uq_organisation_name", "organisation", "name")


def _people() -> None:
    _add_link("person", "organisation", "INTEGER", "organisation")
    _add("person", "email", WORDS)
    _add("person", "left_on", "DATE")
    _move_organisations()
    _allow_more_roles()
    op.create_table(
        "person_role",
        *_filled(TEXT, "person", "role"),
        *_checks("person_role", known_role=KNOWN_ROLE),
        *_points("person_role", person="person"),
        _key("person_role", "person", "role"),
    )
    _add_link("learner", "cohort", "TEXT", "cohort")
    _add("learner", "needs", LIST)
    _add("learner", "target_role", WORDS)
    _add("learner", "meets", MEETS[0], MEETS[1:])
    gender = "known_gender", "mentor_gender IN ('', 'woman', 'man')"
    _add("learner", "mentor_gender", WORDS, gender)
    waited = "waited_not_negative", "n_waited >= 0"
    _add("learner", "n_waited", "INTEGER NOT NULL DEFAULT 0", waited)
    _add("mentor", "helps_with", LIST)
    _add("mentor", "municipality", WORDS)
    _add("mentor", "meets", MEETS[0], MEETS[1:])
    _add("mentor", "gender", WORDS, ("known_gender", "gender IN ('', 'woman', 'man')"))
    _add("mentor", "paused_until", "DATE")


def _move_organisations() -> None:
    op.execute(
        "INSERT INTO organisation (name, kind) "
        "SELECT DISTINCT organisation, 'employer' FROM mentor WHERE organisation <> ''"
    )
    op.execute(
        "UPDATE person SET organisation = (SELECT organisation.id FROM mentor "
        "JOIN organisation ON organisation.name = mentor.organisation "
        "WHERE mentor.id = person.id)"
    )
    op.execute("ALTER TABLE mentor DROP COLUMN organisation")


def _allow_more_roles() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_person_known_role"), "person")
        op.create_check_constraint(op.f("ck_person_known_role"), "person", KNOWN_ROLE)
        return
    op.create_table(
        "person_anew",
        *_filled(TEXT, "id", "name", "role", "page_language"),
        *_empty(INTEGER, "organisation"),
        sa.Column("email", TEXT, nullable=False, server_default=""),
        *_empty(DATE, "left_on"),
        *_checks("person", known_role=KNOWN_ROLE),
        *_points("person", organisation="organisation"),
        _key("person", "id"),
    )
    columns = "id, name, role, page_language, organisation, email, left_on"
    op.execute(f"INSERT INTO person_anew ({columns}) SELECT {columns} FROM person")
    op.drop_table("person")
    op.rename_table("person_anew", "person")


def _pairs() -> None:
    kinds = "'hiring_line', 'relative', 'case_worker', 'earlier_pair', 'other'"
    law = "known_kind", f"kind IN ({kinds})"
    _add("exclusion", "kind", "TEXT NOT NULL DEFAULT 'other'", law)
    _add("consent", "channel", "TEXT NOT NULL DEFAULT 'page'")
    instant = "TIMESTAMP WITH TIME ZONE" if _is_postgresql() else "DATETIME"
    _add("consent", "expires_at", instant)
    _add("pairing", "ended_why", WORDS)
    _add("pairing", "chosen_by", "TEXT")
    _add("pairing", "chosen_why", WORDS)
    op.create_table(
        "wish",
        *_filled(TEXT, "by", "whom"),
        *_points("wish", by="person", whom="person"),
        _key("wish", "by", "whom"),
    )


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _intake() -> None:
    known_kind = "kind IN ('learner', 'mentor')"
    op.create_table(
        "intake_link",
        *_filled(TEXT, "token_sha256", "kind"),
        *_empty(INTEGER, "organisation"),
        *_empty(TEXT, "cohort"),
        *_filled(TEXT, "made_by"),
        *_filled(TIME, "made_at", "expires_at"),
        *_checks("intake_link", known_kind=known_kind),
        *_points("intake_link", organisation="organisation", cohort="cohort"),
        _key("intake_link", "token_sha256"),
    )
    op.create_table(
        "intake_form",
        *_filled(TEXT, "token_sha256", "kind", "link", "language", "answers"),
        *_filled(TIME, "saved_at"),
        *_empty(TIME, "sent_at"),
        *_empty(TEXT, "person"),
        *_checks("intake_form", known_kind=known_kind),
        *_points("intake_form", person="person"),
        _key("intake_form", "token_sha256"),
    )
    op.create_table(
        "referral",
        *_filled(TEXT, "learner", "referrer"),
        *_points("referral", learner="learner", referrer="person"),
        _key("referral", "learner"),
    )


def _meetings() -> None:
    pair = {"learner": "learner", "mentor": "mentor"}
    op.create_table(
        "meeting",
        *_filled(INTEGER, "id"),
        *_filled(TEXT, "learner", "mentor"),
        *_filled(TIME, "starts_at"),
        *_filled(TEXT, "place", "state", "done", "learned"),
        *_empty(TEXT, "logged_by"),
        *_empty(TIME, "logged_at"),
        *_checks(
            "meeting",
            known_state="state IN ('planned', 'held', 'cancelled')",
            note_length="length(done) <= 1000 AND length(learned) <= 1000",
        ),
        *_points("meeting", **pair),
        _key("meeting", "id"),
    )
    _index("meeting", "learner", "mentor")
    op.create_table(
        "action_item",
        *_filled(INTEGER, "id"),
        *_filled(TEXT, "learner", "mentor"),
        *_empty(INTEGER, "meeting"),
        *_filled(TEXT, "text", "owner"),
        *_filled(TIME, "agreed_at"),
        *_empty(DATE, "due_on"),
        *_empty(TIME, "done_at"),
        *_checks("action_item", text_length="length(text) BETWEEN 1 AND 300"),
        *_points("action_item", **pair, meeting="meeting"),
        _key("action_item", "id"),
    )
    _index("action_item", "learner", "mentor")
    op.create_table(
        "introduction",
        *_filled(INTEGER, "id"),
        *_filled(TEXT, "learner", "by"),
        *_empty(INTEGER, "meeting"),
        *_filled(TEXT, "kind", "about"),
        *_filled(DATE, "made_on"),
        *_checks(
            "introduction",
            known_kind="kind IN ('person', 'employer', 'meet_up')",
            about_length="length(about) <= 200",
        ),
        *_points("introduction", learner="learner", meeting="meeting"),
        _key("introduction", "id"),
    )
    _index("introduction", "learner")
    _surveys_and_briefs(pair)


def _surveys_and_briefs(pair: dict[str, str]) -> None:
    op.create_table(
        "survey",
        *_filled(INTEGER, "id"),
        *_filled(TEXT, "learner", "mentor", "by", "kind", "fit"),
        *_empty(INTEGER, "goal"),
        *_filled(TEXT, "text"),
        *_filled(TIME, "at"),
        *_checks(
            "survey",
            known_kind="kind IN ('day_30', 'closing')",
            known_fit="fit IN ('good', 'still_deciding', 'not_good')",
            goal_in_range="goal BETWEEN 1 AND 5",
        ),
        *_points("survey", **pair),
        _key("survey", "id"),
    )
    _unique("uq_survey_once", "survey", "learner", "mentor", "by", "kind")
    op.create_table(
        "brief_words",
        *_filled(TEXT, "learner", "call_me", "proof", "avoid", "background", "withheld"),
        *_points("brief_words", learner="learner"),
        _key("brief_words", "learner"),
    )
    op.create_table(
        "brief",
        *_filled(INTEGER, "id"),
        *_filled(TEXT, "learner", "mentor"),
        *_empty(INTEGER, "meeting"),
        *_filled(TIME, "issued_at", "expires_at"),
        *_points("brief", **pair, meeting="meeting"),
        _key("brief", "id"),
    )
    _index("brief", "learner", "mentor")
    op.create_table(
        "reminder",
        *_filled(TEXT, "key", "person"),
        *_filled(TIME, "sent_at"),
        *_points("reminder", person="person"),
        _key("reminder", "key"),
    )


def _events_and_places() -> None:
    op.create_table(
        "event",
        *_filled(INTEGER, "id"),
        *_filled(TEXT, "title", "kind"),
        *_empty(TEXT, "cohort"),
        *_filled(TIME, "starts_at", "ends_at"),
        *_filled(TEXT, "place"),
        *_checks(
            "event",
            known_kind="kind IN ('meet_up', 'case_week', 'demo_day', 'class', 'other')",
            starts_before_it_ends="starts_at <= ends_at",
        ),
        *_points("event", cohort="cohort"),
        _key("event", "id"),
    )
    op.create_table(
        "attendance",
        *_filled(INTEGER, "event"),
        *_filled(TEXT, "person", "state"),
        *_checks("attendance", known_state="state IN ('invited', 'came', 'stayed_away')"),
        *_points("attendance", event="event", person="person"),
        _key("attendance", "event", "person"),
    )
    _index("attendance", "person")
    _places()


def _places() -> None:
    op.create_table(
        "practice_place",
        *_filled(INTEGER, "id", "organisation"),
        *_filled(TEXT, "project"),
        *_filled(DATE, "starts_on", "ends_on"),
        *_filled(INTEGER, "n_seats"),
        *_empty(TEXT, "host"),
        *_filled(TEXT, "supervisor", "agreement"),
        *_checks(
            "practice_place",
            known_agreement="agreement IN ('none', 'sent', 'signed')",
            has_a_seat="n_seats >= 1",
            starts_before_it_ends="starts_on <= ends_on",
        ),
        *_points("practice_place", organisation="organisation", host="person"),
        _key("practice_place", "id"),
    )
    op.create_table(
        "placement",
        *_filled(INTEGER, "id", "place"),
        *_filled(TEXT, "learner", "state"),
        *_empty(DATE, "starts_on", "ends_on"),
        *_filled(TEXT, "host_says", "learner_says"),
        *_checks(
            "placement", known_state="state IN ('offered', 'running', 'finished', 'broken_off')"
        ),
        *_points("placement", place="practice_place", learner="learner"),
        _key("placement", "id"),
    )
    _unique("uq_placement_once", "placement", "place", "learner")
    _index("placement", "learner")
    op.create_table(
        "outcome",
        *_filled(INTEGER, "id"),
        *_empty(TEXT, "learner", "cohort"),
        *_filled(TEXT, "kind"),
        *_filled(DATE, "started_on"),
        *_empty(BOOLEAN, "is_relevant", "is_there_6", "is_there_12"),
        *_filled(TIME, "recorded_at"),
        *_checks("outcome", known_kind="kind IN ('internship', 'wage_subsidy', 'job', 'studies')"),
        *_points("outcome", cohort="cohort"),
        _key("outcome", "id"),
    )
    _index("outcome", "learner")


def _what_stays() -> None:
    op.create_table(
        "tombstone",
        *_filled(TEXT, "mac"),
        *_filled(TIME, "erased_at"),
        *_filled(TEXT, "erased_by"),
        _key("tombstone", "mac"),
    )
    op.create_table(
        "item_parameter",
        *_filled(INTEGER, "id"),
        *_filled(TEXT, "item"),
        *_filled(INTEGER, "version"),
        *_filled(TEXT, "model"),
        *_filled(DOUBLE, "easiness", "sd"),
        *_filled(INTEGER, "n_responses"),
        *_filled(TIME, "fitted_at"),
        _key("item_parameter", "id"),
    )
    _unique("uq_item_parameter_version", "item_parameter", "item", "version")
