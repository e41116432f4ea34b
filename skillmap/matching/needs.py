"""Turn goals and a profile into what a mentor should cover.

In: a learner, their profile, the course. Out: a weight for each skill that they need.
Law: a goal counts in full and more so the less the learner can; a tested skill that is more likely
below the middle level than not is a gap; a skill that was not tested is never a gap.
"""

from collections.abc import Mapping

from skillmap.estimation import probability_at_least
from skillmap.matching.levels import middle_level
from skillmap.model import Course, Learner, Mentor, SkillId, SkillLine, SkillProfile

__all__ = ["covered", "is_tested", "needs_of", "taught"]

_EVEN_ODDS = 0.5  # that a skill nobody has tested lies below the middle level


def is_tested(line: SkillLine | None) -> bool:
    """Whether graded evidence touches the skill of this line."""
    return line is not None and line.standing != "not_tested" and line.estimate.n_responses > 0


def needs_of(
    learner: Learner, profile: SkillProfile | None, course: Course
) -> Mapping[SkillId, float]:
    """Weight of each needed skill: P(below the middle level), and 1 more for a goal."""
    below = _chances_below(profile, course)
    gaps = {skill: chance for skill, chance in below.items() if chance >= _EVEN_ODDS}
    goals = {skill: 1 + below.get(skill, _EVEN_ODDS) for skill in learner.goals}
    return {**gaps, **goals}


def covered(needs: Mapping[SkillId, float], mentor: Mentor, course: Course) -> list[SkillId]:
    """The needs that a mentor teaches, by the skill itself or a broader one; heaviest first."""
    taught_here = [skill for skill in needs if taught(skill, mentor, course)]
    return sorted(taught_here, key=lambda skill: (-needs[skill], skill))


def taught(skill: SkillId, mentor: Mentor, course: Course) -> bool:
    """Whether a mentor teaches a skill or one that it is part of."""
    teaches, seen, up = set(mentor.teaches), set[SkillId](), skill
    while up not in seen:
        if up in teaches:
            return True
        seen.add(up)
        known = course.skills.get(up)
        up = known.broader if known and known.broader else up
    return False


def _chances_below(profile: SkillProfile | None, course: Course) -> dict[SkillId, float]:
    level = middle_level(course)
    if profile is None or level is None:
        return {}
    return {
        line.skill: 1 - probability_at_least(line.estimate, level.cut)
        for line in profile.lines
        if is_tested(line)
    }
