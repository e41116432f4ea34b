"""Hand in hostile submissions, grade them as a coordinator would, and read what was left.

In: a released course and fixtures. Out: a verdict per learner, and how the grader itself fared.
The grader runs in processes of its own, some submissions at a time: one that it cannot survive
shows as an exit code. Started as a programme, this module is that grader:
`python -m tests.hostile.driver COURSE`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from skillmap.grading import GradebookSubmission, gradebook_submissions
from skillmap.model import GradedAttempt
from skillmap.store import responses
from skillmap.workflows.grade import grade
from skillmap.workflows.programme import Programme
from tests.grading.builders import submit
from tests.hostile.course import ASSIGNMENT, RIGHT, plain_cell
from tests.hostile.expectations import Hostile, Verdict
from tests.hostile.places import Places

__all__ = ["ENDED_S", "Graded", "grade_all", "grade_and_watch", "hand_in", "honest"]

BATCH = 120
ENDED_S = 600  # a batch of hangs waits for some minutes; more is a grader that hangs
TOLD_CHARACTERS = 20_000  # of what the grader wrote on the screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """What a whole run left. exits: the grader's code per batch, None for one that hung."""

    verdicts: Mapping[str, Verdict]
    exits: tuple[int | None, ...]
    screen: str


def honest(name: str) -> Hostile:
    """Return a submission that is not hostile at all."""
    return Hostile(name=name, klass="tampering")


def grade_all(course_root: Path, submissions: Sequence[Hostile]) -> Mapping[str, Verdict]:
    """Hand in and grade; the verdict by learner, which is the fixture's name."""
    here = course_root.parent
    places = Places(root=course_root, home=here / "home", outside=here / "outside")
    return grade_and_watch(places, submissions).verdicts


def grade_and_watch(
    places: Places, submissions: Sequence[Hostile], *, environment: Mapping[str, str] | None = None
) -> Graded:
    """Hand in and grade, a batch after the other; environment: variables added to the grader's."""
    exits: list[int | None] = []
    screen = places.root.parent / "screen.txt"
    for start in range(0, len(submissions), BATCH):
        for number, hostile in enumerate(submissions[start : start + BATCH], start=start):
            hand_in(places, hostile, at=f"20 {10 + number // 60}:{number % 60:02}")
        exits.append(_run_grader(places.root, screen, environment or {}))
    with screen.open(encoding="utf-8", errors="replace") as file:
        told = file.read(TOLD_CHARACTERS)
    return Graded(verdicts=_read_verdicts(places.root), exits=tuple(exits), screen=told)


def hand_in(places: Places, hostile: Hostile, *, at: str) -> Path:
    """Lay a submission into the exchange: the honest one, then what the fixture changes."""
    answers = RIGHT | {name: places.fill(text) for name, text in hostile.answers.items()}
    folder = submit(places.root, hostile.name, answers, at=at, assignment=ASSIGNMENT)
    path = folder / "main.ipynb"
    if hostile.first or hostile.last or hostile.edit:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        _add_cells(notebook, places.fill(hostile.first), places.fill(hostile.last))
        if hostile.edit:
            hostile.edit(notebook)
        path.write_text(json.dumps(notebook), encoding="utf-8")
    if hostile.raw:
        path.write_bytes(hostile.raw())
    if hostile.spoil:
        hostile.spoil(folder, places.root)
    return folder


def _add_cells(notebook: dict[str, Any], first: str, last: str) -> None:
    if first:
        notebook["cells"].insert(0, plain_cell(first, cell_id="first"))
    if last:
        notebook["cells"].append(plain_cell(last, cell_id="last"))


def _run_grader(root: Path, screen: Path, environment: Mapping[str, str]) -> int | None:
    """Grade in a session of its own, so that a signal to the group stays there."""
    with screen.open("ab") as file:
        grader = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile.driver", str(root)],
            cwd=Path(__file__).parents[2],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            return grader.wait(ENDED_S)
        except subprocess.TimeoutExpired:
            grader.kill()
            grader.wait()
            return None


def _read_verdicts(root: Path) -> dict[str, Verdict]:
    programme = Programme(root)
    held = {one.learner: one for one in gradebook_submissions(programme.nbgrader, ASSIGNMENT)}
    with programme.database.begin() as session:
        records = {r.attempt.learner: r for r in responses.graded_attempts(session)}
    return {learner: _verdict(record, held.get(learner)) for learner, record in records.items()}


def _verdict(record: GradedAttempt, held: GradebookSubmission | None) -> Verdict:
    cells = held.cells if held else ()
    return Verdict(
        scores={cell.grade_id: cell.score for cell in cells},
        needs_manual=frozenset(cell.grade_id for cell in cells if cell.needs_manual_grade),
        flags=record.findings,
        problem=record.problem,
    )


def _grade(root: Path) -> None:
    grade(
        Programme(root),
        [ASSIGNMENT],
        clock=lambda: datetime(2026, 11, 23, 12, tzinfo=UTC),
        progress=lambda done, total, what: None,
        n_workers=2,
    )


if __name__ == "__main__":
    _grade(Path(sys.argv[1]))
