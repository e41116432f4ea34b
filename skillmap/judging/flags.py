"""What a learner should know of what was done to the cells of a submission, in plain sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from skillmap.judging.wording import printable

__all__ = ["Flag", "FlagKind"]

MAX_SHOWN = 40  # characters of a name in a sentence

FlagKind = Literal[
    "edited", "missing", "duplicate", "extra", "retyped", "repointed", "moved", "recognised"
]
WORDS: Mapping[FlagKind, str] = {
    "edited": "The cell {name} is not yours to change: it was put back as it was handed out.",
    "missing": "The cell {name} was missing: it was put back as it was handed out.",
    "duplicate": "The cell {name} was there more than once: it counts once, "
    "and of an answer the last copy that you changed.",
    "extra": "The cell {name} is none of this assignment: it was kept, but not graded.",
    "retyped": "The cell {name} was turned into another type: it was turned back.",
    "repointed": "The settings of the cell {name} were changed: its own points and purpose count.",
    "moved": "The cell {name} was moved: it was put back in its place.",
    "recognised": "The cell {name} had lost its name: "
    "it was recognised by what it holds or where it stands.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One thing about a cell that the learner should know; `grade_id` may be the learner's text."""

    kind: FlagKind
    grade_id: str

    @property
    def words(self) -> str:
        """A sentence for the learner."""
        return WORDS[self.kind].format(name=printable(self.grade_id, limit=MAX_SHOWN))
