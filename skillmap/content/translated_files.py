"""Translate notebook files: an assignment for its release, and a learner's own copy.

In: ContentPaths, or one notebook file. Out: the bytes of notebooks.
Law: what is not text stays as it is, to the byte in a file that Jupyter wrote.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from skillmap.content.catalogues import (
    SOURCE_LANGUAGE,
    read_catalogues,
    text_languages,
    texts_folder,
)
from skillmap.content.notebooks import list_notebooks
from skillmap.content.paths import ContentPaths
from skillmap.content.problems import raise_errors
from skillmap.content.translation import (
    LANGUAGE_KEY,
    TEXTS_KEY,
    Texts,
    carried_texts,
    texts_of,
    translate,
)
from skillmap.errors import ContentError, did_you_mean

__all__ = ["has_texts", "release_notebooks", "require_language", "translate_file"]


def require_language(paths: ContentPaths, language: str) -> None:
    """Raise ContentError, with the closest one, for a language that no assignment has texts in."""
    _require_language(language, text_languages(paths.texts))


def has_texts(paths: ContentPaths, assignment: str, language: str) -> bool:
    """Whether every notebook of an assignment has its texts in a language."""
    files = list_notebooks(paths.source / assignment)
    tables = [read_catalogues(paths.texts, file)[0] for file in files]
    return language == SOURCE_LANGUAGE or all(language in table for table in tables)


def release_notebooks(paths: ContentPaths, assignment: str, language: str) -> dict[str, bytes]:
    """Return the notebooks to release in a language, by file name; none without any catalogue.

    Each carries its texts in all languages, so that a learner can change the language later.
    A notebook without texts in the language stays in English.
    Raises ContentError when a catalogue is broken.
    """
    notebooks: dict[str, bytes] = {}
    for file in list_notebooks(paths.source / assignment):
        catalogues, problems = read_catalogues(paths.texts, file)
        raise_errors(problems)
        if catalogues:
            notebook = _read(file)
            texts = texts_of(notebook, catalogues)
            to = language if language in texts else SOURCE_LANGUAGE
            notebook["metadata"] |= {LANGUAGE_KEY: to, TEXTS_KEY: texts}
            notebooks[file.name] = _written(translate(notebook, texts, to).notebook)
    return notebooks


def translate_file(file: Path, to: str, paths: ContentPaths) -> tuple[str, ...]:
    """Change a notebook file's language in place; return the ids of cells left as they were.

    Raises ContentError when the file is no notebook, is the course's own, or has no texts.
    """
    _require_copy(file, paths)
    notebook = _read(file)
    texts = carried_texts(notebook) or _looked_up(file, notebook, paths)
    if not texts:
        raise ContentError(
            f"{file}: no texts in other languages are known for this notebook. "
            "It was released without them, or it is no notebook of this course."
        )
    _require_language(to, texts)
    result = translate(notebook, texts, to)
    file.write_bytes(_written(result.notebook))
    return result.kept


def _require_copy(file: Path, paths: ContentPaths) -> None:
    """Refuse the course's own notebooks: their English text is what all others come from."""
    homes = [home.resolve() for home in (paths.source, paths.lessons) if home]
    if any(home in file.resolve().parents for home in homes):
        raise ContentError(
            f"{file}: this is the course's own notebook, whose English text is the source of all "
            "others. Translate a copy outside the course."
        )


def _looked_up(file: Path, notebook: Mapping[str, Any], paths: ContentPaths) -> Texts:
    """Find the course's own notebook of the same folder and name, and its texts."""
    homes = [paths.source, *([paths.lessons] if paths.lessons else [])]
    for home in homes:
        own = home / file.resolve().parent.name / file.name
        if own.is_file():
            catalogues, problems = read_catalogues(texts_folder(paths, own), own)
            raise_errors(problems)
            if catalogues:
                return texts_of(_read(own), catalogues)
    return {}


def _require_language(language: str, known: Iterable[str]) -> None:
    words = list(dict.fromkeys([SOURCE_LANGUAGE, *known]))
    if language not in words:
        raise ContentError(
            f"Language {language!r}: there are texts in {', '.join(words)} only."
            f"{did_you_mean(language, words)}"
        )


def _read(file: Path) -> dict[str, Any]:
    try:
        notebook = json.loads(file.read_text(encoding="utf-8-sig"))
        cells, metadata = notebook["cells"], notebook["metadata"]
        is_whole = all(isinstance(c["cell_type"], str) and "source" in c for c in cells)
    except OSError as error:
        raise ContentError(f"{file}: cannot be read ({error.strerror}).") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ContentError(f"{file}: this is no notebook.") from error
    if not is_whole or not isinstance(metadata, dict):
        raise ContentError(f"{file}: this is no notebook.")
    return dict(notebook)


def _written(notebook: Mapping[str, Any]) -> bytes:
    """Write as Jupyter does: one blank of indent, letters as they are, keys in their order."""
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()
