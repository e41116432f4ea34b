"""The shape of the file that coordinators write: learners, mentors, staff.

Law: a shape checks what stands in one file; whether an id is known is checked in `people`.
"""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from skillmap.content.tables import Text
from skillmap.content.toml_files import Table

__all__ = [
    "ExclusionTable",
    "LanguageCode",
    "LearnerTable",
    "MentorTable",
    "PeopleFile",
    "StaffTable",
]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _folder_safe(word: str) -> str:
    # nbgrader names folders after ids and splits their names at '+'; '*' is its "everybody".
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", word):
        raise ValueError(
            f"{word!r} is no id: use letters a to z, digits, '_', '.' and '-', and begin with a"
            " letter, digit or '_'"
        )
    return word


def _language(code: str) -> str:
    if not re.fullmatch(r"[a-z]{2}", code):
        raise ValueError(f"{code!r} is no language code of two letters, as 'nb' or 'en'")
    return code


def _slot(word: str) -> str:
    day, _, hour = word.partition("-")
    if day not in DAYS or hour not in {f"{number:02}" for number in range(24)}:
        raise ValueError(f"{word!r} is no weekday and hour, as 'mon-18'")
    return word


PersonName = Annotated[str, AfterValidator(_folder_safe)]
LanguageCode = Annotated[str, AfterValidator(_language)]
Slot = Annotated[str, AfterValidator(_slot)]
PageLanguage = Literal["en", "nb"]
SpokenLevels = dict[LanguageCode, Literal["A1", "A2", "B1", "B2", "C1", "C2"]]


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
