"""The shapes of the TOML files that instructors and coordinators write.

Law: a shape checks what stands in one file; what one file says of another is checked where both
are known (`curriculum`, `blueprints`, `people`).
"""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from skillmap.content.toml_files import Table

__all__ = [
    "LANGUAGES",
    "BlueprintFile",
    "ExerciseTable",
    "ExclusionTable",
    "LanguageCode",
    "LearnerTable",
    "LevelTable",
    "MentorTable",
    "ModuleTable",
    "PeopleFile",
    "SkillTable",
    "SkillsFile",
    "StaffTable",
    "Text",
    "TrackFile",
    "WrongTable",
]

LANGUAGES = ("en", "nb")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _skill_id(word: str) -> str:
    if not re.fullmatch(r"[a-z0-9.+-]+", word):
        raise ValueError(f"{word!r} is no id: use a to z, 0 to 9, '.', '+' and '-'")
    return word


def _folder_safe(word: str) -> str:
    # nbgrader names folders after ids and splits their names at '+'; '*' is its "everybody".
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", word):
        raise ValueError(
            f"{word!r} is no id: use letters a to z, digits, '_', '.' and '-', and begin with a"
            " letter, digit or '_'"
        )
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


def _language(code: str) -> str:
    if not re.fullmatch(r"[a-z]{2}", code):
        raise ValueError(f"{code!r} is no language code of two letters, as 'nb' or 'en'")
    return code


def _slot(word: str) -> str:
    day, _, hour = word.partition("-")
    if day not in DAYS or hour not in {f"{number:02}" for number in range(24)}:
        raise ValueError(f"{word!r} is no weekday and hour, as 'mon-18'")
    return word


SkillName = Annotated[str, AfterValidator(_skill_id)]
PersonName = Annotated[str, AfterValidator(_folder_safe)]
Text = Annotated[str, AfterValidator(_full)]
Words = Annotated[dict[str, str], AfterValidator(_in_both_languages)]
LanguageCode = Annotated[str, AfterValidator(_language)]
Slot = Annotated[str, AfterValidator(_slot)]
Weight = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Minutes = Annotated[int, Field(gt=0)]
PageLanguage = Literal["en", "nb"]
SpokenLevels = dict[LanguageCode, Literal["A1", "A2", "B1", "B2", "C1", "C2"]]


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


class ModuleTable(Table):
    """``[[modules]]`` of track.toml. lesson: path below notebooks/."""

    id: SkillName
    """short name"""
    titles: Words
    """title in each language"""
    assignment: Text
    """folder below assessments/source/"""
    minutes: Minutes
    """length of the evening"""
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


class BlueprintFile(Table):
    """A blueprint: what each exercise of one assignment shows."""

    exercises: list[ExerciseTable]


class LearnerTable(Table):
    """``[[learners]]`` of a people file."""

    id: PersonName
    """pseudonym, the only name that nbgrader sees"""
    name: Text
    """name on the pages"""
    spoken: SpokenLevels = {}
    """languages with CEFR level"""
    slots: list[Slot] = []
    """free evenings, as mon-18"""
    goals: list[str] = []
    """ids of skills to grow in"""
    topics: str = ""
    """own words for the next meeting"""
    municipality: str = ""
    """where they live, as advertisements write it"""
    shares_with_mentor: bool = False
    """consent of a new learner; later it is theirs to change"""
    page_language: PageLanguage = "en"
    """en or nb"""


class MentorTable(Table):
    """``[[mentors]]`` of a people file."""

    id: PersonName
    """short name"""
    name: Text
    """name on the pages"""
    organisation: str = ""
    """where they work"""
    capacity: Annotated[int, Field(ge=0)] = 1
    """how many learners they can meet"""
    spoken: SpokenLevels = {}
    """languages with CEFR level"""
    slots: list[Slot] = []
    """free evenings, as mon-18"""
    teaches: list[str] = []
    """ids of skills they can help with"""
    page_language: PageLanguage = "nb"
    """en or nb"""


class StaffTable(Table):
    """``[[staff]]`` of a people file."""

    id: PersonName
    """short name"""
    name: Text
    """name on the pages"""
    role: Literal["instructor", "coordinator"]
    """instructor or coordinator"""
    page_language: PageLanguage = "en"
    """en or nb"""


class ExclusionTable(Table):
    """``[[exclusions]]`` of a people file."""

    learner: str
    """id of the learner"""
    mentor: str
    """id of the mentor who must not be theirs"""
    why: Text
    """reason, seen by coordinators only"""


class PeopleFile(Table):
    """A people file."""

    learners: list[LearnerTable] = []
    mentors: list[MentorTable] = []
    staff: list[StaffTable] = []
    exclusions: list[ExclusionTable] = []
