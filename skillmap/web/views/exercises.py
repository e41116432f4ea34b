"""Exercises: what people read as one line, however many items judge it.

In: a course, responses of one or more learners. Out: exercises, and the work done on them.
Law: an exercise is solved when the newest answer to each of its items solves it; items that left
the course are left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from skillmap.evidence import exercise_of
from skillmap.model import Course, Item, ItemId, LearnerId, Response

__all__ = [
    "STUCK_AFTER",
    "Exercise",
    "Work",
    "exercises_of",
    "newest_responses",
    "stuck_work",
    "work_on",
]

STUCK_AFTER = 3  # attempts; fewer are ordinary practice

_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """An answer cell with the items that judge it, one or more, in the course's order."""

    items: tuple[Item, ...]

    @property
    def item(self) -> ItemId:
        """The item that lends its title: all items of an exercise carry the same."""
        return self.items[0].id

    @property
    def difficulty(self) -> int:
        """The author's 1 (easy) to 5 (hard)."""
        return max(item.difficulty for item in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one learner did on one exercise: the newest answer to each item, one or more."""

    exercise: Exercise
    learner: LearnerId
    answers: tuple[Response, ...]

    @property
    def is_solved(self) -> bool:
        """Whether every item is answered and solved."""
        is_whole = len(self.answers) == len(self.exercise.items)
        return is_whole and all(answer.is_solved for answer in self.answers)

    @property
    def attempt(self) -> int:
        """Number of the newest attempt."""
        return max(answer.attempt for answer in self.answers)

    @property
    def submitted_at(self) -> datetime:
        """Time of the newest attempt."""
        return max(answer.submitted_at for answer in self.answers)


def exercises_of(items: Iterable[Item]) -> list[Exercise]:
    """Group items by exercise, in the order of their first items."""
    grouped: dict[_Key, list[Item]] = {}
    for item in items:
        grouped.setdefault(exercise_of(item), []).append(item)
    return [Exercise(items=tuple(group)) for group in grouped.values()]


def newest_responses(responses: Iterable[Response]) -> list[Response]:
    """Keep the newest response of each learner to each item."""
    return [answers[-1] for answers in _by_item(responses).values()]


def work_on(responses: Iterable[Response], course: Course) -> list[Work]:
    """Group the newest responses by learner and exercise."""
    exercises = {exercise_of(one.items[0]): one for one in exercises_of(course.items.values())}
    grouped: dict[tuple[LearnerId, _Key], list[Response]] = {}
    for response in newest_responses(responses):
        if item := course.items.get(response.item):
            grouped.setdefault((response.learner, exercise_of(item)), []).append(response)
    return [
        Work(exercise=exercises[key], learner=learner, answers=tuple(answers))
        for (learner, key), answers in grouped.items()
    ]


def stuck_work(responses: Sequence[Response], course: Course) -> list[Work]:
    """Keep the work with an item that STUCK_AFTER or more answers never solved."""
    stuck = {
        who_and_what
        for who_and_what, answers in _by_item(responses).items()
        if len(answers) >= STUCK_AFTER and not any(answer.is_solved for answer in answers)
    }
    return [
        work
        for work in work_on(responses, course)
        if any((answer.learner, answer.item) in stuck for answer in work.answers)
    ]


def _by_item(
    responses: Iterable[Response],
) -> dict[tuple[LearnerId, ItemId], list[Response]]:
    """Group answers by learner and item, oldest first."""
    grouped: dict[tuple[LearnerId, ItemId], list[Response]] = {}
    for response in sorted(responses, key=lambda r: (r.attempt, r.submitted_at)):
        grouped.setdefault((response.learner, response.item), []).append(response)
    return grouped
