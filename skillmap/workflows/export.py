"""Write what is known to plain files, for a hand-over or for the learner themselves.

Law: no total score and no rank of people is written; whoever takes out a learner's data is written
into that learner's access log.
"""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from skillmap.model import LearnerId, PersonId, Response, SkillLine, SkillProfile
from skillmap.ports import Clock
from skillmap.store import (
    access,
    attestations,
    disputes,
    pairings,
    people,
    profiles,
    responses,
    statements,
)
from skillmap.workflows.programme import Programme
from skillmap.workflows.sightings import seen

__all__ = ["export_all", "export_learner"]

RESPONSE_COLUMNS = (
    "learner",
    "item",
    "attempt",
    "fraction",
    "points",
    "max_points",
    "submitted_at",
    "graded_at",
    "is_manual",
    "is_late",
    "scoring",
    "isolation",
    "sha256",
)
SKILL_COLUMNS = ("learner", "skill", "standing", "level", "low", "high", "n_items", "newest")


def export_all(programme: Programme, folder: Path, *, by: PersonId, clock: Clock) -> list[Path]:
    """Write responses.csv, skills.csv and pairings.csv of the whole cohort, logged for each."""
    with programme.database.begin() as session:
        log = responses.current(session)
        learners = sorted({*(r.learner for r in log), *(p.id for p in people.learners(session))})
        found = [profiles.latest(session, learner) for learner in learners]
        pairs = [(pair.learner, pair.mentor) for pair in pairings.published(session)]
        for learner in learners:
            access.record(session, seen(learner, "access.what.copy", by=by, clock=clock))
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _write_csv(folder / "responses.csv", RESPONSE_COLUMNS, map(_response_row, log)),
        _write_csv(folder / "skills.csv", SKILL_COLUMNS, _skill_rows(found)),
        _write_csv(folder / "pairings.csv", ("learner", "mentor"), pairs),
    ]


def export_learner(
    programme: Programme, learner: LearnerId, folder: Path, *, by: PersonId, clock: Clock
) -> list[Path]:
    """Write everything known of one learner as one JSON file, and log that `by` took it."""
    with programme.database.begin() as session:
        person = people.learner(session, learner)
        profile = profiles.latest(session, learner)
        access.record(session, seen(learner, "access.what.copy", by=by, clock=clock))
        known = {
            "person": asdict(person),
            "responses": [asdict(r) for r in responses.current(session, learner=learner)],
            "attempts": [asdict(a) for a in responses.graded_attempts(session, learner=learner)],
            "disputes": [asdict(one) for one in disputes.of_learner(session, learner)],
            "attestations": [asdict(one) for one in attestations.of_learner(session, learner)],
            "statements": [asdict(one) for one in statements.of_learner(session, learner)],
            "profile": asdict(profile) if profile else None,
            "pairings": [asdict(p) for p in pairings.published(session) if p.learner == learner],
            "seen_by": [asdict(seen) for seen in access.of(session, learner, limit=100_000)],
        }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{learner}.json"
    text = json.dumps(known, ensure_ascii=False, indent=2, default=str)
    path.write_text(text + "\n", encoding="utf-8")
    return [path]


def _response_row(response: Response) -> list[str]:
    return [str(getattr(response, column)) for column in RESPONSE_COLUMNS]


def _skill_rows(found: Iterable[SkillProfile | None]) -> Iterable[list[str]]:
    for profile in found:
        if profile is not None:
            yield from (_skill_row(profile, line) for line in profile.lines)


def _skill_row(profile: SkillProfile, line: SkillLine) -> list[str]:
    return [
        profile.learner,
        line.skill,
        line.standing,
        line.level or "",
        f"{line.low:.3f}",
        f"{line.high:.3f}",
        str(line.estimate.n_items),
        str(line.estimate.newest or ""),
    ]


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return path


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from reading a text as a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell
