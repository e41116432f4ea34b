"""Read source notebooks as nbgrader sees them.

In: nbgrader's source folder. Out: Notebook values with their cells, or a Problem for a file that is
no notebook.
Law: notebooks are read as JSON, because importing nbformat costs two seconds; nothing is executed.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skillmap.content.problems import Problem

__all__ = ["Cell", "Notebook", "list_assignments", "list_notebooks", "read_notebook"]

MANY_POINTS = 1e9  # more is a slip of the pen, and far larger integers do not fit into a float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell. number: counted from 1. cell_id: the notebook format's own, empty without one.

    grade_id: empty for a cell that nbgrader leaves alone.
    points: None when there is none or it is no number.
    schema: version of nbgrader's metadata, None without them.
    """

    number: int
    cell_id: str
    cell_type: str
    source: str
    grade_id: str
    is_grade: bool
    is_solution: bool
    is_task: bool
    points: float | None
    schema: int | None
    tags: tuple[str, ...]
    has_outputs: bool

    @property
    def is_item(self) -> bool:
        """Whether nbgrader gives points for it."""
        return self.is_grade or self.is_task

    @property
    def is_manual(self) -> bool:
        """Whether a person gives the points."""
        return self.is_task or (self.is_grade and self.is_solution)

    @property
    def place(self) -> str:
        """The cell's place in a message."""
        return f"cell {self.number} {self.grade_id!r}" if self.grade_id else f"cell {self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notebook:
    """One notebook. assignment: the name of its folder. kernel: None when it names none."""

    file: Path
    assignment: str
    name: str
    kernel: str | None
    cells: tuple[Cell, ...]

    def by_grade_id(self) -> Mapping[str, Cell]:
        """The cells that nbgrader knows, in order; of two with one grade_id the first."""
        cells: dict[str, Cell] = {}
        for cell in self.cells:
            if cell.grade_id:
                cells.setdefault(cell.grade_id, cell)
        return cells


def list_assignments(source: Path) -> list[Path]:
    """Return the assignments' folders, by name; none when `source` does not exist."""
    if not source.is_dir():
        return []
    return sorted(f for f in source.glob("*") if f.is_dir() and not f.name.startswith("."))


def list_notebooks(folder: Path) -> list[Path]:
    """Return the notebooks that lie directly in `folder`, by name."""
    return sorted(f for f in folder.glob("*.ipynb") if not f.name.startswith("."))


def read_notebook(file: Path) -> Notebook | Problem:
    """Read one notebook; say in one sentence why it cannot be read."""
    try:
        raw = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        return _broken(file, f"cannot be read: {error.strerror}", "check its permissions")
    except json.JSONDecodeError as error:
        return _not_json(file, error)
    except (ValueError, RecursionError):
        return _broken(file, "is no notebook: not UTF-8 text or not JSON", "restore it")
    if not isinstance(raw, Mapping) or not _is_rows(raw.get("cells")):
        return _no_cells(file, raw)
    return Notebook(
        file=file,
        assignment=file.parent.name,
        name=file.stem,
        kernel=_kernel(raw),
        cells=tuple(_cells(raw["cells"])),
    )


def _broken(file: Path, message: str, hint: str, *, place: str = "") -> Problem:
    return Problem(file=str(file), place=place, message=message, hint=hint)


def _not_json(file: Path, error: json.JSONDecodeError) -> Problem:
    hint = "open and save it in JupyterLab, or restore an earlier version"
    line = error.doc.splitlines()[error.lineno - 1 : error.lineno]
    if line and line[0].lstrip().startswith(("<<<<<<<", "=======", ">>>>>>>")):
        hint = "git left a merge conflict here: keep one side"
    place = f"{error.lineno}:{error.colno}"
    return _broken(file, f"is a broken notebook: {error.msg}", hint, place=place)


def _no_cells(file: Path, raw: object) -> Problem:
    if isinstance(raw, Mapping) and "worksheets" in raw:
        hint = "open it in JupyterLab and save it, which brings it to format 4"
        return _broken(file, "is a notebook of an old format", hint)
    return _broken(file, "is no notebook: it has no list of cells", "restore an earlier version")


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)


def _kernel(raw: Mapping[str, Any]) -> str | None:
    name = _table(_table(raw, "metadata"), "kernelspec").get("name")
    return name if isinstance(name, str) else None


def _cells(rows: Sequence[Mapping[str, Any]]) -> Iterator[Cell]:
    for number, row in enumerate(rows, start=1):
        metadata = _table(row, "metadata")
        nbgrader = _table(metadata, "nbgrader")
        yield Cell(
            number=number,
            cell_id=_text(row.get("id")),
            cell_type=str(row.get("cell_type", "")),
            source=_text(row.get("source")),
            grade_id=_text(nbgrader.get("grade_id")) if _is_marked(nbgrader) else "",
            is_grade=nbgrader.get("grade") is True,
            is_solution=nbgrader.get("solution") is True,
            is_task=nbgrader.get("task") is True,
            points=_points(nbgrader.get("points")),
            schema=_schema(nbgrader),
            tags=_tags(metadata.get("tags")),
            has_outputs=bool(row.get("outputs")) or row.get("execution_count") is not None,
        )


def _is_marked(nbgrader: Mapping[str, Any]) -> bool:
    return any(nbgrader.get(flag) is True for flag in ("grade", "solution", "locked", "task"))


def _table(row: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = row.get(key)
    return value if isinstance(value, Mapping) else {}


def _text(source: object) -> str:
    """Join a cell's source, which the format allows to be one text or a list of lines."""
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def _points(value: object) -> float | None:
    """Return a number of points; None for NaN and infinity, which JSON of Python lets through."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < MANY_POINTS else None


def _schema(nbgrader: Mapping[str, Any]) -> int | None:
    if not nbgrader:
        return None
    version = nbgrader.get("schema_version", 0)
    return version if isinstance(version, int) else 0


def _tags(value: object) -> tuple[str, ...]:
    return tuple(tag for tag in value if isinstance(tag, str)) if isinstance(value, list) else ()
