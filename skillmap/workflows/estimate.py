"""From the response log to a profile of each learner, kept with its history.

Law: a response from the future, or to an item that the course does not have, is left out and named:
it never makes a profile look surer.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date

from skillmap.errors import EvidenceError, did_you_mean
from skillmap.model import ItemId, LearnerId, PersonId, Response, SkillProfile
from skillmap.ports import Clock
from skillmap.profiles import build_profiles, end_of
from skillmap.store import access, people, profiles, responses
from skillmap.workflows.programme import Programme
from skillmap.workflows.sightings import seen

__all__ = ["Renewal", "profile_of", "renew_profiles", "update_profiles"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What became of the profiles. unknown_items: with the number of responses left out."""

    as_of: date
    n_changed: int
    from_future: tuple[Response, ...]
    unknown_items: dict[ItemId, int]

    def problems(self) -> Iterator[str]:
        """Say in a sentence each what was left out, why, and what to do."""
        for one in self.from_future:
            yield (
                f"{one.learner} at {one.item}, attempt {one.attempt}: handed in at "
                f"{one.submitted_at.isoformat()}, after {self.as_of}. It is left out until "
                "then; look at the clock of the machine that took it in."
            )
        for item, n in self.unknown_items.items():
            yield (
                f"{item}: the course has no such item, so {n} responses to it are left out. "
                "Bring the item back, or let them rest."
            )


def update_profiles(programme: Programme, *, clock: Clock) -> int:
    """Estimate the cohort and all who answered; return how many profiles changed."""
    return renew_profiles(programme, clock=clock).n_changed


def renew_profiles(programme: Programme, *, clock: Clock) -> Renewal:
    """Estimate the cohort and all who answered for today, and say what was left out."""
    today = clock().astimezone(UTC).date()
    with programme.database.begin() as session:
        log = responses.current(session)
        cohort = [learner.id for learner in people.learners(session)]
    learners = sorted({*cohort, *(response.learner for response in log)})
    built = build_profiles(log, programme.course, learners, as_of=today)
    with programme.database.begin() as session:
        n_changed = sum(profiles.save(session, profile, clock()) for profile in built.values())
    unknown = (one.item for one in log if one.item not in programme.course.items)
    return Renewal(
        as_of=today,
        n_changed=n_changed,
        from_future=tuple(one for one in log if one.submitted_at >= end_of(today)),
        unknown_items=dict(sorted(Counter(unknown).items())),
    )


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
