"""Take one number of a profile apart, so that a learner or a mentor can check it.

In: a profile and a skill. Out: a SkillExplanation.
Laws: start, practice and contributions add up to the shown value; nothing is read but the profile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from skillmap.errors import EvidenceError, did_you_mean
from skillmap.estimation import expected_success
from skillmap.estimation.ledger import Ledger
from skillmap.estimation.stated import stated_prior
from skillmap.model import (
    Basis,
    ItemId,
    LearnerId,
    Level,
    SkillId,
    SkillLine,
    SkillProfile,
    Statement,
)
from skillmap.profiles.basis import days_of, end_of, ledger_of

__all__ = ["Contribution", "Fading", "SkillExplanation", "explain_skill", "fading_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one answer moved, in logits.

    is_own: whether the item shows this skill; else the answer moves it by way of what all skills of
    the learner have in common. expected: the fraction expected of the learner, this answer known.
    without: what the estimate would be if this answer said nothing; only for own answers.
    """

    item: ItemId
    attempt: int
    submitted_at: datetime
    fraction: float
    expected: float
    is_own: bool
    moved: float
    without: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fading:
    """What time did to an estimate since the skill was last shown.

    left: share of what the skill has of its own, 1 on the day it was shown. moved: logits that the
    estimate went since, towards what all skills of the learner have in common. sd_then, sd: doubt
    on that day and now, items as they are.
    """

    since: datetime
    left: float
    moved: float
    sd_then: float
    sd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillExplanation:
    """The summands of `value`, logits of the reference exercise, in the order of time.

    stated: probability with what the learner states as the start; None without a statement. It is
    never part of the value.
    """

    learner: LearnerId
    skill: SkillId
    as_of: date
    start: float
    practice: float
    contributions: tuple[Contribution, ...]
    value: float
    sd: float
    fading: Fading | None
    stated: float | None


def explain_skill(
    profile: SkillProfile,
    skill: SkillId,
    *,
    statements: Sequence[Statement] = (),
    levels: Sequence[Level] = (),
) -> SkillExplanation:
    """Take the estimate of one skill apart.

    statements: of the learner; those on other skills are passed over. Raises EvidenceError for a
    skill that the profile does not have, and for a profile without a basis.
    """
    place, line = _find(profile, skill)
    basis, day = _checkable(profile)
    ledger, as_of = ledger_of(profile, basis), days_of(end_of(day))
    about = [one for one in statements if one.skill == skill]
    return SkillExplanation(
        learner=profile.learner,
        skill=skill,
        as_of=day,
        start=line.start,
        practice=line.practice,
        contributions=_contributions(ledger, basis, line, place, as_of),
        value=line.estimate.logit,
        sd=line.estimate.sd,
        fading=_fading(ledger, line, place, as_of),
        stated=_with_stated(ledger, line, place, as_of, about, levels, day),
    )


def fading_of(profile: SkillProfile) -> dict[SkillId, float]:
    """Share that time has left of what each tested skill has of its own; empty without a basis."""
    if profile.basis is None or profile.as_of is None:
        return {}
    today, rate = days_of(end_of(profile.as_of)), profile.basis.skill.per_day
    shown = {line.skill: line.estimate.newest for line in profile.lines}
    return {
        skill: float(np.exp(-rate * max(today - days_of(newest), 0.0)))
        for skill, newest in shown.items()
        if newest is not None
    }


def _find(profile: SkillProfile, skill: SkillId) -> tuple[int, SkillLine]:
    for place, line in enumerate(profile.lines):
        if line.skill == skill:
            return place, line
    known = {line.skill for line in profile.lines}
    raise EvidenceError(
        f"Skill {skill!r}: the profile of {profile.learner!r} has no line for it."
        f"{did_you_mean(skill, known)}"
    )


def _checkable(profile: SkillProfile) -> tuple[Basis, date]:
    if profile.basis is None or profile.as_of is None:
        raise EvidenceError(
            f"The profile of {profile.learner!r} does not keep what it was made from: it is "
            "empty, or an earlier version made it. Renew it with `skillmap profile`."
        )
    return profile.basis, profile.as_of


def _contributions(
    ledger: Ledger, basis: Basis, line: SkillLine, place: int, as_of: float
) -> tuple[Contribution, ...]:
    moved, fixed = ledger.moved(as_of)[:, place], line.start + line.practice
    own = ledger.q[:, place] > 0
    return tuple(
        Contribution(
            item=answer.item,
            attempt=answer.attempt,
            submitted_at=answer.submitted_at,
            fraction=answer.fraction,
            expected=answer.fraction - (answer.pull / answer.weight if answer.weight else 0.0),
            is_own=bool(own[n]),
            moved=float(moved[n]),
            without=fixed + float(ledger.moved_without(n, as_of)[place]) if own[n] else None,
        )
        for n, answer in enumerate(basis.answers)
    )


def _fading(ledger: Ledger, line: SkillLine, place: int, as_of: float) -> Fading | None:
    since = line.estimate.newest
    if since is None:
        return None
    then, rate = days_of(since), 1.0 / ledger.ability.skill.days
    own_now, own_then = (ledger.reach(day)[1 + place] @ ledger.pull for day in (as_of, then))
    return Fading(
        since=since,
        left=float(np.exp(-rate * max(as_of - then, 0.0))),
        moved=float(own_now - own_then),
        sd_then=_sd(ledger, place, then),
        sd=_sd(ledger, place, as_of),
    )


def _sd(ledger: Ledger, place: int, day: float) -> float:
    c = ledger.covariance(day)
    return float(np.sqrt(c[0, 0] + 2 * c[0, 1 + place] + c[1 + place, 1 + place]))


def _with_stated(
    ledger: Ledger,
    line: SkillLine,
    place: int,
    as_of: float,
    about: Sequence[Statement],
    levels: Sequence[Level],
    day: date,
) -> float | None:
    """Start where the statement that says most would have it, and solve again."""
    priors = [stated_prior(one, day, levels=levels) for one in about]
    said = max((one.mean_logit_shift for one in priors), key=abs, default=0.0)
    if said == 0.0:
        return None
    shift = np.zeros(ledger.q.shape[1])
    shift[place] = said
    moved = float(ledger.moved_from(shift, as_of)[place])
    logit = line.start + line.practice + said + moved
    return expected_success(logit, line.estimate.sd)
