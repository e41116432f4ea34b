"""What a look from the command line leaves in the learner's own access log."""

from skillmap.model import LearnerId, PersonId
from skillmap.ports import Clock
from skillmap.store.access import AccessRecord

__all__ = ["seen"]


def seen(learner: LearnerId, what: str, *, by: PersonId, clock: Clock) -> AccessRecord:
    """Say that `by` saw `what`, a message key, of a learner from the command line."""
    return AccessRecord(
        who=by,
        whom=learner,
        what=what,
        why="access.why.command_line",
        at=clock(),
    )
