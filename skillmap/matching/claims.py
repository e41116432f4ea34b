"""Find what nobody graded and yet speaks for a skill.

In: attestations and statements, a learner, the level asked for. Out: for each skill the attestation
that reaches the level, and the skills that the learner says they have at it.
Law: without the learner's consent an attestation does not count; those of other learners are passed
over; a level that the catalogue does not know reaches nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from skillmap.model import Attestation, Course, LearnerId, Level, SkillId, Statement

__all__ = ["Claims", "claims_at"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """attested: the newest attestation of each skill that reaches the level asked for."""

    attested: Mapping[SkillId, Attestation] = field(default_factory=dict)
    stated: frozenset[SkillId] = frozenset()


def claims_at(
    level: Level,
    *,
    learner: LearnerId,
    course: Course,
    attested: Sequence[Attestation],
    stated: Sequence[Statement],
) -> Claims:
    """Choose what reaches `level`; a statement without a level claims it."""
    reaching = {one.id for one in course.levels if one.cut >= level.cut}
    seen = [
        one for one in attested if one.learner == learner and one.counts and one.level in reaching
    ]
    said = [one for one in stated if one.learner == learner and one.stands]
    return Claims(
        attested={one.skill: one for one in sorted(seen, key=lambda one: (one.seen_on, one.id))},
        stated=frozenset(one.skill for one in said if one.level is None or one.level in reaching),
    )
