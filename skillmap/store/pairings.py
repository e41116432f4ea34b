"""Pairings: a draft, the decision of a named person, and who has met whom since when.

Law: nothing becomes valid without a coordinator's name, and no pair that is excluded becomes valid
at all; a pair that a later plan leaves out ends, and stays in the history.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from skillmap.errors import AccessError, MatchingError
from skillmap.model import Pairing, PairingPlan, PersonId, Waiting
from skillmap.store import people
from skillmap.store.schema import DraftRow, PairingRow, PublicationRow

__all__ = [
    "PairingSpan",
    "draft",
    "history",
    "publish",
    "published",
    "published_by",
    "save_draft",
    "waiting",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingSpan:
    """A pairing and how long it ran. ended_at: None while it runs."""

    pairing: Pairing
    started_at: datetime
    ended_at: datetime | None


def save_draft(session: Session, plan: PairingPlan, at: datetime) -> int:
    """Replace the draft and return the number of the new one; numbers only grow.

    Raises StoreError when the plan names a learner or mentor who is unknown.
    """
    for pairing in plan.pairings:
        people.learner(session, pairing.learner)
        people.mentor(session, pairing.mentor)
    for one in plan.waiting:
        people.learner(session, one.learner)
    session.execute(delete(DraftRow))
    row = DraftRow(made_at=at, plan=plan)
    session.add(row)
    session.flush()
    return row.id


def draft(session: Session) -> PairingPlan | None:
    """Return the plan that waits for a decision, or None."""
    return session.scalars(select(DraftRow.plan)).one_or_none()


def publish(session: Session, *, by: PersonId, at: datetime) -> int:
    """Make the draft valid in the name of a coordinator; return the number of its pairings.

    A pair that stays keeps its start; its utility and reasons are those of this plan.
    Raises AccessError unless `by` is a coordinator, MatchingError when there is no draft or an
    exclusion was added since it was made.
    """
    _require_coordinator(session, by)
    plan = draft(session)
    if plan is None:
        raise MatchingError("There is no draft to publish. Make one with `skillmap pair` first.")
    _require_no_exclusion(session, plan)
    _apply(session, plan.pairings, at)
    session.add(PublicationRow(by=by, at=at, waiting=plan.waiting))
    session.execute(delete(DraftRow))
    session.flush()
    return len(plan.pairings)


def published(session: Session) -> list[Pairing]:
    """Return the pairings that run now, sorted by learner and mentor."""
    found = [_pairing(row) for row in _running(session)]
    return sorted(found, key=lambda one: (one.learner, one.mentor))


def published_by(session: Session) -> tuple[PersonId, datetime] | None:
    """Return who published last, and when; None before the first time."""
    row = _last_publication(session)
    return None if row is None else (row.by, row.at)


def waiting(session: Session) -> list[Waiting]:
    """Return who has no mentor in the published plan, and why, in the order of the plan."""
    row = _last_publication(session)
    return [] if row is None else list(row.waiting)


def history(session: Session) -> list[PairingSpan]:
    """Return all pairings that ever ran, in the order they began."""
    rows = session.scalars(select(PairingRow).order_by(PairingRow.started_at, PairingRow.id))
    return [
        PairingSpan(pairing=_pairing(row), started_at=row.started_at, ended_at=row.ended_at)
        for row in rows
    ]


def _require_coordinator(session: Session, by: PersonId) -> None:
    person = people.person(session, by)
    if person is None:
        raise AccessError(
            f"Nobody here has the id {by!r}. A coordinator who is known by name must publish."
        )
    if person.role != "coordinator":
        raise AccessError(
            f"{person.name} ({by}) is a {person.role}. Only a coordinator may publish pairings."
        )


def _require_no_exclusion(session: Session, plan: PairingPlan) -> None:
    excluded = {(one.learner, one.mentor) for one in people.exclusions(session)}
    broken = [p for p in plan.pairings if (p.learner, p.mentor) in excluded]
    if broken:
        pairs = ", ".join(f"{p.learner} with {p.mentor}" for p in broken)
        raise MatchingError(
            f"The draft holds pairs that have been excluded since: {pairs}. "
            "Make a new draft with `skillmap pair`."
        )


def _apply(session: Session, pairings: Iterable[Pairing], at: datetime) -> None:
    running = {(row.learner, row.mentor): row for row in _running(session)}
    for pairing in pairings:
        row = running.pop((pairing.learner, pairing.mentor), None)
        if row is None:
            row = PairingRow(
                learner=pairing.learner, mentor=pairing.mentor, started_at=at, ended_why=""
            )
            session.add(row)
        row.utility, row.reasons = pairing.utility, pairing.reasons
        row.chosen_by, row.chosen_why = pairing.chosen_by, pairing.chosen_why
    for row in running.values():
        row.ended_at = at


def _running(session: Session) -> list[PairingRow]:
    return list(session.scalars(select(PairingRow).where(PairingRow.ended_at.is_(None))))


def _last_publication(session: Session) -> PublicationRow | None:
    newest_first = select(PublicationRow).order_by(PublicationRow.id.desc())
    return session.scalars(newest_first.limit(1)).first()


def _pairing(row: PairingRow) -> Pairing:
    return Pairing(
        learner=row.learner,
        mentor=row.mentor,
        utility=row.utility,
        reasons=row.reasons,
        chosen_by=row.chosen_by,
        chosen_why=row.chosen_why,
    )
