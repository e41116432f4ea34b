"""Grades in question: what a learner asked, what a person answered, what an instructor has to read.

In: disputes, responses, a course. Out: plain values for templates.
Law: what people wrote comes out isolated; a learner's own view names no other learner.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from skillmap.model import Dispute, DisputeId, ItemId, Learner, LearnerId, Response
from skillmap.web.words import Words, isolated

__all__ = [
    "AskedGrade",
    "GradeRow",
    "asked_grades",
    "grade_rows",
    "points_of",
    "question_address",
]

_WORDS = {
    "open": "dispute.state.open",
    "answered": "dispute.state.answered",
    "withdrawn": "dispute.state.withdrawn",
}
_TAGS = {"open": "wait", "answered": "good", "withdrawn": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedGrade:
    """One question of a learner, as they see it; answer and score are None before the answer."""

    id: DisputeId
    title: str
    assignment: str
    asked: Markup
    text: str
    is_open: bool
    word: Markup
    tag: str
    answer: str | None
    answered: Markup | None
    score: Markup | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeRow:
    """One open question, as a line for an instructor."""

    id: DisputeId
    name: str
    title: str
    assignment: str
    asked: str


def question_address(item: ItemId) -> str:
    """Return the address at which a learner questions the grade of an item."""
    return "/learner/dispute/" + "/".join(quote(part, safe="") for part in item.split("/", 2))


def points_of(response: Response, words: Words) -> Markup:
    """Say the points of one item: "1 of 2 points"."""
    return words.say(
        "results.points",
        points=words.number(response.points),
        total=words.number(response.max_points),
    )


def asked_grades(
    disputes: Sequence[Dispute], names: Mapping[str, str], words: Words
) -> list[AskedGrade]:
    """Say what became of a learner's questions; names: of the people who answered."""
    return [_asked(dispute, names, words) for dispute in disputes]


def grade_rows(
    disputes: Sequence[Dispute], learners: Sequence[Learner], words: Words
) -> list[GradeRow]:
    """List open questions in the order given."""
    names: dict[LearnerId, str] = {learner.id: learner.name for learner in learners}
    return [
        GradeRow(
            id=one.id,
            name=names.get(one.learner, one.learner),
            title=words.item(one.item),
            assignment=words.assignment(one.assignment),
            asked=words.day(one.opened_at),
        )
        for one in disputes
    ]


def _asked(one: Dispute, names: Mapping[str, str], words: Words) -> AskedGrade:
    return AskedGrade(
        id=one.id,
        title=words.item(one.item),
        assignment=words.assignment(one.assignment),
        asked=words.say("dispute.asked", when=words.day(one.opened_at)),
        text=one.text,
        is_open=one.state == "open",
        word=words.say(_WORDS[one.state]),
        tag=_TAGS[one.state],
        answer=one.answer,
        answered=_answered(one, names, words),
        score=_score(one, words),
    )


def _answered(one: Dispute, names: Mapping[str, str], words: Words) -> Markup | None:
    if one.answered_by is None or one.answered_at is None:
        return None
    name = isolated(names.get(one.answered_by, one.answered_by))
    return words.say("dispute.answered", name=name, when=words.day(one.answered_at))


def _score(one: Dispute, words: Words) -> Markup | None:
    if one.state != "answered":
        return None
    old = words.number(one.old_score)
    if one.new_score is None:
        return words.say("dispute.score.stays", old=old)
    key = "dispute.score.waits" if one.waits_for_gradebook else "dispute.score.new"
    return words.say(key, old=old, new=words.number(one.new_score))
