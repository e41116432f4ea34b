"""How a class is doing: per assignment, per item, and who is stuck.

In: the learners, all graded attempts and current responses. Out: rows for tables.
Law: people are listed by name, never by result; an item's mean is shown only when MIN_GROUP or
more learners stand behind it, for a mean of two is a person. Items stand one by one, with the name
of their cell, so that a broken test is found; a learner's work stands exercise by exercise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from markupsafe import Markup

from skillmap.model import (
    AssignmentId,
    Course,
    GradedAttempt,
    Item,
    ItemId,
    ItemTier,
    Learner,
    LearnerId,
    Response,
)
from skillmap.web.views.exercises import newest_responses, stuck_work
from skillmap.web.views.results import items_of, waiting_items
from skillmap.web.words import Words, isolated

__all__ = ["AssignmentRow", "ItemRow", "Person", "Stuck", "assignment_rows", "stuck_rows"]

MIN_GROUP = 5  # smaller groups are suppressed
EVERYBODY, NOBODY = 0.95, 0.05  # means beyond these say more of the item than of the class


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A learner by name with a remark: why grading failed, what waits."""

    name: str
    remark: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One item: mean points as words, None when too few learners stand behind it.

    cell: the grade_id of its cell. is_apart: whether learners' code cannot reach the verdict of its
    test, None when that is not known or a person judges; why_not: the reason, as it was recorded.
    """

    title: str
    cell: str
    n: int
    mean: Markup | None
    flag: Markup | None
    is_apart: bool | None
    why_not: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRow:
    """One assignment of the class. n_beside: tests that are not tamper-proof; None: not known."""

    title: str
    handed_in: int
    graded: int
    failed: tuple[Person, ...]
    waiting: tuple[Person, ...]
    items: tuple[ItemRow, ...]
    n_beside: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A learner with an exercise that several attempts have not solved."""

    name: str
    exercise: str
    assignment: str
    attempts: int


def assignment_rows(
    learners: Sequence[Learner],
    graded: Sequence[GradedAttempt],
    responses: Sequence[Response],
    course: Course,
    words: Words,
    *,
    tiers: Sequence[ItemTier] = (),
) -> list[AssignmentRow]:
    """Lay out each assignment in the course's order."""
    names = {learner.id: learner.name for learner in learners}
    last = newest_responses(responses)
    known = {tier.item: tier for tier in tiers}
    return [
        _assignment(a, _newest(graded, a), last, names, course, words, known)
        for a in course.assignments()
    ]


def stuck_rows(
    learners: Sequence[Learner], responses: Sequence[Response], course: Course, words: Words
) -> list[Stuck]:
    """List who is stuck and where, by name."""
    names = {learner.id: learner.name for learner in learners}
    rows = [
        Stuck(
            name=names[work.learner],
            exercise=words.item(work.exercise.item),
            assignment=words.assignment(work.exercise.items[0].assignment),
            attempts=work.attempt,
        )
        for work in stuck_work(responses, course)
        if work.learner in names
    ]
    return sorted(rows, key=lambda row: (row.name, row.assignment, row.exercise))


def _newest(
    graded: Sequence[GradedAttempt], assignment: AssignmentId
) -> Mapping[LearnerId, GradedAttempt]:
    ordered = sorted(graded, key=lambda g: g.attempt.number)
    return {g.attempt.learner: g for g in ordered if g.attempt.assignment == assignment}


def _assignment(
    assignment: AssignmentId,
    newest: Mapping[LearnerId, GradedAttempt],
    responses: Sequence[Response],
    names: Mapping[LearnerId, str],
    course: Course,
    words: Words,
    tiers: Mapping[ItemId, ItemTier],
) -> AssignmentRow:
    items = items_of(course, assignment)
    found = [tiers[item.id] for item in items if item.id in tiers]
    n_failed = sum(g.problem is not None for g in newest.values())
    return AssignmentRow(
        title=words.assignment(assignment),
        handed_in=len(newest),
        graded=len(newest) - n_failed,
        failed=_failed(newest, names),
        waiting=_waiting(newest, items, responses, names, words),
        items=tuple(_item(item, responses, words, tiers.get(item.id)) for item in items),
        n_beside=sum(not one.is_apart for one in found) if found else None,
    )


def _failed(
    newest: Mapping[LearnerId, GradedAttempt], names: Mapping[LearnerId, str]
) -> tuple[Person, ...]:
    rows = [
        Person(name=names.get(learner, learner), remark=isolated(graded.problem))
        for learner, graded in newest.items()
        if graded.problem is not None
    ]
    return tuple(sorted(rows, key=lambda p: p.name))


def _waiting(
    newest: Mapping[LearnerId, GradedAttempt],
    items: Sequence[Item],
    responses: Sequence[Response],
    names: Mapping[LearnerId, str],
    words: Words,
) -> tuple[Person, ...]:
    rows = []
    for learner, graded in newest.items():
        theirs = [r for r in responses if r.learner == learner]
        if n := len(waiting_items(items, graded, theirs)):
            remark = words.count("instructor.waiting_items", n)
            rows.append(Person(name=names.get(learner, learner), remark=remark))
    return tuple(sorted(rows, key=lambda p: p.name))


def _item(
    item: Item, responses: Sequence[Response], words: Words, tier: ItemTier | None
) -> ItemRow:
    fractions = [r.fraction for r in responses if r.item == item.id]
    mean = fmean(fractions) if len(fractions) >= MIN_GROUP else None
    return ItemRow(
        title=words.item(item.id),
        cell=item.grade_id,
        n=len(fractions),
        mean=None if mean is None else words.say("instructor.mean", n=words.number(10 * mean)),
        flag=None if mean is None else _flag(mean, words),
        is_apart=tier.is_apart if tier else None,
        why_not=tier.reason if tier else None,
    )


def _flag(mean: float, words: Words) -> Markup | None:
    if mean >= EVERYBODY:
        return words.say("instructor.everybody")
    return words.say("instructor.nobody") if mean <= NOBODY else None
