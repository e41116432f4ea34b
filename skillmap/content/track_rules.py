"""Judge tracks as a whole: minutes that add up, and skills that are shown often enough.

In: ContentFiles. Out: Problems in track.toml.
Law: exercises that show the same skill are independent of each other; the tests of one exercise
are not, so exercises are counted. What an author may still be writing is a warning.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from skillmap.content.files import ContentFiles
from skillmap.content.problems import Problem, Severity
from skillmap.content.tables import ModuleTable, TrackFile

__all__ = ["MAIN_WEIGHT", "judge_tracks"]

MAIN_WEIGHT = 0.5  # from here on an exercise shows a skill; below, the skill only goes along
MIN_EXERCISES = 3  # the least from which a level is told (a profile asks for three items)
MIN_MODULES = 2  # an evening's form of the day is no skill
TOLERANCE = 0.1  # of the assignment's minutes


def judge_tracks(files: ContentFiles) -> Iterator[Problem]:
    """Yield the problems of every track that could be read."""
    places = {m.id: (file, n) for file, t in files.tracks.items() for n, m in enumerate(t.modules)}
    for file, track in files.tracks.items():
        for module in track.modules:
            yield from _judge_order(file, module, places)
            yield from _judge_minutes(files, file, module)
        yield from _judge_evidence(files, file, track)


def _judge_order(
    file: Path, module: ModuleTable, places: Mapping[str, tuple[Path, int]]
) -> Iterator[Problem]:
    """Modules are taught in the order of the file, so what comes first stands above."""
    own = places[module.id][1]
    for word in module.after:
        home, place = places.get(word, (file, -1))
        if home == file and place > own:
            message = f"{word!r} comes first and stands below"
            yield _problem(file, module, "after", message, "put the modules in order", "error")


def _judge_minutes(files: ContentFiles, file: Path, module: ModuleTable) -> Iterator[Problem]:
    parts = module.parts
    if parts is None:
        return
    total = parts.lesson + parts.assignment + parts.homework
    if total != module.minutes:
        message = f"its parts take {total} minutes, the module {module.minutes}"
        yield _problem(file, module, "parts", message, "let them add up", "error")
    blueprint = files.blueprints.get(module.assignment)
    rows = blueprint.exercises if blueprint else []
    minutes = [row.minutes for row in rows if row.minutes is not None]
    if len(minutes) == len(rows) and rows:
        off = abs(sum(minutes) - parts.assignment)
        if off > TOLERANCE * parts.assignment:
            message = f"its exercises take {sum(minutes)} minutes, not {parts.assignment}"
            hint = "change the parts, or the minutes of the exercises"
            yield _problem(file, module, "parts, assignment", message, hint)


def _judge_evidence(files: ContentFiles, file: Path, track: TrackFile) -> Iterator[Problem]:
    """Warn of skills that are shown too seldom; a track of one evening claims no more."""
    if len(track.modules) < MIN_MODULES:
        return
    shown: dict[str, list[str]] = defaultdict(list)
    for module in track.modules:
        blueprint = files.blueprints.get(module.assignment)
        for row in blueprint.exercises if blueprint else []:
            for skill, weight in row.skills.items():
                if weight >= MAIN_WEIGHT:
                    shown[skill].append(module.id)
    for skill, modules in sorted(shown.items()):
        n_modules = len(set(modules))
        if len(modules) < MIN_EXERCISES or n_modules < MIN_MODULES:
            yield Problem(
                file=str(file),
                place=f"skill {skill!r}",
                message=f"{len(modules)} exercises in {n_modules} modules show it, which is little",
                hint=f"let {MIN_EXERCISES} in {MIN_MODULES} modules show it, or weigh it below "
                f"{MAIN_WEIGHT}",
                severity="warning",
            )


def _problem(
    file: Path,
    module: ModuleTable,
    key: str,
    message: str,
    hint: str,
    severity: Severity = "warning",
) -> Problem:
    place = f"module {module.id!r}, {key}"
    return Problem(file=str(file), place=place, message=message, hint=hint, severity=severity)
