"""Profiles, each state they were in.

Law: a profile that equals the latest one is not kept again, and one that is read equals the one
that was saved, to the last bit.
"""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from skillmap.model import LearnerId, SkillProfile
from skillmap.store.schema import ProfileRow

__all__ = ["history", "latest", "save"]


def save(session: Session, profile: SkillProfile, at: datetime) -> bool:
    """Keep a profile; False when it equals the latest one.

    Raises StoreError when a number in it is not finite.
    """
    if latest(session, profile.learner) == profile:
        return False
    session.add(ProfileRow(learner=profile.learner, at=at, profile=profile))
    session.flush()
    return True


def latest(session: Session, learner: LearnerId) -> SkillProfile | None:
    """Return the newest profile of a learner, or None."""
    newest_first = _of(learner).order_by(ProfileRow.at.desc(), ProfileRow.id.desc())
    row = session.scalars(newest_first.limit(1)).first()
    return None if row is None else row.profile


def history(session: Session, learner: LearnerId) -> list[tuple[datetime, SkillProfile]]:
    """Return all profiles of a learner with the time each was made, oldest first."""
    rows = session.scalars(_of(learner).order_by(ProfileRow.at, ProfileRow.id))
    return [(row.at, row.profile) for row in rows]


def _of(learner: LearnerId) -> Select[ProfileRow]:
    return select(ProfileRow).where(ProfileRow.learner == learner)
