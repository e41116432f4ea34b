"""From responses to what may be said of a learner, and what to try next."""

from skillmap.profiles.next_items import NextItem, next_items
from skillmap.profiles.profile import build_profiles, judge

__all__ = ["NextItem", "build_profiles", "judge", "next_items"]
