"""The mentor's brief: one page to read in a minute before a meeting.

In: one learner's values, loaded after `access.read_brief` said "open". Out: a Brief.
Law: no total, no rank, no comparison with others; strengths first; a skill that was not tested
stands apart, and so does what nobody graded; an exercise is one line. The whole page keeps to 450
words, so lists and the learner's own text have limits.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from skillmap.matching import Coverage, coverage
from skillmap.model import (
    Course,
    ItemId,
    JobMatch,
    Learner,
    Mentor,
    Opening,
    OpeningId,
    Response,
    SkillProfile,
)
from skillmap.web.views.evidence import disputed_titles, short_attested, short_stated
from skillmap.web.views.exercises import Work, stuck_work, work_on
from skillmap.web.views.skills import SkillPicture, skill_picture
from skillmap.web.words import Words
from skillmap.workflows.evidence import Evidence

__all__ = ["Brief", "Gap", "make_brief"]

MAX_SKILLS = 6
MAX_TOPIC_WORDS = 45  # the rest of the page needs the other 405
MAX_NAMED = 3
MAX_QUESTIONED = 2
RECENT = timedelta(days=21)  # about the time between two meetings


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One near opening with counts of its demands."""

    title: str
    employer: str
    coverage: Coverage


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """Everything that the page shows, in its order."""

    name: str
    spoken: str
    prepared: str
    data_until: str | None
    topics: str
    passed: Markup
    n_more_passed: int
    stuck: tuple[Markup, ...]
    picture: SkillPicture | None
    attested: tuple[Markup, ...]
    stated: tuple[Markup, ...]
    disputed: Markup
    evidence: tuple[Markup, ...]
    gap: Gap | None
    questions: tuple[Markup, ...]
    evenings: str
    languages: str


def make_brief(
    *,
    learner: Learner,
    mentor: Mentor | None,
    evidence: Evidence,
    responses: Sequence[Response],
    matches: Sequence[JobMatch],
    openings: Mapping[OpeningId, Opening],
    course: Course,
    words: Words,
    now: datetime,
) -> Brief:
    """Choose and say what a mentor needs for the next meeting."""
    profile = evidence.profile
    disputed = [one.response.item for one in evidence.graded if one.is_disputed]
    done = _newest_first(w for w in work_on(responses, course) if w.is_solved)
    recent = [w for w in done if w.submitted_at >= now - RECENT]
    stuck = _newest_first(stuck_work(responses, course))
    gap = _gap(matches, openings)
    return Brief(
        name=learner.name,
        spoken=words.spoken(learner.spoken),
        prepared=words.moment(now),
        data_until=words.moment(profile.data_until) if profile and profile.data_until else None,
        topics=_shortened(learner.topics),
        passed=words.listed(_named(w, words) for w in recent[:MAX_NAMED]),
        n_more_passed=max(0, len(recent) - MAX_NAMED),
        stuck=tuple(
            words.count("brief.stuck", w.attempt, item=_named(w, words)) for w in stuck[:2]
        ),
        picture=_picture(learner, profile, course, words),
        attested=short_attested(evidence.attested, words),
        stated=short_stated(evidence.stated, words, first=learner.goals),
        disputed=words.listed(disputed_titles(disputed, course, words)[:MAX_QUESTIONED]),
        evidence=_evidence(done, disputed, words),
        gap=gap,
        questions=_questions(done, stuck, gap, words),
        evenings=_shared_evenings(learner, mentor, words),
        languages=_shared_languages(learner, mentor, words),
    )


def _newest_first(works: Iterable[Work]) -> list[Work]:
    return sorted(works, key=lambda w: (w.submitted_at, w.exercise.item), reverse=True)


def _named(work: Work, words: Words) -> Markup:
    return words.named(words.item(work.exercise.item))


def _picture(
    learner: Learner, profile: SkillProfile | None, course: Course, words: Words
) -> SkillPicture | None:
    if profile is None:
        return None
    return skill_picture(profile, course, words, first=learner.goals, at_most=MAX_SKILLS)


def _shortened(text: str) -> str:
    parts = text.split()
    if len(parts) <= MAX_TOPIC_WORDS and len(text) <= 8 * MAX_TOPIC_WORDS:
        return text.strip()
    return " ".join(parts[:MAX_TOPIC_WORDS])[: 8 * MAX_TOPIC_WORDS] + " …"


def _evidence(
    done: Sequence[Work], disputed: Collection[ItemId], words: Words
) -> tuple[Markup, ...]:
    """Choose the hardest exercise solved, and one that took the most attempts."""
    if not done:
        return ()
    strong = max(done, key=lambda w: (w.exercise.difficulty, w.submitted_at))
    others = [w for w in done if w is not strong]
    said = [_shown("brief.strong", strong, disputed, words)]
    if others:
        patient = max(others, key=lambda w: (w.attempt, w.submitted_at))
        said.append(_shown("brief.instructive", patient, disputed, words))
    return tuple(said)


def _shown(key: str, work: Work, disputed: Collection[ItemId], words: Words) -> Markup:
    day = words.day(work.submitted_at)
    shown = words.count(key, work.attempt, item=_named(work, words), when=day)
    if any(answer.item in disputed for answer in work.answers):
        return shown + " " + words.say("brief.questioned")
    return shown


def _gap(matches: Sequence[JobMatch], openings: Mapping[OpeningId, Opening]) -> Gap | None:
    for match in matches:
        if opening := openings.get(match.opening):
            return Gap(title=opening.title, employer=opening.employer, coverage=coverage(match))
    return None


def _questions(
    done: Sequence[Work], stuck: Sequence[Work], gap: Gap | None, words: Words
) -> tuple[Markup, ...]:
    """Ask one question each on goal, reality and way forward, after what the data show."""
    reality = words.say("brief.ask.start")
    if stuck:
        reality = words.say("brief.ask.stuck", item=_named(stuck[0], words))
    elif done:
        reality = words.say("brief.ask.proud", item=_named(done[0], words))
    way = words.say("brief.ask.opening" if gap else "brief.ask.people")
    return words.say("brief.ask.goal"), reality, way


def _shared_evenings(learner: Learner, mentor: Mentor | None, words: Words) -> str:
    theirs = set(mentor.slots) if mentor else set()
    return words.listed(words.slot(s) for s in learner.slots if s in theirs)


def _shared_languages(learner: Learner, mentor: Mentor | None, words: Words) -> str:
    theirs = {s.language for s in mentor.spoken} if mentor else set()
    shared = [s.language for s in learner.spoken if s.language in theirs]
    return words.listed(words.language_name(code) for code in shared)
