"""Draft the pairings of a cohort; a named person publishes them."""

from skillmap.errors import MatchingError
from skillmap.matching import plan_pairings
from skillmap.model import Pairing, PairingPlan, PersonId
from skillmap.ports import Clock
from skillmap.store import Session, pairings, people, profiles
from skillmap.workflows.programme import Programme

__all__ = ["draft_pairings", "publish_pairings", "stored_draft"]


def draft_pairings(programme: Programme, *, clock: Clock, keep: bool = True) -> PairingPlan:
    """Pair all learners and mentors; running pairs stay. `keep` stores the plan as the draft."""
    with programme.database.begin() as session:
        learners = people.learners(session)
        found = {learner.id: profiles.latest(session, learner.id) for learner in learners}
        plan = plan_pairings(
            learners=learners,
            mentors=people.mentors(session),
            profiles={who: profile for who, profile in found.items() if profile is not None},
            exclusions=people.exclusions(session),
            running=_still_here(session),
            course=programme.course,
        )
        if keep:
            pairings.save_draft(session, plan, clock())
    return plan


def stored_draft(programme: Programme) -> PairingPlan:
    """Return the draft that waits for a coordinator. Raises MatchingError when there is none."""
    with programme.database.begin(is_read_only=True) as session:
        plan = pairings.draft(session)
    if plan is None:
        raise MatchingError("There is no draft of pairings. Make one first: skillmap pair")
    return plan


def publish_pairings(programme: Programme, *, by: PersonId, clock: Clock) -> int:
    """Make the draft valid, in the name of a coordinator; return the number of pairings."""
    with programme.database.begin() as session:
        return pairings.publish(session, by=by, at=clock())


def _still_here(session: Session) -> list[Pairing]:
    """Published pairings of people who are still in the register."""
    learners = {learner.id for learner in people.learners(session)}
    mentors = {mentor.id for mentor in people.mentors(session)}
    running = pairings.published(session)
    return [pair for pair in running if pair.learner in learners and pair.mentor in mentors]
