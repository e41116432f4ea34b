"""Compare openings with what a learner has shown.

In: a learner, their profile, openings, the course, responses, and what others attested and the
learner states. Out: job matches, best first.
Law: graded or attested evidence alone meets a skill; what is stated is stated, never met; a skill
that was not tested is never missing. Name, municipality and page language of the learner change
nothing.
The score orders openings for one learner. It compares no people and is not for employers.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from skillmap.errors import MatchingError
from skillmap.matching.claims import claims_at
from skillmap.matching.languages import cefr_rank, folded, ranks_by_language
from skillmap.matching.levels import level_asked
from skillmap.matching.practice import next_item, unsolved_items
from skillmap.matching.verdicts import Verdict, judge_skills
from skillmap.model import (
    Attestation,
    Course,
    ItemId,
    JobMatch,
    Learner,
    Opening,
    Reason,
    Requirement,
    RequirementMatch,
    RequirementStatus,
    Response,
    SkillId,
    SkillProfile,
    Statement,
)

__all__ = ["Coverage", "coverage", "match_openings", "one_exercise_away"]

_REQUIRED_WEIGHT, _PREFERRED_WEIGHT = 3, 1
# Not tested is above missing: it may still turn out to be met (ADR 9).
_CREDIT: Mapping[RequirementStatus, float] = {
    "met": 1.0,
    "stated": 0.75,
    "near": 0.5,
    "not_tested": 0.2,
    "missing": 0.0,
}
# Below near: graded work speaks for what is near, and nothing but words for this.
_CREDIT_OF_STATED_SKILL = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Counts of the required requirements by status; they sum to n_required."""

    n_required: int
    n_met: int
    n_near: int
    n_missing: int
    n_not_tested: int
    n_stated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """What one learner brings: verdict and next item of each skill asked for, language ranks."""

    verdicts: Mapping[SkillId, Verdict]
    next_items: Mapping[SkillId, ItemId | None]
    ranks: Mapping[str, int]


def match_openings(
    *,
    learner: Learner,
    profile: SkillProfile,
    openings: Sequence[Opening],
    course: Course,
    responses: Sequence[Response],
    required_level: str | None = None,
    attested: Sequence[Attestation] = (),
    stated: Sequence[Statement] = (),
) -> list[JobMatch]:
    """Compare every opening with the learner, best first; those without requirements come last.

    required_level: id of the level asked for, the middle one by default. What is of other learners
    is passed over, and attestations that do not count. Whether an opening is still active is not
    looked at. Raises MatchingError for a foreign profile, repeated openings and an unknown level.
    """
    _check(learner, profile, openings)
    skills = {
        SkillId(one.ref)
        for opening in openings
        for one in opening.requirements
        if one.kind == "skill"
    }
    level = level_asked(course, required_level)
    claims = claims_at(level, learner=learner.id, course=course, attested=attested, stated=stated)
    standing = _Standing(
        verdicts=judge_skills(skills, profile, course, level, claims),
        next_items=_next_items(skills, profile, course, responses),
        ranks=ranks_by_language(learner.spoken),
    )
    matches = [_job_match(learner, opening, standing) for opening in openings]
    return sorted(matches, key=lambda one: (not one.matches, -one.score, one.opening))


def one_exercise_away(matches: Sequence[JobMatch]) -> list[JobMatch]:
    """Openings that lack one required skill, which is near and has an item to practise."""
    return [match for match in matches if _is_one_away(match)]


def coverage(match: JobMatch) -> Coverage:
    """Count what is required by status; preferred requirements are left out."""
    n = Counter(one.status for one in match.matches if one.requirement.is_required)
    return Coverage(
        n_required=n.total(),
        n_met=n["met"],
        n_near=n["near"],
        n_missing=n["missing"],
        n_not_tested=n["not_tested"],
        n_stated=n["stated"],
    )


def _check(learner: Learner, profile: SkillProfile, openings: Sequence[Opening]) -> None:
    times = Counter(opening.id for opening in openings)
    problems = [f"Opening {one!r} is listed {n} times." for one, n in times.items() if n > 1]
    if profile.learner != learner.id:
        problems.append(f"The profile is of {profile.learner!r}, the learner is {learner.id!r}.")
    if problems:
        raise MatchingError(" ".join(problems))


def _next_items(
    skills: set[SkillId], profile: SkillProfile, course: Course, responses: Sequence[Response]
) -> Mapping[SkillId, ItemId | None]:
    """The item to practise next for each skill, None where the course has none left."""
    unsolved = unsolved_items(course, responses, profile.learner)
    estimates = {line.skill: line.estimate for line in profile.lines}
    return {one: next_item(one, unsolved.get(one, ()), estimates.get(one)) for one in skills}


def _job_match(learner: Learner, opening: Opening, standing: _Standing) -> JobMatch:
    matches = tuple(_compare(one, standing) for one in opening.requirements)
    return JobMatch(learner=learner.id, opening=opening.id, score=_score(matches), matches=matches)


def _compare(requirement: Requirement, standing: _Standing) -> RequirementMatch:
    if requirement.kind == "language":
        # An unreadable or unnamed level asks for B2, independent use at work (ADR 9).
        rank = standing.ranks.get(folded(requirement.ref), -1)
        is_stated = rank >= cefr_rank(requirement.level)
        return RequirementMatch(
            requirement=requirement, status="stated" if is_stated else "missing"
        )
    skill = SkillId(requirement.ref)
    verdict = standing.verdicts[skill]
    return RequirementMatch(
        requirement=requirement,
        status=verdict.status,
        probability=verdict.probability,
        evidence=verdict.evidence,
        closed_by=None if verdict.status == "met" else standing.next_items[skill],
        via=verdict.via,
        reason=_attested_by(verdict.attested) if verdict.attested else None,
    )


def _attested_by(attestation: Attestation) -> Reason:
    witness, day = attestation.witness, attestation.seen_on
    values = {"name": witness.name, "role": witness.role, "day": day.isoformat()}
    return Reason(key="requirement.attested_by", values=values)


def _score(matches: Sequence[RequirementMatch]) -> float:
    """Weighted mean credit in [0, 1], the same for any order; 0 without requirements."""
    weights = [
        _REQUIRED_WEIGHT if one.requirement.is_required else _PREFERRED_WEIGHT for one in matches
    ]
    earned = [w * _credit(one) for w, one in zip(weights, matches, strict=True)]
    return fsum(earned) / sum(weights) if weights else 0.0


def _credit(match: RequirementMatch) -> float:
    if match.status == "stated" and match.requirement.kind == "skill":
        return _CREDIT_OF_STATED_SKILL
    return _CREDIT[match.status]


def _is_held(match: RequirementMatch) -> bool:
    """Met; or stated, where nothing here can test it."""
    is_stated_language = match.status == "stated" and match.requirement.kind == "language"
    return match.status == "met" or is_stated_language


def _is_one_away(match: JobMatch) -> bool:
    lacking = [one for one in match.matches if one.requirement.is_required and not _is_held(one)]
    if len(lacking) != 1:
        return False
    return lacking[0].status == "near" and lacking[0].closed_by is not None
