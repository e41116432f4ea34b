"""Reading and restoring answer every file with a notebook or a sentence, in bounded time."""

import json
import random
import time
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillmap.judging.notebook_text import UnreadableNotebookError, read_notebook, write_notebook
from skillmap.judging.restore import restore
from tests.hostile.corpus import CORPUS
from tests.hostile.course import answered_notebook, released_main
from tests.hostile.expectations import Hostile
from tests.hostile.fuzz import damaged_bytes
from tests.hostile.malformed import MALFORMED

pytestmark = pytest.mark.slow

RELEASED = released_main()
TESTS = [(cell.grade_id, cell.source) for cell in RELEASED.cells if cell.is_locked]
LIMIT_S = 2.0  # for the largest file; the honest one takes a millisecond
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
FILES = [one for one in MALFORMED if one.raw]
EDITS = [one for one in CORPUS if one.edit]


def check_law(data: bytes) -> bool:
    """Read and restore a file; whether it could be read. Any other exception fails the test."""
    try:
        notebook = read_notebook(data, name="main.ipynb")
    except UnreadableNotebookError as error:
        words = str(error)
    else:
        check_restored(notebook)
        return True
    assert words.startswith("main.ipynb ")
    assert words.isprintable()
    return False


def check_restored(notebook: dict[str, Any]) -> None:
    """Restore: the locked cells are the release's, each once, and the result can be written."""
    restored = restore(notebook, RELEASED)
    locked = [
        (cell["metadata"]["nbgrader"]["grade_id"], cell["source"])
        for cell in restored.notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("locked")
    ]
    assert locked == TESTS
    assert all(flag.words.isprintable() for flag in restored.flags)
    json.loads(write_notebook(restored.notebook).decode("utf-8"))


def test_the_honest_notebook_is_read() -> None:
    assert check_law(json.dumps(answered_notebook()).encode())


@given(data=damaged_bytes())
@settings(max_examples=150, deadline=timedelta(seconds=LIMIT_S), suppress_health_check=SLOW)
def test_any_damage_leaves_a_notebook_or_a_sentence(data: bytes) -> None:
    check_law(data)


@pytest.mark.soak
@given(data=damaged_bytes())
@settings(max_examples=20_000, deadline=timedelta(seconds=LIMIT_S), suppress_health_check=SLOW)
def test_any_damage_leaves_a_notebook_or_a_sentence_at_length(data: bytes) -> None:
    check_law(data)


@pytest.mark.soak
@given(seed=st.integers(0, 2**32), n_flips=st.integers(1, 50))
@settings(max_examples=20_000, deadline=timedelta(seconds=LIMIT_S))
def test_flipped_bytes_leave_a_notebook_or_a_sentence(seed: int, n_flips: int) -> None:
    rng = random.Random(seed)
    data = bytearray(json.dumps(answered_notebook()).encode())
    for _ in range(n_flips):
        data[rng.randrange(len(data))] = rng.randrange(256)

    check_law(bytes(data))


@pytest.mark.parametrize("hostile", FILES, ids=lambda hostile: hostile.name)
def test_a_malformed_file_is_read_or_refused_soon(hostile: Hostile) -> None:
    data = hostile.raw() if hostile.raw else b""
    start = time.process_time()

    was_read = check_law(data)

    assert time.process_time() - start < LIMIT_S
    assert not (was_read and hostile.refused)


@pytest.mark.parametrize("hostile", EDITS, ids=lambda hostile: hostile.name)
def test_an_edited_notebook_is_read_or_refused_soon(hostile: Hostile) -> None:
    notebook = answered_notebook()
    if hostile.edit:
        hostile.edit(notebook)
    start = time.process_time()

    was_read = check_law(json.dumps(notebook).encode())

    assert time.process_time() - start < LIMIT_S
    assert was_read or hostile.may_be_refused
