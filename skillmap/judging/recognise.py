"""Find the cells of a release in a submitted notebook: by their ids, and by what they hold.

In: the learner's cells, the release. Out: a slot per cell, which says what it is in the release.
Law: a cell of the release is found at most once; copies that hold no work are left out, since
below an answer they would undo it. A cell without a name of the release is recognised only where
no other one can be meant. Answers whose names were exchanged are told by what they define.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from skillmap.judging.flags import Flag
from skillmap.judging.released import ReleasedCell, ReleasedNotebook

__all__ = ["Slot", "claimed_id", "find_cells", "is_as_released"]

# nbgrader takes the lines between these out of the learners' version.
REGIONS = (
    ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS"),
    ("BEGIN MARK SCHEME", "END MARK SCHEME"),
)
DEFINITION = re.compile(r"^(?:async def|def|class) (\w+)", re.MULTILINE)

Cell = dict[str, Any]


@dataclass(slots=True, eq=False)
class Slot:
    """A cell of the learner's notebook; known: what it is in the release."""

    cell: Cell
    known: ReleasedCell | None = None
    text: str = field(init=False)
    _names: frozenset[str] | None = None

    def __post_init__(self) -> None:
        self.text = _trimmed(self.cell["source"])

    def is_unchanged(self, released: ReleasedCell) -> bool:
        """Whether the text is what learners were given."""
        return self.text in _handed_out(released.source) or self.is_translated(released)

    def is_translated(self, released: ReleasedCell) -> bool:
        """Whether the text is the release's in another language, to the letter."""
        return self.cell["source"] in released.others

    def names(self) -> frozenset[str]:
        """Return the functions and classes that the cell defines."""
        if self._names is None:
            self._names = frozenset(DEFINITION.findall(self.cell["source"]))
        return self._names


def find_cells(cells: Sequence[Cell], released: ReleasedNotebook) -> tuple[list[Slot], list[Flag]]:
    """Return the cells in the learner's order, and the flags for what was found out of order."""
    slots = [Slot(cell) for cell in cells]
    flags = _claim(slots, released)
    empty = {id(one) for one in _empty_copies(slots, released)}
    slots = [slot for slot in slots if id(slot) not in empty]
    flags += _exchange_back(slots)
    return slots, flags + _recognise(slots, released)


def is_as_released(source: str, released: ReleasedCell) -> bool:
    """Whether text is what learners were given, spaces at the ends of lines aside."""
    return _trimmed(source) in _handed_out(released.source) or source in released.others


def claimed_id(cell: Cell) -> str:
    """Return the `grade_id` that a cell says it has, or an empty text."""
    mark = cell["metadata"].get("nbgrader")
    grade_id = mark.get("grade_id") if isinstance(mark, dict) else None
    return grade_id if isinstance(grade_id, str) else ""


# The released sources are the same for every learner.
@lru_cache(maxsize=1024)
def _handed_out(source: str) -> frozenset[str]:
    lines = source.split("\n")
    for begin, end in REGIONS:
        lines = list(_outside(lines, begin, end))
    return frozenset({_trimmed("\n".join(lines)), _trimmed(source)})


def _outside(lines: Sequence[str], begin: str, end: str) -> Iterator[str]:
    is_inside = False
    for line in lines:
        if begin in line or end in line:
            is_inside = begin in line
        elif not is_inside:
            yield line


def _trimmed(source: str) -> str:
    return "\n".join([line.rstrip() for line in source.split("\n")]).rstrip()


def _claim(slots: Sequence[Slot], released: ReleasedNotebook) -> list[Flag]:
    """Tell the slots what they are by their ids, and flag strange and copied ones."""
    flags: list[Flag] = []
    copies: dict[str, list[Slot]] = {cell.grade_id: [] for cell in released.cells}
    for slot in slots:
        grade_id = claimed_id(slot.cell)
        if grade_id in copies:
            copies[grade_id].append(slot)
        elif grade_id and _has_role(slot.cell):
            flags.append(Flag(kind="extra", grade_id=grade_id))
    for cell in released.cells:
        same = copies[cell.grade_id]
        if same:
            _best_copy(same, cell).known = cell
        if len(same) > 1:
            flags.append(Flag(kind="duplicate", grade_id=cell.grade_id))
    return flags


def _has_role(cell: Cell) -> bool:
    mark = cell["metadata"]["nbgrader"]
    return any(mark.get(role) for role in ("grade", "solution", "locked", "task"))


def _best_copy(copies: Sequence[Slot], released: ReleasedCell) -> Slot:
    """Choose the last changed copy of an answer, the last unchanged one of a locked cell."""
    wanted = [one for one in copies if one.is_unchanged(released) == released.is_locked]
    return (wanted or copies)[-1]


def _empty_copies(slots: Sequence[Slot], released: ReleasedNotebook) -> Iterator[Slot]:
    known = {cell.grade_id: cell for cell in released.cells}
    for slot in slots:
        meant = known.get(claimed_id(slot.cell))
        if meant and not slot.known and slot.is_unchanged(meant):
            yield slot


def _exchange_back(slots: Sequence[Slot]) -> list[Flag]:
    """Give answers that bear each other's names their own, by the functions that they define."""
    strays = [slot for slot in slots if slot.known and not slot.known.is_locked]
    strays = [slot for slot in strays if slot.known and _is_strange(slot, slot.known)]
    cells = [slot.known for slot in strays if slot.known]
    meant = [[one for one in cells if slot.names() & _defined(one)] for slot in strays]
    ids = {one.grade_id for of_slot in meant for one in of_slot}
    if any(len(of_slot) != 1 for of_slot in meant) or len(ids) != len(strays):
        return []
    for slot, (cell,) in zip(strays, meant, strict=True):
        slot.known = cell
    return [Flag(kind="repointed", grade_id=one.grade_id) for one in cells]


def _is_strange(slot: Slot, cell: ReleasedCell) -> bool:
    return bool(_defined(cell) and slot.names() and not _defined(cell) & slot.names())


def _defined(cell: ReleasedCell) -> frozenset[str]:
    return frozenset(DEFINITION.findall(cell.source))


def _recognise(slots: Sequence[Slot], released: ReleasedNotebook) -> list[Flag]:
    found = {slot.known.grade_id for slot in slots if slot.known}
    missing = [cell for cell in released.cells if cell.grade_id not in found]
    flags: list[Flag] = []
    # What is certain comes first: it narrows the places of the answers.
    for find in (_by_text, _by_place):
        for cell in missing:
            slot = find(slots, cell, released)
            if slot and not any(one.known is cell for one in slots):
                slot.known = cell
                flags.append(Flag(kind="recognised", grade_id=cell.grade_id))
    return flags


def _is_nameless(slot: Slot, cell: ReleasedCell, released: ReleasedNotebook) -> bool:
    is_free = slot.known is None and released.find(claimed_id(slot.cell)) is None
    return is_free and slot.cell["cell_type"] == cell.cell_type


def _by_text(slots: Sequence[Slot], cell: ReleasedCell, released: ReleasedNotebook) -> Slot | None:
    same = [
        slot for slot in slots if slot.is_unchanged(cell) and _is_nameless(slot, cell, released)
    ]
    twins = [one for one in released.cells if _handed_out(one.source) & _handed_out(cell.source)]
    return same[0] if len(same) == len(twins) == 1 else None


def _by_place(slots: Sequence[Slot], cell: ReleasedCell, released: ReleasedNotebook) -> Slot | None:
    """Find an answer between its neighbours: by a name it has to define, or as the only cell."""
    if cell.is_locked:
        return None
    places = {slot.known.grade_id: n for n, slot in enumerate(slots) if slot.known}
    order = released.cells.index(cell)
    first = order
    while first > 0 and released.cells[first - 1].grade_id not in places:
        first -= 1
    last = order + 1
    while last < len(released.cells) and released.cells[last].grade_id not in places:
        last += 1
    start = places[released.cells[first - 1].grade_id] + 1 if first else 0
    stop = places[released.cells[last].grade_id] if last < len(released.cells) else len(slots)
    between = [slot for slot in slots[start:stop] if _is_nameless(slot, cell, released)]
    names = _defined(cell)
    if names:
        between = [slot for slot in between if slot.names() & names]
    elif last - first > 1:
        return None
    return between[0] if len(between) == 1 else None
