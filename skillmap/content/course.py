"""Turn what instructors wrote into a Course.

In: ContentPaths. Out: model.Course.
Law: every error in a TOML file, also one that names a cell which its notebook lacks, is told at
once and stops. A notebook that cannot be read and a grade cell without points are left out with
their items, and a tag of an unknown skill is left out: `check_course` tells of them, and the rest
of the class is graded.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from skillmap.content.blueprint_rules import judge_blueprints
from skillmap.content.curriculum_rules import judge_curriculum
from skillmap.content.files import ContentFiles, read_files
from skillmap.content.notebooks import Cell, Notebook
from skillmap.content.paths import ContentPaths
from skillmap.content.problems import Problem, raise_errors, shorten
from skillmap.content.tables import ExerciseTable, SkillsFile, SkillTable, TrackFile
from skillmap.model import (
    AssignmentId,
    Course,
    Item,
    ItemId,
    Level,
    Module,
    Skill,
    SkillId,
    Track,
    item_id,
)

__all__ = ["SKILL_TAG", "judge_tables", "load_course"]

SKILL_TAG = "skill:"


def load_course(paths: ContentPaths) -> Course:
    """Read the course; raise ContentError with one line for each error in a TOML file.

    Items carry the titles, difficulty and minutes of their exercise; `minutes` are the exercise's,
    not the single item's. An item without blueprint has the weight 1 for each skill that a tag
    ``skill:<id>`` of its cell names, and its grade_id as exercise and title.
    """
    files = read_files(paths)
    raise_errors(shorten(judge_tables(files), paths.home))
    catalogue = files.catalogue or SkillsFile(levels=[], skills=[])
    return Course(
        skills={SkillId(row.id): _skill(row) for row in catalogue.skills},
        levels=tuple(Level(id=r.id, labels=r.labels, cut=r.cut) for r in catalogue.levels),
        tracks=tuple(_track(table) for table in _order_tracks(list(files.tracks.values()))),
        items={item.id: item for item in _items(files)},
    )


def judge_tables(files: ContentFiles) -> list[Problem]:
    """Return every problem that stands in a TOML file."""
    return [*files.problems, *judge_curriculum(files), *judge_blueprints(files)]


def _order_tracks(tracks: Sequence[TrackFile]) -> list[TrackFile]:
    """Put tracks that others build upon first, then go by their ids."""
    homes = {module.id: track.id for track in tracks for module in track.modules}
    before = {
        track.id: {homes.get(word, track.id) for m in track.modules for word in m.after}
        for track in tracks
    }
    waiting = sorted(tracks, key=lambda track: track.id)
    ordered: list[TrackFile] = []
    while waiting:
        done = {track.id for track in ordered}
        # Two tracks may build upon each other, module by module: then the id decides.
        free = next((t for t in waiting if before[t.id] <= done | {t.id}), waiting[0])
        ordered.append(free)
        waiting.remove(free)
    return ordered


def _skill(row: SkillTable) -> Skill:
    return Skill(
        id=SkillId(row.id),
        labels=row.labels,
        aliases=tuple(row.aliases),
        broader=SkillId(row.broader) if row.broader else None,
        adjacent=tuple(SkillId(word) for word in row.adjacent),
        esco=row.esco,
    )


def _track(table: TrackFile) -> Track:
    modules = (
        Module(
            id=row.id,
            titles=row.titles,
            assignment=AssignmentId(row.assignment),
            minutes=row.minutes,
            after=tuple(row.after),
        )
        for row in table.modules
    )
    return Track(id=table.id, titles=table.titles, modules=tuple(modules))


def _items(files: ContentFiles) -> Iterator[Item]:
    known = files.skills or frozenset()
    for (assignment, name), notebook in files.notebooks.items():
        blueprint = files.blueprints.get(assignment)
        owners = _owners(name, blueprint.exercises) if blueprint else {}
        for cell in notebook.by_grade_id().values():
            if cell.is_item and (cell.points or 0) > 0:
                exercise = owners.get(cell.grade_id)
                skills = exercise.skills if exercise else _tagged(cell, known)
                yield _item(notebook, cell, exercise, skills)


def _owners(notebook: str, exercises: Iterable[ExerciseTable]) -> dict[str, ExerciseTable]:
    return {test: row for row in exercises if row.notebook == notebook for test in row.tests}


def _tagged(cell: Cell, known: frozenset[str]) -> dict[str, float]:
    words = (tag.removeprefix(SKILL_TAG) for tag in cell.tags if tag.startswith(SKILL_TAG))
    return {word: 1.0 for word in words if word in known}


def _item(
    notebook: Notebook, cell: Cell, exercise: ExerciseTable | None, skills: Mapping[str, float]
) -> Item:
    return Item(
        id=ItemId(item_id(notebook.assignment, notebook.name, cell.grade_id)),
        assignment=AssignmentId(notebook.assignment),
        notebook=notebook.name,
        grade_id=cell.grade_id,
        exercise=exercise.cell if exercise else cell.grade_id,
        max_points=cell.points or 0.0,
        kind="manual" if cell.is_manual else "auto",
        skills={SkillId(word): weight for word, weight in skills.items()},
        difficulty=exercise.difficulty if exercise else 3,
        minutes=exercise.minutes if exercise else None,
        titles=exercise.titles if exercise else {"en": cell.grade_id, "nb": cell.grade_id},
    )
