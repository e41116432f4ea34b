"""What all tables share: names of constraints, times with a zone, values as JSON, purposes.

Law: a time without a zone and a number that is not finite are refused before they reach a table,
and what comes out equals what went in, to the last bit of a float.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import DateTime, MetaData, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator

from skillmap.errors import StoreError

__all__ = ["Base", "JsonOf", "UtcTime", "handling", "kept"]

T = TypeVar("T")


class Base(DeclarativeBase):
    """The metadata of all tables; every constraint has a name, so that migrations can find it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UnstorableError(StoreError, DontWrapMixin):
    """A value that no column takes; SQLAlchemy lets it pass as it is."""


class UtcTime(TypeDecorator[datetime]):
    """An instant: any zone goes in, UTC comes out, exact to the microsecond."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn to UTC; SQLite has no zones, so it gets the bare UTC time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise UnstorableError(f"The time {value} has no zone. Store times with their zone.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonOf(TypeDecorator[T]):
    """A value of the model as JSON text, read back as the same type.

    Text and not a JSON column: the database must not touch the digits of a float.
    """

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: T | None, dialect: Dialect) -> str | None:
        """Write canonical JSON: the same value gives the same bytes."""
        if value is None:
            return None
        plain = _adapter(self.kind).dump_python(value, mode="json", warnings="error")
        try:
            return json.dumps(plain, allow_nan=False, ensure_ascii=False, sort_keys=True)
        except ValueError as error:
            raise UnstorableError(f"{value!r} holds a number that is not finite.") from error

    def process_result_value(self, value: str | None, dialect: Dialect) -> T | None:
        """Read the value, checked like any other input."""
        if value is None:
            return None
        try:
            read: T = _adapter(self.kind).validate_json(value)
        except ValidationError as error:
            raise UnstorableError(
                f"The database holds {value[:80]!r}, which is no {self.kind}. It was changed by "
                "hand or by another version of this program; restore a backup."
            ) from error
        return read


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def kept(purpose: str, *args: Any, **options: Any) -> MappedColumn[Any]:
    """Map a column that says what it is for; the table says the rest (see `handling`)."""
    return mapped_column(*args, info={"purpose": purpose}, **options)


def handling(
    *, purpose: str, basis: str, retention_days: int, readers: Sequence[str]
) -> Mapping[str, Any]:
    """Describe how a table's personal data are handled.

    basis: the article of the GDPR. retention_days: counted from the row's last use.
    readers: the roles who may see it, besides the administrator of the machine.
    """
    return {
        "purpose": purpose,
        "basis": basis,
        "retention_days": retention_days,
        "readers": tuple(readers),
    }
