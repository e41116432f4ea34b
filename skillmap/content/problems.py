"""Say what is wrong with a file, where, and what to do about it.

Out: Problem, one line for a person; `raise_errors` turns all of them into one ContentError.
Law: problems are collected first and told together; a warning never stops anything.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from skillmap.errors import ContentError, did_you_mean

__all__ = ["Problem", "Severity", "raise_errors", "repeated", "shorten", "unknown"]

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to mend. place: line, key or cell inside the file; empty for the whole file."""

    file: str
    place: str
    message: str
    hint: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        where = f"{self.file}:{self.place}" if self.place else self.file
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}: {self.message}{hint}"


def raise_errors(problems: Iterable[Problem]) -> None:
    """Raise ContentError with a line for each error; return when there are only warnings."""
    errors = [str(problem) for problem in problems if problem.severity == "error"]
    if errors:
        raise ContentError("\n".join(errors))


def unknown(
    file: Path, place: str, kind: str, word: str, known: Collection[str], *, home: str
) -> Problem:
    """Report a reference to nothing. kind: "skill", "module", …; home: where it is defined."""
    hint = did_you_mean(word, known).strip() or f"{home} defines the {kind}s"
    return Problem(file=str(file), place=place, message=f"unknown {kind} {word!r}", hint=hint)


def repeated(file: Path, kind: str, ids: Iterable[str]) -> Iterator[Problem]:
    """Report each id that stands more than once."""
    for word, n_times in Counter(ids).items():
        if n_times > 1:
            yield Problem(
                file=str(file),
                place=f"{kind} {word!r}",
                message=f"this id stands {n_times} times",
                hint="give each its own id",
            )


def shorten(problems: Iterable[Problem], home: Path | None) -> list[Problem]:
    """Write the files' names relative to `home` where they lie below it."""
    return [replace(problem, file=_relative(problem.file, home)) for problem in problems]


def _relative(file: str, home: Path | None) -> str:
    if home is None or not Path(file).is_relative_to(home):
        return file
    return Path(file).relative_to(home).as_posix()
