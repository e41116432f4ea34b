"""Put a submitted notebook back in shape: every cell of the release once, as it was handed out.

In: a notebook as `read_notebook` gives it, and its release. Out: a notebook to run, and a flag for
each thing that the learner should know.
Law (corrected): nothing that a learner does to cells costs points or stops the grading, and nothing
gives points. Tests and other locked cells are the instructor's, in any language of the release;
answers are the learner's, and any other cell is an ordinary one. nbgrader's own law, which stops at
most of this, is `restore_by_nbgrader`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skillmap.judging.flags import Flag, FlagKind
from skillmap.judging.notebook_text import new_cell_id
from skillmap.judging.recognise import Slot, claimed_id, find_cells, is_as_released
from skillmap.judging.released import ReleasedAssignment, ReleasedCell, ReleasedNotebook
from skillmap.judging.sanitize import SCHEMA, UnrestorableNotebookError, restore_by_nbgrader
from skillmap.judging.scoring import is_locked

__all__ = [
    "Flag",
    "FlagKind",
    "Restored",
    "UnrestorableNotebookError",
    "is_as_released",
    "renamed_notebooks",
    "restore",
    "restore_by_nbgrader",
]

MIN_SHARE = 0.5  # of a release's cells, below which a notebook may be another assignment's
RUN_FIELDS = ("collapsed", "scrolled")  # metadata that belong to the outputs of a run

Cell = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A notebook to run. unchanged: ids of the answers that are as they were handed out."""

    notebook: dict[str, Any]
    flags: tuple[Flag, ...]
    unchanged: frozenset[str]


def restore(notebook: dict[str, Any], released: ReleasedNotebook) -> Restored:
    """Return the notebook as it has to be run; the one given is changed in place."""
    slots, flags = find_cells(notebook["cells"], released)
    moved = _take_out(slots, released)
    flags += [Flag(kind="moved", grade_id=grade_id) for grade_id in moved]
    for slot in slots + list(moved.values()):
        flags += _heal(slot)
    flags += _put_in(slots, moved, released)
    notebook["cells"] = [slot.cell for slot in slots]
    if released.kernelspec:
        notebook["metadata"]["kernelspec"] = dict(released.kernelspec)
    answers = [slot for slot in slots if slot.known and not slot.known.is_locked]
    return Restored(
        notebook=notebook,
        flags=tuple(dict.fromkeys(flags)),
        unchanged=frozenset(
            slot.known.grade_id for slot in answers if slot.known and slot.is_unchanged(slot.known)
        ),
    )


def renamed_notebooks(
    found: Mapping[str, dict[str, Any]], assignment: ReleasedAssignment
) -> Mapping[str, str]:
    """Map the names of unknown notebooks to the missing ones of the release that they are.

    found: notebooks by name, without `.ipynb`. A match shares at least half of the release's
    cells, and more than any other does, on both sides.
    """
    names = {one.name for one in assignment.notebooks}
    missing = [one for one in assignment.notebooks if one.name not in found]
    claimed = {
        name: {claimed_id(cell) for cell in one["cells"]}
        for name, one in found.items()
        if name not in names
    }
    shares = {
        (name, one.name): _share(ids, one) for name, ids in claimed.items() for one in missing
    }
    by_found = {
        name: _best({one.name: shares[name, one.name] for one in missing}) for name in claimed
    }
    by_missing = {
        one.name: _best({name: shares[name, one.name] for name in claimed}) for one in missing
    }
    return {name: one for name, one in by_found.items() if one and by_missing[one] == name}


def _share(ids: set[str], released: ReleasedNotebook) -> float:
    wanted = {cell.grade_id for cell in released.cells}
    return len(wanted & ids) / len(wanted) if wanted else 0.0


def _best(shares: Mapping[str, float]) -> str | None:
    """Return the name with the largest share, if it is large and no other has it too."""
    largest = max(shares.values(), default=0.0)
    names = [name for name, share in shares.items() if share == largest]
    return names[0] if largest >= MIN_SHARE and len(names) == 1 else None


def _take_out(slots: list[Slot], released: ReleasedNotebook) -> dict[str, Slot]:
    """Take out as few cells as possible, answers last, so that the rest stand as in the release."""
    order = {cell.grade_id: place for place, cell in enumerate(released.cells)}
    known = [(slot, slot.known) for slot in slots if slot.known]
    places = [order[cell.grade_id] for _, cell in known]
    if places == sorted(places):
        return {}
    weights = [1 if cell.is_locked else len(known) for _, cell in known]
    stay = _heaviest_rising(places, weights)
    moved = [one for position, one in enumerate(known) if position not in stay]
    for slot, _ in moved:
        slots.remove(slot)
    return {cell.grade_id: slot for slot, cell in moved}


def _heaviest_rising(places: Sequence[int], weights: Sequence[int]) -> set[int]:
    """Return the positions of the rising subsequence with the largest sum of weights."""
    totals: list[int] = []
    before: list[int | None] = []
    for here, place in enumerate(places):
        lower = [other for other in range(here) if places[other] < place]
        best = max(lower, key=totals.__getitem__, default=None)
        before.append(best)
        totals.append(weights[here] + (0 if best is None else totals[best]))
    position: int | None = max(range(len(totals)), key=totals.__getitem__)
    chosen: set[int] = set()
    while position is not None:
        chosen.add(position)
        position = before[position]
    return chosen


def _put_in(slots: list[Slot], moved: Mapping[str, Slot], released: ReleasedNotebook) -> list[Flag]:
    """Put each cell of the release that is not there after the one before it in the release."""
    flags: list[Flag] = []
    present = {slot.known.grade_id for slot in slots if slot.known}
    place = next((n for n, slot in enumerate(slots) if slot.known), len(slots))
    for cell in released.cells:
        if cell.grade_id in present:
            place = next(n for n, slot in enumerate(slots) if slot.known is cell) + 1
            continue
        slot = moved.get(cell.grade_id)
        if slot is None:
            slot = Slot(
                _as_handed_out(cell, new_cell_id(one.cell for one in [*slots, *moved.values()])),
                cell,
            )
            flags.append(Flag(kind="missing", grade_id=cell.grade_id))
        slots.insert(place, slot)
        place += 1
    return flags


def _as_handed_out(released: ReleasedCell, cell_id: str) -> Cell:
    cell: Cell = {
        "cell_type": released.cell_type,
        "id": cell_id,
        "metadata": _metadata(released, {}),
        "source": released.source,
    }
    return cell | {"execution_count": None, "outputs": []} if released.cell_type == "code" else cell


def _heal(slot: Slot) -> list[Flag]:
    """Give a cell the type, metadata and source that it has to have; say what it had not."""
    cell, released = slot.cell, slot.known
    kinds: list[FlagKind] = []
    if released is None:
        cell["metadata"].pop("nbgrader", None)
    else:
        if cell["cell_type"] != released.cell_type:
            kinds.append("retyped")
            cell["cell_type"] = released.cell_type
        if "nbgrader" in cell["metadata"] and not _is_own_mark(cell, released):
            kinds.append("repointed")
        if released.is_locked:
            if not slot.is_unchanged(released):
                kinds.append("edited")
            if not slot.is_translated(released):
                cell["source"] = released.source
        cell["metadata"] = _metadata(released, cell["metadata"])
    _clear(cell)
    return [Flag(kind=kind, grade_id=released.grade_id) for kind in kinds if released]


def _clear(cell: Cell) -> None:
    if cell["cell_type"] == "code":
        cell |= {"execution_count": None, "outputs": []}
        cell.pop("attachments", None)
        for field in RUN_FIELDS:
            cell["metadata"].pop(field, None)
    else:
        cell.pop("execution_count", None)
        cell.pop("outputs", None)


def _metadata(released: ReleasedCell, own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the metadata as nbgrader writes them; a learner's own stay at answers alone.

    At a test they could change how it is run: Jupyter skips a cell with the tag `skip-execution`.
    """
    mark: dict[str, Any] = {
        "schema_version": SCHEMA,
        "grade": released.is_grade,
        "solution": released.is_solution,
        "locked": released.is_locked,
        "task": released.is_task,
        "grade_id": released.grade_id,
        "cell_type": released.cell_type,
    }
    if released.checksum is not None:
        mark["checksum"] = released.checksum
    if released.is_grade or released.is_task:
        mark["points"] = float(released.max_score)
    if released.is_locked:
        return {"deletable": False, "editable": False, "nbgrader": mark}
    return {**own, "nbgrader": mark}


def _is_own_mark(cell: Cell, released: ReleasedCell) -> bool:
    mark = cell["metadata"]["nbgrader"]
    if not isinstance(mark, dict):
        return False
    if (released.is_grade or released.is_task) and mark.get("points") != released.max_score:
        return False
    roles = (mark.get("grade", False), mark.get("solution", False), mark.get("task", False))
    own = (released.is_grade, released.is_solution, released.is_task)
    return roles == own and is_locked(mark) == released.is_locked
