"""What became of submissions: per assignment and per item, for one learner.

In: finished attempts and responses of one learner, all or newest. Out: plain values.
Law: an item counts as done when its newest answer solves it; an attempt that was not graded says
why in words, and an item that a person has yet to grade is "waiting", not "not yet".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from skillmap.model import AssignmentId, Course, GradedAttempt, Item, ItemId, LearnerId, Response
from skillmap.web.words import Words, isolated

__all__ = [
    "STUCK_AFTER",
    "AssignmentResult",
    "ItemResult",
    "ItemState",
    "assignment_results",
    "finished",
    "items_of",
    "newest_responses",
    "not_handed_in",
    "stuck_responses",
    "waiting_items",
]

STUCK_AFTER = 3  # attempts; fewer are ordinary practice

ItemState = Literal["done", "not_yet", "waiting", "not_graded"]
_STATE_WORD = {
    "done": "state.done",
    "not_yet": "state.not_yet",
    "waiting": "state.waiting",
    "not_graded": "state.not_graded",
}
_STATE_TAG = {"done": "good", "not_yet": "", "waiting": "wait", "not_graded": "stop"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemResult:
    """One line: tag is the style of the state's word; points and attempts are ready words."""

    title: str
    word: Markup
    tag: str
    points: Markup | None
    attempts: Markup | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentResult:
    """One assignment that was handed in at least once; problem is set when grading failed."""

    title: str
    done: Markup
    is_all_done: bool
    handed_in: Markup
    problem: Markup | None
    items: tuple[ItemResult, ...]


def finished(attempts: Iterable[GradedAttempt]) -> list[GradedAttempt]:
    """Leave out what is being graded this minute."""
    return [graded for graded in attempts if graded.is_finished]


def newest_responses(responses: Iterable[Response]) -> list[Response]:
    """Keep the newest response of each learner to each item."""
    return [answers[-1] for answers in _by_item(responses).values()]


def stuck_responses(responses: Iterable[Response]) -> list[Response]:
    """Keep the newest response where STUCK_AFTER or more answers never solved the item."""
    return [
        answers[-1]
        for answers in _by_item(responses).values()
        if len(answers) >= STUCK_AFTER and not any(answer.is_solved for answer in answers)
    ]


def items_of(course: Course, assignment: AssignmentId) -> list[Item]:
    """List the items of an assignment in the course's order."""
    return [item for item in course.items.values() if item.assignment == assignment]


def waiting_items(
    items: Sequence[Item], newest: GradedAttempt, responses: Sequence[Response]
) -> list[Item]:
    """List the items that a person has yet to grade in the newest attempt."""
    if newest.problem is not None:
        return []
    graded = {r.item for r in responses if r.attempt >= newest.attempt.number}
    return [item for item in items if item.kind == "manual" and item.id not in graded]


def assignment_results(
    attempts: Sequence[GradedAttempt], responses: Sequence[Response], course: Course, words: Words
) -> list[AssignmentResult]:
    """Say what became of each assignment handed in, newest first."""
    newest: dict[AssignmentId, GradedAttempt] = {}
    for graded in sorted(attempts, key=lambda g: g.attempt.number):
        newest[graded.attempt.assignment] = graded
    ordered = sorted(newest.values(), key=lambda g: g.attempt.submitted_at, reverse=True)
    last = newest_responses(responses)
    return [_assignment(graded, last, course, words) for graded in ordered]


def not_handed_in(attempts: Sequence[GradedAttempt], course: Course, words: Words) -> list[str]:
    """Name the assignments without any attempt, in the course's order."""
    handed_in = {g.attempt.assignment for g in attempts}
    return [words.assignment(a) for a in course.assignments() if a not in handed_in]


def _by_item(
    responses: Iterable[Response],
) -> dict[tuple[LearnerId, ItemId], list[Response]]:
    """Group answers by learner and item, oldest first."""
    grouped: dict[tuple[LearnerId, ItemId], list[Response]] = {}
    for response in sorted(responses, key=lambda r: (r.attempt, r.submitted_at)):
        grouped.setdefault((response.learner, response.item), []).append(response)
    return grouped


def _assignment(
    newest: GradedAttempt, responses: Sequence[Response], course: Course, words: Words
) -> AssignmentResult:
    items = items_of(course, newest.attempt.assignment)
    by_item = {r.item: r for r in responses}
    waiting = {i.id for i in waiting_items(items, newest, responses)}
    n_done = sum(i.id in by_item and by_item[i.id].is_solved for i in items)
    return AssignmentResult(
        title=words.assignment(newest.attempt.assignment),
        done=words.say("results.done", n=n_done, total=len(items)),
        is_all_done=n_done == len(items),
        handed_in=words.count(
            "results.handed_in", newest.attempt.number, when=words.day(newest.attempt.submitted_at)
        ),
        problem=isolated(newest.problem) if newest.problem else None,
        items=tuple(_item(i, by_item, waiting, words) for i in items),
    )


def _item(
    item: Item, by_item: dict[ItemId, Response], waiting: set[ItemId], words: Words
) -> ItemResult:
    response = by_item.get(item.id)
    state = _state(item, response, waiting)
    return ItemResult(
        title=words.item(item.id),
        word=words.say(_STATE_WORD[state]),
        tag=_STATE_TAG[state],
        points=_points(response, words) if response else None,
        attempts=words.count("results.attempts", response.attempt) if response else None,
    )


def _points(response: Response, words: Words) -> Markup:
    return words.say(
        "results.points",
        points=words.number(response.points),
        total=words.number(response.max_points),
    )


def _state(item: Item, response: Response | None, waiting: set[ItemId]) -> ItemState:
    if item.id in waiting:
        return "waiting"
    if response is None:
        return "not_graded"
    return "done" if response.is_solved else "not_yet"
