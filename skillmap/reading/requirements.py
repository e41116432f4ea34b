"""Read an ad's requirements: skills and languages, required or preferred, in the ad's own words.

In: an ad as plain text, the skill catalogue. Out: Requirements in the order of the ad.
Law: one Requirement per skill and language, its firmest; its words are a part of what was read,
letter by letter. Nothing is asked that no words ask for: what a firm says of itself is no demand.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from skillmap.model import Requirement, Skill, SkillId
from skillmap.reading.alternatives import joined_groups, offers_a_choice
from skillmap.reading.clauses import Clause, read_clauses
from skillmap.reading.languages import read_languages
from skillmap.reading.plain_text import MAX_CHARS
from skillmap.reading.skill_words import Found, SkillWords

__all__ = ["RequirementReader", "read_requirements"]

_Placed = tuple[int, Requirement]

MAX_WORDS_CHARS = 160  # a quotation for a page: longer ones hide what they are quoted for


def read_requirements(text: str, skills: Mapping[SkillId, Skill]) -> tuple[Requirement, ...]:
    """Read one ad; for many, make a RequirementReader once."""
    return RequirementReader(skills).read(text)


class RequirementReader:
    """Knows the words of a catalogue and reads ads with them."""

    def __init__(self, skills: Mapping[SkillId, Skill]) -> None:
        self._words = SkillWords(skills)

    def read(self, text: str, *, title: str = "") -> tuple[Requirement, ...]:
        """Requirements of an ad. A skill that its title names is required.

        The `words` of each are a part of `text`, or of `title`. Beyond 100,000 characters
        nothing is read.
        """
        text = text[:MAX_CHARS]
        clauses = read_clauses(text)
        return _firmest(
            [
                *self._titled(title),
                *sorted(
                    [*self._skills(text, clauses), *_languages(text, clauses)],
                    key=lambda one: one[0],
                ),
            ]
        )

    def _titled(self, title: str) -> Iterator[_Placed]:
        for found in self._words.find(title):
            for skill in found.skills:
                yield found.start, _requirement(skill, title.strip(), is_required=True)

    def _skills(self, text: str, clauses: Sequence[Clause]) -> Iterator[_Placed]:
        found = list(self._words.find(text))
        for clause, named in _by_clause(found, clauses):
            for group in joined_groups(text, named):
                is_required = clause.stance == "required" and not offers_a_choice(
                    text, group, start=clause.start, end=clause.end
                )
                for one in group:
                    words = _quoted(text, clause, one.start, one.end)
                    for skill in one.skills:
                        yield one.start, _requirement(skill, words, is_required=is_required)


def _by_clause(
    found: Sequence[Found], clauses: Sequence[Clause]
) -> Iterator[tuple[Clause, Sequence[Found]]]:
    """What each clause names, without those that ask for nothing."""
    starts = [clause.start for clause in clauses]
    named = groupby(found, key=lambda one: bisect_right(starts, one.start) - 1)
    for place, group in named:
        if clauses[place].stance not in ("ignored", "waived"):
            yield clauses[place], list(group)


def _requirement(skill: SkillId, words: str, *, is_required: bool) -> Requirement:
    return Requirement(kind="skill", ref=skill, is_required=is_required, words=words)


def _languages(text: str, clauses: Sequence[Clause]) -> Iterator[_Placed]:
    for clause, one in read_languages(text, clauses):
        yield (
            one.start,
            Requirement(
                kind="language",
                ref=one.code,
                is_required=one.is_required,
                words=_quoted(text, clause, one.start, one.end),
                level=one.level,
            ),
        )


def _quoted(text: str, clause: Clause, start: int, end: int) -> str:
    """The clause, or when it is long the whole words around text[start:end]."""
    first, last = clause.start, max(clause.end, end)
    if last - first > MAX_WORDS_CHARS:
        spare = max(MAX_WORDS_CHARS - (end - start), 0) // 2
        first, last = max(first, start - spare), min(last, end + spare)
        first = _word_start(text, first, start, clause.start)
        last = _word_end(text, last, end, max(clause.end, end))
    return text[first:last].strip(" \n\t,;:–—-(")


def _word_start(text: str, first: int, start: int, floor: int) -> int:
    blank = text.find(" ", first, start)
    return first if first == floor else blank + 1 if blank >= 0 else start


def _word_end(text: str, last: int, end: int, ceiling: int) -> int:
    blank = text.rfind(" ", end, last)
    return last if last == ceiling else blank if blank >= 0 else end


def _firmest(found: Iterable[_Placed]) -> tuple[Requirement, ...]:
    """The first of the firmest for each skill and language, where it was first named."""
    best: dict[tuple[str, str], Requirement] = {}
    for _, one in found:
        known = best.setdefault((one.kind, one.ref), one)
        if _firmness(one) > _firmness(known):
            best[one.kind, one.ref] = one
    return tuple(best.values())


def _firmness(one: Requirement) -> tuple[bool, bool]:
    return one.is_required, one.level is not None
