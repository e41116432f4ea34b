"""From the response log to a profile of each learner, kept with its history."""

from skillmap.errors import EvidenceError, did_you_mean
from skillmap.model import LearnerId, PersonId, SkillProfile
from skillmap.ports import Clock
from skillmap.profiles import build_profiles
from skillmap.store import access, people, profiles, responses
from skillmap.workflows.programme import Programme
from skillmap.workflows.sightings import seen

__all__ = ["profile_of", "update_profiles"]


def update_profiles(programme: Programme, *, clock: Clock) -> int:
    """Estimate the cohort and all who answered; return how many profiles changed."""
    with programme.database.begin() as session:
        log = responses.current(session)
        cohort = [learner.id for learner in people.learners(session)]
    learners = sorted({*cohort, *(response.learner for response in log)})
    built = build_profiles(log, programme.course, learners)
    with programme.database.begin() as session:
        return sum(profiles.save(session, profile, clock()) for profile in built.values())


def profile_of(
    programme: Programme, learner: LearnerId, *, by: PersonId, clock: Clock
) -> SkillProfile:
    """Read the newest profile, and log that `by` saw it.

    Raises EvidenceError, with the closest name, when there is none.
    """
    with programme.database.begin() as session:
        profile = profiles.latest(session, learner)
        if profile is not None:
            access.record(session, seen(learner, "access.what.profile", by=by, clock=clock))
            return profile
        known = {
            *(person.id for person in people.learners(session)),
            *(response.learner for response in responses.current(session)),
        }
    hint = "" if learner in known else did_you_mean(learner, known)
    raise EvidenceError(
        f"Learner {learner!r}: there is no profile.{hint} "
        "Profiles are made by `skillmap profile` after `skillmap grade`."
    )
