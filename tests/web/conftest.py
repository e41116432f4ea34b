"""A world once, a copy of it per test; one browser for all tests that look at pages."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copyfile

import pytest
from starlette.applications import Starlette
from starlette.exceptions import StarletteDeprecationWarning

from skillmap.model import Course, PersonId
from skillmap.store import Database, open_database
from skillmap.web import add_link, create_app
from tests.web.world import NOW, build_world

with warnings.catch_warnings():
    # Starlette 1 asks for httpx2, which is no dependency of ours.
    warnings.simplefilter("ignore", StarletteDeprecationWarning)
    from starlette.testclient import TestClient

CSRF_MARK = 'name="csrf" value="'


class TickingClock:
    """A clock that tests turn forward."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A running site with its database and its clock."""

    app: Starlette
    database: Database
    course: Course
    clock: TickingClock

    def visitor(self, person: str | None = None, **headers: str) -> TestClient:
        """Return a browser, logged in as `person` by a one-time link."""
        client = TestClient(self.app, follow_redirects=False, raise_server_exceptions=False)
        client.headers.update(headers)
        if person:
            path = add_link(
                self.database, PersonId(person), clock=self.clock, valid_for=timedelta(hours=1)
            )
            form = {"csrf": csrf_of(client.get(path).text)}
            assert client.post(path, data=form).status_code == 303
        return client


def csrf_of(html: str) -> str:
    """Read the token of the first form of a page."""
    return html.partition(CSRF_MARK)[2].partition('"')[0]


@pytest.fixture(scope="session")
def world_file(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Course]:
    folder = tmp_path_factory.mktemp("world")
    database, course = build_world(folder)
    database.close()
    return folder / "skillmap.db", course


@pytest.fixture
def site(world_file: tuple[Path, Course], tmp_path: Path) -> Iterator[Site]:
    file, course = world_file
    copyfile(file, tmp_path / "skillmap.db")
    database = open_database(f"sqlite:///{tmp_path / 'skillmap.db'}")
    clock = TickingClock()
    app = create_app(database, course, clock=clock)
    yield Site(app=app, database=database, course=course, clock=clock)
    database.close()
