"""Bring a cohort's people into the register, from a TOML file."""

from pathlib import Path

from skillmap.content import People, load_people
from skillmap.model import Person, PersonId
from skillmap.ports import Clock
from skillmap.store import people
from skillmap.workflows.programme import Programme

__all__ = ["import_people", "learner_home", "list_people", "save_people"]


def import_people(programme: Programme, path: Path, *, clock: Clock) -> People:
    """Read a people file and save everybody in it, or nobody when something in it is wrong."""
    cohort = load_people(path, skills=programme.course.skills)
    save_people(programme, cohort, clock=clock)
    return cohort


def save_people(programme: Programme, cohort: People, *, clock: Clock) -> None:
    """Add or update everybody in one transaction.

    The file's consent to share counts for new learners only; afterwards it is theirs to change.
    """
    with programme.database.begin() as session:
        known = {learner.id for learner in people.learners(session)}
        for person in cohort.staff:
            people.save_person(session, person)
        for mentor in cohort.mentors:
            people.save_mentor(session, mentor)
        for learner in cohort.learners:
            people.save_learner(session, learner)
            if learner.shares_with_mentor and learner.id not in known:
                people.set_sharing(session, learner.id, True, clock())
        for exclusion in cohort.exclusions:
            people.exclude(session, exclusion)


def list_people(programme: Programme) -> list[Person]:
    """Return everybody in the register, by role and id."""
    with programme.database.begin(is_read_only=True) as session:
        ids = [
            *(person.id for person in people.staff(session)),
            *(mentor.id for mentor in people.mentors(session)),
            *(learner.id for learner in people.learners(session)),
        ]
        found = [people.person(session, who) for who in ids]
    return [person for person in found if person is not None]


def learner_home(programme: Programme, learner: PersonId) -> Path:
    """The folder in which a learner works on this machine: of the demo and of `skillmap lab`."""
    return programme.root / "learners" / learner
