"""Cut an ad's text into clauses, each with its stance.

In: plain text. Out: Clauses in the order of the text; together they hold every word of it.
Law: a cue reaches as far as its clause: "Python er et krav, men gjerne Docker" is two.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from skillmap.reading.cues import Section, Stance, section_named, stance_of

__all__ = ["Clause", "read_clauses"]

MAX_HEADING_CHARS = 80
MAX_SENTENCE_CHARS = 1_000  # keeps the work of one sentence small, whatever an ad holds

_ITEM = re.compile(r"\s*(?:[-–—•·*▪●○‣✓✔>]|\d{1,2}[.)])\s+")
_LABEL = re.compile(r"[^:.]{2,60}:\s+(?=\S)")
_SENTENCE_END = re.compile(
    r"(?<!f\.eks\.)(?<!bl\.a\.)(?<!m\.m\.)(?<!e\.g\.)(?<!i\.e\.)(?<!ca\.)(?<!inkl\.)(?<!evt\.)"
    r"(?<!t\.d\.)(?<!etc\.)(?<=[.!?])[)\"»”]?\s+(?=[^\W_a-zæøå]|[(\"«“.#])"
)
_FORWARD = (
    r"(?:gjerne|helst|for eksempel|eksempelvis|ideally|preferably|bonus|such as|for instance"
    r"|for example)\b|f\.eks\.|e\.g\."
)
_CUTS = (
    re.compile(rf"[,(]?\s?(?:\b(?:og|and|samt)\s)?(?=\b(?:{_FORWARD}))", re.IGNORECASE),
    re.compile(r"(?<=\))(?=\s+(?:og|and|samt)\b)|[,\s](?=(?:men|but)\s)|;\s"),
    re.compile(r",\s(?=(?:og|and)\s(?:som|at|who|du|har|you|have)\s)"),
    re.compile(
        r"(?<=\w)\s(?:er|is|are|blir|vil være|would be|will be|teller|counts as|som)\s"
        r"(?:\w+\s){0,2}?(?:fordel|føremon|pluss|krav|plus|advantage|required|requirement|must"
        r"|ønskelig|bonus|påkrevd|nødvendig|mandatory|essential|preferred|desirable)\b"
        r"(?=\s*(?:,|og\b|and\b))",
        re.IGNORECASE,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """text[start:end], with the stance of its words. sentence: the sentence it is part of."""

    start: int
    end: int
    stance: Stance
    section: Section
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    start: int
    end: int
    section: Section
    is_item: bool


def read_clauses(text: str) -> Sequence[Clause]:
    """Cut `text` into clauses; headings open sections that last until the next heading."""
    return [
        Clause(
            start=start,
            end=end,
            stance=stance_of(
                text[start:end], sentence=sentence, section=line.section, is_item=line.is_item
            ),
            section=line.section,
            sentence=sentence,
        )
        for line in _lines(text)
        for first, last in _sentences(text, line.start, line.end)
        for sentence in [text[first:last]]
        for start, end in _cut(text, first, last, _CUTS)
    ]


def _lines(text: str) -> Iterator[_Line]:
    section: Section = "none"
    place = 0
    for line in text.split("\n"):
        start, place = place, place + len(line) + 1
        item = _ITEM.match(line)
        body = line[item.end() :] if item else line
        section = (None if item else _heading(body)) or section
        if body.strip():
            yield _Line(
                start=start + len(line) - len(body),
                end=start + len(line),
                section=_label(body) or section,
                is_item=item is not None,
            )


def _heading(line: str) -> Section | None:
    """The section that this line opens: a short line, or one that ends with a colon."""
    line = line.strip()
    if not line or line.endswith((".", "!", ",")):
        return None
    if len(line) > MAX_HEADING_CHARS * (2 if line.endswith(":") else 1):
        return None
    return section_named(line)


def _label(line: str) -> Section | None:
    """The section of one line that begins with its own heading: "Krav: Python"."""
    label = _LABEL.match(line)
    return section_named(label[0]) if label else None


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for first, last in _cut(text, start, end, [_SENTENCE_END]):
        edges = [*range(first, last, MAX_SENTENCE_CHARS), last]
        yield from pairwise(edges)


def _cut(
    text: str, start: int, end: int, patterns: Sequence[re.Pattern[str]]
) -> Iterator[tuple[int, int]]:
    """Cut text[start:end] after each match; the pieces join without a gap."""
    ends = {match.end() for one in patterns for match in one.finditer(text, start, end)}
    cuts = [start, *sorted(place for place in ends if start < place < end), end]
    yield from pairwise(cuts)
