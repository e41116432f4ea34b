"""The response log: what was answered, and how it was graded, each time.

In: responses read from a gradebook, as often as you like. Out: the newest grading of each.
Law: rows are only added, and only when there is something new: a response (learner, item, time of
submission, content) that has no row, or whose newest revision differs in points, max_points,
is_manual or scoring. Importing the same gradebook twice changes nothing.
"""

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from math import isfinite
from typing import Any, NamedTuple

from sqlalchemy import Executable, func, insert, select
from sqlalchemy.orm import Session

from skillmap.errors import EvidenceError
from skillmap.model import AssignmentId, ItemId, LearnerId, Response
from skillmap.store import attempts
from skillmap.store.schema import ResponseRow

__all__ = ["append", "current", "graded_attempts", "record_attempt", "record_attempts"]

FIELDS = tuple(field.name for field in fields(Response))

record_attempt = attempts.record_attempt
record_attempts = attempts.record_attempts
graded_attempts = attempts.graded_attempts


class _Place(NamedTuple):
    learner: LearnerId
    item: ItemId
    submitted_at: datetime


class _Grading(NamedTuple):
    points: float
    max_points: float
    is_manual: bool
    scoring: str


STATE = (*_Place._fields, *_Grading._fields, "sha256", "revision")


def append(session: Session, responses: Sequence[Response]) -> int:
    """Add what is new and return the number of new rows.

    Raises EvidenceError when points are not finite.
    """
    last_revision, newest = _state(session, responses)
    rows = []
    for response in responses:
        place, grading = _place(response), _grading(response)
        content = (*place, response.sha256)
        if newest.get(content) == grading:
            continue
        newest[content] = grading
        last_revision[place] = last_revision.get(place, 0) + 1
        rows.append(_row(response, last_revision[place]))
    if rows:
        session.execute(insert(ResponseRow), rows)
    return len(rows)


def current(session: Session, *, learner: LearnerId | None = None) -> list[Response]:
    """Return the newest revision of each response, ordered by (submitted_at, learner, item).

    Attempts are counted anew, by time, per learner and assignment, so that an earlier attempt
    that turns up late moves the later ones up.
    """
    found = (Response(**row) for row in session.execute(_newest(learner)).mappings())
    return sorted(found, key=lambda one: (one.submitted_at, one.learner, one.item))


def _state(
    session: Session, responses: Sequence[Response]
) -> tuple[dict[_Place, int], dict[tuple[Any, ...], _Grading]]:
    """Read, for the work these responses belong to, the last revisions and newest gradings."""
    rows = session.execute(
        select(*(getattr(ResponseRow, name) for name in STATE))
        .where(
            ResponseRow.learner.in_({r.learner for r in responses}),
            ResponseRow.assignment.in_({_assignment(r.item) for r in responses}),
            ResponseRow.submitted_at.in_({r.submitted_at for r in responses}),
        )
        .order_by(ResponseRow.revision)
    )
    last_revision: dict[_Place, int] = {}
    newest: dict[tuple[Any, ...], _Grading] = {}
    for row in rows:
        last_revision[_place(row)] = row.revision
        newest[*_place(row), row.sha256] = _grading(row)
    return last_revision, newest


def _newest(learner: LearnerId | None) -> Executable:
    """Ask for the fields of a Response; a row class for each would take twice the time."""
    place = (ResponseRow.learner, ResponseRow.item, ResponseRow.submitted_at)
    grouped = select(*place, func.max(ResponseRow.revision).label("revision")).group_by(*place)
    if learner is not None:
        grouped = grouped.where(ResponseRow.learner == learner)
    last = grouped.subquery()
    counted = attempts.numbers(learner)
    stored = [getattr(ResponseRow, name) for name in FIELDS if name != "attempt"]
    return (
        select(*stored, counted.c.number.label("attempt"))
        .join(
            last,
            (ResponseRow.learner == last.c.learner)
            & (ResponseRow.item == last.c.item)
            & (ResponseRow.submitted_at == last.c.submitted_at)
            & (ResponseRow.revision == last.c.revision),
        )
        .join(
            counted,
            (ResponseRow.learner == counted.c.learner)
            & (ResponseRow.assignment == counted.c.assignment)
            & (ResponseRow.submitted_at == counted.c.submitted_at),
        )
    )


def _assignment(item: ItemId) -> AssignmentId:
    return AssignmentId(item.split("/", 1)[0])


def _place(response: Any) -> _Place:
    return _Place(response.learner, response.item, response.submitted_at.astimezone(UTC))


def _grading(response: Any) -> _Grading:
    if not (isfinite(response.points) and isfinite(response.max_points)):
        raise EvidenceError(
            f"Response of {response.learner!r} to {response.item!r}: {response.points} of "
            f"{response.max_points} points cannot be. Grade the submission again."
        )
    return _Grading(response.points, response.max_points, response.is_manual, response.scoring)


def _row(response: Response, revision: int) -> dict[str, object]:
    values = {name: getattr(response, name) for name in FIELDS}
    return {**values, "assignment": _assignment(response.item), "revision": revision}
