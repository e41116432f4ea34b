"""Read who takes part from a TOML file.

In: a people file and the known skills. Out: People.
Law: an id names one person in all roles, because it is also the name of an account.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from skillmap.content.people_tables import LearnerTable, MentorTable, PeopleFile
from skillmap.content.problems import Problem, raise_errors, repeated, unknown
from skillmap.content.toml_files import read_table
from skillmap.model import (
    Exclusion,
    Learner,
    LearnerId,
    Mentor,
    MentorId,
    Person,
    PersonId,
    SkillId,
    Spoken,
)
from skillmap.model.people import Cefr

__all__ = ["People", "load_people"]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """All who take part, in the order of the file."""

    learners: tuple[Learner, ...] = ()
    mentors: tuple[Mentor, ...] = ()
    staff: tuple[Person, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()


def load_people(path: Path, *, skills: Collection[str] | None = None) -> People:
    """Read the people file.

    skills: the ids of the catalogue, as `Course.skills`; None leaves goals and teaches unchecked.
    Raises ContentError with one line for each problem.
    """
    table, problems = read_table(path, PeopleFile)
    if table is not None:
        problems = list(_judge(path, table, skills))
    raise_errors(problems)
    table = table or PeopleFile()
    return People(
        learners=tuple(_learner(row) for row in table.learners),
        mentors=tuple(_mentor(row) for row in table.mentors),
        staff=tuple(
            Person(id=PersonId(r.id), name=r.name, role=r.role, page_language=r.page_language)
            for r in table.staff
        ),
        exclusions=tuple(
            Exclusion(learner=_learner_id(r.learner), mentor=_mentor_id(r.mentor), why=r.why)
            for r in table.exclusions
        ),
    )


def _judge(file: Path, table: PeopleFile, skills: Collection[str] | None) -> Iterator[Problem]:
    learners = [row.id for row in table.learners]
    mentors = [row.id for row in table.mentors]
    yield from repeated(file, "person", [*learners, *mentors, *(row.id for row in table.staff)])
    for row in table.exclusions:
        place = f"exclusion of {row.learner!r} and {row.mentor!r}"
        if row.learner not in learners:
            yield unknown(file, place, "learner", row.learner, learners, home="this file")
        if row.mentor not in mentors:
            yield unknown(file, place, "mentor", row.mentor, mentors, home="this file")
    if skills is not None:
        yield from _judge_skills(file, table, skills)


def _judge_skills(file: Path, table: PeopleFile, known: Collection[str]) -> Iterator[Problem]:
    named = [
        *((f"learner {row.id!r}, goals", row.goals) for row in table.learners),
        *((f"mentor {row.id!r}, teaches", row.teaches) for row in table.mentors),
    ]
    for place, words in named:
        for word in words:
            if word not in known:
                yield unknown(file, place, "skill", word, known, home="skills.toml")


def _learner(row: LearnerTable) -> Learner:
    return Learner(
        id=_learner_id(row.id),
        name=row.name,
        spoken=_spoken(row.spoken),
        slots=tuple(row.slots),
        goals=tuple(SkillId(word) for word in row.goals),
        topics=row.topics,
        municipality=row.municipality,
        shares_with_mentor=row.shares_with_mentor,
        page_language=row.page_language,
    )


def _mentor(row: MentorTable) -> Mentor:
    return Mentor(
        id=_mentor_id(row.id),
        name=row.name,
        organisation=row.organisation,
        capacity=row.capacity,
        spoken=_spoken(row.spoken),
        slots=tuple(row.slots),
        teaches=tuple(SkillId(word) for word in row.teaches),
        page_language=row.page_language,
    )


def _spoken(levels: Mapping[str, Cefr]) -> tuple[Spoken, ...]:
    return tuple(Spoken(language=code, level=level) for code, level in levels.items())


def _learner_id(word: str) -> LearnerId:
    return LearnerId(PersonId(word))


def _mentor_id(word: str) -> MentorId:
    return MentorId(PersonId(word))
