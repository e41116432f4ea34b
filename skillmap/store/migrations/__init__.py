"""The history of our tables, for Alembic. It only goes forward: to go back, restore a backup."""

__all__ = ["HEAD", "VERSION_TABLE"]

HEAD = "0005"  # the newest revision in versions/; a test compares
VERSION_TABLE = "skillmap_version"  # not Alembic's own name, which nbgrader's gradebook uses, too
