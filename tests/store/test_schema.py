"""Laws of the tables: what they may hold, that each column has a purpose, how they came to be."""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Table
from sqlalchemy.orm import class_mapper

from skillmap import store
from skillmap.model import GradedAttempt
from skillmap.store import Database, open_database
from skillmap.store.migrations import HEAD, VERSION_TABLE
from skillmap.store.schema import Base
from skillmap.store.schema.columns import JsonOf

MIGRATIONS = Path(store.__file__).parent / "migrations"
TABLES = list(Base.metadata.tables.values())
COLUMNS = [column for table in TABLES for column in table.columns]

# Stems of what must not be stored, matched at the start of a name and of each word in it.
NEVER = re.compile(
    "nation|citizen|country|ethnic|origin|race|tribe|mother_tongue|religio|faith|belief|politic|"
    "union|health|disab|diagnos|sick|pregnan|resid|permit|asylum|refugee|visa|passport|fodsel|"
    "personnummer|dnummer|ssn|photo|picture|image|portrait|birth|born|age$|gender|sex|pronoun|"
    "marital|phone|address|email"
)


# What stands against the list, each for one purpose that cannot be served without it.
GIVEN_FREELY = {
    "person.email": "reminders, off until somebody gives it",
    "learner.mentor_gender": "the learner's own hard requirement",
    "mentor.gender": "the learner's own hard requirement",
    "pairing_draft.plan": "whom to recruit for those who require it",
}


def forbidden(name: str) -> list[str]:
    return [word for word in (name, *name.split("_")) if NEVER.match(word)]


def field_names(kind: Any) -> Iterator[str]:
    """All names of fields in a type, through tuples, unions and dataclasses."""
    if dataclasses.is_dataclass(kind):
        for name, inner in get_type_hints(kind).items():
            yield name
            yield from field_names(inner)
    for inner in get_args(kind):
        yield from field_names(inner)


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_no_column_is_named_after_what_we_never_store(column: Column[object]) -> None:
    assert str(column) in GIVEN_FREELY or forbidden(column.name) == []


def test_each_exception_to_the_list_is_still_a_column() -> None:
    assert {str(column) for column in COLUMNS} >= set(GIVEN_FREELY)


@pytest.mark.parametrize("column", [c for c in COLUMNS if isinstance(c.type, JsonOf)], ids=str)
def test_no_value_within_a_column_is_either(column: Column[object]) -> None:
    assert isinstance(column.type, JsonOf)

    found = {name for name in field_names(column.type.kind) if forbidden(name)}

    assert found <= ({"gender"} if str(column) in GIVEN_FREELY else set())


@pytest.mark.parametrize("name", ["birth_date", "nationality", "age", "home_address", "photo_url"])
def test_the_deny_list_finds_what_it_is_for(name: str) -> None:
    assert forbidden(name) != []
    assert "sha256" in set(field_names(tuple[GradedAttempt, ...]))


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_every_table_says_why_by_what_right_how_long_and_for_whom(table: Table) -> None:
    assert table.info["purpose"]
    assert table.info["basis"].startswith("GDPR ")
    assert 1 <= table.info["retention_days"] <= 3 * 365
    assert isinstance(table.info["readers"], tuple)


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_every_column_says_what_it_is_for(column: Column[object]) -> None:
    assert len(column.info.get("purpose", "")) > 5


def test_every_constraint_has_a_name() -> None:
    unnamed = [str(one) for table in TABLES for one in table.constraints if not one.name]

    assert unnamed == []


def test_every_time_has_a_zone() -> None:
    bare = [
        str(column)
        for column in COLUMNS
        if column.type.python_type.__name__ == "datetime"
        and type(column.type).__name__ != "UtcTime"
    ]

    assert bare == []


def test_every_row_class_belongs_to_a_table() -> None:
    mapped = {class_mapper(mapper.class_).local_table for mapper in Base.registry.mappers}

    assert mapped == set(TABLES)


def test_the_migrations_make_what_the_models_say(database: Database) -> None:
    with database.begin() as session:
        context = MigrationContext.configure(
            session.connection(),
            opts={"target_metadata": Base.metadata, "version_table": VERSION_TABLE},
        )

        assert compare_metadata(context, Base.metadata) == []


def test_the_head_we_name_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_migrations_are_found_from_any_folder(
    fresh_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    open_database(fresh_url).close()

    assert list(tmp_path.iterdir()) == []


def test_opening_again_changes_nothing(fresh_url: str) -> None:
    for _ in range(3):
        open_database(fresh_url).close()
