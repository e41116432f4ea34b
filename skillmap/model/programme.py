"""The frame of a programme: cohorts and organisations."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NewType

from skillmap.errors import StoreError
from skillmap.model.people import CohortId

__all__ = ["Cohort", "IntakeKind", "Organisation", "OrganisationId", "OrganisationKind"]

OrganisationId = NewType("OrganisationId", int)
IntakeKind = Literal["learner", "mentor"]
OrganisationKind = Literal["employer", "public", "volunteer", "school", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """The learners who begin together. ends_on: the last day of the course."""

    id: CohortId
    title: str
    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise StoreError(
                f"Cohort {self.id!r} ends on {self.ends_on}, before it starts on {self.starts_on}. "
                "Correct one of the days."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A company, an office or an association. id: 0 until it is kept."""

    name: str
    kind: OrganisationKind = "employer"
    id: OrganisationId = OrganisationId(0)
