"""Read what notebooks say in other languages than English.

In: the folder `texts/<language>/<folder>/<notebook>.toml` beside the notebooks' own. Out: a
CatalogueFile for each language.
Law: an entry remembers the English text that it was written from, by the first twelve hexadecimal
digits of its SHA-256, so that a text that changed is found.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from skillmap.content.paths import ContentPaths
from skillmap.content.problems import Problem
from skillmap.content.tables import Text
from skillmap.content.toml_files import Table, read_table

__all__ = [
    "SOURCE_LANGUAGE",
    "CatalogueFile",
    "EntryTable",
    "catalogue_file",
    "fingerprint",
    "read_catalogues",
    "texts_folder",
    "text_languages",
]

SOURCE_LANGUAGE = "en"
N_DIGITS = 12


class EntryTable(Table):
    """``[cells.<cell id>]`` or ``[messages.<key>]``: one text in this language."""

    source_sha256: Annotated[str, Field(pattern="^[0-9a-f]{12}$")]
    """first 12 digits of the SHA-256 of the English text that it was written from"""
    text: Text
    """the text"""


class CatalogueFile(Table):
    """All texts of one notebook in one language."""

    cells: dict[str, EntryTable] = {}
    """Markdown cells, by the cell's id"""
    messages: dict[str, EntryTable] = {}
    """what tests say, by the key in MESSAGES"""


def fingerprint(text: str) -> str:
    """Return the digits that tell one text from another.

    >>> fingerprint("Hello")
    '185f8db32271'
    """
    return hashlib.sha256(text.encode()).hexdigest()[:N_DIGITS]


def texts_folder(paths: ContentPaths, notebook: Path) -> Path | None:
    """Return the folder of the languages' folders for an assignment's notebook or a lesson."""
    if notebook.is_relative_to(paths.source):
        return paths.texts
    if paths.lessons and notebook.is_relative_to(paths.lessons):
        return paths.lessons / "texts"
    return None


def text_languages(folder: Path | None) -> list[str]:
    """Return the languages that have a folder of texts."""
    if folder is None or not folder.is_dir():
        return []
    return sorted(one.name for one in folder.iterdir() if one.is_dir() and one.name[0] != ".")


def catalogue_file(folder: Path, language: str, notebook: Path) -> Path:
    """Return where the texts of a notebook stand, or would stand."""
    return folder / language / notebook.parent.name / f"{notebook.stem}.toml"


def read_catalogues(
    folder: Path | None, notebook: Path
) -> tuple[Mapping[str, CatalogueFile], list[Problem]]:
    """Read what there is of a notebook's texts, by language, and what is wrong with the files."""
    tables: dict[str, CatalogueFile] = {}
    problems: list[Problem] = []
    for language in text_languages(folder):
        file = catalogue_file(folder or Path(), language, notebook)
        if file.is_file():
            table, found = read_table(file, CatalogueFile)
            problems += found
            if table:
                tables[language] = table
    return tables, problems
