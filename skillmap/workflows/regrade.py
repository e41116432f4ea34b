"""Grade a class again after a test was mended, and say whose score changed.

Law: a score that a person gave stays; what learners fetched stays, unless it is released again;
learners read on their page that their work was graded again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from skillmap.errors import GradingError, did_you_mean
from skillmap.grading import alone, generate_release, gradebook_submissions, release_assignment
from skillmap.model import (
    AssignmentId,
    GradedAttempt,
    ItemId,
    LearnerId,
    Regrading,
    Response,
    item_id,
)
from skillmap.ports import Clock, Progress
from skillmap.store import item_tests, responses
from skillmap.workflows.estimate import update_profiles
from skillmap.workflows.grade import grade, plan_grading
from skillmap.workflows.hand_out import notebooks_to_release
from skillmap.workflows.programme import Programme

__all__ = ["ChangedScore", "Regraded", "plan_regrading", "regrade", "require_item"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedScore:
    """The score of one learner's latest attempt at an item; old: None where there was none."""

    learner: LearnerId
    item: ItemId
    old: float | None
    new: float
    max_points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Regraded:
    """What a regrading did. changed: by learner and item, only what is not as before."""

    changed: tuple[ChangedScore, ...]
    graded: tuple[GradedAttempt, ...]


def plan_regrading(programme: Programme, assignment: str) -> list[tuple[LearnerId, int]]:
    """List the attempts that `regrade` would grade again, as (learner, attempt)."""
    plan = plan_grading(programme, [assignment], again=True)
    return sorted((one.attempt.learner, one.attempt.number) for one in plan.pending)


def regrade(
    programme: Programme,
    assignment: str,
    *,
    item: ItemId | None = None,
    is_released: bool = False,
    clock: Clock,
    progress: Progress,
    n_workers: int = 1,
) -> Regraded:
    """Tell the gradebook the mended tests and grade all attempts at the assignment again.

    item: the one that was mended, for the note to the learners. is_released: also put the
    learners' version into the exchange anew. Raises GradingError when cells were added or removed
    since the release, which nbgrader refuses, or when another process grades; nothing is changed
    then.
    """
    before = _scores(programme, assignment)
    notebooks = notebooks_to_release(programme, assignment)
    with alone(programme.nbgrader):
        if is_released:
            release_assignment(programme.nbgrader, assignment, notebooks=notebooks)
        else:
            generate_release(programme.nbgrader, assignment, notebooks=notebooks)
    graded = grade(
        programme, [assignment], clock=clock, progress=progress, again=True, n_workers=n_workers
    )
    with programme.database.begin() as session:
        note = Regrading(assignment=AssignmentId(assignment), item=item, at=clock())
        item_tests.record_regrading(session, note)
    update_profiles(programme, clock=clock)
    changed = _changed(before, _scores(programme, assignment))
    return Regraded(changed=tuple(changed), graded=tuple(graded))


def require_item(programme: Programme, assignment: str, cell: str) -> ItemId:
    """Return the id of `cell`, "notebook/grade_id"; GradingError when nobody handed it in."""
    held = gradebook_submissions(programme.nbgrader, assignment)
    known = {f"{one.notebook}/{one.grade_id}" for row in held for one in row.cells}
    if cell not in known:
        raise GradingError(
            f"Item {cell!r}: the work at {assignment} has none of that name."
            f"{did_you_mean(cell, known)} It has: {', '.join(sorted(known)) or 'none yet'}."
        )
    return item_id(assignment, *cell.split("/", 1))


def _scores(programme: Programme, assignment: str) -> dict[tuple[LearnerId, ItemId], Response]:
    """Return the newest response of each learner to each item of the assignment."""
    with programme.database.begin(is_read_only=True) as session:
        log = responses.current(session)
    ordered = sorted(log, key=lambda r: (r.attempt, r.submitted_at))
    return {(r.learner, r.item): r for r in ordered if r.item.startswith(f"{assignment}/")}


def _changed(
    before: dict[tuple[LearnerId, ItemId], Response],
    after: dict[tuple[LearnerId, ItemId], Response],
) -> Sequence[ChangedScore]:
    rows = [_compared(before.get(key), now) for key, now in sorted(after.items())]
    return [row for row in rows if row.old != row.new]


def _compared(before: Response | None, now: Response) -> ChangedScore:
    return ChangedScore(
        learner=now.learner,
        item=now.item,
        old=before.points if before else None,
        new=now.points,
        max_points=now.max_points,
    )
