"""What only a learner sees: next steps, the mentor and why, who looked at their data.

In: values of the model. Out: plain values for templates.
Law: each recommendation carries its reason; each sighting says who, what, why and when.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from skillmap.model import Course, GradedAttempt, Item, Mentor, Pairing, PersonId
from skillmap.profiles import NextItem
from skillmap.store.access import AccessRecord
from skillmap.web.views.results import items_of
from skillmap.web.words import Words, isolated

__all__ = ["MentorView", "NextStep", "Sighting", "mentor_view", "next_steps", "sightings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """One exercise to do next, how to get there, and why this one.

    is_retry: its assignment was handed in before, so it lies in the learner's folder already.
    """

    title: str
    is_retry: bool
    reason: Markup
    way: Markup
    assignment: str
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


def next_steps(
    chosen: Sequence[NextItem],
    attempts: Sequence[GradedAttempt],
    course: Course,
    words: Words,
    *,
    names: Mapping[str, str] | None = None,
) -> list[NextStep]:
    """Say what to do next; without a choice, begin the first assignment not handed in yet.

    attempts: those of the same learner. names: of the people who may have chosen for them. Empty
    when everything is handed in and nothing chosen.
    """
    handed_in = {g.attempt.assignment for g in attempts}
    steps = [
        _step(item, words.reason(n.reason, names or {}), item.assignment in handed_in, words)
        for n in chosen
        if (item := course.items.get(n.item))
    ]
    to_come = (a for a in course.assignments() if a not in handed_in)
    first = next((item for a in to_come for item in items_of(course, a)), None)
    if steps or first is None:
        return steps
    return [_step(first, words.say("next.first"), False, words)]


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


def _step(item: Item, reason: Markup, is_retry: bool, words: Words) -> NextStep:
    return NextStep(
        title=words.item(item.id),
        is_retry=is_retry,
        reason=reason,
        way=words.say(
            "today.reopen" if is_retry else "today.fetch",
            folder=words.named(item.assignment),
            notebook=words.named(f"{item.notebook}.ipynb"),
        ),
        assignment=words.assignment(item.assignment),
        minutes=words.count("minutes", item.minutes) if item.minutes else None,
    )
