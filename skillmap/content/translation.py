"""Change the language of a notebook: Markdown cells and the messages cell, nothing else.

In: a notebook as JSON and its texts. Out: the notebook in another language.
Law: a cell is changed only when it holds one of its own texts to the letter, so that a learner's
notes in it are never lost; and translating back gives the notebook of before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skillmap.content.catalogues import SOURCE_LANGUAGE, CatalogueFile
from skillmap.content.messages_cell import CELL_ID, read_messages, write_messages

__all__ = [
    "LANGUAGE_KEY",
    "TEXTS_KEY",
    "Texts",
    "Translated",
    "carried_texts",
    "texts_of",
    "translate",
]

TEXTS_KEY = "skillmap_texts"  # in a released notebook's metadata
LANGUAGE_KEY = "skillmap_language"  # the one that it was released in
Texts = Mapping[str, Mapping[str, str]]
"""Text by language and cell id; the messages cell stands in it as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """A notebook in another language. kept: ids of cells that were changed by hand, so left."""

    notebook: Mapping[str, Any]
    kept: tuple[str, ...]


def texts_of(notebook: Mapping[str, Any], catalogues: Mapping[str, CatalogueFile]) -> Texts:
    """Return the texts of an English notebook in each language; English where one is missing."""
    english = {
        cell["id"]: _source(cell)
        for cell in notebook["cells"]
        if isinstance(cell.get("id"), str) and _has_text(cell)
    }
    others = {language: _in_language(english, table) for language, table in catalogues.items()}
    return {SOURCE_LANGUAGE: english, **others}


def carried_texts(notebook: Mapping[str, Any]) -> Texts:
    """Return the texts that a released notebook carries; none in one of another origin."""
    found = _table(_table(notebook.get("metadata")).get(TEXTS_KEY))
    return {
        language: {key: text for key, text in _table(texts).items() if isinstance(text, str)}
        for language, texts in found.items()
    }


def translate(notebook: Mapping[str, Any], texts: Texts, to: str) -> Translated:
    """Return the notebook with each text in the language `to`, which must be one of `texts`."""
    cells, kept = [], []
    for cell in notebook["cells"]:
        known = {one[cell["id"]] for one in texts.values() if cell.get("id") in one}
        if not known:
            cells.append(cell)
        elif _source(cell) in known:
            cells.append({**cell, "source": _shaped(texts[to][cell["id"]], cell["source"])})
        else:
            cells.append(cell)
            kept.append(cell["id"])
    return Translated(notebook={**notebook, "cells": cells}, kept=tuple(kept))


def _in_language(english: Mapping[str, str], table: CatalogueFile) -> dict[str, str]:
    texts = {key: table.cells[key].text if key in table.cells else english[key] for key in english}
    said = read_messages(english.get(CELL_ID, ""))
    if said is not None:
        own = {key: table.messages[key].text for key in said if key in table.messages}
        texts[CELL_ID] = write_messages({**said, **own})
    return texts


def _has_text(cell: Mapping[str, Any]) -> bool:
    """Whether a cell speaks to learners; answers in words are the learner's own."""
    if cell["cell_type"] == "markdown":
        mark = _table(_table(cell.get("metadata")).get("nbgrader"))
        return mark.get("solution") is not True
    return cell["id"] == CELL_ID and read_messages(_source(cell)) is not None


def _source(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return "".join(source) if isinstance(source, list) else str(source)


def _shaped(text: str, like: object) -> str | list[str]:
    """Return a text as the file had it: one text, or a list of lines."""
    return text.splitlines(keepends=True) if isinstance(like, list) else text


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
