"""Refuse people and pairs that cannot be paired as they are.

In: the input of a pairing. Out: nothing, or one MatchingError that names every problem.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from skillmap.errors import MatchingError, did_you_mean
from skillmap.model import Exclusion, Learner, Mentor, Pairing

__all__ = ["check_people"]


def check_people(
    learners: Sequence[Learner],
    mentors: Sequence[Mentor],
    exclusions: Sequence[Exclusion],
    running: Sequence[Pairing],
) -> None:
    """Raise MatchingError for repeated ids, unknown ids and learners running twice."""
    known_learners = {one.id for one in learners}
    known_mentors = {one.id for one in mentors}
    problems = [
        *_repeated("Learner", (one.id for one in learners), "is listed"),
        *_repeated("Mentor", (one.id for one in mentors), "is listed"),
        *_repeated("Learner", (one.learner for one in running), "has running pairings"),
        *_unknown("Exclusion", "learner", (one.learner for one in exclusions), known_learners),
        *_unknown("Exclusion", "mentor", (one.mentor for one in exclusions), known_mentors),
        *_unknown("Running pairing", "learner", (one.learner for one in running), known_learners),
        *_unknown("Running pairing", "mentor", (one.mentor for one in running), known_mentors),
    ]
    if problems:
        raise MatchingError(" ".join(problems))


def _repeated(who: str, ids: Iterable[str], what: str) -> list[str]:
    return [
        f"{who} {one!r} {what} {n} times; keep one." for one, n in Counter(ids).items() if n > 1
    ]


def _unknown(where: str, who: str, ids: Iterable[str], known: Iterable[str]) -> list[str]:
    names = set(known)
    return [
        f"{where}: {who} {one!r} is not in the cohort. Add or remove it.{did_you_mean(one, names)}"
        for one in sorted(set(ids) - names)
    ]
