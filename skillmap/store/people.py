"""Who takes part: people, learners, mentors, exclusions, wishes.

Law: every learner and every mentor is also a person, with one main role and perhaps further parts.
Whether a learner shares with a mentor is read from the consents (`consents.py`), and who has left
is set by `leave`; neither can be set by saving a learner or a mentor.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import Select, delete, exists, select
from sqlalchemy.orm import Session

from skillmap.errors import StoreError, did_you_mean
from skillmap.model import (
    Exclusion,
    Learner,
    LearnerId,
    Mentor,
    MentorId,
    OrganisationId,
    Person,
    PersonId,
    Role,
    Wish,
)
from skillmap.store import consents, organisations
from skillmap.store.schema import (
    ConsentRow,
    ExclusionRow,
    LearnerRow,
    MentorRow,
    PersonRoleRow,
    PersonRow,
    WishRow,
)

__all__ = [
    "exclude",
    "exclusions",
    "include",
    "learner",
    "learners",
    "leave",
    "mentor",
    "mentors",
    "person",
    "play_also",
    "require_known",
    "save_learner",
    "save_mentor",
    "save_person",
    "set_contact",
    "set_sharing",
    "staff",
    "wish",
    "wishes",
]

# They have no more to be stored than a name; learners and mentors do.
STAFF = ("instructor", "coordinator", "contributor", "referrer", "host")


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
            cohort=learner.cohort,
            needs=learner.needs,
            target_role=learner.target_role,
            meets=learner.meets,
            mentor_gender=learner.mentor_gender,
            n_waited=learner.n_waited,
        )
    )
    session.flush()


def save_mentor(session: Session, mentor: Mentor) -> None:
    """Add or replace a mentor. Raises StoreError when the id belongs to another role."""
    _save(
        session,
        Person(
            id=mentor.id,
            name=mentor.name,
            role="mentor",
            page_language=mentor.page_language,
            organisation=mentor.organisation,
        ),
    )
    session.merge(
        MentorRow(
            id=mentor.id,
            capacity=mentor.capacity,
            spoken=mentor.spoken,
            slots=mentor.slots,
            teaches=mentor.teaches,
            helps_with=mentor.helps_with,
            municipality=mentor.municipality,
            meets=mentor.meets,
            gender=mentor.gender,
            paused_until=mentor.paused_until,
        )
    )
    session.flush()


def save_person(session: Session, person: Person) -> None:
    """Add or replace somebody who is no learner and no mentor. Raises StoreError for those."""
    if person.role not in STAFF:
        raise StoreError(
            f"Person {person.id!r}: a {person.role} has more to be stored than a name. "
            f"Save them as a {person.role}."
        )
    _save(session, person)


def set_contact(session: Session, id: PersonId, *, email: str) -> None:
    """Keep where reminders go; "" forgets it. Raises StoreError when the person is unknown."""
    require_known(session, id)
    _row(session, id).email = email
    session.flush()


def play_also(session: Session, id: PersonId, parts: Iterable[Role]) -> None:
    """Set the further parts of a person. Raises StoreError when the person is unknown."""
    main = require_known(session, id).role
    session.execute(delete(PersonRoleRow).where(PersonRoleRow.person == id))
    session.add_all(PersonRoleRow(person=id, role=role) for role in sorted({*parts} - {main}))
    session.flush()


def leave(session: Session, id: PersonId, on: date | None) -> None:
    """Say since when a person takes no part; None brings them back."""
    require_known(session, id)
    _row(session, id).left_on = on
    session.flush()


def learners(session: Session) -> list[Learner]:
    """Return all learners, sorted by id."""
    rows = session.execute(_learners())
    return sorted((_learner(*row) for row in rows), key=lambda one: one.id)


def mentors(session: Session) -> list[Mentor]:
    """Return all mentors, sorted by id."""
    rows, names = session.execute(_mentors()), organisations.names(session)
    return sorted((_mentor(*row, names) for row in rows), key=lambda one: one.id)


def staff(session: Session) -> list[Person]:
    """Return all who are no learners and no mentors, sorted by id."""
    rows = session.scalars(select(PersonRow).where(PersonRow.role.in_(STAFF)))
    return sorted((_person(session, row) for row in rows), key=lambda one: one.id)


def learner(session: Session, id: LearnerId) -> Learner:
    """Return one learner. Raises StoreError, with the closest id, when unknown."""
    return _find_learner(session, id)


def mentor(session: Session, id: MentorId) -> Mentor:
    """Return one mentor. Raises StoreError, with the closest id, when unknown."""
    row = session.execute(_mentors().where(MentorRow.id == id)).one_or_none()
    if row is None:
        raise _unknown("mentor", id, session.scalars(select(MentorRow.id)))
    return _mentor(*row, organisations.names(session))


def person(session: Session, id: PersonId) -> Person | None:
    """Return anybody of any role, or None when unknown."""
    row = session.get(PersonRow, id)
    return None if row is None else _person(session, row)


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
        ExclusionRow(
            learner=exclusion.learner,
            mentor=exclusion.mentor,
            why=exclusion.why,
            kind=exclusion.kind,
        )
    )
    session.flush()


def include(session: Session, learner: LearnerId, mentor: MentorId) -> None:
    """Let two people meet again who were kept apart."""
    found = session.get(ExclusionRow, (learner, mentor))
    if found is not None:
        session.delete(found)
        session.flush()


def exclusions(session: Session) -> list[Exclusion]:
    """Return all pairs that must not be, sorted by learner and mentor."""
    found = [
        Exclusion(learner=row.learner, mentor=row.mentor, why=row.why, kind=row.kind)
        for row in session.scalars(select(ExclusionRow))
    ]
    return sorted(found, key=lambda one: (one.learner, one.mentor))


def wish(session: Session, wished: Wish, *, holds: bool = True) -> None:
    """Keep or forget that somebody would like to meet somebody; StoreError for unknown ids."""
    require_known(session, wished.by)
    require_known(session, wished.whom)
    session.execute(delete(WishRow).where(WishRow.by == wished.by, WishRow.whom == wished.whom))
    if holds:
        session.add(WishRow(by=wished.by, whom=wished.whom))
    session.flush()


def wishes(session: Session) -> list[Wish]:
    """Return all wishes, sorted by who wishes and whom."""
    found = [Wish(by=row.by, whom=row.whom) for row in session.scalars(select(WishRow))]
    return sorted(found, key=lambda one: (one.by, one.whom))


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
    row = row or PersonRow(id=person.id, email="", left_on=None, organisation=None)
    row.name, row.role, row.page_language = person.name, person.role, person.page_language
    if person.organisation:
        row.organisation = organisations.id_of(session, person.organisation)
    session.add(row)
    session.flush()


def _row(session: Session, id: PersonId) -> PersonRow:
    return session.get_one(PersonRow, id)


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
        cohort=row.cohort,
        needs=row.needs,
        target_role=row.target_role,
        meets=row.meets,
        mentor_gender=row.mentor_gender,
        n_waited=row.n_waited,
        left_on=person.left_on,
    )


def _mentor(person: PersonRow, row: MentorRow, names: Mapping[OrganisationId, str]) -> Mentor:
    return Mentor(
        id=row.id,
        name=person.name,
        organisation=_organisation(person, names),
        capacity=row.capacity,
        spoken=row.spoken,
        slots=row.slots,
        teaches=row.teaches,
        page_language=person.page_language,
        helps_with=row.helps_with,
        municipality=row.municipality,
        meets=row.meets,
        gender=row.gender,
        paused_until=row.paused_until,
        left_on=person.left_on,
    )


def _person(session: Session, row: PersonRow) -> Person:
    also = select(PersonRoleRow.role).where(PersonRoleRow.person == row.id)
    return Person(
        id=row.id,
        name=row.name,
        role=row.role,
        page_language=row.page_language,
        also=tuple(sorted(session.scalars(also))),
        organisation=_organisation(row, organisations.names(session)),
        email=row.email,
        left_on=row.left_on,
    )


def _organisation(row: PersonRow, names: Mapping[OrganisationId, str]) -> str:
    return "" if row.organisation is None else names[row.organisation]


def _unknown(noun: str, id: str, known: Iterable[str]) -> StoreError:
    return StoreError(
        f"The database knows no {noun} {id!r}.{did_you_mean(id, known)} "
        "`skillmap people` lists who is known, and with --import FILE it brings people in."
    )
