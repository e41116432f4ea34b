"""Keep what an estimate was made from, and bring it back as a ledger that can be solved again.

In: an explanation of a fitted model. Out: a Basis for the profile; from a profile, a Ledger.
Law: start, practice and the pulls of the answers give the shown value, with no other numbers.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from math import inf

import numpy as np

from skillmap.estimation.belief import Belief
from skillmap.estimation.explain import Explanation
from skillmap.estimation.ledger import Ledger
from skillmap.estimation.prior import AbilityPrior, Memory
from skillmap.evidence import SECONDS_PER_DAY, moments
from skillmap.model import Basis, Lasting, Response, SkillId, SkillProfile, WeighedAnswer
from skillmap.profiles.beliefs import lower_triangle

__all__ = ["basis_of", "ledger_of", "days_of", "end_of"]


def basis_of(explained: Explanation, responses: Sequence[Response], belief: Belief) -> Basis:
    """Keep a learner's ledger. responses: those of `explained.rows`, in that order."""
    ledger = explained.ledger
    return Basis(
        general=_lasting(ledger.ability.level),
        form=_lasting(ledger.ability.form),
        skill=_lasting(ledger.ability.skill),
        answers=tuple(
            _weighed(ledger, place, one, belief.skills) for place, one in enumerate(responses)
        ),
        covariance=lower_triangle(belief.reference()[1]),
    )


def ledger_of(profile: SkillProfile, basis: Basis) -> Ledger:
    """Bring back the ledger that a profile was made from."""
    skills = [line.skill for line in profile.lines]
    answers = basis.answers
    days = np.array([days_of(one.submitted_at) for one in answers])
    return Ledger(
        ability=AbilityPrior(
            level=_memory(basis.general), form=_memory(basis.form), skill=_memory(basis.skill)
        ),
        base=np.array([one.base for one in answers]),
        slope=np.array([one.slope for one in answers]),
        weight=np.array([one.weight for one in answers]),
        fraction=np.array([one.fraction for one in answers]),
        moment=moments(np.zeros(len(answers), dtype=np.int64), days).astype(np.float64),
        days=days,
        q=np.array([[one.shares.get(skill, 0.0) for skill in skills] for one in answers]).reshape(
            len(answers), len(skills)
        ),
        pull=np.array([one.pull for one in answers]),
    )


def end_of(day: date) -> datetime:
    """The first moment after a day, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def days_of(when: datetime) -> float:
    """Days from 1970-01-01, as estimation counts them."""
    return when.timestamp() / SECONDS_PER_DAY


def _weighed(
    ledger: Ledger, place: int, response: Response, skills: Sequence[SkillId]
) -> WeighedAnswer:
    shares = zip(skills, ledger.q[place].tolist(), strict=True)
    return WeighedAnswer(
        item=response.item,
        attempt=response.attempt,
        submitted_at=response.submitted_at,
        fraction=response.fraction,
        weight=float(ledger.weight[place]),
        base=float(ledger.base[place]),
        slope=float(ledger.slope[place]),
        shares={skill: share for skill, share in shares if share > 0},
        pull=float(ledger.pull[place]),
    )


def _lasting(memory: Memory) -> Lasting:
    return Lasting(sd=memory.sd, per_moment=1 / memory.steps, per_day=1 / memory.days)


def _memory(kept: Lasting) -> Memory:
    return Memory(
        sd=kept.sd,
        steps=1 / kept.per_moment if kept.per_moment else inf,
        days=1 / kept.per_day if kept.per_day else inf,
    )
