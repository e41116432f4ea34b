"""What a learner may do next, and what a mentor or an instructor decides about it.

Law: a decision is kept with who made it and when; only an instructor or the learner's own mentor
decides.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from skillmap.errors import AccessError, EvidenceError, did_you_mean
from skillmap.model import (
    Course,
    ItemId,
    LearnerId,
    Override,
    Person,
    PersonId,
    SkillId,
    SkillProfile,
)
from skillmap.ports import Clock
from skillmap.profiles import (
    Mode,
    NextItem,
    Situation,
    belief_of,
    exposure_rng,
    is_enough_known,
    needs_of_opening,
    needs_of_track,
    next_items,
)
from skillmap.store import Session, openings, overrides, pairings, people, responses
from skillmap.workflows.estimate import profile_of
from skillmap.workflows.programme import Programme

__all__ = [
    "Proposal",
    "decide",
    "may_decide",
    "next_exercises",
    "propose",
    "require_decider",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is proposed to a learner, and in which mode."""

    learner: LearnerId
    mode: Mode
    items: tuple[NextItem, ...]


def propose(
    session: Session,
    course: Course,
    profile: SkillProfile,
    *,
    mode: Mode | None = None,
    needs: Mapping[SkillId, float] | None = None,
    without: Collection[ItemId] = (),
    n: int = 3,
) -> Proposal:
    """Choose for the learner of `profile`.

    mode: None assesses until enough is known, and practises from then on. needs: None takes the
    learner's goals. without: as a `Situation` takes it.
    """
    learner = profile.learner
    situation = Situation(
        learner=learner,
        belief=belief_of(profile),
        course=course,
        responses=responses.current(session, learner=learner),
        overrides=overrides.of_learner(session, learner),
        without=without,
    )
    wanted = dict.fromkeys(_goals(session, learner), 1.0) if needs is None else needs
    chosen = mode or ("practise" if is_enough_known(situation, wanted) else "assess")
    rng = exposure_rng(learner, profile.data_sha256)
    items = next_items(situation, rng=rng, mode=chosen, needs=wanted, n=n)
    return Proposal(learner=learner, mode=chosen, items=tuple(items))


def next_exercises(
    programme: Programme,
    learner: LearnerId,
    *,
    mode: Mode | None = None,
    goal: str | None = None,
    n: int = 3,
    by: PersonId,
    clock: Clock,
) -> Proposal:
    """Choose from the newest profile, and log that `by` saw it.

    goal: id of a skill, a track or an active opening. Raises EvidenceError for another goal, and
    without a profile.
    """
    profile = profile_of(programme, learner, by=by, clock=clock)
    with programme.database.begin(is_read_only=True) as session:
        needs = None if goal is None else _needs(session, programme.course, goal, clock=clock)
        return propose(session, programme.course, profile, mode=mode, needs=needs, n=n)


def may_decide(session: Session, person: Person, learner: LearnerId) -> bool:
    """Whether the person is an instructor, or a mentor whose pairing with the learner stands."""
    pairs = {(pair.mentor, pair.learner) for pair in pairings.published(session)}
    return person.role == "instructor" or (person.id, learner) in pairs


def decide(session: Session, course: Course, decision: Override) -> None:
    """Keep a decision.

    Raises EvidenceError when the course has no such item, StoreError when there is no such learner.
    """
    if decision.item not in course.items:
        raise EvidenceError(
            f"Item {decision.item!r}: the course has none of this name."
            f"{did_you_mean(decision.item, course.items)}"
        )
    people.learner(session, decision.learner)
    overrides.add(session, decision)


def require_decider(programme: Programme, id: PersonId, learner: LearnerId) -> PersonId:
    """Return the id of somebody who may decide; AccessError for anybody else."""
    with programme.database.begin(is_read_only=True) as session:
        person = people.require_known(session, id)
        if not may_decide(session, person, learner):
            raise AccessError(
                f"{id!r} is a {person.role}: only an instructor or the learner's own mentor "
                "chooses for them."
            )
    return id


def _goals(session: Session, learner: LearnerId) -> tuple[SkillId, ...]:
    """Return the goals; somebody who only answered, and is in no register, has none."""
    known = {one.id: one for one in people.learners(session)}
    return tuple(known[learner].goals) if learner in known else ()


def _needs(session: Session, course: Course, goal: str, *, clock: Clock) -> dict[SkillId, float]:
    tracks = {track.id: track for track in course.tracks}
    active = {str(opening.id): opening for opening in openings.active(session, clock())}
    if goal in course.skills:
        return {SkillId(goal): 1.0}
    if goal in tracks:
        return needs_of_track(course, tracks[goal])
    if goal in active:
        return needs_of_opening(active[goal])
    raise EvidenceError(
        f"Goal {goal!r}: there is no skill, track or active opening of this id."
        f"{did_you_mean(goal, {*course.skills, *tracks, *active})}"
    )
