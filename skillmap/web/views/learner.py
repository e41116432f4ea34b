"""What only a learner sees: next steps, the mentor and why, who looked at their data.

In: values of the model. Out: plain values for templates.
Law: each recommendation carries its reason; each sighting says who, what, why and when.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from skillmap.model import Course, Item, Mentor, Pairing, PersonId
from skillmap.profiles import NextItem
from skillmap.store.access import AccessRecord
from skillmap.web.words import Words, isolated

__all__ = ["MentorView", "NextStep", "Sighting", "mentor_view", "next_steps", "sightings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """One exercise to do next, where it is, and why this one."""

    title: str
    skill: str
    reason: Markup
    assignment: str
    notebook: str
    minutes: Markup | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MentorView:
    """A published mentor with the reasons for the pair."""

    name: str
    organisation: str
    reasons: tuple[Markup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Somebody saw something of mine; times: how often on that day."""

    who: Markup
    what: Markup
    why: Markup
    day: str
    times: Markup


def next_steps(chosen: Sequence[NextItem], course: Course, words: Words) -> list[NextStep]:
    """Say what to do next."""
    return [_step(n, course.items[n.item], words) for n in chosen if n.item in course.items]


def mentor_view(pairing: Pairing, mentor: Mentor, words: Words) -> MentorView:
    """Say who the mentor is and why; names of other mentors are for the coordinator only."""
    told = [r for r in pairing.reasons if "mentor" not in r.values]
    return MentorView(
        name=mentor.name,
        organisation=mentor.organisation,
        reasons=tuple(words.reason(r, {}) for r in told),
    )


def sightings(
    records: Iterable[AccessRecord], names: Mapping[PersonId, str], words: Words
) -> list[Sighting]:
    """Group the records by day, person and matter, newest day first."""
    ordered = sorted(records, key=lambda r: (r.at.date(), r.who, r.what, r.why), reverse=True)
    groups = groupby(ordered, key=lambda r: (r.at.date(), r.who, r.what, r.why))
    return [_sighting(list(group), names, words) for _, group in groups]


def _sighting(
    records: Sequence[AccessRecord], names: Mapping[PersonId, str], words: Words
) -> Sighting:
    one = records[0]
    return Sighting(
        who=isolated(names.get(one.who, one.who)),
        what=words.known_or_own(one.what),
        why=words.known_or_own(one.why),
        day=words.day(one.at),
        times=words.count("sightings.times", len(records)),
    )


def _step(chosen: NextItem, item: Item, words: Words) -> NextStep:
    return NextStep(
        title=words.item(item.id),
        skill=words.skill(chosen.skill),
        reason=words.reason(chosen.reason, {}),
        assignment=words.assignment(item.assignment),
        notebook=item.notebook,
        minutes=words.count("minutes", item.minutes) if item.minutes else None,
    )
