"""Judge texts in other languages: what is missing, stale or extra, and what cannot be said.

In: a Notebook and its catalogues. Out: Problems in catalogue files and in the notebook.
Law: a course without any catalogue is in order; one that has begun a language is told what lacks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from skillmap.content.catalogues import (
    CatalogueFile,
    EntryTable,
    catalogue_file,
    fingerprint,
    read_catalogues,
    text_languages,
)
from skillmap.content.item_rules import is_test
from skillmap.content.messages_cell import (
    CELL_ID,
    NAME,
    placeholders,
    read_messages,
    used_keys,
)
from skillmap.content.notebooks import Cell, Notebook
from skillmap.content.problems import Problem, Severity

__all__ = ["is_shown_text", "judge_strays", "judge_texts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A table of a catalogue with the English texts that it is about."""

    table: str
    english: Mapping[str, str]


def is_shown_text(cell: Cell) -> bool:
    """Whether a cell is text for learners, and no answer of theirs."""
    return cell.cell_type == "markdown" and not cell.is_solution


def judge_texts(notebook: Notebook, folder: Path | None) -> Iterator[Problem]:
    """Judge the messages of a notebook and all its catalogues."""
    messages: dict[str, str] = {}
    for cell in notebook.cells:
        if cell.cell_id == CELL_ID and cell.cell_type == "code":
            messages = read_messages(cell.source) or {}
            yield from _judge_messages(notebook, cell, messages)
    kinds = (
        _Kind(table="cells", english=_english(notebook)),
        _Kind(table="messages", english=messages),
    )
    catalogues, problems = read_catalogues(folder, notebook.file)
    yield from problems
    broken = {problem.file for problem in problems}
    for language in text_languages(folder):
        file = catalogue_file(folder or Path(), language, notebook.file)
        if language in catalogues:
            yield from _judge_catalogue(file, catalogues[language], kinds)
        elif str(file) not in broken and any(kind.english for kind in kinds):
            message = f"the notebook has no texts in {language!r}"
            yield _problem(file, "", message, "write them, or it is released in English", "warning")


def judge_strays(folder: Path | None, known: frozenset[Path]) -> Iterator[Problem]:
    """Report catalogues of no notebook. known: the notebooks' files that may have some."""
    for language in text_languages(folder):
        home = (folder or Path()) / language
        wanted = {catalogue_file(folder or Path(), language, file) for file in known}
        for file in sorted(home.rglob("*.toml")):
            if file not in wanted:
                yield _problem(
                    file, "", "there is no notebook for these texts", "rename or delete it"
                )


def _english(notebook: Notebook) -> dict[str, str]:
    return {cell.cell_id: cell.source for cell in notebook.cells if is_shown_text(cell)}


def _judge_catalogue(
    file: Path, table: CatalogueFile, kinds: tuple[_Kind, ...]
) -> Iterator[Problem]:
    for kind in kinds:
        entries: Mapping[str, EntryTable] = getattr(table, kind.table)
        for key, english in kind.english.items():
            place = f"{kind.table} {key!r}"
            if key not in entries:
                hint = f"its source_sha256 is {fingerprint(english)!r}"
                yield _problem(file, place, "this text is missing", hint)
            else:
                yield from _judge_entry(file, place, english, entries[key], kind.table)
        for key in entries.keys() - kind.english.keys():
            message = "the notebook has no such text"
            yield _problem(file, f"{kind.table} {key!r}", message, "delete it, or mend its name")


def _judge_entry(
    file: Path, place: str, english: str, entry: EntryTable, table: str
) -> Iterator[Problem]:
    digits = fingerprint(english)
    if entry.source_sha256 != digits:
        message = "the English text has changed since this was written"
        yield _problem(file, place, message, f"look at both, then set source_sha256 = {digits!r}")
    if table == "messages" and placeholders(entry.text) != placeholders(english):
        names = ", ".join(sorted(placeholders(english) or ())) or "none"
        yield _problem(file, place, "its placeholders differ", f"the English text has: {names}")


def _judge_messages(
    notebook: Notebook, cell: Cell, messages: Mapping[str, str]
) -> Iterator[Problem]:
    file = notebook.file
    if read_messages(cell.source) is None:
        hint = f'write {NAME} = {{"key": "text", ...}} and nothing else'
        yield _problem(file, cell.place, "it is no dict of plain texts", hint)
        return
    if cell.is_solution or cell.is_grade or not cell.grade_id:
        hint = "mark it as read-only in nbgrader's Create Assignment panel"
        yield _problem(file, cell.place, "learners could change what tests say", hint)
    used = [(one, used_keys(one.source)) for one in notebook.cells if is_test(one)]
    for test, keys in used:
        for key in sorted(keys - messages.keys()):
            hint = f"{NAME} has: {', '.join(messages) or 'nothing'}"
            yield _problem(file, test.place, f"there is no message {key!r}", hint)
    for key in sorted(messages.keys() - {key for _, keys in used for key in keys}):
        hint = "delete it, in each language"
        yield _problem(file, cell.place, f"no test says {key!r}", hint, "warning")
    for key, text in messages.items():
        if placeholders(text) is None:
            hint = "double a brace that is no placeholder"
            yield _problem(file, cell.place, f"{key!r} cannot be filled in", hint)


def _problem(
    file: Path, place: str, message: str, hint: str, severity: Severity = "error"
) -> Problem:
    return Problem(file=str(file), place=place, message=message, hint=hint, severity=severity)
