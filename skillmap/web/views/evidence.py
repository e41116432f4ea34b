"""What nobody graded, apart from what was: attested by others, stated by the learner, disputed.

In: attestations, statements, items in question. Out: plain values for templates.
Law: an attestation that does not count comes out only for the learner, who decides about it; what
people wrote comes out isolated.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from skillmap.evidence import exercise_of
from skillmap.model import (
    Attestation,
    AttestationId,
    Course,
    Item,
    ItemId,
    SkillId,
    Statement,
    StatementId,
)
from skillmap.web.words import Words, isolated
from skillmap.workflows.evidence import Evidence

__all__ = [
    "AttestedRow",
    "Choice",
    "OtherEvidence",
    "StatedRow",
    "attested_rows",
    "disputed_lines",
    "disputed_titles",
    "level_choices",
    "other_evidence",
    "short_attested",
    "short_stated",
    "skill_choices",
    "source_choices",
    "stated_facts",
]

MAX_LINES = 2  # of each kind on the brief: it is one page
MAX_FACTS = 2  # in such a line
_SOURCES = {
    "work": "stated.source.work",
    "study": "stated.source.study",
    "cv": "stated.source.cv",
    "self": "stated.source.self",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestedRow:
    """What one person saw: in their words, with the level they name and the day."""

    id: AttestationId
    skill: str
    level: Markup
    by: Markup
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedRow:
    """What the learner says of one skill. facts: source, years, last use, own level."""

    id: StatementId
    skill: str
    facts: tuple[Markup, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherEvidence:
    """What stands beside the graded skill picture, each kind apart."""

    attested: tuple[AttestedRow, ...]
    stated: tuple[StatedRow, ...]
    disputed: tuple[Markup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of a form."""

    value: str
    name: str


def other_evidence(evidence: Evidence, course: Course, words: Words) -> OtherEvidence:
    """Lay out what others attested, what the learner states, and which grades are in question."""
    in_question = [one.response.item for one in evidence.graded if one.is_disputed]
    return OtherEvidence(
        attested=attested_rows(evidence.attested, words),
        stated=tuple(_stated(one, words) for one in evidence.stated),
        disputed=disputed_lines(in_question, course, words),
    )


def attested_rows(attestations: Iterable[Attestation], words: Words) -> tuple[AttestedRow, ...]:
    """Lay out attestations in the order given."""
    return tuple(
        AttestedRow(
            id=one.id,
            skill=words.skill(one.skill),
            level=words.say("attested.level", level=words.level(one.level)),
            by=words.say(
                "attested.by",
                name=isolated(one.witness.name),
                role=isolated(one.witness.role),
                when=words.date(one.seen_on),
            ),
            words=one.words,
        )
        for one in attestations
    )


def disputed_lines(items: Collection[ItemId], course: Course, words: Words) -> tuple[Markup, ...]:
    """Name each exercise in question with the skills that its grade speaks for."""
    return tuple(_disputed(group, words) for group in _exercises(items, course))


def disputed_titles(items: Collection[ItemId], course: Course, words: Words) -> list[Markup]:
    """Name each exercise in question."""
    return [words.named(words.item(group[0].id)) for group in _exercises(items, course)]


def short_attested(attestations: Sequence[Attestation], words: Words) -> tuple[Markup, ...]:
    """Say the newest attestations in a line each, without the words of the witness."""
    return tuple(
        words.say(
            "attested.short",
            skill=words.named(words.skill(one.skill)),
            level=words.level(one.level),
            name=isolated(one.witness.name),
            when=words.date(one.seen_on),
        )
        for one in attestations[:MAX_LINES]
    )


def short_stated(
    statements: Sequence[Statement], words: Words, *, first: Collection[SkillId]
) -> tuple[Markup, ...]:
    """Say statements in a line each, skills in `first` before others; the words stay away."""
    ordered = sorted(statements, key=lambda one: one.skill not in first)
    return tuple(_short(one, words) for one in ordered[:MAX_LINES])


def skill_choices(course: Course, words: Words) -> list[Choice]:
    """All skills of the catalogue, by name."""
    found = [Choice(value=one, name=words.skill(one)) for one in course.skills]
    return sorted(found, key=lambda one: one.name.casefold())


def level_choices(course: Course, words: Words) -> list[Choice]:
    """The levels of the catalogue, lowest first."""
    by_cut = sorted(course.levels, key=lambda one: one.cut)
    return [Choice(value=one.id, name=words.level(one.id)) for one in by_cut]


def source_choices(words: Words) -> list[Choice]:
    """Where a statement may come from."""
    return [Choice(value=source, name=words.say(key)) for source, key in _SOURCES.items()]


def _exercises(items: Collection[ItemId], course: Course) -> list[list[Item]]:
    """The items that the course knows, together when they judge one exercise."""
    known = [course.items[one] for one in items if one in course.items]
    by_exercise = sorted(known, key=lambda one: (*exercise_of(one), one.id))
    return [list(group) for _, group in groupby(by_exercise, key=exercise_of)]


def _disputed(items: Sequence[Item], words: Words) -> Markup:
    skills = dict.fromkeys(words.skill(skill) for item in items for skill in item.skills)
    title = words.named(words.item(items[0].id))
    if not skills:
        return words.say("disputed.item", item=title)
    return words.say("disputed.item_for", item=title, skills=words.listed(skills))


def stated_facts(one: Statement, words: Words) -> tuple[Markup, ...]:
    """Say where a statement comes from, years, last use and own level."""
    return (words.say(_SOURCES[one.source]), *_facts(one, words))


def _stated(one: Statement, words: Words) -> StatedRow:
    facts = stated_facts(one, words)
    return StatedRow(id=one.id, skill=words.skill(one.skill), facts=facts, text=one.text)


def _short(one: Statement, words: Words) -> Markup:
    facts = (_facts(one, words) or (words.say(_SOURCES[one.source]),))[:MAX_FACTS]
    skill = words.named(words.skill(one.skill))
    return words.say("stated.short", skill=skill, facts=Markup(", ").join(facts))


def _facts(one: Statement, words: Words) -> tuple[Markup, ...]:
    """Years, last use and own level, as far as the learner gave them."""
    facts = []
    if one.years is not None:
        n = 1 if one.years == 1 else 2
        facts.append(words.count("stated.years", n, years=words.number(one.years)))
    if one.last_used is not None:
        facts.append(words.say("stated.last_used", year=one.last_used))
    if one.level is not None:
        facts.append(words.say("stated.level", level=words.level(one.level)))
    return tuple(facts)
