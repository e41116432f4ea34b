"""Read a submission's folder for a judge: notebooks and the files beside them.

Law: links and special files are never followed; files of the assignment replace the learner's; a
file and a folder of the same name cannot both be there, and the assignment's own wins.
"""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from skillmap.grading.course import NbgraderCourse
from skillmap.grading.files import (
    UnreadableSubmissionError,
    is_regular,
    open_regular,
    regular_files,
)
from skillmap.judging import Case, ReleasedAssignment, printable

__all__ = ["put_together", "read_case"]

MAX_BYTES = 200_000_000  # of one submission, all files together
MAX_NOTEBOOK_BYTES = 20_000_000  # a runaway output; it would fill the memory
NO_FILE = (
    "{name}.ipynb is a folder or a link, not a notebook. "
    "Put the notebook itself in its place, and hand in again."
)
TOO_LONG = (
    "{name}.ipynb is larger than 20 MB. Clear its outputs (Kernel, Restart Kernel and Clear "
    "Outputs), save, and hand in again."
)
TOO_LARGE = (
    "The files are larger than {mb} MB together. Take out what is not needed, and hand in again."
)


def read_case(course: NbgraderCourse, folder: Path, released: ReleasedAssignment) -> Case:
    """Read what was handed in. Raises UnreadableSubmissionError, in words for the learner."""
    for one in released.notebooks:
        _require_notebook(folder / f"{one.name}.ipynb", one.name)
    contents = _read_all(course, folder, skipped=released.files)
    texts = {
        name.removesuffix(".ipynb"): text
        for name, text in contents.items()
        if name.endswith(".ipynb") and "/" not in name
    }
    files = {name: text for name, text in contents.items() if not name.endswith(".ipynb")}
    return Case(texts=texts, files=put_together(released.files, files))


def put_together(first: Mapping[str, bytes], then: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return files by relative path that can lie in one folder; `first` wins."""
    kept: dict[str, bytes] = {}
    folders: set[str] = set()
    for name, content in (*first.items(), *then.items()):
        path = PurePosixPath(name)
        parents = {str(one) for one in path.parents if one.name}
        is_inside = not path.is_absolute() and ".." not in path.parts and bool(path.name)
        if is_inside and name not in kept and name not in folders and not parents & kept.keys():
            kept[name] = content
            folders |= parents
    return kept


def _require_notebook(path: Path, name: str) -> None:
    if is_regular(path):
        if _size(path) > MAX_NOTEBOOK_BYTES:
            raise UnreadableSubmissionError(TOO_LONG.format(name=name))
    elif path.is_symlink() or path.exists():
        raise UnreadableSubmissionError(NO_FILE.format(name=name))


def _read_all(
    course: NbgraderCourse, folder: Path, *, skipped: Mapping[str, bytes]
) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    n_bytes = 0
    for path in regular_files(folder, course.file_rules()):
        name = path.relative_to(folder).as_posix()
        n_bytes += _size(path)
        if n_bytes > MAX_BYTES:
            raise UnreadableSubmissionError(TOO_LARGE.format(mb=MAX_BYTES // 1_000_000))
        if name not in skipped and name.isprintable():
            contents[name] = _read(path, name)
    return contents


def _read(path: Path, name: str) -> bytes:
    try:
        with open_regular(path) as file:
            return file.read()
    except OSError as error:
        raise UnreadableSubmissionError(
            f"{printable(name)} cannot be read ({error.strerror or 'it is no file'}). "
            "Take it out of the folder or mend it, and hand in again."
        ) from error


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0
