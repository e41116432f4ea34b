"""What all tests share: the slowest modules start first, and no test is timed."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # speed belongs in benchmarks/
settings.load_profile("untimed")

# Modules that take a worker for long, then rooms whose tests start kernels, browsers or whole
# programmes; the slowest first, so that no worker is left with one of them at the end.
SLOWEST = ("hostile/test_hostile", "conformance/test_nbgrader_suite", "judging/test_cluster")
SLOWEST_ROOMS = ("journeys", "workflows", "grading", "web", "store", "judging", "sandbox")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _place(item.path))


def _place(path: Path) -> tuple[int, int]:
    room = path.parent.name
    return _index(SLOWEST, f"{room}/{path.stem}"), _index(SLOWEST_ROOMS, room)


def _index(order: Sequence[str], name: str) -> int:
    return order.index(name) if name in order else len(order)


@pytest.fixture(scope="session", autouse=True)
def alembic_is_asked_once() -> Iterator[None]:
    """Keep the answer: each new gradebook asks another process, which takes longer than a test."""
    from nbgrader import api

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "get_alembic_version", cache(api.get_alembic_version))
        yield
