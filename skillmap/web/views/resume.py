"""A learner's own CV as JSON Resume (schema 1.0.0, https://jsonresume.org/schema).

In: a learner and their evidence. Out: a dict of plain values; the same input gives the same one.
Laws: the level is a word, there is no score and no rank, and what was not tested is left out. What
the schema has no field for stands in `x-skillmap`, each entry with the kind of its evidence.
Without a name, neither name, municipality nor languages are in it, and the words of the name are
taken out of what people wrote; whoever writes "my husband Ali" still says who she is.
"""

import re
from collections.abc import Sequence
from typing import Any

from skillmap.model import Attestation, Course, ItemId, Learner, SkillLine, SkillProfile, Statement
from skillmap.web.views.evidence import stated_facts
from skillmap.web.views.skills import standing_word
from skillmap.web.words import Words
from skillmap.workflows.evidence import Evidence

__all__ = ["make_resume"]

SCHEMA = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"
OURS = "x-skillmap"  # what the schema does not know
NAMELESS = "[…]"

Plain = dict[str, Any]


def make_resume(
    learner: Learner, evidence: Evidence, course: Course, words: Words, *, has_name: bool = True
) -> Plain:
    """Lay out what a learner may take along. has_name: False leaves out who it is."""
    resume = {
        "$schema": SCHEMA,
        "basics": _basics(learner) if has_name else {},
        "work": [_work(one, words) for one in evidence.stated if one.source == "work"],
        "education": [_study(one, words) for one in evidence.stated if one.source == "study"],
        "skills": [*_graded(evidence, course, words), *_stated(evidence.stated, words)],
        "languages": _languages(learner, words) if has_name else [],
        "references": [_reference(one, words) for one in evidence.attested],
        "meta": _meta(evidence.profile),
    }
    return resume if has_name else _without(learner.name, resume)


def _basics(learner: Learner) -> Plain:
    place = {"location": {"city": learner.municipality}} if learner.municipality else {}
    return {"name": learner.name, **place}


def _languages(learner: Learner, words: Words) -> list[Plain]:
    return [
        {"language": words.language_name(one.language), "fluency": one.level}
        for one in learner.spoken
    ]


def _work(one: Statement, words: Words) -> Plain:
    return {"position": words.skill(one.skill), **_of_statement(one, words)}


def _study(one: Statement, words: Words) -> Plain:
    said = _of_statement(one, words)
    summary = said.pop("summary", None)
    return {"area": words.skill(one.skill), **said, **({"courses": [summary]} if summary else {})}


def _of_statement(one: Statement, words: Words) -> Plain:
    end = {"endDate": str(one.last_used)} if one.last_used else {}
    summary = {"summary": one.text} if one.text else {}
    facts = [fact.striptags() for fact in stated_facts(one, words)]
    return {**end, **summary, OURS: {"kind": "stated", "facts": facts}}


def _graded(evidence: Evidence, course: Course, words: Words) -> list[Plain]:
    disputed = {one.response.item for one in evidence.graded if one.is_disputed}
    lines = evidence.profile.lines if evidence.profile else ()
    return [_skill(one, disputed, words) for one in lines if one.standing != "not_tested"]


def _skill(line: SkillLine, disputed: set[ItemId], words: Words) -> Plain:
    newest = line.estimate.newest
    return {
        "name": words.skill(line.skill),
        "level": standing_word(line, words).striptags(),
        OURS: {
            "kind": "graded",
            "skill": line.skill,
            "interval90": [round(line.low, 2), round(line.high, 2)],
            "tasks": line.estimate.n_items,
            "lastShown": newest.date().isoformat() if newest else None,
            "evidence": [
                {"task": words.item(item), "inQuestion": item in disputed} for item in line.evidence
            ],
        },
    }


def _stated(stated: Sequence[Statement], words: Words) -> list[Plain]:
    """What is neither work nor study: skills with keywords and without a level."""
    return [
        {
            "name": words.skill(one.skill),
            "keywords": [fact.striptags() for fact in stated_facts(one, words)],
            OURS: {"kind": "stated", "words": one.text},
        }
        for one in stated
        if one.source not in ("work", "study")
    ]


def _reference(one: Attestation, words: Words) -> Plain:
    return {
        "name": one.witness.name,
        "reference": one.words,
        OURS: {
            "kind": "attested",
            "role": one.witness.role,
            "skill": words.skill(one.skill),
            "level": words.level(one.level),
            "seenOn": one.seen_on.isoformat(),
        },
    }


def _meta(profile: SkillProfile | None) -> Plain:
    meta: Plain = {"version": "v1.0.0"}
    if profile is None:
        return meta
    if profile.as_of is not None:
        meta["lastModified"] = profile.as_of.isoformat()
    until = profile.data_until
    meta[OURS] = {
        "model": profile.model,
        "dataUntil": until.date().isoformat() if until else None,
        "dataSha256": profile.data_sha256,
    }
    return meta


def _without(name: str, value: Any) -> Any:
    """Take each word of the name out of all texts."""
    if isinstance(value, dict):
        return {key: _without(name, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without(name, inner) for inner in value]
    if not isinstance(value, str):
        return value
    parts = "|".join(re.escape(part) for part in name.split())
    return re.sub(rf"\b({parts})\b", NAMELESS, value, flags=re.IGNORECASE) if parts else value
