"""Turn responses into skill profiles: an estimate, a standing and the items that speak for it.

In: responses of a whole cohort, the course, the learners who want a profile, the day. Out: one
profile each, with what it was made from.
Laws: a skill without items of a learner is "not tested", whatever the rest of the profile says;
a level is named only with three items and a probability of .8; no total, no rank.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date

from skillmap.estimation import (
    HierarchicalIRT,
    expected_success,
    probability_at_least,
    success_interval,
)
from skillmap.estimation.belief import Belief
from skillmap.estimation.explain import Explanation, explain_all
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
from skillmap.profiles.basis import basis_of, days_of, end_of

__all__ = ["build_profiles", "judge"]

SURE_ENOUGH = 0.8  # probability that the ability reaches the level which is named
ITEMS_FOR_A_LEVEL = 3  # fewer are an early sign, however well they went
SHOWN_ITEMS = 5  # more evidence than this is not read


def build_profiles(
    responses: Sequence[Response],
    course: Course,
    learners: Sequence[LearnerId],
    *,
    as_of: date | None = None,
) -> dict[LearnerId, SkillProfile]:
    """Fit the whole cohort and word the profile of each learner asked for.

    All responses to items of the course count, also those of learners not asked for: they tell
    how hard the items are. What was handed in after `as_of` is not known yet, and left out. A
    profile has a line for each skill that an item of the course shows, in the order of their ids.
    as_of: the day that the estimates hold for, to its end in UTC; the newest response's when None.
    """
    day = as_of or _newest_day(responses)
    frame = build_frame(
        [one for one in responses if day and one.submitted_at < end_of(day)],
        course.items,
        tested_skills(course),
        learners=learners,
    )
    model = HierarchicalIRT().fit(frame, as_of=days_of(end_of(day)) if day else None)
    cohort = _Cohort(
        frame=frame,
        levels=course.levels,
        explained=explain_all(model),
        estimates=_by_learner(model.estimates()),
        beliefs=model.beliefs(),
        solved=_solved_items(frame, course),
        sha256=frame.sha256(),
        as_of=day,
    )
    return {learner: cohort.profile(learner) for learner in learners}


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Cohort:
    """Everything that a fit says, to make profiles from."""

    frame: EvidenceFrame
    levels: Sequence[Level]
    explained: Mapping[LearnerId, Explanation]
    estimates: Mapping[LearnerId, Sequence[SkillEstimate]]
    beliefs: Mapping[LearnerId, Belief]
    solved: Mapping[tuple[LearnerId, SkillId], tuple[ItemId, ...]]
    sha256: str
    as_of: date | None

    def profile(self, learner: LearnerId) -> SkillProfile:
        explained = self.explained[learner]
        answers = [self.frame.responses[row] for row in explained.rows]
        estimates = enumerate(self.estimates.get(learner, ()))
        return SkillProfile(
            learner=learner,
            lines=tuple(self._line(one, explained, place) for place, one in estimates),
            model=HierarchicalIRT.version,
            data_until=max((one.submitted_at for one in answers), default=None),
            data_sha256=self.sha256,
            as_of=self.as_of,
            basis=basis_of(explained, answers, self.beliefs[learner]),
        )

    def _line(self, estimate: SkillEstimate, explained: Explanation, place: int) -> SkillLine:
        shown = replace(estimate, logit=float(explained.value[place]))
        standing, level = judge(shown, self.levels)
        low, high = success_interval(shown)
        return SkillLine(
            estimate=shown,
            standing=standing,
            level=level,
            probability=expected_success(shown.logit, shown.sd),
            low=low,
            high=high,
            evidence=self.solved.get((estimate.learner, estimate.skill), ()),
            start=float(explained.start[place]),
            practice=float(explained.practice[place]),
        )


def _by_learner(estimates: Iterable[SkillEstimate]) -> dict[LearnerId, list[SkillEstimate]]:
    found: dict[LearnerId, list[SkillEstimate]] = {}
    for one in estimates:
        found.setdefault(one.learner, []).append(one)
    return found


def _newest_day(responses: Iterable[Response]) -> date | None:
    newest = max((one.submitted_at for one in responses), default=None)
    return newest.astimezone(UTC).date() if newest else None


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
