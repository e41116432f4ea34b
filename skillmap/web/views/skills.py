"""The skill picture: standing in words, an interval bar, how much evidence and how new.

In: a profile. Out: rows for tested skills, names of those not tested.
Law: no total, no rank; a skill that was not tested has no bar and stands apart; a range is said in
tenths ("5 to 8 of 10 tasks"), for the data support no more digits.
"""

from collections.abc import Collection
from dataclasses import dataclass

from markupsafe import Markup

from skillmap.model import Course, SkillId, SkillLine, SkillProfile
from skillmap.profiles import fading_of
from skillmap.web.charts import interval_bar
from skillmap.web.words import Words

__all__ = [
    "FADED_A_LITTLE",
    "SkillPicture",
    "SkillRow",
    "skill_picture",
    "skill_row",
    "standing_word",
]

_STANDING = {
    "early_sign": "standing.early_sign",
    "not_enough_evidence": "standing.not_enough_evidence",
    "not_tested": "standing.not_tested",
}
FADED_A_LITTLE, FADED_A_LOT = 0.9, 0.6  # share that is left
_ORDER = ("at_least", "early_sign", "not_enough_evidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillRow:
    """One tested skill. tenths: its interval in words; newest: the date of its newest task.

    fading: what time took of it since, in words; None when hardly anything.
    """

    id: SkillId
    name: str
    standing: Markup
    is_level: bool
    bar: Markup
    tenths: Markup
    tasks: Markup
    n_tasks: int
    newest: str
    fading: Markup | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillPicture:
    """Tested skills as rows, the others by name; cuts explain the ticks of the bars."""

    rows: tuple[SkillRow, ...]
    not_tested: tuple[str, ...]
    cuts: tuple[Markup, ...]


def standing_word(line: SkillLine, words: Words) -> Markup:
    """Say the standing: "At least working", "Early sign", …"""
    if line.standing == "at_least":
        return words.say("standing.at_least", level=words.level(line.level or ""))
    return words.say(_STANDING[line.standing])


def skill_picture(
    profile: SkillProfile,
    course: Course,
    words: Words,
    *,
    first: Collection[SkillId] = (),
    at_most: int | None = None,
) -> SkillPicture:
    """Lay out a profile: skills in `first` lead, then by standing and name; keep `at_most` rows.

    Not tested are the skills of `first` and those that the course has items for; with `at_most`
    only those of `first`, for a short page has no room for more.
    """
    tested = [line for line in profile.lines if line.standing in _ORDER]
    tested.sort(key=lambda line: _place(line, first, words))
    seen = {line.skill for line in tested}
    left = fading_of(profile)
    wanted = {*first} if at_most is not None else {*first, *profile.by_skill()}
    return SkillPicture(
        rows=tuple(
            skill_row(line, course, words, left=left.get(line.skill, 1.0))
            for line in tested[:at_most]
        ),
        not_tested=tuple(sorted(words.skill(s) for s in wanted if s not in seen)),
        cuts=_cuts(course, words),
    )


def _place(line: SkillLine, first: Collection[SkillId], words: Words) -> tuple[bool, int, str]:
    return line.skill not in first, _ORDER.index(line.standing), words.skill(line.skill)


def skill_row(line: SkillLine, course: Course, words: Words, *, left: float = 1.0) -> SkillRow:
    """Lay out one line. left: share of what the skill has of its own that time has left."""
    estimate = line.estimate
    name, tenths = words.skill(line.skill), _tenths(line, words)
    newest = words.day(estimate.newest) if estimate.newest else ""
    standing = standing_word(line, words)
    return SkillRow(
        id=line.skill,
        name=name,
        standing=standing,
        is_level=line.standing == "at_least",
        bar=interval_bar(
            low=line.low,
            mean=line.probability,
            high=line.high,
            cuts=[level.cut for level in course.levels],
            standing=line.standing,
            label=words.say("skills.bar", skill=name, standing=standing, tenths=tenths),
        ),
        tenths=tenths,
        tasks=words.count("skills.tasks", estimate.n_items, when=newest),
        n_tasks=estimate.n_items,
        newest=newest,
        fading=_fading(left, words),
    )


def _fading(left: float, words: Words) -> Markup | None:
    if left >= FADED_A_LITTLE:
        return None
    return words.say("fading.little" if left >= FADED_A_LOT else "fading.much")


def _tenths(line: SkillLine, words: Words) -> Markup:
    low, high = round(10 * line.low), round(10 * line.high)
    if low == high:
        return words.say("skills.about", n=low)
    return words.say("skills.range", low=low, high=high)


def _cuts(course: Course, words: Words) -> tuple[Markup, ...]:
    ordered = sorted(course.levels, key=lambda level: level.cut)
    return tuple(
        words.say("skills.cut", level=words.level(level.id), n=words.number(10 * level.cut))
        for level in ordered
    )
