"""Openings held next to one learner, for the pages of the learner and of the mentor.

Law: without graded work nothing is near, for the order would follow languages alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skillmap.matching import match_openings
from skillmap.model import JobMatch, Learner, Opening, OpeningId, Response, SkillProfile
from skillmap.store import attestations, openings, statements
from skillmap.web.desk import Call

__all__ = ["Nearness", "compare_openings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearness:
    """The active openings, and the learner's matches with them, nearest first."""

    openings: Mapping[OpeningId, Opening]
    matches: Sequence[JobMatch]


def compare_openings(
    call: Call,
    learner: Learner,
    profile: SkillProfile | None,
    answers: Sequence[Response],
) -> Nearness:
    """Compare all active openings with a learner; profile and answers are the learner's."""
    active = {one.id: one for one in openings.active(call.session, call.now)}
    if profile is None or not answers:
        return Nearness(openings=active, matches=())
    matches = match_openings(
        learner=learner,
        profile=profile,
        openings=list(active.values()),
        course=call.desk.course,
        responses=answers,
        required_level=call.desk.required_level,
        attested=attestations.counting(call.session, learner.id),
        stated=statements.standing(call.session, learner.id),
    )
    return Nearness(openings=active, matches=matches)
