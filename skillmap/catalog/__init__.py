"""Sources of openings: the public feed of vacancies, and files in its shape."""

from skillmap.catalog.entry import parse_entry
from skillmap.catalog.nav_feed import FeedCursor, NavFeed, Poll
from skillmap.catalog.openings_file import ReadOpenings, read_openings

__all__ = [
    "FeedCursor",
    "NavFeed",
    "Poll",
    "ReadOpenings",
    "parse_entry",
    "read_openings",
]
