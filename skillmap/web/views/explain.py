"""Where the estimate of one skill comes from: words first, then numbers.

In: an Explained. Out: plain values for a page.
Law: every answer is listed, and the numbers are those that were added up; what a learner states is
a figure of its own, beside the estimate and never in it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from skillmap.estimation import expected_success
from skillmap.model import Course, ItemId, SkillProfile
from skillmap.profiles import Contribution, Fading, SkillExplanation
from skillmap.web.views.evidence import OtherEvidence, other_evidence
from skillmap.web.views.skills import FADED_A_LITTLE, SkillRow, skill_row
from skillmap.web.words import Words
from skillmap.workflows.evidence import Evidence
from skillmap.workflows.explain import Explained

__all__ = ["AnswerRow", "ExplainedView", "explained_view"]

HARDLY = 0.05  # logits: a hundredth of a probability


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """One answer: what became of it, in words how it moved the estimate, and by how much."""

    title: str
    when: str
    result: Markup
    said: Markup
    moved: str
    without: Markup | None
    is_disputed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedView:
    """One skill. sums: names and logits that add up to the last of them."""

    row: SkillRow
    as_of: str
    told: Markup
    fading: Markup | None
    stated: Markup | None
    sums: tuple[tuple[Markup, str], ...]
    own: tuple[AnswerRow, ...]
    others: tuple[AnswerRow, ...]
    beside: OtherEvidence


def explained_view(
    explained: Explained,
    profile: SkillProfile,
    course: Course,
    words: Words,
    *,
    is_own: bool,
) -> ExplainedView:
    """Lay out an explanation, for the learner themselves when `is_own`."""
    one, evidence = explained.explanation, explained.evidence
    disputed = {g.response.item for g in evidence.graded if g.is_disputed}
    own = [answer for answer in one.contributions if answer.is_own]
    others = [answer for answer in one.contributions if not answer.is_own]
    return ExplainedView(
        row=skill_row(profile.by_skill()[one.skill], course, words),
        as_of=words.date(one.as_of),
        told=_told(own, words),
        fading=_faded(one.fading, words) if one.fading else None,
        stated=_stated(one.stated, words, is_own=is_own),
        sums=_sums(one, own, others, words),
        own=_rows(own, disputed, one.sd, words),
        others=_rows(others, disputed, one.sd, words),
        beside=_beside(evidence, one, course, words),
    )


def _told(own: Sequence[Contribution], words: Words) -> Markup:
    if not own:
        return words.say("explain.no_answer")
    up = sum(answer.moved >= HARDLY for answer in own)
    down = sum(answer.moved <= -HARDLY for answer in own)
    return words.count("explain.told", len(own), up=up, down=down, hardly=len(own) - up - down)


def _faded(fading: Fading, words: Words) -> Markup:
    when = words.day(fading.since)
    key = "explain.fresh"
    if fading.left < FADED_A_LITTLE:
        key = "explain.faded"
    return words.say(
        key,
        when=when,
        left=round(10 * fading.left),
        moved=words.signed(fading.moved),
        then=words.hundredths(fading.sd_then),
        now=words.hundredths(fading.sd),
    )


def _stated(probability: float | None, words: Words, *, is_own: bool) -> Markup | None:
    if probability is None:
        return None
    key = "explain.stated" if is_own else "explain.stated.other"
    return words.say(key, n=words.number(10 * probability))


def _sums(
    one: SkillExplanation,
    own: Iterable[Contribution],
    others: Iterable[Contribution],
    words: Words,
) -> tuple[tuple[Markup, str], ...]:
    parts = {
        "explain.start": one.start,
        "explain.practice": one.practice,
        "explain.own": sum(answer.moved for answer in own),
        "explain.others": sum(answer.moved for answer in others),
        "explain.sum": one.value,
    }
    return tuple((words.say(key), words.signed(value)) for key, value in parts.items())


def _rows(
    answers: Iterable[Contribution], disputed: set[ItemId], sd: float, words: Words
) -> tuple[AnswerRow, ...]:
    ordered = sorted(answers, key=lambda one: abs(one.moved), reverse=True)
    return tuple(_row(one, disputed, sd, words) for one in ordered)


def _row(one: Contribution, disputed: set[ItemId], sd: float, words: Words) -> AnswerRow:
    key = "explain.up" if one.moved > 0 else "explain.down"
    if abs(one.moved) < HARDLY:
        key = "explain.hardly"
    without = None
    if one.without is not None:
        tenths = words.number(10 * expected_success(one.without, sd))
        without = words.say("explain.without", value=words.signed(one.without), n=tenths)
    return AnswerRow(
        title=words.item(one.item),
        when=words.day(one.submitted_at),
        result=_result(one, words),
        said=words.say(key),
        moved=words.signed(one.moved),
        without=without,
        is_disputed=one.item in disputed,
    )


def _result(one: Contribution, words: Words) -> Markup:
    if one.fraction in (0, 1):
        key = "explain.result.all" if one.fraction else "explain.result.none"
        return words.count(key, one.attempt)
    tenths = words.number(10 * one.fraction)
    return words.count("explain.result.some", one.attempt, tenths=tenths)


def _beside(
    evidence: Evidence, one: SkillExplanation, course: Course, words: Words
) -> OtherEvidence:
    """What nobody graded about this skill alone, and the grades of it that are in question."""
    own = {answer.item for answer in one.contributions if answer.is_own}
    about = Evidence(
        learner=evidence.learner,
        profile=None,
        graded=tuple(g for g in evidence.graded if g.response.item in own),
        attested=tuple(a for a in evidence.attested if a.skill == one.skill),
        stated=tuple(s for s in evidence.stated if s.skill == one.skill),
    )
    return other_evidence(about, course, words)
