"""Commands of instructors: init, check, release, collect, grade, feedback, sync."""

import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
from skillmap.errors import ContentError, GradingError

if TYPE_CHECKING:
    from skillmap.model import GradedAttempt
    from skillmap.workflows.grade import GradingPlan

__all__ = ["add_to"]

Assignments = Annotated[
    list[str] | None, typer.Argument(help="Assignments; all of them when none is named.")
]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the application."""
    panel = "Instructors"
    for command in (init, check, release, collect, grade, feedback, sync):
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


def check(context: typer.Context, as_json: Json = False) -> None:
    """Find mistakes in curriculum, blueprints and notebooks before learners do."""
    from skillmap.content import check_course, find_content

    options: Options = context.obj
    paths = find_content(options.course)
    problems = check_course(paths)
    errors = [problem for problem in problems if problem.severity == "error"]
    if as_json:
        show_json([{"severity": p.severity, "text": str(p)} for p in problems])
    else:
        for problem in problems:
            say(f"{problem.severity}: {problem}")
        say(
            f"Checked {paths.source}: {len(errors)} errors, {len(problems) - len(errors)} warnings."
        )
    if errors:
        raise typer.Exit(ContentError.exit_code)


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
    dry_run: DryRun = False,
) -> None:
    """Make the learners' version of assignments and put it into the exchange."""
    from skillmap.workflows.hand_out import release_assignments

    programme = open_programme(context)
    chosen = _chosen(programme.source_assignments(), assignments)
    when = due.astimezone() if due else None
    if dry_run:
        say(
            f"Would release: {', '.join(chosen)}"
            + (f", due {when:%Y-%m-%d %H:%M %Z}" if when else "")
        )
        return
    with stations() as station:
        release_assignments(programme, chosen, due=when, progress=station("Releasing"))
    say(f"Released: {', '.join(chosen)}. Learners can fetch them now.")


def collect(context: typer.Context, assignments: Assignments = None) -> None:
    """Copy each learner's latest submission to submitted/, where nbgrader's tools look.

    `grade` reads the exchange itself; collect when you want to look at the files first.
    """
    from skillmap.grading import collect_submissions

    programme = open_programme(context)
    for assignment in _chosen(programme.assignments(), assignments):
        say(f"{assignment}: {collect_submissions(programme.nbgrader, assignment)} submissions")


def grade(
    context: typer.Context,
    assignments: Assignments = None,
    again: Annotated[
        bool, typer.Option("--again", help="Grade what is graded already, too.")
    ] = False,
    workers: Annotated[
        int, typer.Option(help="Grade so many learners at once (0: one per core).", min=0)
    ] = 0,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Grade every new submission with nbgrader, oldest first, and renew the skill profiles.

    Learners' code runs as you, with your rights: grade only people you trust, or on a machine that
    holds nothing else.
    """
    from skillmap.workflows.estimate import update_profiles
    from skillmap.workflows.grade import grade as grade_all
    from skillmap.workflows.grade import plan_grading

    programme = open_programme(context)
    chosen = _chosen(programme.assignments(), assignments)
    if dry_run:
        _show_plan(plan_grading(programme, chosen, again=again), as_json=as_json)
        return
    with stations() as station:
        graded = grade_all(
            programme,
            chosen,
            clock=clock,
            progress=station("Grading"),
            again=again,
            n_workers=workers or os.cpu_count() or 1,
        )
    update_profiles(programme, clock=clock)
    _show_graded(graded, as_json=as_json)
    if any(one.problem for one in graded):
        raise typer.Exit(GradingError.exit_code)


def _show_plan(plan: "GradingPlan", *, as_json: bool) -> None:
    attempts = [submission.attempt for submission in plan.pending]
    if as_json:
        show_json([asdict(attempt) for attempt in attempts])
        return
    rows = [(one.learner, one.assignment, str(one.number)) for one in attempts]
    show_table("Would grade", ("learner", "assignment", "attempt"), rows)


def _show_graded(graded: Sequence["GradedAttempt"], *, as_json: bool) -> None:
    if as_json:
        show_json([asdict(one) for one in graded])
        return
    failed = [one for one in graded if one.problem]
    for one in failed:
        say(f"not graded: {one.attempt.learner} · {one.attempt.assignment}: {one.problem}")
    for finding in sorted(
        {f"{one.attempt.assignment}/{f}" for one in graded for f in one.findings}
    ):
        say(f"look at: {finding}")
    say(f"{len(graded) - len(failed)} graded, {len(failed)} not graded.")


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
    due = feedback_due(programme, _chosen(programme.assignments(), assignments), waiting=waiting)
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
    """Read nbgrader's gradebook again: manual grades from formgrader arrive in the profiles."""
    from skillmap.workflows.estimate import update_profiles
    from skillmap.workflows.read_back import sync as read_all_back

    programme = open_programme(context)
    with stations() as station:
        progress = station("Reading the gradebook")
        n_new = read_all_back(programme, clock=clock, progress=progress)
    update_profiles(programme, clock=clock)
    if as_json:
        show_json({"new_responses": n_new})
    else:
        say(f"{n_new} new responses.")


def _chosen(known: list[str], named: list[str] | None) -> list[str]:
    from skillmap.errors import did_you_mean

    for name in named or ():
        if name not in known:
            raise GradingError(
                f"Assignment {name!r}: this course has none of that name."
                f"{did_you_mean(name, known)} It has: {', '.join(known) or 'none yet'}."
            )
    return list(named or known)
