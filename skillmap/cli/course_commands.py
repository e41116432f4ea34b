"""Commands of instructors: init, check, translate, release, collect, grade, feedback, sync."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from skillmap.cli.check_command import check
from skillmap.cli.choosing import Assignments, chosen_assignments
from skillmap.cli.context import (
    DryRun,
    Json,
    Options,
    clock,
    open_programme,
    say,
    show_json,
    show_table,
    stations,
)
from skillmap.cli.dispute_commands import say_settled
from skillmap.cli.grade_command import grade
from skillmap.errors import GradingError

__all__ = ["add_to"]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the application."""
    panel = "Instructors"
    for command in (init, check, translate, release, collect, grade, feedback, sync):
        app.command(rich_help_panel=panel)(command)


def init(
    folder: Annotated[Path, typer.Argument(help="Folder to make; it must not hold a course yet.")],
    course_id: Annotated[
        str, typer.Option("--id", help="Short name of the course, used by the exchange.")
    ] = "",
) -> None:
    """Make a course folder with the starter tracks, ready to edit and to release."""
    from skillmap.workflows.start import start_programme

    programme = start_programme(folder, course_id=course_id or folder.resolve().name)
    n_assignments = len(programme.course.assignments())
    say(
        f"{programme.root} holds {n_assignments} assignments.\n"
        f"Next: cd {folder}, edit assessments/source/, then `skillmap check`."
    )


def translate(
    context: typer.Context,
    notebook: Annotated[Path, typer.Argument(help="A notebook of yours; it is changed in place.")],
    to: Annotated[str, typer.Option(help="Language, as nb or en.")],
) -> None:
    """Change the language of a notebook's texts and of what its tests say; nothing else.

    Your answers stay. Translate back in the same way.
    """
    from skillmap.content import find_content, translate_file

    options: Options = context.obj
    kept = translate_file(notebook, to, find_content(options.course))
    for cell in kept:
        say(f"{notebook}: the text of cell {cell!r} was changed by hand, so it stays.")
    say(f"{notebook} is in {to!r} now.")


def release(
    context: typer.Context,
    assignments: Assignments = None,
    due: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M", "%Y-%m-%d"],
            help="Hand in before this time, e.g. 2026-11-30T18:00+01:00 (no zone: this machine's).",
        ),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(
            help="Language of the texts, as nb (default: that of the last release, else of "
            "skillmap.toml)."
        ),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Make the learners' version of assignments and put it into the exchange."""
    from skillmap.workflows.hand_out import release_assignments, untranslated

    programme = open_programme(context)
    chosen = chosen_assignments(programme.source_assignments(), assignments)
    when = due.astimezone() if due else None
    if dry_run:
        say(
            f"Would release: {', '.join(chosen)}"
            + (f", due {when:%Y-%m-%d %H:%M %Z}" if when else "")
        )
        return
    with stations() as station:
        progress = station("Releasing")
        release_assignments(programme, chosen, due=when, progress=progress, language=language)
    for assignment in untranslated(programme, chosen, language):
        say(f"{assignment} has not all its texts in that language, so some of it is in English.")
    say(f"Released: {', '.join(chosen)}. Learners can fetch them now.")


def collect(context: typer.Context, assignments: Assignments = None) -> None:
    """Copy each learner's latest submission to submitted/, where nbgrader's tools look.

    `grade` reads the exchange itself; collect when you want to look at the files first.
    """
    from skillmap.grading import collect_submissions

    programme = open_programme(context)
    for assignment in chosen_assignments(programme.assignments(), assignments):
        say(f"{assignment}: {collect_submissions(programme.nbgrader, assignment)} submissions")


def feedback(
    context: typer.Context,
    assignments: Assignments = None,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Also where a person still has to grade a cell.")
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Write feedback pages for graded submissions and release them to the learners."""
    from skillmap.workflows.give_feedback import feedback_due, release_feedback

    programme = open_programme(context)
    due = feedback_due(
        programme, chosen_assignments(programme.assignments(), assignments), waiting=waiting
    )
    if dry_run:
        show_table("Would give feedback", ("assignment", "learner"), due)
        return
    with stations() as station:
        problems = release_feedback(programme, due, progress=station("Writing feedback"))
    for problem in problems:
        say(problem)
    say(f"Feedback given: {len(due) - len(problems)}.")
    if problems:
        raise typer.Exit(GradingError.exit_code)


def sync(context: typer.Context, as_json: Json = False) -> None:
    """Read nbgrader's gradebook again: manual grades from formgrader arrive in the profiles.

    New scores from answered disputes that wait for the gradebook are written into it first.
    """
    from skillmap.workflows.disputes import settle
    from skillmap.workflows.estimate import update_profiles
    from skillmap.workflows.read_back import sync as read_all_back

    programme = open_programme(context)
    with stations() as station:
        progress = station("Reading the gradebook")
        settled = settle(programme, clock=clock)
        n_new = read_all_back(programme, clock=clock, progress=progress)
    update_profiles(programme, clock=clock)
    if as_json:
        show_json({"new_responses": n_new, "waiting": list(settled.problems)})
        return
    say(f"{n_new} new responses.")
    say_settled(settled)
