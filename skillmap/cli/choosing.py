"""Which assignments a command is about."""

from typing import Annotated

import typer

from skillmap.errors import GradingError

__all__ = ["Assignments", "chosen_assignments"]

Assignments = Annotated[
    list[str] | None, typer.Argument(help="Assignments; all of them when none is named.")
]


def chosen_assignments(known: list[str], named: list[str] | None) -> list[str]:
    """Return the named ones, or all. Raises GradingError, with the closest name, for others."""
    from skillmap.errors import did_you_mean

    for name in named or ():
        if name not in known:
            raise GradingError(
                f"Assignment {name!r}: this course has none of that name."
                f"{did_you_mean(name, known)} It has: {', '.join(known) or 'none yet'}."
            )
    return list(named or known)
