"""Doors that employers open: practice places, who had them, and what came of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NewType

from skillmap.errors import StoreError
from skillmap.model.people import CohortId, LearnerId, PersonId
from skillmap.model.programme import OrganisationId

__all__ = [
    "AgreementState",
    "Outcome",
    "OutcomeId",
    "OutcomeKind",
    "Placement",
    "PlacementId",
    "PlacementState",
    "PlaceId",
    "PracticePlace",
]

PlaceId = NewType("PlaceId", int)
PlacementId = NewType("PlacementId", int)
OutcomeId = NewType("OutcomeId", int)
AgreementState = Literal["none", "sent", "signed"]
PlacementState = Literal["offered", "running", "finished", "broken_off"]
OutcomeKind = Literal["internship", "wage_subsidy", "job", "studies"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticePlace:
    """A real project of an organisation, with seats for learners. id: 0 until it is kept.

    host: who answers for it there. supervisor: who is beside the learner day by day, in words.
    """

    organisation: OrganisationId
    project: str
    starts_on: date
    ends_on: date
    n_seats: int = 1
    host: PersonId | None = None
    supervisor: str = ""
    agreement: AgreementState = "none"
    id: PlaceId = PlaceId(0)

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise StoreError(f"Practice place {self.project!r} ends before it starts.")
        if self.n_seats < 1:
            raise StoreError(f"Practice place {self.project!r} has no seat. Give it 1 or more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A learner has a practice place. host_says, learner_says: how each judges it afterwards."""

    place: PlaceId
    learner: LearnerId
    state: PlacementState = "offered"
    starts_on: date | None = None
    ends_on: date | None = None
    host_says: str = ""
    learner_says: str = ""
    id: PlacementId = PlacementId(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a learner, in the months after.

    learner: None once the person is erased and their consent to keep the outcome stands; the row
    then names nobody. is_relevant, is_there_6, is_there_12: None while nobody knows.
    """

    learner: LearnerId | None
    cohort: CohortId | None
    kind: OutcomeKind
    started_on: date
    is_relevant: bool | None = None
    is_there_6: bool | None = None
    is_there_12: bool | None = None
    recorded_at: datetime
    id: OutcomeId = OutcomeId(0)
