"""Time a pairing plan on invented cohorts, beside two simpler ways to pair the same people.

Prints one JSON object keyed by size (learners x mentors). seconds: `plan_pairings` as a whole, with
reasons and audit. Baselines choose on the same table of utilities: `self_pick` lets learners choose
in order of arrival, `largest_total` is one plain linear sum assignment.
"""

import json
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from skillmap.matching import plan_pairings
from skillmap.matching.allocation import FORBIDDEN, NOBODY, best_total
from skillmap.matching.pair_table import UTILITY_STEPS, weigh_pairs
from skillmap.model import (
    Course,
    Learner,
    LearnerId,
    Level,
    Mentor,
    MentorId,
    Skill,
    SkillEstimate,
    SkillId,
    SkillLine,
    SkillProfile,
    Spoken,
)

SIZES = ((50, 12), (200, 60), (1000, 300))
SEATS = 3
SKILLS = tuple(SkillId(f"skill-{n:02}") for n in range(12))
LANGUAGES = ("en", "nb", "uk", "ar", "ti", "so")
SLOTS = tuple(f"{day}-{hour}" for day in ("mon", "tue", "wed", "thu") for hour in (17, 18, 19))
LEVELS = ("A2", "B1", "B2", "C1", "C2")

Choice = NDArray[np.int64]


def _pick(rng: np.random.Generator, words: tuple[str, ...], n: int) -> tuple[str, ...]:
    return tuple(str(word) for word in rng.choice(words, size=n, replace=False))


def _spoken(rng: np.random.Generator, chances: tuple[float, ...]) -> tuple[Spoken, ...]:
    return tuple(
        Spoken(language=code, level=LEVELS[rng.integers(len(LEVELS))])
        for code, chance in zip(LANGUAGES, chances, strict=True)
        if rng.random() < chance
    )


def _make_learner(rng: np.random.Generator, n: int) -> Learner:
    return Learner(
        id=LearnerId(f"learner-{n:05}"),
        name="",
        spoken=_spoken(rng, (0.8, 0.55, 0.3, 0.3, 0.15, 0.15)),
        slots=_pick(rng, SLOTS, int(rng.integers(2, 6))),
        goals=tuple(SkillId(one) for one in _pick(rng, SKILLS, int(rng.integers(0, 4)))),
    )


def _make_mentor(rng: np.random.Generator, n: int) -> Mentor:
    return Mentor(
        id=MentorId(f"mentor-{n:05}"),
        name="",
        capacity=SEATS,
        spoken=_spoken(rng, (0.95, 0.9, 0.05, 0.05, 0.02, 0.02)),
        slots=_pick(rng, SLOTS, int(rng.integers(2, 6))),
        teaches=tuple(SkillId(one) for one in _pick(rng, SKILLS, int(rng.integers(2, 6)))),
    )


def _make_line(rng: np.random.Generator, learner: LearnerId, skill: SkillId) -> SkillLine:
    estimate = SkillEstimate(
        learner=learner, skill=skill, logit=rng.normal(), sd=0.7, n_responses=5, n_items=5
    )
    return SkillLine(
        estimate=estimate, standing="early_sign", level=None, probability=0.5, low=0.2, high=0.8
    )


def _make_profile(rng: np.random.Generator, learner: LearnerId) -> SkillProfile:
    lines = tuple(_make_line(rng, learner, skill) for skill in SKILLS)
    return SkillProfile(
        learner=learner, lines=lines, model="invented", data_until=None, data_sha256=""
    )


def _make_course() -> Course:
    skills = {one: Skill(id=one, labels={}) for one in SKILLS}
    levels = (Level(id="working", labels={}, cut=0.6),)
    return Course(skills=skills, levels=levels, tracks=(), items={})


def _self_pick(utility: Choice, seats: Choice) -> Choice:
    """Each row in turn takes the best column with a seat left."""
    left, chosen = seats.copy(), np.full(len(utility), NOBODY)
    for row, values in enumerate(utility):
        open_values = np.where(left > 0, values, FORBIDDEN)
        best = int(np.argmax(open_values))
        if open_values[best] != FORBIDDEN:
            chosen[row] = best
            left[best] -= 1
    return chosen


def _summary(values: list[float], seconds: float) -> dict[str, float]:
    return {
        "seconds": round(seconds, 4),
        "matched": len(values),
        "total": round(sum(values), 3),
        "worst": round(min(values, default=0.0), 3),
    }


def _timed_choice(
    choose: Callable[[Choice, Choice], Choice], utility: Choice, seats: Choice
) -> dict[str, float]:
    start = time.perf_counter()
    chosen = choose(utility, seats)
    seconds = time.perf_counter() - start
    rows = np.flatnonzero(chosen != NOBODY)
    return _summary((utility[rows, chosen[rows]] / UTILITY_STEPS).tolist(), seconds)


def _run(n_learners: int, n_mentors: int) -> dict[str, object]:
    rng = np.random.default_rng(n_learners)
    learners = [_make_learner(rng, n) for n in range(n_learners)]
    mentors = [_make_mentor(rng, n) for n in range(n_mentors)]
    profiles = {one.id: _make_profile(rng, one.id) for one in learners}
    course = _make_course()
    start = time.perf_counter()
    plan = plan_pairings(
        learners=learners, mentors=mentors, profiles=profiles, exclusions=(), course=course
    )
    seconds = time.perf_counter() - start
    table = weigh_pairs(
        learners=learners, mentors=mentors, profiles=profiles, excluded=set(), course=course
    )
    seats = np.full(n_mentors, SEATS)
    return {
        **_summary([pair.utility for pair in plan.pairings], seconds),
        "baselines": {
            "self_pick": _timed_choice(_self_pick, table.utility, seats),
            "largest_total": _timed_choice(best_total, table.utility, seats),
        },
    }


def main() -> None:
    """Print the measurements of all sizes."""
    _run(*SIZES[0])  # the first plan pays for imports
    print(json.dumps({f"{n}x{m}": _run(n, m) for n, m in SIZES}, indent=2))


if __name__ == "__main__":
    main()
