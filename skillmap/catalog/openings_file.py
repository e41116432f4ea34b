"""Read openings from a file in the feed's shape.

In: JSON (a list, or {"items": [...]}, or one entry) or JSON lines. Out: ReadOpenings.
Law: one bad entry never stops the rest; of several states of one advertisement the last counts.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from skillmap.catalog.entry import read_entry
from skillmap.errors import FeedError
from skillmap.model import Opening, OpeningId, Skill, SkillId
from skillmap.reading import RequirementReader

__all__ = ["ReadOpenings", "read_openings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOpenings:
    """Each opening once, in the order of the file; problems: a sentence for each bad entry."""

    openings: tuple[Opening, ...]
    problems: tuple[str, ...] = ()


def read_openings(
    path: Path, *, fetched_at: datetime, skills: Mapping[SkillId, Skill]
) -> ReadOpenings:
    """Read all openings of a file. Raises FeedError when there is no file, or no JSON in it."""
    reader = RequirementReader(skills)
    openings: dict[OpeningId, Opening] = {}
    problems = []
    for place, entry in _entries(path, _read(path)):
        try:
            if isinstance(entry, FeedError):
                raise entry
            opening = read_entry(entry, fetched_at=fetched_at, reader=reader)
        except FeedError as error:
            problems.append(f"{path.name}, {place}: {error}")
        else:
            openings.pop(opening.id, None)
            openings[opening.id] = opening
    return ReadOpenings(openings=tuple(openings.values()), problems=tuple(problems))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FeedError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise FeedError(
            f"{path} is not UTF-8 at byte {error.start}. Save it as UTF-8 and try again."
        ) from error


def _entries(path: Path, text: str) -> Iterator[tuple[str, object]]:
    """Yield where an entry stands, and the entry, or a FeedError in its place."""
    try:
        whole = _decoded(text)
    except FeedError as error:
        if not _begins_with_entry(text):
            raise FeedError(f"{path} is no JSON: {error}") from error
        yield from _lines(text)
        return
    if isinstance(whole, dict):
        whole = whole["items"] if isinstance(whole.get("items"), list) else [whole]
    if not isinstance(whole, list):
        raise FeedError(f'{path} holds no list of openings. It should be [...] or {{"items": …}}.')
    for place, entry in enumerate(whole, start=1):
        yield f"entry {place}", entry


def _begins_with_entry(text: str) -> bool:
    """Whether the first line is a whole entry, as in JSON lines."""
    try:
        return isinstance(_decoded(text.lstrip().partition("\n")[0]), dict)
    except FeedError:
        return False


def _lines(text: str) -> Iterator[tuple[str, object]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        entry: object
        try:
            entry = _decoded(line)
        except FeedError as error:
            entry = error
        yield f"line {number}", entry


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise FeedError(f"{error.msg} at line {error.lineno}, column {error.colno}.") from error
    except (ValueError, RecursionError) as error:
        raise FeedError("a number is too long, or brackets are nested too deep.") from error
