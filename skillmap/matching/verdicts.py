"""Hold one skill against a profile.

In: a profile, the course, a level. Out: for each skill asked for, a verdict.
Law: the first that holds is the status: met (own graded evidence, P >= .7), near (.3 <= P, or an
adjacent skill is met), missing (tested, P < .3), not_tested. A broader skill is met by its own line
only. P is the probability that the ability reaches the level.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from skillmap.estimation import probability_at_least
from skillmap.matching.needs import is_tested
from skillmap.model import (
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
    """probability: None when not tested. evidence: only when met. via: only when near by it."""

    status: RequirementStatus
    probability: float | None = None
    evidence: tuple[ItemId, ...] = ()
    via: SkillId | None = None


def judge_skills(
    skills: Iterable[SkillId], profile: SkillProfile, course: Course, level: Level
) -> Mapping[SkillId, Verdict]:
    """Verdict of each skill; a skill that the course does not know is not tested."""
    lines = profile.by_skill()
    reached = {
        skill: probability_at_least(line.estimate, level.cut)
        for skill, line in lines.items()
        if is_tested(line)
    }
    neighbours = _neighbours(course)
    return {
        skill: _judge(skill, lines, reached, neighbours.get(skill, frozenset()))
        for skill in set(skills)
    }


def _judge(
    skill: SkillId,
    lines: Mapping[SkillId, SkillLine],
    reached: Mapping[SkillId, float],
    neighbours: Iterable[SkillId],
) -> Verdict:
    probability = reached.get(skill)
    if _is_met(skill, lines, reached):
        evidence = lines[skill].evidence
        return Verdict(status="met", probability=probability, evidence=evidence)
    if probability is not None and probability >= _NEAR_FROM:
        return Verdict(status="near", probability=probability)
    met = [one for one in neighbours if _is_met(one, lines, reached)]
    if met:
        via = min(met, key=lambda one: (-reached[one], one))
        return Verdict(status="near", probability=probability, via=via)
    return Verdict(
        status="not_tested" if probability is None else "missing", probability=probability
    )


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
