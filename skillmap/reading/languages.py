"""Read which languages an ad asks for, how well and how firmly.

In: plain text and its clauses. Out: DemandedLanguages with a CEFR level where words say one.
Law: bokmål, nynorsk and "a Scandinavian language" are all met by Norwegian, "nb"; a word about a
country ("norske kunder", "Norwegian law") or about the application is no demand. Of languages
joined by "or", none alone is required.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from skillmap.reading.alternatives import is_joined, joined_groups, offers_a_choice
from skillmap.reading.clauses import Clause
from skillmap.reading.cues import Stance, is_about_applying

__all__ = ["DemandedLanguage", "read_languages"]

_CODES: Mapping[str, str] = {
    **dict.fromkeys(("norsk", "norwegian", "bokmål", "nynorsk"), "nb"),
    **dict.fromkeys(("skandinavisk", "scandinavian"), "nb"),
    **dict.fromkeys(("engelsk", "english"), "en"),
    **dict.fromkeys(("svensk", "swedish"), "sv"),
    **dict.fromkeys(("dansk", "danish"), "da"),
    **dict.fromkeys(("tysk", "german"), "de"),
    **dict.fromkeys(("fransk", "french"), "fr"),
    **dict.fromkeys(("spansk", "spanish"), "es"),
    **dict.fromkeys(("polsk", "polish"), "pl"),
    **dict.fromkeys(("ukrainsk", "ukrainian"), "uk"),
    **dict.fromkeys(("russisk", "russian"), "ru"),
    **dict.fromkeys(("arabisk", "arabic"), "ar"),
    **dict.fromkeys(("finsk", "finnish"), "fi"),
    **dict.fromkeys(("samisk", "sámi", "sami"), "se"),
}
_SCANDINAVIAN = frozenset({"nb", "sv", "da"})
_NAME = re.compile(
    rf"(?<!\w)({'|'.join(_CODES)})"
    r"(-?(?:kunnskap|kunnskaper|kunnskapar|ferdighet(?:er)?|ferdigheiter|språklig|språkleg"
    r"|talende|talande|speaking|speaker|skills|proficiency))?(?!\w|-(?!\s))",
    re.IGNORECASE,
)
# What may follow the name of a language that is meant as one; another noun makes it a country's.
_FOLLOWERS = re.compile(
    r"\s*(?:$|[,.;:()/!?–—+-]|(?:og|and|or|eller|både|er|is|på|muntlig|munnleg|skriftlig|skriftleg"
    r"|språk\w*|nivå|samt|i|som|godt|god|flytende|flytande|minst|minimum|arbeidsspråk|at|language"
    r"|skills?|on|level|orally|in|to|as|proficiency|fluently|well|knowledge|both|but|men|will|would"
    r"|speakers?|verbally|written|spoken|are|when|is|med|for|with|because|fordi|du|you|tilsvarende|kreves|krevst|trengs"
    r"|tilsvarande|fremstillings\w+|framstillings\w+|formulerings\w+|A[12]|B[12]|C[12])(?!\w))",
    re.IGNORECASE,
)
_SPEECH = re.compile(
    r"språk|kunnskap|munt?lig|munnleg|skriftl|flyt[ea]nde|behersk|meistr|mestr|snakk|forstå|nivå"
    r"|kommuniser|(?:på|kan|treng\w*) (?:norsk|engelsk)|written|spoken|\boral|verbal|speak|fluen"
    r"|proficien|communicat|language|command of|tongue|morsmål|(?:in|need) (?:english|norwegian)"
    r"|native|\b[ABC][12]\b",
    re.IGNORECASE,
)
_CEFR = re.compile(r"(?<!\w)([ABC][12])(?!\w)")
_LEVELS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (level, re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE))
    for level, words in (
        ("C2", r"morsmål(?:snivå)?|native(?: speaker)?|mother tongue"),
        (
            "C1",
            r"flyt[ea]nde|fluent(?:ly)?|fluency|(?:svært|meget|veldig|særs|særleg) go\w+"
            r"|utmerke[td]e?|fremragende|framifrå|excellent|very good|full professional|advanced",
        ),
        ("A2", r"grunnlegg[ea]nde|basic|noe|noko|litt|some|a little"),
        (
            "B2",
            r"god[et]?|godt|good|(?<!as )well(?! as)|solide?|strong|beherske?r?|mestrer?|meistrar?"
            r"|proficien\w+|professional|working|arbeidsspråk\w*|full",
        ),
        ("B1", r"kommunisere?r?|communicate|conversational|forstår?|understand|snakke?r?|speaks?"),
    )
)
_WORKING_LANGUAGE = re.compile(
    r"arbeidsspråk|(?:working|office|company|team) language|language (?:at work|in the office)",
    re.IGNORECASE,
)
_OF_US = re.compile(r"\W*(?:vi|me|we)\s", re.IGNORECASE)
_LEARNING = re.compile(r"(?<!\w)(?:lære|lærer|learn|learning|kurs|course|opplæring)(?!\w)", re.I)
_REACH = 45  # characters before a name in which the words of its level may stand


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandedLanguage:
    """A language at a place of the text. level: CEFR, None when no word says one."""

    code: str
    level: str | None
    is_required: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mention:
    code: str
    start: int
    end: int
    is_compound: bool


def read_languages(
    text: str, clauses: Sequence[Clause]
) -> Iterator[tuple[Clause, DemandedLanguage]]:
    """Yield every demand of a language with its clause, in the order of the text."""
    for clause in clauses:
        mentions = list(_mentions(text, clause))
        if not mentions or is_about_applying(clause.sentence):
            continue
        demanded = [
            DemandedLanguage(
                code=one.code,
                level=level,
                is_required=stance == "required",
                start=one.start,
                end=one.end,
            )
            for one, level in zip(mentions, _levels(text, clause, mentions), strict=True)
            if (stance := _stance(text, clause, one)) in ("required", "preferred")
        ]
        for one in _without_alternatives(text, clause, demanded):
            yield clause, one


def _mentions(text: str, clause: Clause) -> Iterator[_Mention]:
    speaks = _SPEECH.search(clause.sentence) is not None
    is_terse = clause.section in ("required", "preferred") and len(clause.sentence.split()) <= 8
    for match in _NAME.finditer(text, clause.start, clause.end):
        following = text[match.end() : clause.end]
        is_named = bool(match[2]) or (speaks or is_terse) and bool(_FOLLOWERS.match(following))
        if is_named:
            yield _Mention(
                code=_CODES[match[1].lower()],
                start=match.start(),
                end=match.end(),
                is_compound=bool(match[2]),
            )


def _stance(text: str, clause: Clause, mention: _Mention) -> Stance:
    """A working language is a demand wherever it stands; so are words of skill, if not a story."""
    words = text[clause.start : clause.end]
    if clause.stance in ("preferred", "waived", "required"):
        return clause.stance
    if _LEARNING.search(clause.sentence):
        return "ignored"
    if _WORKING_LANGUAGE.search(words):
        return "required"
    if clause.section == "tasks" or _OF_US.match(clause.sentence):
        return "preferred"
    is_graded = _CEFR.search(words) is not None or _level_in(words) is not None
    if clause.section == "other" or not is_graded:
        return "ignored"
    return "required" if mention.is_compound or clause.section == "none" else "preferred"


def _levels(text: str, clause: Clause, mentions: Sequence[_Mention]) -> list[str | None]:
    """The level of each mention; names joined by "and" share what is said of one of them."""
    edges = [clause.start, *(one.end for one in mentions)]
    following = [*(one.start for one in mentions[1:]), clause.end]
    levels = [
        _level_near(text[max(edge, one.start - _REACH) : one.start], text[one.end : end])
        for edge, one, end in zip(edges[:-1], mentions, following, strict=True)
    ]
    gaps = [text[a.end : b.start] for a, b in zip(mentions, mentions[1:], strict=False)]
    for place, gap in enumerate(gaps):
        if levels[place + 1] is None and is_joined(gap):
            levels[place + 1] = levels[place]
    for place, gap in reversed(list(enumerate(gaps))):
        if levels[place] is None and is_joined(gap):
            levels[place] = levels[place + 1]
    return levels


def _level_near(before: str, after: str) -> str | None:
    """A CEFR level behind the name, else before it; else the words before it, else behind."""
    for words in (after, before):
        if named := _CEFR.search(words):
            return named[1]
    level = _level_in(before)
    # "Speaks and writes Norwegian fluently": what stands behind says more than a bare verb before.
    return level if level not in (None, "B1") else _level_in(after) or level


def _level_in(words: str) -> str | None:
    return next((level for level, pattern in _LEVELS if pattern.search(words)), None)


def _without_alternatives(
    text: str, clause: Clause, demanded: Sequence[DemandedLanguage]
) -> Iterator[DemandedLanguage]:
    """Of "Norwegian, Swedish or Danish" keep Norwegian; of "Norwegian or English" require none."""
    for group in joined_groups(text, demanded):
        yield from _settled(text, clause, group)


def _settled(
    text: str, clause: Clause, group: Sequence[DemandedLanguage]
) -> Sequence[DemandedLanguage]:
    if not offers_a_choice(text, group, start=clause.start, end=clause.end):
        return group
    codes = {one.code for one in group}
    if codes <= _SCANDINAVIAN:
        return [one for one in group if one.code == "nb"][:1] or group
    kept = [one for one in group if one.code not in _SCANDINAVIAN - {"nb"} or "nb" not in codes]
    return [replace(one, is_required=False) for one in kept]
