"""The shapes of the TOML files that instructors write.

Law: a shape checks what stands in one file; what one file says of another is checked where both
are known (`curriculum_rules`, `blueprint_rules`, `track_rules`).
"""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from skillmap.content.toml_files import Table

__all__ = [
    "LANGUAGES",
    "BlueprintFile",
    "ExerciseTable",
    "LevelTable",
    "ModuleTable",
    "PartsTable",
    "RubricLevelTable",
    "RubricTable",
    "SkillTable",
    "SkillsFile",
    "Text",
    "TrackFile",
    "WrongTable",
    "Words",
]

LANGUAGES = ("en", "nb")


def _skill_id(word: str) -> str:
    if not re.fullmatch(r"[a-z0-9.+-]+", word):
        raise ValueError(f"{word!r} is no id: use a to z, 0 to 9, '.', '+' and '-'")
    return word


def _full(text: str) -> str:
    if not text.strip():
        raise ValueError("the text is empty")
    return text


def _in_both_languages(words: dict[str, str]) -> dict[str, str]:
    lacking = [language for language in LANGUAGES if not words.get(language, "").strip()]
    if lacking:
        raise ValueError(f"no words in {' and '.join(map(repr, lacking))}")
    return words


def _lists_in_both_languages(lists: dict[str, list[str]]) -> dict[str, list[str]]:
    lacking = [language for language in LANGUAGES if not lists.get(language)]
    if lacking:
        raise ValueError(f"no sentences in {' and '.join(map(repr, lacking))}")
    if len({len(sentences) for sentences in lists.values()}) > 1:
        raise ValueError("the languages have different numbers of sentences")
    return lists


SkillName = Annotated[str, AfterValidator(_skill_id)]
Text = Annotated[str, AfterValidator(_full)]
Words = Annotated[dict[str, str], AfterValidator(_in_both_languages)]
WordLists = Annotated[dict[str, list[Text]], AfterValidator(_lists_in_both_languages)]
Weight = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Minutes = Annotated[int, Field(gt=0)]


class LevelTable(Table):
    """``[[levels]]`` of skills.toml."""

    id: SkillName
    """short name"""
    labels: Words
    """the word in each language"""
    cut: Annotated[float, Field(gt=0, lt=1)]
    """reached from this probability of solving an exercise of difficulty 3"""


class SkillTable(Table):
    """``[[skills]]`` of skills.toml."""

    id: SkillName
    """short name, used in blueprints, tags and goals"""
    labels: Words
    """name in each language"""
    aliases: list[Text] = []
    """how advertisements write it"""
    broader: str | None = None
    """id of the skill that this one is part of"""
    adjacent: list[str] = []
    """ids of skills that are near"""
    esco: Annotated[str, Field(pattern="^http://data.europa.eu/esco/")] | None = None
    """URI of the same concept in ESCO"""


class SkillsFile(Table):
    """skills.toml."""

    levels: list[LevelTable]
    skills: list[SkillTable]


class PartsTable(Table):
    """``parts`` of a module, in minutes."""

    lesson: Minutes
    """the lesson and its talk"""
    assignment: Minutes
    """all exercises of the assignment"""
    homework: Annotated[int, Field(ge=0)] = 0
    """what is done before the next evening"""


class ModuleTable(Table):
    """``[[modules]]`` of track.toml. lesson: path below notebooks/."""

    id: SkillName
    """short name"""
    titles: Words
    """title in each language"""
    assignment: Text
    """folder below assessments/source/"""
    minutes: Minutes
    """length of the evening with its homework"""
    parts: PartsTable | None = None
    """how the minutes are spent"""
    objectives: WordLists | None = None
    """what a learner can do afterwards, in each language"""
    after: list[str] = []
    """ids of modules that come first"""
    lesson: Text | None = None
    """notebook below notebooks/"""


class TrackFile(Table):
    """track.toml."""

    id: SkillName
    """short name, as the folder"""
    titles: Words
    """title in each language"""
    modules: Annotated[list[ModuleTable], Field(min_length=1)]
    """the modules, in order"""


class WrongTable(Table):
    """``[[exercises.wrong]]``: code replaces the whole solution cell."""

    why: Text
    """what the learner misunderstood"""
    code: str
    """replaces the whole answer cell"""
    hint: Words | None = None
    """what leads on, without the answer, in each language"""


class RubricLevelTable(Table):
    """``[[exercises.rubric.levels]]``: what a reader sees at this level, with an example."""

    text: Words
    """what can be seen, in each language"""
    example: Words
    """a piece of such an answer, in each language"""


class RubricTable(Table):
    """``[[exercises.rubric]]``: one criterion of a hand-graded exercise."""

    criterion: Words
    """its name in each language, as in the task"""
    levels: Annotated[list[RubricLevelTable], Field(min_length=1)]
    """from the lowest, which gives nothing, to the highest"""


class ExerciseTable(Table):
    """``[[exercises]]`` of a blueprint. cell and tests: grade_ids of one notebook."""

    notebook: Text
    """file name without .ipynb"""
    cell: Text
    """grade_id of the answer cell"""
    tests: Annotated[list[Text], Field(min_length=1)]
    """grade_ids of the cells that judge it"""
    titles: Words
    """title in each language"""
    skills: Annotated[dict[str, Weight], Field(min_length=1)]
    """weight of each skill that it shows"""
    difficulty: Annotated[int, Field(ge=1, le=5)]
    """1 easy to 5 hard"""
    minutes: Minutes | None = None
    """time it takes"""
    wrong: list[WrongTable] = []
    """typical wrong answers"""
    rubric: list[RubricTable] = []
    """criteria of an exercise that a person grades"""


class BlueprintFile(Table):
    """A blueprint: what each exercise of one assignment shows."""

    exercises: list[ExerciseTable]
