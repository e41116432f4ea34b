"""Read all files of a course, before anything is compared with anything.

In: ContentPaths. Out: ContentFiles: tables, notebooks, and what could not be read.
Law: one broken file hides no other; each is told once, where it was read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from skillmap.content.notebooks import Notebook, list_assignments, list_notebooks, read_notebook
from skillmap.content.paths import ContentPaths
from skillmap.content.problems import Problem
from skillmap.content.tables import BlueprintFile, SkillsFile, TrackFile
from skillmap.content.toml_files import Table, read_table

__all__ = ["ContentFiles", "NotebookKey", "find_blueprint", "read_files", "read_notebooks"]

AnyTable = TypeVar("AnyTable", bound=Table)
NotebookKey = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentFiles:
    """What was read. catalogue: None when skills.toml cannot be used.

    blueprints: keyed by assignment. unread: TOML files that cannot be used.
    problems: of TOML files. notebooks, broken: keyed by (assignment, notebook).
    """

    paths: ContentPaths
    catalogue: SkillsFile | None
    tracks: Mapping[Path, TrackFile]
    blueprints: Mapping[str, BlueprintFile]
    unread: frozenset[Path]
    problems: tuple[Problem, ...]
    notebooks: Mapping[NotebookKey, Notebook]
    broken: Mapping[NotebookKey, Problem]
    assignments: frozenset[str]

    @property
    def skills(self) -> frozenset[str] | None:
        """The ids of the catalogue; None when it could not be read, so that none is unknown."""
        return frozenset(row.id for row in self.catalogue.skills) if self.catalogue else None

    @property
    def modules(self) -> frozenset[str] | None:
        """The ids of all modules; None when a track could not be read."""
        if any(file.name == "track.toml" for file in self.unread):
            return None
        return frozenset(m.id for track in self.tracks.values() for m in track.modules)


def read_files(paths: ContentPaths) -> ContentFiles:
    """Read the catalogue, all tracks, blueprints and source notebooks."""
    catalogue, lost_catalogue = _read_all([paths.skills], SkillsFile)
    tracks, lost_tracks = _read_all(_track_files(paths), TrackFile)
    blueprints, lost_blueprints = _read_all(_blueprint_files(paths), BlueprintFile)
    lost = {**lost_catalogue, **lost_tracks, **lost_blueprints}
    folders = list_assignments(paths.source)
    notebooks, broken = read_notebooks(folders)
    return ContentFiles(
        paths=paths,
        catalogue=catalogue.get(paths.skills),
        tracks=tracks,
        blueprints={file.stem: table for file, table in blueprints.items()},
        unread=frozenset(lost),
        problems=tuple(problem for problems in lost.values() for problem in problems),
        notebooks=notebooks,
        broken=broken,
        assignments=frozenset(folder.name for folder in folders),
    )


def read_notebooks(
    folders: Iterable[Path],
) -> tuple[dict[NotebookKey, Notebook], dict[NotebookKey, Problem]]:
    """Read the notebooks of assignments' folders; return the whole and the broken ones."""
    notebooks: dict[NotebookKey, Notebook] = {}
    broken: dict[NotebookKey, Problem] = {}
    for file in (file for folder in folders for file in list_notebooks(folder)):
        key, notebook = (file.parent.name, file.stem), read_notebook(file)
        if isinstance(notebook, Problem):
            broken[key] = notebook
        else:
            notebooks[key] = notebook
    return notebooks, broken


def find_blueprint(paths: ContentPaths, assignment: str) -> Path | None:
    """Return the place of an assignment's blueprint, which need not exist."""
    return paths.blueprints / f"{assignment}.toml" if paths.blueprints else None


def _track_files(paths: ContentPaths) -> list[Path]:
    return sorted(paths.tracks.glob("*/track.toml")) if paths.tracks else []


def _blueprint_files(paths: ContentPaths) -> list[Path]:
    return sorted(paths.blueprints.glob("*.toml")) if paths.blueprints else []


def _read_all(
    files: Iterable[Path], shape: type[AnyTable]
) -> tuple[dict[Path, AnyTable], dict[Path, list[Problem]]]:
    tables: dict[Path, AnyTable] = {}
    lost: dict[Path, list[Problem]] = {}
    for file in files:
        table, problems = read_table(file, shape)
        if table is None:
            lost[file] = problems
        else:
            tables[file] = table
    return tables, lost
