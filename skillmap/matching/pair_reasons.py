"""Say why a learner got a mentor, or what stands in the way.

In: the table of pairs and who got whom. Out: message keys with values; pages make the words.

pair.language {language}            best language of the two, as the learner states it
pair.evenings {slots, n}            common evenings, in the order of the week
pair.teaches {skill, n}             heaviest need covered, and how many goals and gaps are covered
pair.alternative {mentor, lost}     best other feasible mentor; lost < 0 when it would suit better
pair.only_option {}                 no other mentor is feasible
wait.no_mentors {}, wait.no_slots {}   nobody volunteers; the learner states no evening
wait.language {n}, wait.evening {n}, wait.excluded {n}, wait.full {n}
    Each mentor counts once, at the first of these that shuts them out; all n sum to the mentors.
    The one at which the last mentor is lost comes first, the others follow in this order.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from skillmap.matching.allocation import FORBIDDEN
from skillmap.matching.feasibility import Excluded, common_slots, first_block
from skillmap.matching.languages import shared_language
from skillmap.matching.needs import covered
from skillmap.matching.pair_table import UTILITY_STEPS, PairTable
from skillmap.model import Course, Learner, Mentor, Reason

__all__ = ["pair_reasons", "waiting_causes"]

_FUNNEL = ("language", "evening", "excluded", "full")
_DECIMALS = 3  # utilities are compared by people


def pair_reasons(table: PairTable, row: int, column: int, course: Course) -> tuple[Reason, ...]:
    """Why this learner meets this mentor; the pair must be feasible."""
    learner, mentor = table.learners[row], table.mentors[column]
    slots = common_slots(learner, mentor)
    language = shared_language(learner.spoken, mentor.spoken)
    needs = covered(table.needs[learner.id], mentor, course)
    reasons = [
        Reason(key="pair.language", values={"language": str(language)}),
        Reason(key="pair.evenings", values={"slots": ", ".join(slots), "n": len(slots)}),
    ]
    if needs:
        reasons.append(Reason(key="pair.teaches", values={"skill": needs[0], "n": len(needs)}))
    return (*reasons, _alternative(table, row, column))


def _alternative(table: PairTable, row: int, column: int) -> Reason:
    others = table.utility[row].copy()
    others[column] = FORBIDDEN
    second = int(np.argmax(others))
    if others[second] == FORBIDDEN:
        return Reason(key="pair.only_option")
    lost = int(table.utility[row, column] - others[second]) / UTILITY_STEPS
    return Reason(
        key="pair.alternative",
        values={"mentor": table.mentors[second].id, "lost": round(lost, _DECIMALS)},
    )


def waiting_causes(
    learner: Learner, mentors: Sequence[Mentor], excluded: Excluded
) -> tuple[Reason, ...]:
    """What stands in the way of a learner whom a checked plan leaves waiting."""
    lost = Counter[str](first_block(learner, mentor, excluded) or "full" for mentor in mentors)
    stages = [stage for stage in _FUNNEL if lost[stage]]
    ordered = [*stages[-1:], *stages[:-1]]
    causes = [Reason(key=f"wait.{stage}", values={"n": lost[stage]}) for stage in ordered]
    if not mentors:
        causes.append(Reason(key="wait.no_mentors"))
    return tuple(causes) if learner.slots else _without_slots(causes)


def _without_slots(causes: Sequence[Reason]) -> tuple[Reason, ...]:
    """Say that no evening was stated, instead of that evenings do not fit."""
    none_stated = Reason(key="wait.no_slots")
    if all(cause.key != "wait.evening" for cause in causes):
        return (*causes, none_stated)
    return tuple(none_stated if cause.key == "wait.evening" else cause for cause in causes)
