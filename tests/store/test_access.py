"""Laws of the log of views."""

from datetime import datetime

import pytest

from skillmap.errors import StoreError
from skillmap.model import PersonId
from skillmap.store import Database, access
from skillmap.store.access import AccessRecord
from tests.store.builders import DAY, MONDAY

AMINA = PersonId("amina")


def make_view(**overrides: object) -> AccessRecord:
    values = {"who": "mentor-kari", "whom": AMINA, "what": "brief", "why": "meeting", "at": MONDAY}
    return AccessRecord(**{**values, **overrides})  # type: ignore[arg-type]  # a builder


def test_a_person_reads_who_saw_what_newest_first(database: Database) -> None:
    views = [make_view(at=MONDAY + n * DAY, what=f"page {n}") for n in (1, 0, 2)]
    with database.begin() as session:
        for view in views:
            access.record(session, view)
        access.record(session, make_view(whom="bashir"))

    with database.begin() as session:
        newest_first = sorted(views, key=lambda view: view.at, reverse=True)
        assert access.of(session, AMINA) == newest_first
        assert access.of(session, AMINA, limit=2) == newest_first[:2]
        assert access.of(session, PersonId("nobody")) == []


def test_of_views_at_the_same_instant_the_last_recorded_comes_first(database: Database) -> None:
    with database.begin() as session:
        access.record(session, make_view(what="first"))
        access.record(session, make_view(what="second"))

        assert [view.what for view in access.of(session, AMINA)] == ["second", "first"]


def test_a_view_without_zone_is_refused(database: Database) -> None:
    with database.begin() as session, pytest.raises(StoreError, match="has no zone"):
        access.record(session, make_view(at=datetime(2026, 2, 2)))
