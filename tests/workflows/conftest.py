from pathlib import Path

import pytest

from skillmap.workflows.programme import Programme
from tests.grading.builders import released_course


@pytest.fixture
def programme(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Programme:
    return Programme(released_course(tmp_path / "course", tmp_path_factory))
