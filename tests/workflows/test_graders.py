"""Processes that grade: one of them may die, be slow to start, or be asked to stop."""

import os
import random
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmap.errors import GradingError
from skillmap.grading import (
    Autograded,
    NbgraderCourse,
    Outcome,
    Submission,
    alone,
    find_submissions,
)
from skillmap.model import AssignmentId, Attempt, LearnerId, PersonId
from skillmap.workflows import autograde_all as module
from skillmap.workflows.autograde_all import autograde_all
from skillmap.workflows.programme import Programme
from tests.grading.builders import RIGHT, submit
from tests.workflows.builders import doubles, log, points, records, run

KILLS_ITS_GRADER_ONCE = (
    "import os, pathlib\n"
    "done = pathlib.Path({mark!r})\n"
    "if not done.exists():\n"
    "    done.touch()\n"
    "    os.kill(os.getppid(), 9)\n"
    "def double(x):\n"
    "    return 2 * x"
)


class FakeGrader:
    """A grader without a process; dies of the submissions in `deadly`."""

    deadly: frozenset[str] = frozenset()

    def __init__(self, root: Path) -> None:
        self.submission: Submission | None = None
        self.is_alive = True

    def begin(self, submission: Submission) -> None:
        self.submission = submission

    def finish(self) -> Outcome:
        submission, self.submission = self.submission, None
        assert submission is not None
        self.is_alive = submission.attempt.sha256 not in self.deadly
        return Outcome(submission=submission, result=Autograded(is_final=self.is_alive))

    def end(self) -> None:
        self.is_alive = False


def make_submission(learner: str, number: int) -> Submission:
    attempt = Attempt(
        learner=LearnerId(PersonId(learner)),
        assignment=AssignmentId("a1"),
        number=number,
        submitted_at=datetime(2026, 11, 20, tzinfo=UTC) + timedelta(hours=number),
        sha256=f"{learner}{number}",
    )
    return Submission(attempt=attempt, folder=Path(f"/{learner}/{number}"))


def grade_with_fakes(
    submissions: list[Submission],
    events: list[tuple[str, Submission]],
    *,
    n_workers: int,
    seed: int = 0,
    deadly: frozenset[str] = frozenset(),
    stop_after: int = 1000,
) -> None:
    """Note in `events` when each attempt begins and ends; who is ready first is random."""
    rng = random.Random(seed)
    course = NbgraderCourse(root=Path("/"), config=None, api=None, log=None)  # type: ignore[arg-type]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FakeGrader, "deadly", deadly)
        patch.setattr(module, "Grader", FakeGrader)
        patch.setattr(module, "wait_for_any", lambda busy: [rng.choice(busy)])
        for outcome in autograde_all(
            course,
            submissions,
            n_workers=n_workers,
            begin=lambda submission: events.append(("begin", submission)),
            is_stopping=lambda: sum(kind == "end" for kind, _ in events) >= stop_after,
            is_risky=True,
        ):
            events.append(("end", outcome.submission))


ATTEMPTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 4), max_size=6)


def in_order_of_time(attempts: dict[str, int]) -> list[Submission]:
    made = [make_submission(a, n) for a, last in attempts.items() for n in range(1, last + 1)]
    return sorted(made, key=lambda s: (s.attempt.submitted_at, s.attempt.learner))


@given(attempts=ATTEMPTS, n_workers=st.integers(1, 4), seed=st.integers(0, 9))
def test_a_learner_s_attempts_are_graded_one_after_the_other_in_the_order_of_time(
    attempts: dict[str, int], n_workers: int, seed: int
) -> None:
    events: list[tuple[str, Submission]] = []

    grade_with_fakes(in_order_of_time(attempts), events, n_workers=n_workers, seed=seed)

    for learner, last in attempts.items():
        own = [(kind, s.attempt.number) for kind, s in events if s.attempt.learner == learner]
        assert own == [(kind, n) for n in range(1, last + 1) for kind in ("begin", "end")]


@given(attempts=ATTEMPTS, n_workers=st.integers(1, 4), stop_after=st.integers(0, 9))
def test_whoever_asks_to_stop_gets_what_was_begun_and_no_more(
    attempts: dict[str, int], n_workers: int, stop_after: int
) -> None:
    events: list[tuple[str, Submission]] = []
    submissions = in_order_of_time(attempts)

    grade_with_fakes(submissions, events, n_workers=n_workers, stop_after=stop_after)

    ended = [s for kind, s in events if kind == "end"]
    assert ended == [s for s in ended if ("begin", s) in events]
    assert sum(kind == "begin" for kind, _ in events) == len(ended)
    assert len(ended) <= stop_after + n_workers - 1 or not stop_after


@given(n_workers=st.integers(1, 4), seed=st.integers(0, 9))
def test_deaths_in_a_row_stop_the_run(n_workers: int, seed: int) -> None:
    submissions = in_order_of_time(dict.fromkeys("abcdef", 2))
    deadly = frozenset(s.attempt.sha256 for s in submissions)
    events: list[tuple[str, Submission]] = []

    with pytest.raises(GradingError, match="3 processes in a row"):
        grade_with_fakes(submissions, events, n_workers=n_workers, seed=seed, deadly=deadly)

    assert sum(kind == "end" for kind, _ in events) == 3


@pytest.mark.slow
def test_a_grader_that_dies_costs_only_that_attempt_s_try(
    programme: Programme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WORTH_A_PROCESS", 1)
    deadly = KILLS_ITS_GRADER_ONCE.format(mark=str(tmp_path / "killed"))
    submit(programme.root, "ada", {"double": deadly}, at="20 18:00")
    submit(programme.root, "ben", RIGHT, at="20 19:00")

    graded = {one.attempt.learner: one for one in run(programme, n_workers=2)}

    assert "ended from outside (SIGKILL)" in str(graded["ada"].problem)
    assert graded["ben"].problem is None
    assert {response.learner for response in log(programme)} == {"ben"}
    [second] = run(programme)
    assert (second.attempt.learner, second.problem) == ("ada", None)
    assert points(programme, "ada") == 2.0


@pytest.mark.slow
def test_what_a_grader_raises_is_raised_here(programme: Programme) -> None:
    submit(programme.root, "ada", RIGHT, at="20 18:00")
    submissions = find_submissions(programme.nbgrader, "a1")
    (programme.root / "nbgrader_config.py").write_text("c = get_confg()", encoding="utf-8")

    with pytest.raises(GradingError, match="get_confg"):
        list(
            autograde_all(
                programme.nbgrader, submissions, n_workers=1, begin=lambda _: None, is_risky=True
            )
        )


@pytest.mark.slow
def test_ctrl_c_lets_the_attempt_under_way_finish(programme: Programme) -> None:
    interrupt = {"double": f"import os\nos.kill({os.getpid()}, {int(signal.SIGINT)})"}
    submit(programme.root, "ada", interrupt, at="20 18:00")
    submit(programme.root, "ben", RIGHT, at="20 19:00")

    with pytest.raises(KeyboardInterrupt):
        run(programme)

    assert [(one.attempt.learner, one.is_finished) for one in records(programme)] == [("ada", True)]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert [one.attempt.learner for one in run(programme)] == ["ben"]
    assert points(programme, "ben") == 2.0
    assert doubles(programme) == [(1, 0.0), (1, 1.0)]


@pytest.mark.slow
def test_two_runs_at_once_are_refused(programme: Programme) -> None:
    with alone(programme.nbgrader), pytest.raises(GradingError, match="another skillmap grades"):
        run(programme)
