"""The `skillmap` command: its options, its help, and how it ends.

Law: a SkillmapError prints its sentence and ends with its own exit code; anything else that escapes
is our bug and shows all. Commands import what they need when they run: help answers at once.
"""

import errno
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from skillmap.cli import (
    analysis_commands,
    course_commands,
    dispute_commands,
    evidence_commands,
    next_command,
    opening_commands,
    people_commands,
    profile_commands,
    run_commands,
)
from skillmap.cli.context import Options
from skillmap.errors import SkillmapError, StoreError

__all__ = ["app", "main"]

INTERRUPTED = 130  # 128 + SIGINT, as shells have it
DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}

HELP = """From a graded notebook to an honest skill profile, a mentor and a job opening.

Start here: `skillmap demo` shows everything on an invented cohort. For your own programme:
`skillmap init DIR`, then in that folder `check`, `release`, and, when learners have handed in,
`grade`, `feedback`, `profile`, `pair`, `publish`, `serve`.

Any nbgrader course works as it is: `skillmap --course DIR grade ASSIGNMENT`.

Exit codes: 0 done · 2 wrong usage · 3 content · 4 grading · 5 evidence · 6 matching ·
7 database or disk · 8 not allowed · 9 feed · 130 stopped with Ctrl-C.
"""


class Skillmap(TyperGroup):
    """The group of all commands; the one place where errors become sentences."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; end with a sentence and its code when it raises what a person can mend."""
        try:
            return super().invoke(ctx)
        except SkillmapError as error:
            raise _end(str(error), error.exit_code) from error
        except KeyboardInterrupt as stop:
            words = "Stopped. What was done is kept; run the same command to go on."
            raise _end(words, INTERRUPTED) from stop
        except OSError as error:
            if error.errno not in DISK_ERRORS:
                raise
            where = error.filename or "The disk"
            words = f"{where}: {error.strerror}. Free space or check permissions, then run again."
            raise _end(words, StoreError.exit_code) from error


def _end(message: str, code: int) -> typer.Exit:
    typer.echo(f"skillmap: {message}", err=True)
    return typer.Exit(code)


app = typer.Typer(
    name="skillmap",
    cls=Skillmap,
    help=HELP,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
)


@app.callback()
def choose_course(
    context: typer.Context,
    course: Annotated[
        Path,
        typer.Option(
            "--course",
            envvar="SKILLMAP_COURSE",
            help="Course folder: made by `skillmap init`, or any nbgrader course directory.",
        ),
    ] = Path(),
) -> None:
    """Choose the course folder that the command works on."""
    context.obj = Options(course)


course_commands.add_to(app)
dispute_commands.add_to(app)
analysis_commands.add_to(app)
next_command.add_to(app)
people_commands.add_to(app)
profile_commands.add_to(app)
evidence_commands.add_to(app)
opening_commands.add_to(app)
run_commands.add_to(app)


def main() -> None:
    """Run the command line and end with the documented exit code."""
    app()
