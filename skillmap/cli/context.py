"""What every command shares: the chosen course, the clock, and how things are shown."""

import getpass
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from skillmap.model import PersonId
from skillmap.ports import Progress

if TYPE_CHECKING:
    from skillmap.workflows.programme import Programme

__all__ = [
    "DryRun",
    "Json",
    "LearnerWord",
    "Options",
    "clock",
    "open_programme",
    "say",
    "show_event",
    "show_json",
    "show_table",
    "stations",
    "this_user",
]

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script instead of text.")]
LearnerWord = Annotated[
    str, typer.Argument(metavar="LEARNER", help="Id of the learner, as `skillmap people` lists it.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be done, and change nothing.")
]


class Options:
    """Options that stand before the command; the course folder is opened once, when asked for."""

    def __init__(self, course: Path) -> None:
        self.course = course

    @cached_property
    def programme(self) -> "Programme":
        """The chosen course folder."""
        from skillmap.workflows.programme import Programme

        return Programme(self.course)


def clock() -> datetime:
    """Tell the time; the only clock of the command line."""
    return datetime.now(UTC)


def open_programme(context: typer.Context) -> "Programme":
    """Open the chosen course folder."""
    options: Options = context.obj
    return options.programme


def this_user() -> PersonId:
    """Name whoever types here, for the access log."""
    return PersonId(f"command line ({getpass.getuser()})")


def say(text: str) -> None:
    """Print a sentence for a person."""
    typer.echo(text)


def show_json(value: Any) -> None:
    """Print one JSON document with sorted keys: the same state gives the same text."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, default=str))


def show_event(kind: str, value: Any) -> None:
    """Print one JSON document on a line of its own, for a script that listens."""
    typer.echo(json.dumps({"event": kind, **value}, ensure_ascii=False, default=str))


def show_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table, or say that it is empty."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    Console().print(table if rows else f"{title}: none yet.")


@contextmanager
def stations() -> Iterator["Stations"]:
    """Show progress bars on a terminal, or a line per step elsewhere; always on stderr."""
    if not sys.stderr.isatty():
        yield LineStations()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[what]}"),
    )
    with RichProgress(*columns, console=Console(stderr=True)) as bars:
        yield BarStations(bars)


class LineStations:
    """Announces each step in a line, for logs."""

    def __call__(self, title: str) -> Progress:
        """Return the progress of one step."""
        typer.echo(f"{title} …", err=True)
        return self._hear

    def _hear(self, done: int, total: int, what: str) -> None:
        del done, total, what


class BarStations:
    """Draws a bar for each step."""

    def __init__(self, bars: Any) -> None:
        self._bars = bars

    def __call__(self, title: str) -> Progress:
        """Return the progress of one step."""
        task = self._bars.add_task(title, total=None, what="")

        def hear(done: int, total: int, what: str) -> None:
            self._bars.update(task, completed=done, total=total, what=what)

        return hear


Stations = LineStations | BarStations
