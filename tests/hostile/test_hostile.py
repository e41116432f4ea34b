"""A hostile class, graded once: each submission gets what it deserves, and harms nobody."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil
import pytest

from tests.hostile.corpus import NEAR_EQUALS, REPRESENTATIVES
from tests.hostile.course import ASSIGNMENT, SOURCE_CANARY, make_base_course
from tests.hostile.disclosure import COVERT
from tests.hostile.driver import Graded, grade_and_watch, honest
from tests.hostile.expectations import HONEST, Hostile, difference
from tests.hostile.places import DAEMON, MARK, SECRET, Listeners, Places, fingerprint, make_places

pytestmark = pytest.mark.slow

HONEST_ONES = ("honest-1", "honest-2")
WAIT_S = 5  # for processes that were told to end
MAX_BYTES = 20_000_000  # of one file that grading leaves
CLASSES = {"representatives": REPRESENTATIVES, "near_equals": NEAR_EQUALS}
MARKS = {"representatives": (), "near_equals": pytest.mark.soak}
UNREADABLE = ("exchange", "submitted", "earlier_submissions", "source", "release")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One graded class, and what was seen around it."""

    corpus: tuple[Hostile, ...]
    places: Places
    listeners: Listeners
    graded: Graded
    before: dict[str, tuple[int, int, bytes]]
    after: dict[str, tuple[int, int, bytes]]


@pytest.fixture(scope="module")
def graded_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Run]]:
    """Grade a class when it is asked for the first time, and look after it until the end."""
    with ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(_graded(CLASSES[name], tmp_path_factory)))


@pytest.fixture(params=[pytest.param(name, marks=MARKS[name]) for name in CLASSES])
def run(request: pytest.FixtureRequest, graded_once: Callable[[str], Run]) -> Run:
    return graded_once(request.param)


@contextmanager
def _graded(corpus: tuple[Hostile, ...], scratch: pytest.TempPathFactory) -> Iterator[Run]:
    base = scratch.mktemp("hostile")
    with make_places(base) as (places, listeners):
        make_base_course(places.root)
        untouched = (places.home, places.outside, places.root / "source", places.root / "release")
        before = fingerprint(*untouched)
        environment = {SECRET: places.canaries["env"], MARK: str(base), "HOME": str(places.home)}
        graded = grade_and_watch(
            places,
            [honest(HONEST_ONES[0]), *corpus, honest(HONEST_ONES[1])],
            environment=environment,
        )
        yield Run(
            corpus=corpus,
            places=places,
            listeners=listeners,
            graded=graded,
            before=before,
            after=fingerprint(*untouched),
        )


@pytest.mark.parametrize(
    ("run", "hostile"),
    [
        pytest.param(name, one, id=one.name, marks=MARKS[name])
        for name, corpus in CLASSES.items()
        for one in corpus
    ],
    indirect=["run"],
)
def test_it_gets_what_it_deserves(run: Run, hostile: Hostile) -> None:
    verdict = run.graded.verdicts[hostile.name]

    assert difference(hostile, verdict) == []


@pytest.mark.parametrize("learner", HONEST_ONES)
def test_honest_learners_keep_their_points(run: Run, learner: str) -> None:
    verdict = run.graded.verdicts[learner]

    assert difference(honest(learner), verdict) == []
    assert set(verdict.scores) == set(HONEST)


def test_everybody_has_a_verdict(run: Run) -> None:
    assert set(run.graded.verdicts) == {*HONEST_ONES, *(one.name for one in run.corpus)}


def test_no_submission_ends_the_grader(run: Run) -> None:
    assert set(run.graded.exits) == {0}


def test_no_submission_writes_on_the_screen(run: Run) -> None:
    assert run.graded.screen == ""


def test_nobody_reached_a_listener(run: Run) -> None:
    assert run.listeners.reached() == []


def test_nothing_outside_changed(run: Run) -> None:
    assert run.after == run.before


def test_no_process_is_left(run: Run) -> None:
    mark = str(run.places.root.parent)
    end = time.monotonic() + WAIT_S
    while left := [process for process in psutil.process_iter() if _is_ours(process, mark)]:
        if time.monotonic() > end:
            break
        time.sleep(0.1)

    assert left == []


def _is_ours(process: psutil.Process, mark: str) -> bool:
    try:
        if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
            return False
        return process.name() == DAEMON or process.environ().get(MARK) == mark
    except psutil.Error:
        return False


@pytest.mark.parametrize("canary", ["env", "home", "key"])
def test_no_secret_is_in_what_grading_leaves(run: Run, canary: str) -> None:
    secret = run.places.canaries[canary].encode()

    assert [path for path in _left_by_grading(run) if secret in path.read_bytes()] == []


def test_no_solution_is_in_what_grading_leaves(run: Run) -> None:
    shown = [
        path
        for path in _left_by_grading(run)
        if path.suffix != ".db" and SOURCE_CANARY.encode() in path.read_bytes()
    ]

    assert shown == []


def test_no_submission_finds_what_another_left_for_it(run: Run) -> None:
    found = [name for name, text in _outputs(run) if COVERT in text and name.endswith("_2")]

    assert found == []


def test_no_submission_sees_a_hidden_test(run: Run) -> None:
    found = [name for name, text in _outputs(run) if "HIDDEN TESTS" in text]

    assert found == []


def test_nothing_that_grading_leaves_is_huge(run: Run) -> None:
    assert [path for path in _left_by_grading(run) if path.stat().st_size > MAX_BYTES] == []


def test_no_link_or_pipe_is_in_what_grading_leaves(run: Run) -> None:
    everything = (run.places.root / "autograded").rglob("*")

    assert [p for p in everything if p.is_symlink() or not (p.is_file() or p.is_dir())] == []


def _left_by_grading(run: Run) -> list[Path]:
    """Return all files of the course but what learners and instructors laid there themselves."""
    root = run.places.root
    paths = [path for path in root.rglob("*") if path.relative_to(root).parts[0] not in UNREADABLE]
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def _outputs(run: Run) -> Iterator[tuple[str, str]]:
    """Yield (learner, outputs) of every autograded notebook."""
    for path in (run.places.root / "autograded").glob(f"*/{ASSIGNMENT}/*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        yield path.parts[-3], json.dumps([cell.get("outputs", []) for cell in cells])
