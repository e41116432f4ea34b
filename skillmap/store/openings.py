"""Openings, as their sources last showed them.

Law: what a source withdraws leaves our lists at once, and nothing of its text or employer is kept
(the terms of the feed); a requirement quotes the text, so it goes, too.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillmap.model import Opening, OpeningId
from skillmap.store.schema import OpeningRow

__all__ = ["active", "opening", "save"]

AT_ONCE = 1000  # databases limit the number of ids in one question


def save(session: Session, openings: Sequence[Opening], fetched_at: datetime) -> int:
    """Add or replace openings and return how many are new or changed.

    Of several states of one opening, the last in the sequence holds.
    """
    states = {one.id: _without_withdrawn(one) for one in openings}
    known = {row.id: row for row in _rows(session, states)}
    new = [state for id, state in states.items() if id not in known]
    changed = [states[id] for id, row in known.items() if _opening(row) != states[id]]
    for row in known.values():
        row.fetched_at = fetched_at
    for state in changed:
        session.merge(_row(state, fetched_at))
    session.add_all(_row(state, fetched_at) for state in new)
    session.flush()
    return len(new) + len(changed)


def active(session: Session, now: datetime) -> list[Opening]:
    """Return what may be shown at `now`: active and not expired, newest first, then by id."""
    query = select(OpeningRow).where(OpeningRow.is_active, OpeningRow.expires > now)
    by_id = sorted((_opening(row) for row in session.scalars(query)), key=lambda one: one.id)
    return sorted(by_id, key=lambda one: one.published, reverse=True)


def opening(session: Session, id: OpeningId) -> Opening | None:
    """Return one opening, active or not, or None when unknown."""
    row = session.get(OpeningRow, id)
    return None if row is None else _opening(row)


def _without_withdrawn(opening: Opening) -> Opening:
    if opening.is_active:
        return opening
    return replace(opening, text="", employer="", requirements=())


def _rows(session: Session, ids: Iterable[OpeningId]) -> Iterator[OpeningRow]:
    every = list(ids)
    for start in range(0, len(every), AT_ONCE):
        part = every[start : start + AT_ONCE]
        yield from session.scalars(select(OpeningRow).where(OpeningRow.id.in_(part)))


def _row(opening: Opening, fetched_at: datetime) -> OpeningRow:
    return OpeningRow(
        id=opening.id,
        title=opening.title,
        employer=opening.employer,
        municipality=opening.municipality,
        text=opening.text,
        apply_url=opening.apply_url,
        source=opening.source,
        published=opening.published,
        expires=opening.expires,
        deadline=opening.deadline,
        is_active=opening.is_active,
        requirements=opening.requirements,
        fetched_at=fetched_at,
    )


def _opening(row: OpeningRow) -> Opening:
    return Opening(
        id=row.id,
        title=row.title,
        employer=row.employer,
        municipality=row.municipality,
        text=row.text,
        apply_url=row.apply_url,
        source=row.source,
        published=row.published,
        expires=row.expires,
        deadline=row.deadline,
        is_active=row.is_active,
        requirements=row.requirements,
    )
