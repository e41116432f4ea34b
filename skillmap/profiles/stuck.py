"""Who is stuck, and where: for the learner's own instructor, who can help.

In: responses, the course, due dates. Out: values that name persons; whoever shows them logs it.
Laws: an exercise is unsolved while a cell that was answered was never solved; a cell that waits for
a person is no sign. An attempt makes progress when a cell of the exercise scores higher than ever
before; handing the same files in again is no attempt. People come by id, never by result.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from skillmap.errors import EvidenceError
from skillmap.evidence import exercise_of
from skillmap.model import AssignmentId, Course, Item, ItemId, LearnerId, Reason, Response

__all__ = ["LONG_AFTER_DUE", "STUCK_AFTER", "Deadlines", "Stuck", "find_stuck"]

STUCK_AFTER = 3  # attempts without progress; fewer are ordinary practice
LONG_AFTER_DUE = timedelta(days=7)  # an evening a week: by then the class is one module on

_Exercise = tuple[str, str, str]
_Work = tuple[LearnerId, _Exercise]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """due: of all. own: of learners who were given more time; it replaces that of all."""

    due: Mapping[AssignmentId, datetime]
    own: Mapping[tuple[LearnerId, AssignmentId], datetime]

    def __post_init__(self) -> None:
        naive = sorted({str(t) for t in (*self.due.values(), *self.own.values()) if not t.tzinfo})
        if naive:
            raise EvidenceError(f"Due dates {', '.join(naive)} have no zone. Store it with them.")

    def of(self, learner: LearnerId, assignment: AssignmentId) -> datetime | None:
        """Return the learner's own deadline; None without a due date."""
        return self.own.get((learner, assignment), self.due.get(assignment))


NO_DEADLINES = Deadlines(due={}, own={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A learner who could use a hand.

    item: the first cell of the exercise; None when it is about all of the assignment.
    reason: "stuck.no_progress" with n attempts, or "stuck.overdue" with n unsolved exercises.
    since: when there last was progress, or when it was due.
    """

    learner: LearnerId
    assignment: AssignmentId
    item: ItemId | None
    reason: Reason
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Progress:
    """What came of the work of one learner on one exercise."""

    is_solved: bool
    n_without: int
    since: datetime


def find_stuck(
    responses: Sequence[Response],
    course: Course,
    *,
    now: datetime,
    deadlines: Deadlines = NO_DEADLINES,
) -> list[Stuck]:
    """List who is stuck, by learner, then in the order of the course.

    Work that was never handed in leaves no response, and is not found here.
    """
    work = _work(responses, course)
    progress = {key: _progress(attempts) for key, attempts in work.items()}
    first = _first_items(course)
    place = {exercise: i for i, exercise in enumerate(first)}
    unsolved = sorted(
        (key for key, found in progress.items() if not found.is_solved),
        key=lambda key: (key[0], place[key[1]]),
    )
    still = [
        _still(learner, course.items[first[exercise]], progress[learner, exercise])
        for learner, exercise in unsolved
        if progress[learner, exercise].n_without >= STUCK_AFTER
    ]
    late = _overdue(unsolved, deadlines, now)
    return sorted([*still, *late], key=lambda one: one.learner)


def _still(learner: LearnerId, item: Item, progress: _Progress) -> Stuck:
    return Stuck(
        learner=learner,
        assignment=item.assignment,
        item=item.id,
        reason=Reason(key="stuck.no_progress", values={"n": progress.n_without}),
        since=progress.since,
    )


def _overdue(unsolved: Sequence[_Work], deadlines: Deadlines, now: datetime) -> list[Stuck]:
    """Return one value for each learner and assignment that has been due for long."""
    counts: dict[tuple[LearnerId, AssignmentId], int] = {}
    for learner, (assignment, _, _) in unsolved:
        key = (learner, AssignmentId(assignment))
        counts[key] = counts.get(key, 0) + 1
    found = []
    for (learner, assignment), n in counts.items():
        due = deadlines.of(learner, assignment)
        if due is not None and now >= due + LONG_AFTER_DUE:
            reason = Reason(key="stuck.overdue", values={"n": n})
            found.append(
                Stuck(learner=learner, assignment=assignment, item=None, reason=reason, since=due)
            )
    return found


def _work(
    responses: Sequence[Response], course: Course
) -> dict[_Work, dict[datetime, dict[ItemId, Response]]]:
    """Group answers by learner and exercise, then by attempt; attempts in order of time."""
    work: dict[_Work, dict[datetime, dict[ItemId, Response]]] = {}
    for one in sorted(responses, key=lambda r: (r.submitted_at, r.item)):
        if item := course.items.get(one.item):
            attempts = work.setdefault((one.learner, exercise_of(item)), {})
            attempts.setdefault(one.submitted_at, {})[one.item] = one
    return work


def _progress(attempts: Mapping[datetime, Mapping[ItemId, Response]]) -> _Progress:
    best: dict[ItemId, Response] = {}
    handed_in: set[str] = set()
    since, n_without = next(iter(attempts)), 0
    for when, answers in attempts.items():
        files = {one.sha256 for one in answers.values()}
        better = [i for i, one in answers.items() if i in best and _beats(one, best[i])]
        if better:
            since, n_without = when, 0
        n_without += not files <= handed_in
        handed_in |= files
        for item, one in answers.items():
            if item not in best or _beats(one, best[item]):
                best[item] = one
    is_solved = all(one.is_solved for one in best.values())
    return _Progress(is_solved=is_solved, n_without=n_without, since=since)


def _beats(one: Response, other: Response) -> bool:
    return one.fraction > other.fraction


def _first_items(course: Course) -> dict[_Exercise, ItemId]:
    """Return the first item of each exercise, in the order of the course."""
    first: dict[_Exercise, ItemId] = {}
    for item in course.items.values():
        first.setdefault(exercise_of(item), item.id)
    return first
