"""The command that grades: walls, progress, and what came out."""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from skillmap.cli.choosing import Assignments, chosen_assignments
from skillmap.cli.context import (
    DryRun,
    Json,
    clock,
    open_programme,
    say,
    show_event,
    show_json,
    show_table,
    stations,
)
from skillmap.errors import GradingError

if TYPE_CHECKING:
    from skillmap.grading import Judges
    from skillmap.model import GradedAttempt
    from skillmap.workflows.programme import Programme

__all__ = ["grade"]

LAWS = ("corrected", "nbgrader")
NO_WALLS = (
    "Without walls: learners' code runs beside the grader, with the rights of whoever grades. "
    'Each score records isolation "none".'
)


def _law(value: str) -> str:
    if value not in LAWS:
        raise typer.BadParameter(f"one of {', '.join(LAWS)}")
    return value


Again = Annotated[bool, typer.Option("--again", help="Grade what is graded already, too.")]
Law = Annotated[
    str,
    typer.Option(
        callback=_law,
        help="`corrected`: tests run apart from learners' code, and nbgrader's wrong points "
        "are mended and listed. `nbgrader`: the same gradebook as `nbgrader autograde`.",
    ),
]
Workers = Annotated[
    int,
    typer.Option(
        help="Grade so many learners at once (0: one per core; with --dask: two per thread).",
        min=0,
    ),
]
Unsafe = Annotated[
    bool,
    typer.Option("--unsafe", help="Grade without walls; only work that you trust as your own."),
]
Dask = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS",
        help="Spread the work over a Dask cluster whose scheduler listens there (tcp://HOST:8786).",
    ),
]


def grade(
    context: typer.Context,
    assignments: Assignments = None,
    again: Again = False,
    scoring: Law = "corrected",
    workers: Workers = 0,
    unsafe: Unsafe = False,
    dask: Dask = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Grade every new submission, oldest first, and renew the skill profiles.

    Learners' code runs behind walls, without network, files of others or hidden tests. Where walls
    cannot be had, nothing is graded. --json prints one event a line.
    """
    if dask and unsafe:
        raise typer.BadParameter(
            "--unsafe and --dask exclude each other: on a cluster every worker needs walls."
        )
    programme = open_programme(context)
    chosen = chosen_assignments(programme.assignments(), assignments)
    if dry_run:
        _show_plan(programme, chosen, again=again, as_json=as_json)
        return
    options = {"again": again, "n_workers": workers, "scoring": scoring}
    graded = _grade(programme, chosen, options, dask=dask, is_unsafe=unsafe, as_json=as_json)
    _show_graded(graded, as_json=as_json)
    if any(one.problem for one in graded):
        raise typer.Exit(GradingError.exit_code)


def _grade(
    programme: "Programme",
    chosen: Sequence[str],
    options: dict[str, Any],
    *,
    dask: str,
    is_unsafe: bool,
    as_json: bool,
) -> list["GradedAttempt"]:
    from skillmap.judging import Scoring
    from skillmap.workflows.estimate import update_profiles
    from skillmap.workflows.grade import grade as grade_all

    options["scoring"] = Scoring(options["scoring"])
    if as_json:
        options["hear"] = lambda one: show_event("graded", asdict(one))
    with ExitStack() as stack:
        options["courtroom"], n_at_once = _enter_courtroom(stack, dask=dask, is_unsafe=is_unsafe)
        options["n_workers"] = options["n_workers"] or n_at_once
        progress = stack.enter_context(stations())("Grading")
        graded = grade_all(programme, chosen, clock=clock, progress=progress, **options)
    update_profiles(programme, clock=clock)
    return graded


def _enter_courtroom(
    stack: ExitStack, *, dask: str, is_unsafe: bool
) -> tuple["Judges | None", int]:
    """Open what was chosen; return it and how many learners it grades at once.

    None: one with walls, which grading opens itself when there is work.
    """
    from skillmap.judging import Courtroom
    from skillmap.judging.cluster import ClusterCourtroom

    n_cores = os.cpu_count() or 1
    if is_unsafe:
        typer.echo(NO_WALLS, err=True)
        return stack.enter_context(Courtroom(is_unsafe=True)), n_cores
    if dask:
        room = stack.enter_context(ClusterCourtroom(dask))
        return room, room.n_at_once
    return None, n_cores


def _show_plan(
    programme: "Programme", chosen: Sequence[str], *, again: bool, as_json: bool
) -> None:
    from skillmap.workflows.grade import plan_grading

    plan = plan_grading(programme, chosen, again=again)
    attempts = [submission.attempt for submission in plan.pending]
    if as_json:
        show_json([asdict(attempt) for attempt in attempts])
        return
    rows = [(one.learner, one.assignment, str(one.number)) for one in attempts]
    show_table("Would grade", ("learner", "assignment", "attempt"), rows)


def _show_graded(graded: Sequence["GradedAttempt"], *, as_json: bool) -> None:
    failed = [one for one in graded if one.problem]
    if as_json:
        show_event("end", {"graded": len(graded) - len(failed), "not_graded": len(failed)})
        return
    for one in failed:
        say(f"not graded: {one.attempt.learner} · {one.attempt.assignment}: {one.problem}")
    for finding in sorted(
        {f"{one.attempt.assignment}/{f}" for one in graded for f in one.findings}
    ):
        say(f"look at: {finding}")
    say(f"{len(graded) - len(failed)} graded, {len(failed)} not graded.")
