"""The three kinds of evidence of one learner, always apart: graded, attested, stated.

In: a learner. Out: an Evidence, as others may see it.
Law: an attestation that the learner has not consented to, or took back, is not in it; nor is a
statement that they took back. Graded work that they dispute is marked.
"""

from dataclasses import dataclass

from skillmap.model import (
    Attestation,
    Dispute,
    ItemId,
    LearnerId,
    PersonId,
    Response,
    SkillProfile,
    Statement,
)
from skillmap.ports import Clock
from skillmap.store import (
    Session,
    access,
    attestations,
    disputes,
    people,
    profiles,
    responses,
    statements,
)
from skillmap.workflows.programme import Programme
from skillmap.workflows.sightings import seen

__all__ = ["Evidence", "GradedItem", "disputed_items", "evidence_of", "gather"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedItem:
    """The newest response to one item. is_disputed: the learner says that its score is wrong."""

    response: Response
    is_disputed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What speaks for a learner's skills. profile: what the graded items say together."""

    learner: LearnerId
    profile: SkillProfile | None
    graded: tuple[GradedItem, ...]
    attested: tuple[Attestation, ...]
    stated: tuple[Statement, ...]


def evidence_of(
    programme: Programme, learner: LearnerId, *, by: PersonId, clock: Clock
) -> Evidence:
    """Read the evidence of a learner, and log that `by` saw it, unless it is their own.

    Raises StoreError for an unknown learner.
    """
    with programme.database.begin() as session:
        people.learner(session, learner)
        if by != learner:
            access.record(session, seen(learner, "access.what.evidence", by=by, clock=clock))
        return gather(session, learner)


def gather(session: Session, learner: LearnerId) -> Evidence:
    """Read the evidence of a learner within a transaction; whoever shows it logs the look."""
    in_question = disputed_items(session, learner)
    return Evidence(
        learner=learner,
        profile=profiles.latest(session, learner),
        graded=tuple(
            GradedItem(response=one, is_disputed=one.item in in_question)
            for one in _newest(responses.current(session, learner=learner))
        ),
        attested=tuple(attestations.counting(session, learner)),
        stated=tuple(statements.standing(session, learner)),
    )


def disputed_items(session: Session, learner: LearnerId) -> frozenset[ItemId]:
    """Return the items whose scores are in question: not answered, or not corrected yet."""
    mine = disputes.of_learner(session, learner)
    return frozenset(one.item for one in mine if _is_in_question(one))


def _is_in_question(dispute: Dispute) -> bool:
    return dispute.state == "open" or dispute.waits_for_gradebook


def _newest(answers: list[Response]) -> list[Response]:
    """The last response to each item, by item."""
    in_time = sorted(answers, key=lambda one: (one.attempt, one.submitted_at))
    return sorted({one.item: one for one in in_time}.values(), key=lambda one: one.item)
