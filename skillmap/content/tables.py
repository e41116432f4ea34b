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
    labels: Words
    cut: Annotated[float, Field(gt=0, lt=1)]


class SkillTable(Table):
    """``[[skills]]`` of skills.toml."""

    id: SkillName
    labels: Words
    aliases: list[Text] = []
    broader: str | None = None
    adjacent: list[str] = []
    esco: Annotated[str, Field(pattern="^http://data.europa.eu/esco/")] | None = None


class SkillsFile(Table):
    """skills.toml."""

    levels: list[LevelTable]
    skills: list[SkillTable]


class ModuleTable(Table):
    """``[[modules]]`` of track.toml. lesson: path below notebooks/."""

    id: SkillName
    titles: Words
    assignment: Text
    minutes: Minutes
    after: list[str] = []
    lesson: Text | None = None


class TrackFile(Table):
    """track.toml."""

    id: SkillName
    titles: Words
    modules: Annotated[list[ModuleTable], Field(min_length=1)]


class WrongTable(Table):
    """``[[exercises.wrong]]``: code replaces the whole solution cell."""

    why: Text
    code: str


class ExerciseTable(Table):
    """``[[exercises]]`` of a blueprint. cell and tests: grade_ids of one notebook."""

    notebook: Text
    cell: Text
    tests: Annotated[list[Text], Field(min_length=1)]
    titles: Words
    skills: Annotated[dict[str, Weight], Field(min_length=1)]
    difficulty: Annotated[int, Field(ge=1, le=5)]
    minutes: Minutes | None = None
    wrong: list[WrongTable] = []


class BlueprintFile(Table):
    """A blueprint: what each exercise of one assignment shows."""

    exercises: list[ExerciseTable]


class LearnerTable(Table):
    """``[[learners]]`` of a people file."""

    id: PersonName
    name: Text
    spoken: SpokenLevels = {}
    slots: list[Slot] = []
    goals: list[str] = []
    topics: str = ""
    municipality: str = ""
    shares_with_mentor: bool = False
    page_language: PageLanguage = "en"


class MentorTable(Table):
    """``[[mentors]]`` of a people file."""

    id: PersonName
    name: Text
    organisation: str = ""
    capacity: Annotated[int, Field(ge=0)] = 1
    spoken: SpokenLevels = {}
    slots: list[Slot] = []
    teaches: list[str] = []
    page_language: PageLanguage = "nb"


class StaffTable(Table):
    """``[[staff]]`` of a people file."""

    id: PersonName
    name: Text
    role: Literal["instructor", "coordinator"]
    page_language: PageLanguage = "en"


class ExclusionTable(Table):
    """``[[exclusions]]`` of a people file."""

    learner: str
    mentor: str
    why: Text


class PeopleFile(Table):
    """A people file."""

    learners: list[LearnerTable] = []
    mentors: list[MentorTable] = []
    staff: list[StaffTable] = []
    exclusions: list[ExclusionTable] = []
