"""The learner's side of the exchange, as nbgrader's own fetch and submit do it."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config

from skillmap.grading.course import NbgraderCourse
from skillmap.grading.run import run

__all__ = ["fetch_assignment", "fetch_feedback", "submit_assignment"]


def fetch_assignment(course: NbgraderCourse, learner: str, assignment: str, *, home: Path) -> Path:
    """Copy a released assignment into the learner's folder and return where it lies."""
    _start(course, "FetchAssignment", learner, assignment, home)
    return home / assignment


def fetch_feedback(course: NbgraderCourse, learner: str, assignment: str, *, home: Path) -> None:
    """Copy released feedback into the learner's folder."""
    _start(course, "FetchFeedback", learner, assignment, home)


def submit_assignment(
    course: NbgraderCourse, learner: str, assignment: str, *, home: Path, at: datetime | None = None
) -> None:
    """Hand in the learner's folder. `at`: the time written on it, only for invented cohorts."""
    _start(course, "Submit", learner, assignment, home, at=at)


def _start(
    course: NbgraderCourse,
    step: str,
    learner: str,
    assignment: str,
    home: Path,
    *,
    at: datetime | None = None,
) -> None:
    config = Config(course.config)
    config.CourseDirectory.student_id = learner
    config.CourseDirectory.assignment_id = assignment
    config.Exchange.assignment_dir = str(home)
    config.Exchange.cache = str(home / ".nbgrader_cache")
    own = replace(course, api=NbGraderAPI(config=config, log=course.log))

    def make() -> Any:
        app = own.exchange_step(step)
        if at is not None:
            app.set_timestamp = lambda: _stamp(app, at)
        return app

    run(own, make, f"{step} of {assignment} for {learner}")


def _stamp(app: Any, at: datetime) -> None:
    app.timestamp = at.strftime(app.timestamp_format)
