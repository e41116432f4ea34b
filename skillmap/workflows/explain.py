"""Where a number of a profile comes from, with what nobody graded beside it.

In: a learner and a skill. Out: an Explained, from the newest profile.
Law: whoever is not the learner is written into the learner's access log.
"""

from dataclasses import dataclass

from skillmap.errors import EvidenceError
from skillmap.model import Course, LearnerId, PersonId, SkillId
from skillmap.ports import Clock
from skillmap.profiles import SkillExplanation, explain_skill
from skillmap.store import Session
from skillmap.workflows.estimate import profile_of
from skillmap.workflows.evidence import Evidence, gather
from skillmap.workflows.programme import Programme

__all__ = ["Explained", "explain", "explain_within"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One skill of one learner: what graded work says, and the evidence of all three kinds."""

    explanation: SkillExplanation
    evidence: Evidence


def explain(
    programme: Programme, learner: LearnerId, skill: SkillId, *, by: PersonId, clock: Clock
) -> Explained:
    """Take one estimate of the newest profile apart, and log that `by` saw it.

    Raises EvidenceError without a profile, and as `explain_skill` does.
    """
    profile_of(programme, learner, by=by, clock=clock)
    with programme.database.begin(is_read_only=True) as session:
        return explain_within(session, programme.course, learner, skill)


def explain_within(
    session: Session, course: Course, learner: LearnerId, skill: SkillId
) -> Explained:
    """Take an estimate apart within a transaction; whoever shows it logs the look."""
    evidence = gather(session, learner)
    if evidence.profile is None:
        raise EvidenceError(f"Learner {learner!r}: there is no profile yet.")
    explanation = explain_skill(
        evidence.profile, skill, statements=evidence.stated, levels=course.levels
    )
    return Explained(explanation=explanation, evidence=evidence)
