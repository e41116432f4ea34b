"""Tell hidden tests from public ones: in a cell's source, and in the errors that quote it.

In: sources and error outputs. Out: the public text, and whether an error came from a hidden line.
Law: what lies between nbgrader's marks is never part of a public text; an error is public only
when it quotes a public line of its cell and no hidden one.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from skillmap.grading.feedback_text import lines_of, text_of, without_colours

__all__ = ["BEGIN", "END", "HiddenLines", "Region", "find_hidden", "public_error", "split_hidden"]

BEGIN, END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"  # nbgrader's marks, wherever in a line
MIN_WORD_CHARACTERS = 3  # a line such as ")" or "]:" tells nothing and stands everywhere

# IPython quotes lines around the failing one: "      4 x = 1", and "----> 5 assert x" itself.
_QUOTED = re.compile(r"\s*(?P<arrow>-+>)?\s*\d+(?:\s(?P<code>.*))?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A source without its hidden lines, and these."""

    public: str
    hidden: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenLines:
    """The lines of a notebook that stand between the marks, and nowhere else in it."""

    lines: frozenset[str]

    def are_quoted_in(self, text: str) -> bool:
        """Whether one of the lines occurs in a text."""
        return any(line in text for line in self.lines)


def split_hidden(source: str, *, begin: str = BEGIN, end: str = END) -> Region:
    """Take the hidden lines and their marks out; a region that never ends hides the rest."""
    if begin not in source:
        return Region(public=source, hidden=())
    public: list[str] = []
    hidden: list[str] = []
    is_inside = False
    for line in source.splitlines():
        is_inside = is_inside or begin in line
        (hidden if is_inside else public).append(line)
        is_inside = is_inside and end not in line
    return Region(public="\n".join(public).rstrip(), hidden=tuple(hidden))


def find_hidden(regions: Iterable[Region]) -> HiddenLines:
    """Collect the telling hidden lines of a notebook; a line that is public, too, tells nothing."""
    regions = tuple(regions)
    hidden = {line.strip() for region in regions for line in region.hidden}
    if not hidden:
        return HiddenLines(lines=frozenset())
    hidden -= {line.strip() for region in regions for line in region.public.splitlines()}
    return HiddenLines(lines=frozenset(line for line in hidden if _tells(line)))


def public_error(
    error: Mapping[str, Any], region: Region, elsewhere: HiddenLines
) -> dict[str, Any] | None:
    """Return an error of a cell with hidden lines as learners may see it; None when it is hidden.

    Lines around the failing one that are hidden are left out.
    """
    hidden = {line.strip() for line in region.hidden if line.strip()}
    public = {line.strip() for line in region.public.splitlines() if line.strip()}
    kept: list[str] = []
    n_public = 0
    for line in without_colours(lines_of(error.get("traceback"))).splitlines():
        quoted = _QUOTED.match(line)
        code = ((quoted["code"] if quoted else line) or "").strip()
        if quoted and not quoted["arrow"] and code in hidden:
            continue
        if code in hidden or elsewhere.are_quoted_in(line):
            return None
        n_public += code in public
        kept.append(line)
    said = text_of(error.get("evalue"))
    if not n_public or elsewhere.are_quoted_in(said):
        return None
    return {**error, "traceback": ["\n".join(kept)]}


def _tells(line: str) -> bool:
    return sum(character.isalnum() for character in line) >= MIN_WORD_CHARACTERS
