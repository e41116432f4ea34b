"""Read what was handed in, and find which notebook of the assignment each one is."""

from collections.abc import Iterator, Mapping
from typing import Any

from skillmap.judging.notebook_text import UnreadableNotebookError, read_notebook
from skillmap.judging.released import ReleasedAssignment
from skillmap.judging.restore import renamed_notebooks
from skillmap.judging.wording import printable

__all__ = ["read_all", "require_python"]

MAX_LISTED = 5  # file names in a sentence
RENAMED = "{found}.ipynb was graded as {name}.ipynb. Keep the name of the notebook next time."


def read_all(
    assignment: ReleasedAssignment, texts: Mapping[str, bytes], *, finds_renamed: bool
) -> tuple[dict[str, dict[str, Any]], tuple[str, ...]]:
    """Read what belongs to the assignment, by its released name; flags: for the learner.

    finds_renamed: recognise a notebook with another name by its cells.
    Raises UnreadableNotebookError.
    """
    expected = {one.name for one in assignment.notebooks}
    found = {
        n: read_notebook(text, name=f"{n}.ipynb") for n, text in texts.items() if n in expected
    }
    flags: list[str] = []
    if finds_renamed and len(found) < len(expected):
        strangers = dict(_readable(texts, except_for=expected))
        for name, meant in renamed_notebooks(strangers, assignment).items():
            if meant not in found:
                found[meant] = strangers[name]
                flags.append(RENAMED.format(found=printable(name), name=meant))
    if not found:
        raise UnreadableNotebookError(_nothing_expected(expected, texts))
    return found, tuple(flags)


def _readable(
    texts: Mapping[str, bytes], *, except_for: set[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, text in texts.items():
        if name not in except_for:
            try:
                yield name, read_notebook(text)
            except UnreadableNotebookError:
                continue


def _nothing_expected(expected: set[str], texts: Mapping[str, bytes]) -> str:
    wanted = ", ".join(f"{name}.ipynb" for name in sorted(expected))
    listed = ", ".join(f"{printable(name)}.ipynb" for name in sorted(texts)[:MAX_LISTED])
    others = listed or "no notebook at all"
    return (
        f"The notebook {wanted} is not among the files handed in (found: {others}). "
        "Give the file its first name again and hand in once more."
    )


def require_python(name: str, kernelspec: Mapping[str, Any] | None) -> None:
    """Raise UnreadableNotebookError when a notebook asks for a kernel of another language."""
    kernel = kernelspec or {}
    asked = printable(str(kernel.get("name")))
    language = str(kernel.get("language") or kernel.get("name") or "python")
    if not language.lower().startswith("python"):
        raise UnreadableNotebookError(
            f"{name}.ipynb asks for the kernel {asked}: only Python can be graded here. "
            "Your instructor has to grade it another way."
        )
