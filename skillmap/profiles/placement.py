"""A check at the start that lets somebody skip the modules they master.

In: what is believed of anybody, a pool of short items, the modules, later the answers. Out: the
next item, the minutes left, and for each module whether it may be skipped and why.
Law: a check is its plan and its answers, so it can be taken up again anywhere; the same answers
give the same items and verdicts. A module is skipped only with an answer that speaks for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from skillmap.errors import EvidenceError, did_you_mean
from skillmap.estimation.belief import Ask, Belief
from skillmap.model import ItemId, Reason, SkillId
from skillmap.profiles.mastery import probability_of_all

__all__ = [
    "MINUTES",
    "SKIP_FROM",
    "Answer",
    "Candidate",
    "ModuleVerdict",
    "Placement",
    "PlacementPlan",
]

MINUTES = 45.0
# P(masters all skills) from which a module is skipped: at most 5 % of skips are false among
# invented professionals, with 15 items known by their author's mark (benchmarks/skill_choice.py).
SKIP_FROM = 0.88


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """An item of the pool. minutes: what it takes, more than 0, else EvidenceError."""

    item: ItemId
    ask: Ask
    minutes: float

    def __post_init__(self) -> None:
        if not self.minutes > 0:
            raise EvidenceError(f"Item {self.item!r}: {self.minutes} minutes are not more than 0.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was given to one item of the pool; fraction in [0, 1]."""

    item: ItemId
    fraction: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleVerdict:
    """Whether a module may be skipped. probability: that all its skills are mastered."""

    module: str
    is_skipped: bool
    probability: float
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlacementPlan:
    """What a check is made of.

    prior: belief before the first answer. modules: the skills of each, by its id. cut: P(solving a
    reference exercise) from which a skill is mastered. minutes: what the check may take.
    """

    prior: Belief
    pool: Sequence[Candidate]
    modules: Mapping[str, Sequence[SkillId]]
    cut: float
    minutes: float = MINUTES


class Placement:
    """A check under way: the plan with the answers so far; it never changes.

    Raises EvidenceError for an answer to an item outside of the pool, or a second one to an item.
    """

    def __init__(self, plan: PlacementPlan, answers: Sequence[Answer] = ()) -> None:
        self.plan = plan
        self.answers = tuple(answers)
        self._by_item = {one.item: one for one in plan.pool}
        _check(self._by_item, self.answers)
        self.belief = reduce(self._learn, self.answers, plan.prior)

    def after(self, item: ItemId, fraction: float) -> "Placement":
        """Return the check with one more answer."""
        return Placement(self.plan, [*self.answers, Answer(item=item, fraction=fraction)])

    @property
    def minutes_left(self) -> float:
        """What the plan allows, less what the items answered are meant to take."""
        spent = sum(self._by_item[one.item].minutes for one in self.answers)
        return max(self.plan.minutes - spent, 0.0)

    def next_item(self) -> ItemId | None:
        """Choose the item that tells most per minute about modules in doubt; None ends the check.

        A module is in doubt by the sd of the question whether it is mastered: sqrt(P (1 - P)).
        Of equals, the first of the pool.
        """
        asked = {one.item for one in self.answers}
        left = self.minutes_left
        open_now = [one for one in self.plan.pool if one.item not in asked and one.minutes <= left]
        weights = self._weights()
        worth = [weights @ self.belief.expected_drop(one.ask) / one.minutes for one in open_now]
        if not worth or max(worth) <= 0:
            return None
        return open_now[int(np.argmax(np.round(worth, 9)))].item

    def verdicts(self) -> list[ModuleVerdict]:
        """Judge each module of the plan, in its order."""
        return [self._verdict(module, skills) for module, skills in self.plan.modules.items()]

    def _learn(self, belief: Belief, answer: Answer) -> Belief:
        return belief.after(self._by_item[answer.item].ask, answer.fraction)

    def _weights(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Doubt about the modules that ask for each skill, (K,)."""
        place = {skill: k for k, skill in enumerate(self.belief.skills)}
        weights = np.zeros(len(place))
        for skills in self.plan.modules.values():
            chance = probability_of_all(self.belief, skills, self.plan.cut)
            for skill in place.keys() & set(skills):
                weights[place[skill]] += (chance * (1.0 - chance)) ** 0.5
        return weights

    def _verdict(self, module: str, skills: Sequence[SkillId]) -> ModuleVerdict:
        chance = probability_of_all(self.belief, skills, self.plan.cut)
        n_answers = sum(self._speaks_for(one, skills) for one in self.answers)
        is_skipped = chance >= SKIP_FROM and n_answers > 0
        outcome = "skip" if is_skipped else "take" if n_answers else "not_asked"
        values = {"n": n_answers, **self._weakest(skills)} if n_answers else {}
        return ModuleVerdict(
            module=module,
            is_skipped=is_skipped,
            probability=chance,
            reason=Reason(key=f"placement.{outcome}", values=values),
        )

    def _speaks_for(self, answer: Answer, skills: Sequence[SkillId]) -> bool:
        shares = self._by_item[answer.item].ask.loading[1:]
        return any(
            share > 0 and skill in skills
            for share, skill in zip(shares, self.belief.skills, strict=True)
        )

    def _weakest(self, skills: Sequence[SkillId]) -> dict[str, str | int | float]:
        """Name the skill that is least sure to be mastered, if the belief knows any."""
        known = [skill for skill in self.belief.skills if skill in set(skills)]
        if not known:
            return {}
        cut = self.plan.cut
        weakest = min(known, key=lambda skill: probability_of_all(self.belief, [skill], cut))
        return {"skill": weakest}


def _check(pool: Mapping[ItemId, Candidate], answers: Sequence[Answer]) -> None:
    problems = [
        f"Item {one.item!r} is not in the pool of this check.{did_you_mean(one.item, pool)}"
        for one in answers
        if one.item not in pool
    ]
    items = [one.item for one in answers]
    problems += [f"Item {i!r} is answered twice." for i in sorted({*items}) if items.count(i) > 1]
    if problems:
        raise EvidenceError(" ".join(problems))
