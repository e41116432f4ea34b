"""Who takes part: people, learners, mentors, exclusions.

Law: every learner and every mentor is also a person, with one role. Whether a learner shares with
a mentor is read from the consents (`consents.py`) and cannot be set by saving the learner.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from skillmap.errors import StoreError, did_you_mean
from skillmap.model import Exclusion, Learner, LearnerId, Mentor, MentorId, Person, PersonId
from skillmap.store import consents
from skillmap.store.schema import ConsentRow, ExclusionRow, LearnerRow, MentorRow, PersonRow

__all__ = [
    "exclude",
    "exclusions",
    "learner",
    "learners",
    "mentor",
    "mentors",
    "person",
    "require_known",
    "save_learner",
    "save_mentor",
    "save_person",
    "set_sharing",
    "staff",
]

STAFF = ("instructor", "coordinator")


def save_learner(session: Session, learner: Learner) -> None:
    """Add or replace a learner; `shares_with_mentor` is left to `set_sharing`.

    Raises StoreError when the id belongs to a person with another role.
    """
    _save(
        session,
        Person(
            id=learner.id, name=learner.name, role="learner", page_language=learner.page_language
        ),
    )
    session.merge(
        LearnerRow(
            id=learner.id,
            spoken=learner.spoken,
            slots=learner.slots,
            goals=learner.goals,
            topics=learner.topics,
            municipality=learner.municipality,
        )
    )
    session.flush()


def save_mentor(session: Session, mentor: Mentor) -> None:
    """Add or replace a mentor. Raises StoreError when the id belongs to another role."""
    _save(
        session,
        Person(id=mentor.id, name=mentor.name, role="mentor", page_language=mentor.page_language),
    )
    session.merge(
        MentorRow(
            id=mentor.id,
            organisation=mentor.organisation,
            capacity=mentor.capacity,
            spoken=mentor.spoken,
            slots=mentor.slots,
            teaches=mentor.teaches,
        )
    )
    session.flush()


def save_person(session: Session, person: Person) -> None:
    """Add or replace an instructor or coordinator. Raises StoreError for another role."""
    if person.role not in STAFF:
        raise StoreError(
            f"Person {person.id!r}: a {person.role} has more to be stored than a name. "
            f"Save them as a {person.role}."
        )
    _save(session, person)


def learners(session: Session) -> list[Learner]:
    """Return all learners, sorted by id."""
    rows = session.execute(_learners())
    return sorted((_learner(*row) for row in rows), key=lambda one: one.id)


def mentors(session: Session) -> list[Mentor]:
    """Return all mentors, sorted by id."""
    rows = session.execute(_mentors())
    return sorted((_mentor(*row) for row in rows), key=lambda one: one.id)


def staff(session: Session) -> list[Person]:
    """Return all instructors and coordinators, sorted by id."""
    rows = session.scalars(select(PersonRow).where(PersonRow.role.in_(STAFF)))
    return sorted((_person(row) for row in rows), key=lambda one: one.id)


def learner(session: Session, id: LearnerId) -> Learner:
    """Return one learner. Raises StoreError, with the closest id, when unknown."""
    return _find_learner(session, id)


def mentor(session: Session, id: MentorId) -> Mentor:
    """Return one mentor. Raises StoreError, with the closest id, when unknown."""
    row = session.execute(_mentors().where(MentorRow.id == id)).one_or_none()
    if row is None:
        raise _unknown("mentor", id, session.scalars(select(MentorRow.id)))
    return _mentor(*row)


def person(session: Session, id: PersonId) -> Person | None:
    """Return anybody of any role, or None when unknown."""
    row = session.get(PersonRow, id)
    return None if row is None else _person(row)


def require_known(session: Session, id: PersonId) -> Person:
    """Return anybody of any role. Raises StoreError, with the closest id, when unknown."""
    found = person(session, id)
    if found is None:
        raise _unknown("person", id, session.scalars(select(PersonRow.id)))
    return found


def exclude(session: Session, exclusion: Exclusion) -> None:
    """Add a pair that must not be, or replace its reason. Raises StoreError for unknown ids."""
    learner(session, exclusion.learner)
    mentor(session, exclusion.mentor)
    session.merge(
        ExclusionRow(learner=exclusion.learner, mentor=exclusion.mentor, why=exclusion.why)
    )
    session.flush()


def exclusions(session: Session) -> list[Exclusion]:
    """Return all pairs that must not be, sorted by learner and mentor."""
    found = [
        Exclusion(learner=row.learner, mentor=row.mentor, why=row.why)
        for row in session.scalars(select(ExclusionRow))
    ]
    return sorted(found, key=lambda one: (one.learner, one.mentor))


def set_sharing(session: Session, learner: LearnerId, shares: bool, at: datetime) -> None:
    """Give or withdraw the consent to share with the mentor; repeating it changes nothing.

    Raises StoreError when the learner is unknown or `at` has no zone.
    """
    language = _find_learner(session, learner).page_language
    if shares:
        consents.give(session, learner, consents.SHARE_WITH_MENTOR, language=language, at=at)
    else:
        consents.withdraw(session, learner, consents.SHARE_WITH_MENTOR, at=at)


def _find_learner(session: Session, id: LearnerId) -> Learner:
    row = session.execute(_learners().where(LearnerRow.id == id)).one_or_none()
    if row is None:
        raise _unknown("learner", id, session.scalars(select(LearnerRow.id)))
    return _learner(*row)


def _save(session: Session, person: Person) -> None:
    row = session.get(PersonRow, person.id)
    if row is not None and row.role != person.role and {row.role, person.role} - set(STAFF):
        raise StoreError(
            f"Person {person.id!r}: this id already belongs to a {row.role}, and cannot become "
            f"a {person.role}. Choose another id."
        )
    session.merge(
        PersonRow(
            id=person.id, name=person.name, role=person.role, page_language=person.page_language
        )
    )
    session.flush()


def _learners() -> "Select[PersonRow, LearnerRow, bool]":
    shares = exists().where(
        ConsentRow.person == LearnerRow.id,
        ConsentRow.purpose == consents.SHARE_WITH_MENTOR,
        ConsentRow.withdrawn_at.is_(None),
    )
    return select(PersonRow, LearnerRow, shares).join(LearnerRow, LearnerRow.id == PersonRow.id)


def _mentors() -> "Select[PersonRow, MentorRow]":
    return select(PersonRow, MentorRow).join(MentorRow, MentorRow.id == PersonRow.id)


def _learner(person: PersonRow, row: LearnerRow, shares: bool) -> Learner:
    return Learner(
        id=row.id,
        name=person.name,
        spoken=row.spoken,
        slots=row.slots,
        goals=row.goals,
        topics=row.topics,
        municipality=row.municipality,
        shares_with_mentor=bool(shares),
        page_language=person.page_language,
    )


def _mentor(person: PersonRow, row: MentorRow) -> Mentor:
    return Mentor(
        id=row.id,
        name=person.name,
        organisation=row.organisation,
        capacity=row.capacity,
        spoken=row.spoken,
        slots=row.slots,
        teaches=row.teaches,
        page_language=person.page_language,
    )


def _person(row: PersonRow) -> Person:
    return Person(id=row.id, name=row.name, role=row.role, page_language=row.page_language)


def _unknown(noun: str, id: str, known: Iterable[str]) -> StoreError:
    return StoreError(
        f"The database knows no {noun} {id!r}.{did_you_mean(id, known)} "
        "`skillmap people` lists who is known, and with --import FILE it brings people in."
    )
