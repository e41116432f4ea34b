"""Every law of the store holds on both databases: `database` is one of each, empty.

`fresh_url` is a database without tables, `postgresql_url` one on PostgreSQL only; `shared` is one
for all examples of a property, each of which undoes what it did (`undone`).
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from skillmap.store import Database, open_database
from skillmap.store.schema import Base
from tests.store.postgres import Cluster, running_cluster

BOTH = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as running:
        yield running


@pytest.fixture(scope="session", params=BOTH)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def new_url(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], str]:
    if kind == "postgresql":
        running: Cluster = request.getfixturevalue("cluster")
        return running.new_database
    return lambda: f"sqlite:///{tmp_path_factory.mktemp('db')}/store.db"


@pytest.fixture(scope="session")
def template(new_url: Callable[[], str]) -> str:
    url = new_url()
    open_database(url).close()
    return url


@pytest.fixture
def fresh_url(new_url: Callable[[], str]) -> str:
    return new_url()


@pytest.fixture
def postgresql_url(cluster: Cluster) -> str:
    return cluster.new_database()


@pytest.fixture
def url(kind: str, template: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if kind == "postgresql":
        running: Cluster = request.getfixturevalue("cluster")
        running.empty(template, Base.metadata.tables)
        return template
    shutil.copy(template.removeprefix("sqlite:///"), tmp_path / "store.db")
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url, patience_s=0.2)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def shared(new_url: Callable[[], str]) -> Iterator[Database]:
    opened = open_database(new_url())
    yield opened
    opened.close()
