"""Turn responses into skill profiles: an estimate, a standing and the items that speak for it.

In: responses of a whole cohort, the course, the learners who want a profile. Out: one profile each.
Laws: a skill without items of a learner is "not tested", whatever the rest of the profile says;
a level is named only with three items and a probability of .8; no total, no rank.
"""

from collections.abc import Mapping, Sequence

from skillmap.estimation import (
    HierarchicalIRT,
    expected_success,
    probability_at_least,
    success_interval,
)
from skillmap.evidence import EvidenceFrame, build_frame
from skillmap.model import (
    Course,
    ItemId,
    LearnerId,
    Level,
    Response,
    SkillEstimate,
    SkillId,
    SkillLine,
    SkillProfile,
    Standing,
)

__all__ = ["build_profiles", "judge"]

SURE_ENOUGH = 0.8  # probability that the ability reaches the level which is named
ITEMS_FOR_A_LEVEL = 3  # fewer are an early sign, however well they went
SHOWN_ITEMS = 5  # more evidence than this is not read


def build_profiles(
    responses: Sequence[Response], course: Course, learners: Sequence[LearnerId]
) -> dict[LearnerId, SkillProfile]:
    """Fit the whole cohort and word the profile of each learner asked for.

    All responses to items of the course count, also those of learners not asked for: they tell
    how hard the items are. A profile has a line for each skill that an item of the course shows,
    in the order of their ids. `data_until` and `data_sha256` speak of all the responses used.
    """
    frame = build_frame(responses, course.items, tested_skills(course), learners=learners)
    estimates: dict[LearnerId, list[SkillEstimate]] = {learner: [] for learner in frame.learners}
    for estimate in HierarchicalIRT().fit(frame).estimates():
        estimates[estimate.learner].append(estimate)
    solved = _solved_items(frame, course)
    data_sha256 = frame.sha256()
    return {
        learner: SkillProfile(
            learner=learner,
            lines=tuple(
                _line(e, course.levels, solved.get((learner, e.skill), ()))
                for e in estimates[learner]
            ),
            model=HierarchicalIRT.version,
            data_until=frame.newest,
            data_sha256=data_sha256,
        )
        for learner in learners
    }


def tested_skills(course: Course) -> tuple[SkillId, ...]:
    """Skills that at least one item shows, in the order of their ids."""
    return tuple(sorted({skill for item in course.items.values() for skill in item.skills}))


def judge(estimate: SkillEstimate, levels: Sequence[Level]) -> tuple[Standing, str | None]:
    """Word an estimate: its standing, and the level's id when the standing is "at_least"."""
    if estimate.n_items == 0:
        return "not_tested", None
    if estimate.n_items < ITEMS_FOR_A_LEVEL:
        return "early_sign", None
    reached = [
        level for level in levels if probability_at_least(estimate, level.cut) >= SURE_ENOUGH
    ]
    if not reached:
        return "not_enough_evidence", None
    return "at_least", max(reached, key=lambda level: level.cut).id


def _line(
    estimate: SkillEstimate, levels: Sequence[Level], evidence: tuple[ItemId, ...]
) -> SkillLine:
    standing, level = judge(estimate, levels)
    low, high = success_interval(estimate)
    return SkillLine(
        estimate=estimate,
        standing=standing,
        level=level,
        probability=expected_success(estimate.logit, estimate.sd),
        low=low,
        high=high,
        evidence=evidence,
    )


def _solved_items(
    frame: EvidenceFrame, course: Course
) -> Mapping[tuple[LearnerId, SkillId], tuple[ItemId, ...]]:
    """Items that speak for a skill: best fraction times share first, then newest, at most five."""
    best: dict[tuple[LearnerId, ItemId], Response] = {}
    for response in frame.responses:
        key = (response.learner, response.item)
        best[key] = max(best.get(key, response), response, key=_merit)
    ranked: dict[tuple[LearnerId, SkillId], list[tuple[float, float, ItemId]]] = {}
    for (learner, item), response in best.items():
        shares = course.items[item].skills
        for skill, share in shares.items() if response.is_solved else ():
            strength = response.fraction * share / sum(shares.values())
            rank = (-strength, -response.submitted_at.timestamp(), item)
            ranked.setdefault((learner, skill), []).append(rank)
    return {
        key: tuple(item for _, _, item in sorted(ranks)[:SHOWN_ITEMS])
        for key, ranks in ranked.items()
    }


def _merit(response: Response) -> tuple[float, float]:
    return response.fraction, response.submitted_at.timestamp()
