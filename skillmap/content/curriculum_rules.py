"""Judge the catalogue and the tracks: levels, ids, and references that must lead somewhere.

In: ContentFiles. Out: Problems in skills.toml and track.toml.
"""

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

from skillmap.content.files import ContentFiles
from skillmap.content.problems import Problem, repeated, unknown
from skillmap.content.tables import LevelTable, SkillTable, TrackFile

__all__ = ["judge_curriculum"]

N_LEVELS = 3  # a profile says "at least" one of three words; fewer cuts say little, more mislead


def judge_curriculum(files: ContentFiles) -> Iterator[Problem]:
    """Yield every problem of the catalogue and the tracks."""
    if files.catalogue:
        yield from _judge_levels(files.paths.skills, files.catalogue.levels)
        yield from _judge_skills(files.paths.skills, files.catalogue.skills)
    yield from _judge_track_ids(files.tracks)
    if files.modules is not None:
        yield from _judge_prerequisites(files.tracks, files.modules)


def _judge_levels(file: Path, levels: Sequence[LevelTable]) -> Iterator[Problem]:
    yield from repeated(file, "level", (level.id for level in levels))
    if len(levels) != N_LEVELS:
        message = f"there are {len(levels)} levels, not {N_LEVELS}"
        yield Problem(file=str(file), place="levels", message=message)
    for lower, higher in pairwise(levels):
        if higher.cut <= lower.cut:
            yield Problem(
                file=str(file),
                place=f"level {higher.id!r}",
                message=f"its cut {higher.cut} is not above that of {lower.id!r}, {lower.cut}",
                hint="order the levels from the lowest cut to the highest",
            )


def _judge_skills(file: Path, skills: Sequence[SkillTable]) -> Iterator[Problem]:
    known = [skill.id for skill in skills]
    yield from repeated(file, "skill", known)
    for skill in skills:
        named = {"broader": [skill.broader] if skill.broader else [], "adjacent": skill.adjacent}
        for key, words in named.items():
            for word in sorted(set(words) - set(known)):
                place = f"skill {skill.id!r}, {key}"
                yield unknown(file, place, "skill", word, known, home="this file")
    broader = {skill.id: [skill.broader] for skill in skills if skill.broader}
    yield from _judge_circle(broader, {}, file, kind="skill", verb="are broader than each other")


def _judge_track_ids(tracks: Mapping[Path, TrackFile]) -> Iterator[Problem]:
    track_of = {table.id: file for file, table in tracks.items()}
    module_of = {module.id: file for file, table in tracks.items() for module in table.modules}
    track_ids = [table.id for table in tracks.values()]
    module_ids = [module.id for table in tracks.values() for module in table.modules]
    for kind, homes, ids in (("track", track_of, track_ids), ("module", module_of, module_ids)):
        for word, file in homes.items():
            yield from repeated(file, kind, (i for i in ids if i == word))


def _judge_prerequisites(
    tracks: Mapping[Path, TrackFile], known: frozenset[str]
) -> Iterator[Problem]:
    rows = [(file, module) for file, table in tracks.items() for module in table.modules]
    for file, module in rows:
        for word in sorted(set(module.after) - known):
            place = f"module {module.id!r}, after"
            yield unknown(file, place, "module", word, known, home="track.toml")
    homes = {module.id: file for file, module in rows}
    after = {module.id: module.after for _, module in rows}
    spare = next(iter(tracks), Path())
    yield from _judge_circle(after, homes, spare, kind="module", verb="wait for each other")


def _judge_circle(
    before: Mapping[str, Sequence[str]],
    homes: Mapping[str, Path],
    spare: Path,
    *,
    kind: str,
    verb: str,
) -> Iterator[Problem]:
    """Yield a problem for the first circle of `before`, at the file of its first member."""
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        yield Problem(
            file=str(homes.get(circle[0], spare)),
            place=f"{kind} {circle[0]!r}",
            message=f"{kind}s {verb}: {' → '.join(circle)}",
            hint="break the circle at one of them",
        )
