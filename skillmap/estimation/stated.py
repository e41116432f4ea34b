"""What a learner's own statement may move before any work is graded: a weak prior.

In: a statement, a day, the levels of the catalogue. Out: a shift of the prior mean, and its sd.
Law: the shift is never worth more than about three answers to reference exercises, it fades with
the years since the skill was last used, and the sd never falls below the one without a statement:
a profile does not look surer because somebody said something.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, hypot, log

from skillmap.model import Level, Statement

__all__ = ["MAX_SHIFT", "MIN_SD", "StatedPrior", "stated_prior"]

MIN_SD = 0.7  # the spread of one skill around a learner's level, without any statement
# Three right answers to reference exercises move a prior N(0, .7) to the root of
# m / .7^2 = 3 (1 - sigmoid(m)), which is .54; a test solves it.
MAX_SHIFT = 0.54
TRUST = 0.5  # of what people say of themselves; self-assessments and tests correlate at about .3
YEARS_TO_LEARN = 3.0  # after these, two thirds of what years can say is said
HALF_LIFE_YEARS = 5.0  # away from a skill: the normal case of a learner here
DAYS_IN_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPrior:
    """A normal prior of the learner's own deviation in one skill, in logits."""

    mean_logit_shift: float
    sd: float


def stated_prior(statement: Statement, today: date, *, levels: Sequence[Level] = ()) -> StatedPrior:
    """Turn a statement into a prior; one that was taken back, or claims nothing, shifts nothing.

    The claim is the mean of what the years and the level say, each a logit of solving a reference
    exercise. levels: of the catalogue; a level that is not among them says nothing. What may be
    forgotten adds to the sd.
    """
    if not statement.stands:
        return StatedPrior(mean_logit_shift=0.0, sd=MIN_SD)
    claims = [*_claim_of_years(statement), *_claim_of_level(statement, levels)]
    claim = sum(claims) / len(claims) if claims else 0.0
    said = max(-MAX_SHIFT, min(MAX_SHIFT, TRUST * claim))
    kept = said * 0.5 ** (_years_away(statement, today) / HALF_LIFE_YEARS)
    return StatedPrior(mean_logit_shift=kept, sd=hypot(MIN_SD, said - kept))


def _claim_of_years(statement: Statement) -> list[float]:
    """Growing with the years, and levelling off at twice the shift that we allow."""
    if statement.years is None:
        return []
    return [MAX_SHIFT / TRUST * (1 - exp(-statement.years / YEARS_TO_LEARN))]


def _claim_of_level(statement: Statement, levels: Sequence[Level]) -> list[float]:
    return [log(one.cut / (1 - one.cut)) for one in levels if one.id == statement.level]


def _years_away(statement: Statement, today: date) -> float:
    """Years since the end of the year of last use; without one, since it was stated."""
    last = statement.stated_at.date()
    if statement.last_used is not None:
        last = min(last, date(statement.last_used, 12, 31))
    return max(0.0, (today - last).days / DAYS_IN_YEAR)
