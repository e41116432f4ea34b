"""The tape on which a running cell's outputs are recorded, in nbformat's shape and within a budget.

In: writes, results, displays and errors, in the order in which they happen. Out: one list of plain
dicts per cell. Law: what a score hangs on is never dropped: the errors, the first result and the
first stderr of a cell are recorded (clipped) even when the budget is spent.
"""

from io import StringIO
from typing import Any

from skillmap.sandbox.mime_values import PlainMaker, clipped, n_bytes

__all__ = ["Output", "OutputTape"]

Output = dict[str, Any]

RECORD_BYTES = 256  # what an output costs beside its text, so that many empty ones are bounded too
RESERVE_BYTES = 4096  # granted beyond the budget to that which a score hangs on
MAX_ERRORS = 100  # of one cell: a learner may show tracebacks in a loop
# The kinds of which the first one in a cell is recorded even when the budget is spent.
KEPT = frozenset({"stderr", "execute_result"})


class OutputTape:
    """Records the outputs of one cell after the other.

    max_cell_bytes, max_notebook_bytes: the budgets. Displays with an id can be renewed by later
    cells, in the lists that were handed out before.
    """

    # No place for a method of a learner's that would stand before the class's.
    __slots__ = (
        "_displays",
        "_granted",
        "_is_clear_pending",
        "_is_cut",
        "_max_cell_bytes",
        "_notebook_room",
        "_room",
        "_room_at_start",
        "_stream",
        "errors",
        "outputs",
    )

    def __init__(self, max_cell_bytes: int, max_notebook_bytes: int) -> None:
        self._max_cell_bytes = max_cell_bytes
        self._notebook_room = max_notebook_bytes
        self._displays: dict[str, list[Output]] = {}
        self.open_cell()

    def open_cell(self) -> None:
        """Begin a cell with nothing on the tape."""
        self.outputs: list[Output] = []
        self.errors: list[str] = []
        self._stream: tuple[Output, StringIO] | None = None
        self._room = self._room_at_start = max(min(self._max_cell_bytes, self._notebook_room), 0)
        self._granted: set[str] = set()
        self._is_cut = False
        self._is_clear_pending = False

    def close_cell(self) -> list[Output]:
        """Return what the cell gave; a note at its end says when something was dropped."""
        self._end_stream()
        self._notebook_room -= self._room_at_start - self._room
        if self._is_cut:
            note = f"... output truncated: more than {self._max_cell_bytes / 1e6:g} MB ...\n"
            self.outputs.append({"output_type": "stream", "name": "stdout", "text": note})
        return self.outputs

    def write(self, name: str, text: str) -> None:
        """Add text to a stream; adjacent writes become one output."""
        stream = self._stream
        if stream is None or stream[0]["name"] != name:
            if not self._admits(name):
                return
            stream = self._begin_stream(name)
        kept = clipped(text, self._room_for(name))
        self._granted.add(name)
        self._is_cut = self._is_cut or len(kept) < len(text)
        self._room -= n_bytes(kept)
        stream[1].write(kept)

    def publish(self, output: Output, *, display_id: str | None = None) -> None:
        """Add a result or a display, made plain and clipped."""
        if self._admits(output["output_type"]):
            self._append(made := self._made_plain(output))
            if display_id is not None:
                self._displays.setdefault(display_id, []).append(made)

    def renew(self, output: Output, display_id: str) -> None:
        """Put new data into each display of that id, in this cell or an earlier one."""
        shown = self._displays.get(display_id)
        if shown and self._admits("update"):
            fresh = self._made_plain(output)
            for one in shown:
                one.update(data=fresh["data"], metadata=fresh["metadata"])

    def add_error(self, ename: str, evalue: str, traceback: list[str]) -> None:
        """Add an error whose texts are exact and clipped already."""
        self.errors.append(ename)
        if len(self.errors) > MAX_ERRORS:
            self.outputs.pop()
        self._append(
            {"output_type": "error", "ename": ename, "evalue": evalue, "traceback": traceback}
        )

    def clear(self, *, is_waiting: bool) -> None:
        """Drop the cell's outputs, now or before the next one."""
        self._end_stream()
        self._is_clear_pending = is_waiting
        if not is_waiting:
            self.outputs.clear()

    def _begin_stream(self, name: str) -> tuple[Output, StringIO]:
        output = {"output_type": "stream", "name": name, "text": ""}
        self._append(output)
        self._stream = (output, StringIO(newline=""))
        return self._stream

    def _room_for(self, kind: str) -> int:
        is_owed = kind in KEPT and kind not in self._granted
        return max(self._room, RESERVE_BYTES) if is_owed else max(self._room, 0)

    def _admits(self, kind: str) -> bool:
        if self._room_for(kind) >= RECORD_BYTES:
            self._room -= RECORD_BYTES
            return True
        self._is_cut = True
        return False

    def _append(self, output: Output) -> None:
        if self._is_clear_pending:
            self.clear(is_waiting=False)
        self._end_stream()
        self.outputs.append(output)

    def _end_stream(self) -> None:
        if self._stream is not None:
            output, text = self._stream
            output["text"] = text.getvalue()
            self._stream = None

    def _made_plain(self, output: Output) -> Output:
        room = self._room_for(output["output_type"])
        maker = PlainMaker(room)
        data: Output = {}
        # The text comes first, for it is what scores are read from.
        for mime in sorted(output["data"], key="text/plain".__ne__):
            self._put(maker, data, mime, output["data"][mime])
        metadata = maker.make(output["metadata"])
        self._granted.add(output["output_type"])
        self._room -= room - maker.room
        return {**output, "data": data, "metadata": metadata or {}}

    def _put(self, maker: PlainMaker, data: Output, mime: Any, value: Any) -> None:
        maker.is_cut = False
        made = maker.make(value)
        if maker.is_cut:
            self._is_cut = True
        # Half a text can be read; half a picture cannot.
        if not maker.is_cut or str(mime) == "text/plain":
            data[clipped(str(mime), 100)] = made
