"""What nbgrader's kernel does with a notebook besides running it; only nbgrader's law asks for it.

It leaves cells with a certain tag alone, says in the course's own words that a cell took too long,
and leaves the files that cells made beside the graded notebook.
Law: what comes out of a box is not believed: a file is taken only under a plain name of its own,
and all of them together are few and small.
"""

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from skillmap.judging.notebook_run import CodeCell
from skillmap.judging.rules import KernelLaw

__all__ = ["collector", "in_its_words", "is_skipped", "made_files"]

MOST_FILES = 100
MOST_BYTES = 1_000_000  # in base64 they have to fit into what one cell may print
MOST_PARTS = 10  # folders in folders
MOST_CHARACTERS = 60  # of each part; a file system takes 255 bytes
RESERVED = {"timestamp.txt", "submission_secret.txt"}  # nbgrader's submit writes them
TIMEOUT = ("error", "CellTimeoutError")
COLLECT = """
def _collect(known, most_files, most_bytes):
    import base64, json, os
    found = {{}}
    for folder, folders, names in os.walk("."):
        folders[:] = sorted(name for name in folders if name[0] not in "._")
        for name in sorted(names):
            path = os.path.relpath(os.path.join(folder, name), ".")
            if path in known or os.path.islink(path) or not os.path.isfile(path):
                continue
            size = os.path.getsize(path)
            if size <= most_bytes and len(found) < most_files:
                most_bytes -= size
                with open(path, "rb") as file:
                    found[path] = base64.b64encode(file.read()).decode()
    return json.dumps(found)
print(_collect({known!r}, {most_files}, {most_bytes}))
"""


def is_skipped(cell: Mapping[str, Any], law: KernelLaw) -> bool:
    """Whether the cell carries the tag of those that are not run."""
    return law.skipped_tag in cell["metadata"].get("tags", [])


def in_its_words(outputs: Sequence[Mapping[str, Any]], law: KernelLaw) -> list[Mapping[str, Any]]:
    """Return the outputs, with the course's own words for a cell that took too long."""
    ename, evalue, traceback = law.timeout_error
    told = {"ename": ename, "evalue": evalue, "traceback": list(traceback)}
    return [
        {**one, **told} if (one.get("output_type"), one.get("ename")) == TIMEOUT else one
        for one in outputs
    ]


def collector(known: Sequence[str], *, place: int) -> CodeCell:
    """Return a last cell for a notebook, which prints the files beside it that are not known."""
    source = COLLECT.format(known=set(known), most_files=MOST_FILES, most_bytes=MOST_BYTES)
    return CodeCell(place=place, source=source, is_test=True)


def made_files(outputs: Sequence[Mapping[str, Any]], known: Sequence[str]) -> dict[str, bytes]:
    """Return the files that the collector printed; none when what it printed is not credible."""
    try:
        found = json.loads("".join(one["text"] for one in outputs if one.get("name") == "stdout"))
        if not isinstance(found, dict) or len(found) > MOST_FILES:
            return {}
        files = {name: b64decode(found[name], validate=True) for name in _free(found, known)}
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return files if sum(map(len, files.values())) <= MOST_BYTES else {}


def _free(names: Mapping[str, Any], known: Sequence[str]) -> Iterator[str]:
    """Yield the plain names that clash with no file or folder."""
    files = set(known)
    folders = {folder for name in known for folder in _folders(name)}
    for name in sorted(names):
        if _is_plain(name) and name not in files | folders and not _folders(name) & files:
            yield name
            files.add(name)
            folders |= _folders(name)


def _folders(name: str) -> set[str]:
    return {str(folder) for folder in PurePosixPath(name).parents} - {"."}


def _is_plain(name: str) -> bool:
    parts = name.split("/")
    return (
        name.isascii()
        and name.isprintable()
        and not name.endswith(".ipynb")
        and name not in RESERVED
        and len(parts) <= MOST_PARTS
        and all(0 < len(part) <= MOST_CHARACTERS and part[0] != "." for part in parts)
    )
