"""Invented people and work for the tests of the store."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from skillmap.model import (
    Attempt,
    GradedAttempt,
    Learner,
    Mentor,
    Opening,
    Pairing,
    PairingPlan,
    Person,
    Reason,
    Requirement,
    Response,
    SkillEstimate,
    SkillLine,
    SkillProfile,
    Spoken,
    Waiting,
)
from skillmap.store import Database, Session, people

MONDAY = datetime(2026, 2, 2, 18, 0, 0, 123456, tzinfo=UTC)
DAY = timedelta(days=1)


class UndoError(Exception):
    """Raised to end a transaction without keeping it."""


@contextmanager
def undone(database: Database) -> Iterator[Session]:
    """A transaction that leaves nothing."""
    try:
        with database.begin() as session:
            yield session
            raise UndoError
    except UndoError:
        return


def make_learner(**overrides: Any) -> Learner:
    values: dict[str, Any] = {
        "id": "amina",
        "name": "Amina Ø. Vårdal",
        "spoken": (Spoken(language="so", level="C2"), Spoken(language="nb", level="A2")),
        "slots": ("wed-17", "mon-18"),
        "goals": ("pandas", "loops"),
        "topics": "How do I read an error?\n«Traceback» 🐍",
        "municipality": "Drammen",
        "page_language": "nb",
    }
    return Learner(**{**values, **overrides})


def make_mentor(**overrides: Any) -> Mentor:
    values: dict[str, Any] = {
        "id": "mentor-kari",
        "name": "Kari",
        "organisation": "Fjordtall AS",
        "capacity": 2,
        "spoken": (Spoken(language="nb", level="C2"),),
        "slots": ("mon-18",),
        "teaches": ("pandas",),
    }
    return Mentor(**{**values, **overrides})


def make_coordinator(**overrides: Any) -> Person:
    values: dict[str, Any] = {"id": "coordinator-lise", "name": "Lise", "role": "coordinator"}
    return Person(**{**values, **overrides})


def make_response(**overrides: Any) -> Response:
    values: dict[str, Any] = {
        "learner": "amina",
        "item": "loops/exercise/sum",
        "attempt": 1,
        "fraction": 0.5,
        "points": 1.0,
        "max_points": 2.0,
        "submitted_at": MONDAY,
        "graded_at": MONDAY + DAY,
        "is_manual": False,
        "is_late": False,
        "scoring": "nbgrader 0.9.6",
        "isolation": "none",
        "sha256": "a" * 64,
    }
    return Response(**{**values, **overrides})


def make_attempt(*, graded: dict[str, Any] | None = None, **overrides: Any) -> GradedAttempt:
    values: dict[str, Any] = {
        "learner": "amina",
        "assignment": "loops",
        "number": 1,
        "submitted_at": MONDAY,
        "sha256": "a" * 64,
    }
    rest: dict[str, Any] = {
        "graded_at": MONDAY + DAY,
        "scoring": "nbgrader 0.9.6",
        "isolation": "none",
        "findings": ("one test wrote to stderr",),
    }
    return GradedAttempt(attempt=Attempt(**{**values, **overrides}), **{**rest, **(graded or {})})


def make_line(**overrides: Any) -> SkillLine:
    estimate = SkillEstimate(
        learner=overrides.pop("learner", "amina"),
        skill=overrides.pop("skill", "loops"),
        logit=overrides.pop("logit", 0.1 + 0.2),
        sd=overrides.pop("sd", 1 / 3),
        n_responses=7,
        n_items=4,
        newest=MONDAY,
    )
    values: dict[str, Any] = {
        "estimate": estimate,
        "standing": "at_least",
        "level": "basic",
        "probability": 0.57,
        "low": 0.3,
        "high": 0.8,
        "evidence": ("loops/exercise/sum",),
    }
    return SkillLine(**{**values, **overrides})


def make_profile(**overrides: Any) -> SkillProfile:
    values: dict[str, Any] = {
        "learner": "amina",
        "lines": (make_line(), make_line(skill="pandas", standing="early_sign", level=None)),
        "model": "hierarchical 1",
        "data_until": MONDAY,
        "data_sha256": "b" * 64,
    }
    return SkillProfile(**{**values, **overrides})


def make_pairing(**overrides: Any) -> Pairing:
    values: dict[str, Any] = {
        "learner": "amina",
        "mentor": "mentor-kari",
        "utility": 2 / 3,
        "reasons": (Reason(key="pair.language", values={"language": "nb", "n": 1, "share": 0.5}),),
    }
    return Pairing(**{**values, **overrides})


def make_plan(**overrides: Any) -> PairingPlan:
    values: dict[str, Any] = {
        "pairings": (make_pairing(),),
        "waiting": (Waiting(learner=_id("bashir"), causes=(Reason(key="wait.capacity"),)),),
    }
    return PairingPlan(**{**values, **overrides})


def make_opening(**overrides: Any) -> Opening:
    values: dict[str, Any] = {
        "id": "opening-1",
        "title": "Junior dataanalytiker",
        "employer": "Fjordtall AS",
        "municipality": "Drammen",
        "text": "Du kan litt Python.",
        "apply_url": "https://example.org/apply/1",
        "source": "example",
        "published": MONDAY,
        "expires": MONDAY + 30 * DAY,
        "deadline": "Snarest",
        "requirements": (
            Requirement(kind="skill", ref="loops", is_required=True, words="litt Python"),
        ),
    }
    return Opening(**{**values, **overrides})


def save_cohort(session: Session) -> None:
    """Two learners, two mentors, a coordinator and an instructor."""
    people.save_learner(session, make_learner())
    people.save_learner(session, make_learner(id="bashir", name="Bashir"))
    people.save_mentor(session, make_mentor())
    people.save_mentor(session, make_mentor(id="mentor-ola", name="Ola", capacity=1))
    people.save_person(session, make_coordinator())
    people.save_person(session, make_coordinator(id="teacher-per", name="Per", role="instructor"))


def _id(name: str) -> Any:
    return name
