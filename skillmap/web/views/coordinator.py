"""The cohort and its pairs, without scores.

In: people, pairings, which learners have evidence. Out: rows for tables.
Law: a coordinator sees whether evidence exists, never what it says; a draft of pairs is named by a
digest, so that what is published is what was on the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from markupsafe import Markup

from skillmap.model import (
    AssignmentId,
    GradedAttempt,
    Learner,
    LearnerId,
    Mentor,
    Pairing,
    PairingPlan,
    Waiting,
)
from skillmap.web.words import Words

__all__ = [
    "CohortRow",
    "PairRow",
    "WaitingRow",
    "cohort_rows",
    "pair_rows",
    "plan_digest",
    "waiting_rows",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortRow:
    """One learner of the cohort."""

    name: str
    handed_in: int
    has_evidence: bool
    is_sharing: bool
    mentors: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow:
    """A learner with a mentor, and why."""

    learner: str
    mentor: str
    reasons: tuple[Markup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """A learner without a mentor, and what stands in the way."""

    learner: str
    causes: tuple[Markup, ...]


def cohort_rows(
    learners: Sequence[Learner],
    mentors: Sequence[Mentor],
    published: Sequence[Pairing],
    graded: Sequence[GradedAttempt],
    words: Words,
) -> list[CohortRow]:
    """List the cohort by name."""
    names = {m.id: m.name for m in mentors}
    handed_in: dict[LearnerId, set[AssignmentId]] = {}
    for g in graded:
        handed_in.setdefault(g.attempt.learner, set()).add(g.attempt.assignment)
    with_evidence = {g.attempt.learner for g in graded if g.problem is None}
    rows = [
        CohortRow(
            name=learner.name,
            handed_in=len(handed_in.get(learner.id, ())),
            has_evidence=learner.id in with_evidence,
            is_sharing=learner.shares_with_mentor,
            mentors=words.listed(
                names.get(p.mentor, p.mentor) for p in published if p.learner == learner.id
            ),
        )
        for learner in learners
    ]
    return sorted(rows, key=lambda row: row.name)


def pair_rows(pairings: Sequence[Pairing], names: Mapping[str, str], words: Words) -> list[PairRow]:
    """Say each pair with its reasons, by the learner's name."""
    rows = [
        PairRow(
            learner=names.get(p.learner, p.learner),
            mentor=names.get(p.mentor, p.mentor),
            reasons=tuple(words.reason(r, names) for r in p.reasons),
        )
        for p in pairings
    ]
    return sorted(rows, key=lambda row: (row.learner, row.mentor))


def waiting_rows(
    waiting: Sequence[Waiting], names: Mapping[str, str], words: Words
) -> list[WaitingRow]:
    """Say who waits and why, by name."""
    rows = [
        WaitingRow(
            learner=names.get(w.learner, w.learner),
            causes=tuple(words.reason(cause, names) for cause in w.causes),
        )
        for w in waiting
    ]
    return sorted(rows, key=lambda row: row.learner)


def plan_digest(plan: PairingPlan) -> str:
    """Name a draft by who is paired with whom; the order of the pairs does not count."""
    pairs = sorted(f"{p.learner}\n{p.mentor}" for p in plan.pairings)
    return sha256("\n\n".join(pairs).encode()).hexdigest()[:16]
