"""Bring openings in, and compare them with one learner's profile."""

from pathlib import Path

from skillmap.catalog import read_openings
from skillmap.matching import match_openings
from skillmap.model import JobMatch, LearnerId, Opening, PersonId
from skillmap.ports import Clock
from skillmap.store import attestations, openings, people, responses, statements
from skillmap.workflows.estimate import profile_of
from skillmap.workflows.programme import Programme

__all__ = ["active_openings", "import_openings", "matches_of"]


def import_openings(
    programme: Programme, path: Path, *, clock: Clock, keep: bool = True
) -> tuple[int, list[str]]:
    """Read a file in the feed's shape; return how many are new or changed, and what was wrong.

    `keep` saves them.
    """
    now = clock()
    read = read_openings(path, fetched_at=now, skills=programme.course.skills)
    with programme.database.begin(is_read_only=not keep) as session:
        if keep:
            return openings.save(session, read.openings, now), list(read.problems)
        return len(openings.unlike(session, read.openings)), list(read.problems)


def active_openings(programme: Programme, *, clock: Clock) -> list[Opening]:
    """Return the openings that may be shown now."""
    with programme.database.begin() as session:
        return openings.active(session, clock())


def matches_of(
    programme: Programme, learner: LearnerId, *, by: PersonId, clock: Clock
) -> list[JobMatch]:
    """Compare all active openings with a learner's newest profile, nearest first.

    The look is logged as one of `by`.
    """
    profile = profile_of(programme, learner, by=by, clock=clock)
    with programme.database.begin() as session:
        return match_openings(
            learner=people.learner(session, learner),
            profile=profile,
            openings=openings.active(session, clock()),
            course=programme.course,
            responses=responses.current(session, learner=learner),
            attested=attestations.counting(session, learner),
            stated=statements.standing(session, learner),
        )
