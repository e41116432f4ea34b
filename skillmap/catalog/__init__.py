"""Sources of openings: the public feed of vacancies, and files in its shape."""

from skillmap.catalog.entry import parse_entry
from skillmap.catalog.nav_feed import NAV_URL, FeedStep, NavFeed
from skillmap.catalog.openings_file import ReadOpenings, read_openings

__all__ = [
    "NAV_URL",
    "FeedStep",
    "NavFeed",
    "ReadOpenings",
    "parse_entry",
    "read_openings",
]
