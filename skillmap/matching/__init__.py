"""Pair learners with mentors, and compare profiles with openings: values in, values out."""

from skillmap.matching.audit import audit_plan
from skillmap.matching.openings import Coverage, coverage, match_openings, one_exercise_away
from skillmap.matching.pairing import plan_pairings

__all__ = [
    "Coverage",
    "audit_plan",
    "coverage",
    "match_openings",
    "one_exercise_away",
    "plan_pairings",
]
