"""Openings, as their sources last showed them, and how far each feed has been read.

Law: what a source withdraws leaves our lists at once, and nothing of its text or employer is kept
(the terms of the feed); a requirement quotes the text, so it goes, too. Of what we never had,
nothing is kept at all. A feed's place moves only from where its reader began, so that of two
readers at once neither brings back what the other has removed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillmap.errors import StoreError
from skillmap.model import FeedCursor, Opening, OpeningId
from skillmap.store.schema.work import FeedPlaceRow, OpeningRow

__all__ = ["active", "feed_place", "move_feed", "opening", "save", "unlike"]

AT_ONCE = 1000  # databases limit the number of ids in one question


def save(session: Session, openings: Sequence[Opening], fetched_at: datetime) -> int:
    """Add, replace or withdraw openings and return how many were not as we had them.

    Of several states of one opening, the last in the sequence holds.
    """
    rows = _rows(session, openings)
    news = _news(openings, rows)
    for row in rows.values():
        row.fetched_at = fetched_at
    for state in news:
        keep = session.merge if state.id in rows else session.add
        keep(_row(state, fetched_at))
    session.flush()
    return len(news)


def unlike(session: Session, openings: Sequence[Opening]) -> list[Opening]:
    """Return the openings that are not as we have them, as `save` would keep them."""
    return _news(openings, _rows(session, openings))


def active(session: Session, now: datetime) -> list[Opening]:
    """Return what may be shown at `now`: active and not expired, newest first, then by id."""
    query = select(OpeningRow).where(OpeningRow.is_active, OpeningRow.expires > now)
    by_id = sorted((_opening(row) for row in session.scalars(query)), key=lambda one: one.id)
    return sorted(by_id, key=lambda one: one.published, reverse=True)


def opening(session: Session, id: OpeningId) -> Opening | None:
    """Return one opening, active or not, or None when unknown."""
    row = session.get(OpeningRow, id)
    return None if row is None else _opening(row)


def feed_place(session: Session, url: str) -> FeedCursor:
    """Return how far the feed at `url` has been read."""
    row = session.get(FeedPlaceRow, url)
    if row is None:
        return FeedCursor()
    return FeedCursor(page=row.page, pending=row.pending, quiet_until=row.quiet_until)


def move_feed(session: Session, url: str, *, before: FeedCursor, after: FeedCursor) -> None:
    """Move on, in the transaction that saves what was read in between.

    Raises StoreError when the feed is no longer where its reader began.
    """
    if feed_place(session, url) != before:
        raise StoreError(
            f"{url}: another poll reads this feed at the same time, so this one stopped. "
            "Nothing is lost: let the other one finish."
        )
    session.merge(
        FeedPlaceRow(url=url, page=after.page, pending=after.pending, quiet_until=after.quiet_until)
    )
    session.flush()


def _news(openings: Sequence[Opening], rows: Mapping[OpeningId, OpeningRow]) -> list[Opening]:
    """Return what there is to keep, each once; a withdrawn opening stays as it was withdrawn."""
    states = {one.id: _without_withdrawn(one) for one in openings}
    return [state for id, state in states.items() if _is_news(state, rows.get(id))]


def _is_news(state: Opening, row: OpeningRow | None) -> bool:
    if row is None or not row.is_active:
        return state.is_active
    return state != _opening(row)


def _without_withdrawn(opening: Opening) -> Opening:
    if opening.is_active:
        return opening
    return replace(opening, text="", employer="", requirements=())


def _rows(session: Session, openings: Sequence[Opening]) -> dict[OpeningId, OpeningRow]:
    """Return what we have of these openings."""
    ids = sorted({one.id for one in openings})
    rows: dict[OpeningId, OpeningRow] = {}
    for start in range(0, len(ids), AT_ONCE):
        query = select(OpeningRow).where(OpeningRow.id.in_(ids[start : start + AT_ONCE]))
        rows.update((row.id, row) for row in session.scalars(query))
    return rows


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
