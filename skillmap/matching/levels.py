"""Find the level that a course asks for when nobody names one."""

from skillmap.errors import MatchingError, did_you_mean
from skillmap.model import Course, Level

__all__ = ["level_asked", "middle_level"]


def middle_level(course: Course) -> Level | None:
    """The middle level by cut, the lower one of two; None when the course has no levels."""
    by_cut = sorted(course.levels, key=lambda level: (level.cut, level.id))
    return by_cut[(len(by_cut) - 1) // 2] if by_cut else None


def level_asked(course: Course, level_id: str | None) -> Level:
    """The level with this id, or the middle one for None.

    Raises MatchingError when the course has no levels, or none of this id.
    """
    level = middle_level(course)
    if level is None:
        raise MatchingError(
            "This course defines no levels, so no requirement can be met."
            " Add at least one to curriculum/skills.toml."
        )
    if level_id is None:
        return level
    known = {one.id: one for one in course.levels}
    if level_id not in known:
        raise MatchingError(
            f"Level {level_id!r} is not one of this course: {', '.join(known)}."
            f"{did_you_mean(level_id, known)}"
        )
    return known[level_id]
