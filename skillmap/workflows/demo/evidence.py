"""What nobody graded in the invented cohort, kept by the same workflows as in a real programme.

In: demo/evidence.toml. Out: attestations, some with consent, and statements.
Law: a learner who has any of it already gets nothing twice.
"""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from skillmap.errors import ContentError
from skillmap.model import LearnerId, PersonId, SkillId, Statement, StatementSource, Witness
from skillmap.ports import Clock
from skillmap.store import attestations, people, statements
from skillmap.workflows.attest import (
    Sight,
    attest,
    consent_to_attestation,
    state_skill,
)
from skillmap.workflows.programme import Programme

__all__ = ["DemoEvidence", "add_evidence", "read_evidence"]

Ago = Annotated[int, Field(ge=0)]


class _Attested(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    learner: str
    skill: str
    level: str
    words: str
    days_ago: Ago
    consents: bool
    by: str = ""
    name: str = ""
    role: str = ""


class _Stated(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    learner: str
    skill: str
    source: StatementSource
    years: float
    years_ago: Ago
    level: str | None = None
    text: str = ""


class DemoEvidence(BaseModel):
    """All of the file, in its order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    attested: tuple[_Attested, ...] = ()
    stated: tuple[_Stated, ...] = ()


def read_evidence(path: Path) -> DemoEvidence:
    """Read the file. Raises ContentError naming what does not fit."""
    try:
        with path.open("rb") as file:
            return DemoEvidence.model_validate(tomllib.load(file))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ContentError(f"{path}: {error}") from error


def add_evidence(programme: Programme, evidence: DemoEvidence, *, clock: Clock) -> None:
    """Keep what the file says of the learners who take part and have nothing of it yet."""
    with programme.database.begin(is_read_only=True) as session:
        known = [one.id for one in people.learners(session)]
        unseen = {one for one in known if not attestations.of_learner(session, one)}
        silent = {one for one in known if not statements.of_learner(session, one)}
    for row in evidence.attested:
        if row.learner in unseen:
            _attest(programme, row, clock=clock)
    for said in evidence.stated:
        if said.learner in silent:
            state_skill(programme, _statement(said, at=clock()))


def _attest(programme: Programme, row: _Attested, *, clock: Clock) -> None:
    learner = LearnerId(PersonId(row.learner))
    sight = Sight(
        learner=learner,
        skill=SkillId(row.skill),
        by=PersonId(row.by) if row.by else Witness(name=row.name, role=row.role),
        words=row.words,
        level=row.level,
        seen_on=(clock() - timedelta(days=row.days_ago)).date(),
    )
    kept = attest(programme, sight, clock=clock)
    if row.consents:
        consent_to_attestation(programme, kept.id, by=learner, clock=clock)


def _statement(said: _Stated, *, at: datetime) -> Statement:
    return Statement(
        learner=LearnerId(PersonId(said.learner)),
        skill=SkillId(said.skill),
        source=said.source,
        stated_at=at,
        years=said.years,
        last_used=at.year - said.years_ago,
        level=said.level,
        text=said.text,
    )
