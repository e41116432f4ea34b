"""What all tests share: the slowest modules start first, and no test is timed."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # speed belongs in benchmarks/
settings.load_profile("untimed")

# Rooms whose tests start kernels, browsers or whole programmes, the slowest first.
SLOWEST = ("workflows", "journeys", "grading", "web", "store")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _place(item.path))


def _place(path: Path) -> int:
    return SLOWEST.index(path.parent.name) if path.parent.name in SLOWEST else len(SLOWEST)
