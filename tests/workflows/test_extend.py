"""More time for one learner, in a real gradebook with a real penalty plugin."""

from datetime import UTC, datetime, timedelta

import pytest

from skillmap.errors import GradingError
from skillmap.grading import gradebook_submissions, set_due_date
from skillmap.workflows.extend import extend, extensions, extra_until
from skillmap.workflows.programme import Programme
from tests.grading.builders import RIGHT, submit
from tests.workflows.builders import run

pytestmark = pytest.mark.slow

DUE = datetime(2026, 11, 20, 18, tzinfo=UTC)
DAY = timedelta(days=1)
PENALTY = (
    "from nbgrader.plugins import BasePlugin\n"
    "class AllGone(BasePlugin):\n"
    "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n"
    "        return score\n"
)


@pytest.fixture
def late(programme: Programme) -> Programme:
    """Ada handed in a day late, and everything is taken off."""
    config = programme.root / "nbgrader_config.py"
    (programme.root / "penalty_of_the_test.py").write_text(PENALTY, encoding="utf-8")
    plugin = (
        "import sys\n"
        f"sys.path.insert(0, {str(programme.root)!r})\n"
        'c.AssignLatePenalties.plugin_class = "penalty_of_the_test.AllGone"\n'
    )
    config.write_text(config.read_text(encoding="utf-8") + plugin, encoding="utf-8")
    set_due_date(programme.nbgrader, "a1", DUE)
    submit(programme.root, "ada", RIGHT, at="21 18:00")
    run(programme)
    return programme


def penalty(programme: Programme) -> float:
    [held] = gradebook_submissions(programme.nbgrader, "a1", learner="ada")
    return held.late_penalty


def test_more_time_takes_a_late_penalty_back_at_once_and_none_brings_it_again(
    late: Programme,
) -> None:
    assert penalty(late) == 2.0

    given = extend(late, "a1", "ada", 2 * DAY)

    assert (given.due, given.penalty_before, given.penalty_after) == (DUE + 2 * DAY, 2.0, 0.0)
    assert penalty(late) == 0.0
    [one] = extensions(late, "a1")
    assert (one.learner, one.extra, one.due) == ("ada", 2 * DAY, DUE + 2 * DAY)

    assert extend(late, "a1", "ada", timedelta()).penalty_after == 2.0
    assert extensions(late, "a1") == []


def test_too_little_time_keeps_the_penalty(late: Programme) -> None:
    assert extend(late, "a1", "ada", timedelta(hours=23)).penalty_after == 2.0


def test_an_own_date_is_counted_from_the_date_of_all(late: Programme) -> None:
    assert extra_until(late, "a1", DUE + DAY) == DAY
    with pytest.raises(GradingError, match="before the due date of all"):
        extra_until(late, "a1", DUE - DAY)


def test_a_date_needs_a_date_of_all(programme: Programme) -> None:
    with pytest.raises(GradingError, match="no due date"):
        extra_until(programme, "a1", DUE)


@pytest.mark.parametrize(("assignment", "learner"), [("towo", "ada"), ("a1", "adda")])
def test_a_name_that_is_not_known_gives_the_closest(
    late: Programme, assignment: str, learner: str
) -> None:
    with pytest.raises(GradingError, match="Did you mean"):
        extend(late, assignment, learner, DAY)
