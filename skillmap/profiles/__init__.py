"""From responses to what may be said of a learner, and what to try next."""

from skillmap.profiles.asks import asks_of, needs_of_opening, needs_of_track
from skillmap.profiles.basis import end_of
from skillmap.profiles.beliefs import belief_of
from skillmap.profiles.explain import (
    Contribution,
    Fading,
    SkillExplanation,
    explain_skill,
    fading_of,
)
from skillmap.profiles.findings import Finding
from skillmap.profiles.fit import Fitted
from skillmap.profiles.groups import MIN_GROUP, GroupCount
from skillmap.profiles.items import ItemReport, report_items
from skillmap.profiles.module_order import PrerequisiteDoubt, doubt_prerequisites
from skillmap.profiles.next_items import NextItem, exposure_rng, is_enough_known, next_items
from skillmap.profiles.options import Mode
from skillmap.profiles.profile import build_profiles, judge
from skillmap.profiles.situation import Situation
from skillmap.profiles.stuck import Deadlines, Stuck, find_stuck

__all__ = [
    "MIN_GROUP",
    "Contribution",
    "Deadlines",
    "Fading",
    "Finding",
    "Fitted",
    "GroupCount",
    "ItemReport",
    "Mode",
    "NextItem",
    "PrerequisiteDoubt",
    "Situation",
    "SkillExplanation",
    "Stuck",
    "asks_of",
    "belief_of",
    "build_profiles",
    "doubt_prerequisites",
    "end_of",
    "explain_skill",
    "exposure_rng",
    "fading_of",
    "find_stuck",
    "is_enough_known",
    "judge",
    "needs_of_opening",
    "needs_of_track",
    "next_items",
    "report_items",
]
