"""What became of submissions: per assignment and per exercise, for one learner.

In: finished attempts and responses of one learner, all or newest. Out: plain values.
Law: an exercise counts as done when the newest answers solve all its items; an attempt that was
not graded says why in words, and what a person has yet to grade is "waiting", not "not yet".
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Literal

from markupsafe import Markup

from skillmap.model import (
    AssignmentId,
    Course,
    GradedAttempt,
    Item,
    ItemId,
    Regrading,
    Response,
)
from skillmap.web.views.disputes import question_address
from skillmap.web.views.exercises import Exercise, exercises_of, newest_responses
from skillmap.web.words import Words, isolated

__all__ = [
    "AssignmentResult",
    "ExerciseResult",
    "State",
    "assignment_results",
    "finished",
    "items_of",
    "not_handed_in",
    "waiting_everywhere",
    "waiting_items",
]

State = Literal["done", "not_yet", "waiting", "not_graded"]
# An exercise is in the first of these states that one of its items is in.
_FIRST: tuple[State, ...] = ("not_yet", "waiting", "not_graded", "done")
_STATE_WORD = {
    "done": "state.done",
    "not_yet": "state.not_yet",
    "waiting": "state.waiting",
    "not_graded": "state.not_graded",
}
_STATE_TAG = {"done": "good", "not_yet": "", "waiting": "wait", "not_graded": "stop"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseResult:
    """One line: tag is the style of the state's word; points and attempts are ready words.

    question: the address at which its grade is questioned; None before it has one.
    """

    title: str
    word: Markup
    tag: str
    points: Markup | None
    attempts: Markup | None
    question: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentResult:
    """One assignment that was handed in at least once; problem is set when grading failed.

    regraded: that it was graded again because a test was mended; None when it was not.
    """

    title: str
    done: Markup
    is_all_done: bool
    handed_in: Markup
    problem: Markup | None
    regraded: Markup | None
    exercises: tuple[ExerciseResult, ...]


def finished(attempts: Iterable[GradedAttempt]) -> list[GradedAttempt]:
    """Leave out what is being graded this minute."""
    return [graded for graded in attempts if graded.is_finished]


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


def waiting_everywhere(
    attempts: Sequence[GradedAttempt], responses: Sequence[Response], course: Course
) -> set[ItemId]:
    """Name the items of all assignments that a person has yet to grade, for one learner."""
    return {
        item.id
        for graded in _newest(attempts)
        for item in waiting_items(items_of(course, graded.attempt.assignment), graded, responses)
    }


def assignment_results(
    attempts: Sequence[GradedAttempt],
    responses: Sequence[Response],
    course: Course,
    words: Words,
    *,
    regradings: Sequence[Regrading] = (),
) -> list[AssignmentResult]:
    """Say what became of each assignment handed in, newest first. regradings: oldest first."""
    ordered = sorted(_newest(attempts), key=lambda g: g.attempt.submitted_at, reverse=True)
    last = newest_responses(responses)
    return [_assignment(graded, last, course, words, regradings) for graded in ordered]


def not_handed_in(attempts: Sequence[GradedAttempt], course: Course, words: Words) -> list[str]:
    """Name the assignments without any attempt, graded or being graded, in the course's order."""
    handed_in = {g.attempt.assignment for g in attempts}
    return [words.assignment(a) for a in course.assignments() if a not in handed_in]


def _newest(attempts: Sequence[GradedAttempt]) -> list[GradedAttempt]:
    """Keep the newest attempt at each assignment."""
    ordered = sorted(attempts, key=lambda g: g.attempt.number)
    return list({graded.attempt.assignment: graded for graded in ordered}.values())


def _assignment(
    newest: GradedAttempt,
    responses: Sequence[Response],
    course: Course,
    words: Words,
    regradings: Sequence[Regrading],
) -> AssignmentResult:
    items = items_of(course, newest.attempt.assignment)
    by_item = {r.item: r for r in responses}
    waiting = {i.id for i in waiting_items(items, newest, responses)}
    exercises = exercises_of(items)
    states = [_state(one, by_item, waiting) for one in exercises]
    n_done = sum(state == "done" for state in states)
    return AssignmentResult(
        title=words.assignment(newest.attempt.assignment),
        done=words.say("results.done", n=n_done, total=len(states)),
        is_all_done=n_done == len(states),
        handed_in=words.count(
            "results.handed_in", newest.attempt.number, when=words.day(newest.attempt.submitted_at)
        ),
        problem=isolated(newest.problem) if newest.problem else None,
        regraded=_regraded(newest, regradings, words),
        exercises=tuple(
            _exercise(one, state, by_item, words)
            for one, state in zip(exercises, states, strict=True)
        ),
    )


def _regraded(
    newest: GradedAttempt, regradings: Sequence[Regrading], words: Words
) -> Markup | None:
    """Say that this attempt was graded again, by the last of the mended tests."""
    attempt = newest.attempt
    mended = [
        one
        for one in regradings
        if one.assignment == attempt.assignment and one.at >= attempt.submitted_at
    ]
    if not mended:
        return None
    when = words.day(mended[-1].at)
    if mended[-1].item is None:
        return words.say("results.regraded", when=when)
    item = words.named(words.item(mended[-1].item))
    return words.say("results.regraded.item", when=when, item=item)


def _exercise(
    exercise: Exercise, state: State, by_item: Mapping[ItemId, Response], words: Words
) -> ExerciseResult:
    answers = [by_item[item.id] for item in exercise.items if item.id in by_item]
    attempt = max((answer.attempt for answer in answers), default=0)
    return ExerciseResult(
        title=words.item(exercise.item),
        word=words.say(_STATE_WORD[state]),
        tag=_STATE_TAG[state],
        points=_points(answers, words) if answers else None,
        attempts=words.count("results.attempts", attempt) if answers else None,
        question=_question(answers) if answers else None,
    )


def _question(answers: Sequence[Response]) -> str:
    """Lead to the check that took most points; the others are named there."""
    return question_address(min(answers, key=lambda answer: answer.fraction).item)


def _points(answers: Sequence[Response], words: Words) -> Markup:
    return words.say(
        "results.points",
        points=words.number(fsum(answer.points for answer in answers)),
        total=words.number(fsum(answer.max_points for answer in answers)),
    )


def _state(
    exercise: Exercise, by_item: Mapping[ItemId, Response], waiting: Collection[ItemId]
) -> State:
    states = {_item_state(item, by_item.get(item.id), waiting) for item in exercise.items}
    return min(states, key=_FIRST.index)


def _item_state(item: Item, response: Response | None, waiting: Collection[ItemId]) -> State:
    if item.id in waiting:
        return "waiting"
    if response is None:
        return "not_graded"
    return "done" if response.is_solved else "not_yet"
