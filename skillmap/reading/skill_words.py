"""Find the words of the skill catalogue in a text.

In: the catalogue's labels and aliases; a text. Out: where a skill is named.
Law: the longest name wins; a name is matched on whole words, so that Java is not found in
JavaScript, nor C in C#; inflected and compounded words ("Python-utvikler", "dataanalysen") count.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from skillmap.model import Skill, SkillId

__all__ = ["Found", "SkillWords"]

_TOKEN = re.compile(r"(?<![\w.])\.net(?!\w)|[^\W_]+(?:\+\+|#)?", re.IGNORECASE)
_GAPS = frozenset({"", " ", "-", "‑", "–", "/", ".", "&", " / ", " & ", " - ", " – "})
# Words of every day that are also names of products: in small letters they are not the product.
_EVERYDAY = re.compile(
    "access|angular|basic|beam|chef|dart|excel|express|flask|go|hive|lean|less|next|node|oracle"
    "|pages|power|puppet|react|rest|ruby|rust|salt|sass|scratch|spark|spring|swift|teams|vue|words?"
)
# After these an everyday word is no product: "Go to", "Access to", "Excel at".
_AFTER_VERB = re.compile("to|at|on|of|in|the|for|your|our|across|beyond|up|out|ahead")
_MIN_STEM = 5
_ENDINGS = ("ene", "ane", "ens", "en", "et", "er", "ar", "ns", "e", "n", "r", "s")
_TAIL = re.compile(
    "(?:utvikler|utviklere|utviklar|utvikling|programmering|programmerer|kompetanse|erfaring|kode"
    "|kunnskaper|kunnskap|ferdigheter|ferdighet|skript|verktøy|basert|miljø|plattform)$"
)
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """text[start:end] names these skills."""

    start: int
    end: int
    skills: tuple[SkillId, ...]


class SkillWords:
    """An index of names by their tokens, made once for many texts."""

    def __init__(self, skills: Mapping[SkillId, Skill]) -> None:
        self._names: dict[Key, dict[SkillId, None]] = {}
        self._exact: dict[Key, set[str]] = {}
        for skill in skills.values():
            for name in (*skill.labels.values(), *skill.aliases):
                self._add(name, skill.id)
        self._longest = max(map(len, self._names), default=0)

    def find(self, text: str) -> Iterator[Found]:
        """Yield every place where a skill is named, from left to right, longest name first."""
        tokens = list(_TOKEN.finditer(text))
        place = 0
        while place < len(tokens):
            found = self._at(text, tokens, place)
            yield from found
            # "C#/.NET" may be one name, but it also names what stands on each side of the slash.
            is_whole = found and "/" not in text[found[0].start : found[0].end]
            place += 1
            while is_whole and place < len(tokens) and tokens[place].start() < found[0].end:
                place += 1

    def _add(self, name: str, skill: SkillId) -> None:
        key = tuple(match[0].casefold() for match in _TOKEN.finditer(name))
        if not key:
            return
        for one in {key, ("".join(key),)}:
            self._names.setdefault(one, {})[skill] = None
            self._exact.setdefault(one, set()).add(name)

    def _at(self, text: str, tokens: Sequence[re.Match[str]], place: int) -> list[Found]:
        """The longest name that begins here, and below a slash the next longest."""
        found = []
        for n_tokens in range(self._run(text, tokens, place), 0, -1):
            key = self._key(tokens[place : place + n_tokens])
            if key is None or not self._is_meant(text, tokens, place, n_tokens):
                continue
            start, end = tokens[place].start(), tokens[place + n_tokens - 1].end()
            found.append(Found(start=start, end=end, skills=tuple(self._names[key])))
            if "/" not in text[start:end]:
                break
        return found

    def _run(self, text: str, tokens: Sequence[re.Match[str]], place: int) -> int:
        """How many tokens from here hang together and might be one name."""
        n = 1
        while (
            n < self._longest
            and place + n < len(tokens)
            and text[tokens[place + n - 1].end() : tokens[place + n].start()] in _GAPS
        ):
            n += 1
        return n

    def _key(self, tokens: Sequence[re.Match[str]]) -> Key | None:
        *head, last = (match[0].casefold() for match in tokens)
        for ending in _stems(last):
            key = (*head, ending)
            if key in self._names:
                return key
        return None

    def _is_meant(
        self, text: str, tokens: Sequence[re.Match[str]], place: int, n_tokens: int
    ) -> bool:
        """Whether a word that is also an everyday word, or very short, is meant as a name."""
        if n_tokens > 1:
            return True
        word = tokens[place][0]
        if _EVERYDAY.fullmatch(word.casefold()):
            following = tokens[place + 1][0] if place + 1 < len(tokens) else ""
            if word.islower() or _AFTER_VERB.fullmatch(following):
                return False
        return len(word) > 2 or not word.isalpha() or self._is_short_name(text, tokens[place])

    def _is_short_name(self, text: str, token: re.Match[str]) -> bool:
        """One or two letters: as the catalogue writes them, and not part of "R&D" or "C'est"."""
        around = text[max(token.start() - 1, 0) : token.start()] + text[token.end() :][:1]
        is_exact = token[0] in self._exact[(token[0].casefold(),)]
        return is_exact and not set(around) & set("&.'’+")


def _stems(word: str) -> Iterator[str]:
    """The word itself, then without what Norwegian and English put at its end."""
    yield word
    if (tail := _TAIL.search(word)) and tail.start() > 2:
        yield word[: tail.start()]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _MIN_STEM:
            yield word.removesuffix(ending)
