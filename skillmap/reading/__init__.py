"""Turn an ad's text into facts: what it requires, in which words."""

from skillmap.reading.plain_text import plain_text
from skillmap.reading.requirements import RequirementReader, read_requirements

__all__ = ["RequirementReader", "plain_text", "read_requirements"]
