"""Let an invented learner work: fetch, answer as their strength allows, hand in, try again.

In: a released assignment and a Behaviour. Out: real notebooks in the exchange, handed in by
nbgrader's own submit with the invented time. No score is made here.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from skillmap.content import ExerciseAnswers
from skillmap.grading import NbgraderCourse, fetch_assignment, submit_assignment
from skillmap.model import Course, Item
from skillmap.workflows.demo.cohort import Behaviour

__all__ = ["Visit", "hand_in", "plan_visits"]

GAIN = 0.9  # logits won between two attempts, from feedback
STEP = 0.8  # logits between two steps of the author's difficulty
CRASH = "raise RuntimeError('not finished yet')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One attempt to come: when, and the source of each solution cell (absent: left blank)."""

    learner: str
    assignment: str
    at: datetime
    answers: Mapping[str, str]
    copied_cell: str | None = None


def plan_visits(
    behaviour: Behaviour,
    assignment: str,
    exercises: Sequence[ExerciseAnswers],
    course: Course,
    *,
    due: datetime,
) -> list[Visit]:
    """Decide what a learner hands in, and when. The same behaviour gives the same visits."""
    rng = np.random.default_rng([behaviour.seed, *assignment.encode()])
    at = due - timedelta(hours=float(rng.uniform(20, 120)))
    if rng.random() < behaviour.late:
        at = due + timedelta(hours=float(rng.uniform(1, 30)))
    items = {item.exercise: item for item in course.items.values() if item.assignment == assignment}
    answers: dict[str, str] = {}
    visits = []
    for n_before in range(behaviour.attempts):
        open_still = [e for e in exercises if answers.get(e.cell) != e.right]
        if n_before and not open_still:
            break
        for exercise in open_still:
            _answer(answers, exercise, items[exercise.cell], behaviour, n_before, rng)
        slips = n_before == 0 and assignment in behaviour.copies_a_cell
        visits.append(
            Visit(
                learner=behaviour.id,
                assignment=assignment,
                at=at,
                answers=dict(answers),
                copied_cell=exercises[0].cell if slips else None,
            )
        )
        at += timedelta(hours=float(rng.uniform(3, 20)))
    return visits


def _answer(
    answers: dict[str, str],
    exercise: ExerciseAnswers,
    item: Item,
    behaviour: Behaviour,
    n_before: int,
    rng: np.random.Generator,
) -> None:
    weights = {str(skill): weight for skill, weight in item.skills.items()}
    logit = behaviour.strength_in(weights) - STEP * (item.difficulty - 3) + GAIN * n_before
    if rng.random() < behaviour.blank:
        answers.pop(exercise.cell, None)
    elif rng.random() < 1 / (1 + math.exp(-logit)):
        answers[exercise.cell] = exercise.right
    elif rng.random() < behaviour.crash or not exercise.wrong:
        answers[exercise.cell] = CRASH
    else:
        answers[exercise.cell] = exercise.wrong[int(rng.integers(len(exercise.wrong)))].code


def hand_in(nbgrader: NbgraderCourse, visit: Visit, *, home: Path) -> None:
    """Write a visit's answers into the learner's own copy and submit it through the exchange."""
    folder = home / visit.assignment
    if not folder.is_dir():
        home.mkdir(parents=True, exist_ok=True)
        fetch_assignment(nbgrader, visit.learner, visit.assignment, home=home)
    released = nbgrader.exchange / "outbound" / visit.assignment
    for path in sorted(released.glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        _fill(notebook, visit)
        text = json.dumps(notebook, indent=1, ensure_ascii=False)
        (folder / path.name).write_text(text + "\n", encoding="utf-8")
    submit_assignment(nbgrader, visit.learner, visit.assignment, home=home, at=visit.at)


def _fill(notebook: dict[str, Any], visit: Visit) -> None:
    cells = []
    for cell in notebook["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in visit.answers:
            cell["source"] = visit.answers[grade_id]
        cells.append(cell)
        if grade_id is not None and grade_id == visit.copied_cell:
            cells.append({**cell, "id": f"{cell['id']}-2"})
    notebook["cells"] = cells
