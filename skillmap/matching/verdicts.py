"""Hold one skill against a profile.

In: a profile, the course, a level, what nobody graded. Out: for each skill asked for, a verdict.
Law: the first that holds is the status: met (own graded evidence, P >= .7, or an attestation at the
level), near (.3 <= P, or an adjacent skill is met), missing (tested, P < .3), stated (the learner
says so, and it was not tested), not_tested. A broader skill is met by its own line only. P is the
probability that the ability reaches the level.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from skillmap.estimation import probability_at_least
from skillmap.matching.claims import Claims
from skillmap.matching.needs import is_tested
from skillmap.model import (
    Attestation,
    Course,
    ItemId,
    Level,
    RequirementStatus,
    SkillId,
    SkillLine,
    SkillProfile,
)

__all__ = ["Verdict", "judge_skills"]

_MET_FROM = 0.7
_NEAR_FROM = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """probability: None when not tested. via: only when near by it.

    evidence, attested: only when met, and one of them: by graded items, else by an attestation.
    """

    status: RequirementStatus
    probability: float | None = None
    evidence: tuple[ItemId, ...] = ()
    via: SkillId | None = None
    attested: Attestation | None = None


def judge_skills(
    skills: Iterable[SkillId],
    profile: SkillProfile,
    course: Course,
    level: Level,
    claims: Claims,
) -> Mapping[SkillId, Verdict]:
    """Verdict of each skill; a skill that the course does not know is not tested."""
    lines = profile.by_skill()
    reached = {
        skill: probability_at_least(line.estimate, level.cut)
        for skill, line in lines.items()
        if is_tested(line)
    }
    graded = {skill for skill in reached if _is_met(skill, lines, reached)}
    neighbours = _neighbours(course)
    return {
        skill: _graded(lines[skill], reached[skill])
        if skill in graded
        else _ungraded(skill, reached, neighbours.get(skill, set()), graded, claims)
        for skill in set(skills)
    }


def _graded(line: SkillLine, probability: float) -> Verdict:
    return Verdict(status="met", probability=probability, evidence=line.evidence)


def _ungraded(
    skill: SkillId,
    reached: Mapping[SkillId, float],
    neighbours: Collection[SkillId],
    graded: Collection[SkillId],
    claims: Claims,
) -> Verdict:
    """Judge a skill that graded evidence does not meet."""
    probability = reached.get(skill)
    if skill in claims.attested:
        attested = claims.attested[skill]
        return Verdict(status="met", probability=probability, attested=attested)
    if probability is not None and probability >= _NEAR_FROM:
        return Verdict(status="near", probability=probability)
    met = [one for one in neighbours if one in graded or one in claims.attested]
    if met:
        via = min(met, key=lambda one: (-reached.get(one, 0.0), one))
        return Verdict(status="near", probability=probability, via=via)
    if probability is not None:
        return Verdict(status="missing", probability=probability)
    return Verdict(status="stated" if skill in claims.stated else "not_tested")


def _is_met(
    skill: SkillId, lines: Mapping[SkillId, SkillLine], reached: Mapping[SkillId, float]
) -> bool:
    """Likely enough, and with items to name for it."""
    return reached.get(skill, 0.0) >= _MET_FROM and bool(lines[skill].evidence)


def _neighbours(course: Course) -> Mapping[SkillId, set[SkillId]]:
    """Adjacent skills, read in both directions."""
    both: dict[SkillId, set[SkillId]] = {}
    for skill in course.skills.values():
        for other in set(skill.adjacent) - {skill.id}:
            both.setdefault(skill.id, set()).add(other)
            both.setdefault(other, set()).add(skill.id)
    return both
