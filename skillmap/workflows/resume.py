"""What a learner takes along: their own act, written into their own access log."""

from skillmap.model import Learner, LearnerId, PersonId
from skillmap.ports import Clock
from skillmap.store import access, people
from skillmap.workflows.evidence import Evidence, gather
from skillmap.workflows.programme import Programme
from skillmap.workflows.sightings import seen

__all__ = ["own_copy"]


def own_copy(
    programme: Programme, learner: LearnerId, *, by: PersonId, clock: Clock
) -> tuple[Learner, Evidence]:
    """Read a learner and their evidence for a copy, and log that `by` took it.

    Raises StoreError for an unknown learner.
    """
    with programme.database.begin() as session:
        person = people.learner(session, learner)
        access.record(session, seen(learner, "access.what.resume", by=by, clock=clock))
        return person, gather(session, learner)
