"""Find items whose skill tag the answers contradict.

In: a Fitted cohort with its residuals. Out: a TagDoubt for each item that another skill explains.
Law: the tag stands until the answers speak clearly against it. What a learner can do in each skill,
beyond what they can do in general, is taken from their answers to the *other* items, so that no
item speaks for itself. For each other skill a score test asks whether the residuals follow "ability
in it minus ability in the tag". The p-value of an item is that of its best other skill times their
number (Bonferroni); of the items shown at most TAG_RATE are false (Benjamini-Hochberg).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from skillmap.model import ItemId, SkillId
from skillmap.profiles.fit import MIN_ANSWERS, Fitted, Residuals, discoveries

__all__ = ["TAG_RATE", "TagDoubt", "doubt_tags"]

Floats = NDArray[np.float64]

TAG_RATE = 0.1  # of the tags that are doubted may be right: a person reads each of them
MIN_ITEMS = 3  # of a skill; with fewer the ability in it is a guess
OWN_PRECISION = 1 / 0.7**2  # of a skill beyond the general level: the model's prior (ADR 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class TagDoubt:
    """The answers follow `skill`, which is no tag of the item, more than its tags.

    z: how many standard deviations more. p_value: corrected for the number of other skills.
    """

    item: ItemId
    skill: SkillId
    z: float
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Shown:
    """What the answers show of each learner and skill beyond the general level.

    own: (n_learners, n_skills) logits, as the model has them.
    score, precision: (n_learners, n_skills) sums over items, of which one can be taken out.
    """

    own: Floats
    score: Floats
    precision: Floats


def doubt_tags(fitted: Fitted, answers: Sequence[Residuals]) -> list[TagDoubt]:
    """Return the items whose tag the data contradict, in their order; untagged ones have none.

    answers: what `residuals` gives for the same Fitted.
    """
    q = fitted.frame.q
    if not answers or not q.size:
        return []
    shown = _sum_up(fitted, answers)
    known = np.flatnonzero((q > 0).sum(axis=0) >= MIN_ITEMS)
    tested = [
        _best_other(fitted, shown, answers[i], q[i], [int(k) for k in known if not q[i, k]])
        for i in range(len(answers))
        if len(answers[i].residual) >= MIN_ANSWERS and q[i].any()
    ]
    doubts = [one for one in tested if one is not None]
    found = discoveries([one.p_value for one in doubts], rate=TAG_RATE)
    return [one for one, is_found in zip(doubts, found, strict=True) if is_found]


def _sum_up(fitted: Fitted, answers: Sequence[Residuals]) -> _Shown:
    own = fitted.ability - fitted.ability.mean(axis=1, keepdims=True)
    score, precision = np.zeros_like(own), np.full_like(own, OWN_PRECISION)
    for one, shares in zip(answers, fitted.frame.q, strict=True):
        residual, information = _beyond_level(one, own[one.learner], shares)
        score[one.learner] += residual[:, None] * shares
        precision[one.learner] += information[:, None] * shares**2
    return _Shown(own=own, score=score, precision=precision)


def _beyond_level(one: Residuals, own: Floats, shares: Floats) -> tuple[Floats, Floats]:
    """Residuals and information of one item, (n_answers,), were there the general level alone."""
    observed = one.residual + _success(one.logit)
    expected = _success(one.logit - own @ shares)
    return (observed - expected) / one.dispersion, expected * (1 - expected) / one.dispersion


def _best_other(
    fitted: Fitted, shown: _Shown, one: Residuals, shares: Floats, others: Sequence[int]
) -> TagDoubt | None:
    """Return the other skill that explains the answers best; None when there is none."""
    if not others:
        return None
    own = shown.own[one.learner]
    residual, information = _beyond_level(one, own, shares)
    rest = (shown.score[one.learner] - residual[:, None] * shares) / (
        shown.precision[one.learner] - information[:, None] * shares**2
    )
    tags = shares / shares.sum()
    expected = _success(one.logit + (rest - own) @ tags)
    left = one.residual + _success(one.logit) - expected
    scores = [_score(left, expected * (1 - expected), rest[:, k] - rest @ tags) for k in others]
    best = int(np.argmax(scores))
    return TagDoubt(
        item=one.item,
        skill=fitted.frame.skills[others[best]],
        z=scores[best],
        p_value=min(1.0, float(norm.sf(scores[best])) * len(others)),
    )


def _score(residual: Floats, variance: Floats, gap: Floats) -> float:
    """Score test, in standard deviations, of moving the item along `gap`; its easiness is free.

    The variance is taken from the residuals themselves, so that it holds for any dispersion.
    White (1980), Econometrica 48, 817-838.
    """
    level = residual - variance * residual.sum() / variance.sum()
    off = gap - np.average(gap, weights=variance)
    spread = float(np.sqrt((level * off) @ (level * off)))
    return float(level @ off) / spread if spread > 0 else 0.0


def _success(logit: Floats) -> Floats:
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * logit))
