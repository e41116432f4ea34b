"""Commands of instructors after grading: extend, regrade, disputes, answer-dispute."""

import os
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from skillmap.cli.context import (
    DryRun,
    Json,
    clock,
    open_programme,
    say,
    show_json,
    show_table,
    stations,
    this_user,
)
from skillmap.errors import GradingError

if TYPE_CHECKING:
    from skillmap.workflows.disputes import OpenDispute, Settled
    from skillmap.workflows.programme import Programme
    from skillmap.workflows.regrade import Regraded

__all__ = ["add_to", "say_settled"]

Assignment = Annotated[str, typer.Argument(help="Name of the assignment.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the application."""
    for command in (extend, regrade, disputes, answer_dispute):
        app.command(rich_help_panel="Instructors")(command)


def extend(
    context: typer.Context,
    assignment: Assignment,
    learner: Annotated[
        str | None, typer.Argument(help="Id of the learner; without one, who has more time.")
    ] = None,
    days: Annotated[int | None, typer.Option(help="Days after the due date.", min=0)] = None,
    hours: Annotated[int | None, typer.Option(help="Hours after the due date.", min=0)] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M"],
            help="The learner's own due date, e.g. 2026-12-04T18:00 (no zone: this machine's).",
        ),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Give one learner more time; it replaces an earlier extension, and --days 0 takes it back.

    Late penalties of work that is graded already are taken anew at once.
    """
    programme = open_programme(context)
    if learner is None:
        _show_extensions(programme, assignment)
        return
    extra = _extra(programme, assignment, days=days, hours=hours, until=until)
    from skillmap.workflows.extend import extend as give_time
    from skillmap.workflows.extend import own_deadline

    if dry_run:
        due = own_deadline(programme, assignment, extra)
        say(f"Would give {learner} time for {assignment} until {_when(due, extra)}.")
        return
    done = give_time(programme, assignment, learner, extra)
    say(f"{learner} has time for {assignment} until {_when(done.due, extra)}.")
    if done.penalty_before != done.penalty_after:
        say(f"Late penalty: {done.penalty_before:g} -> {done.penalty_after:g} points.")


def _extra(
    programme: "Programme",
    assignment: str,
    *,
    days: int | None,
    hours: int | None,
    until: datetime | None,
) -> timedelta:
    from skillmap.workflows.extend import extra_until

    is_length = days is not None or hours is not None
    if is_length == (until is not None):
        raise typer.BadParameter("Say how long: --days, --hours or both, or else --until.")
    if until is not None:
        return extra_until(programme, assignment, until.astimezone())
    return timedelta(days=days or 0, hours=hours or 0)


def _when(due: datetime | None, extra: timedelta) -> str:
    if due is None:
        return f"{extra} after a due date, once it has one"
    return f"{due.astimezone():%Y-%m-%d %H:%M %Z}" + ("" if extra else ", like everybody")


def _show_extensions(programme: "Programme", assignment: str) -> None:
    from skillmap.workflows.extend import extensions

    rows = [
        (one.learner, str(one.extra), _when(one.due, one.extra), f"{one.penalty:g}")
        for one in extensions(programme, assignment)
    ]
    columns = ("learner", "more time", "until", "late penalty")
    show_table(f"More time for {assignment}", columns, rows)


def regrade(
    context: typer.Context,
    assignment: Assignment,
    item: Annotated[
        str, typer.Option("--item", help="The mended test, as notebook/grade_id: show only this.")
    ] = "",
    release: Annotated[
        bool, typer.Option("--release", help="Also hand the mended version out to learners.")
    ] = False,
    workers: Annotated[
        int, typer.Option(help="Grade so many learners at once (0: one per core).", min=0)
    ] = 0,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Grade a class again after you mended a test in source/, and say whose score changed.

    Scores that a person gave stay. Learners keep the version that they fetched, and read on their
    page that they were graded again.
    """
    from skillmap.workflows.regrade import plan_regrading, require_item
    from skillmap.workflows.regrade import regrade as grade_again

    programme = open_programme(context)
    mended = require_item(programme, assignment, item) if item else None
    if dry_run:
        rows = [(who, str(number)) for who, number in plan_regrading(programme, assignment)]
        show_table(f"Would grade {assignment} again", ("learner", "attempt"), rows)
        return
    with stations() as station:
        done = grade_again(
            programme,
            assignment,
            item=mended,
            is_released=release,
            clock=clock,
            progress=station("Grading again"),
            n_workers=workers or os.cpu_count() or 1,
        )
    _show_regraded(done, mended, as_json=as_json)
    if any(one.problem for one in done.graded):
        raise typer.Exit(GradingError.exit_code)


def _show_regraded(done: "Regraded", mended: str | None, *, as_json: bool) -> None:
    shown = [one for one in done.changed if mended in (None, one.item)]
    if as_json:
        show_json([asdict(one) for one in done.changed])
        return
    for failed in (one for one in done.graded if one.problem):
        say(f"not graded: {failed.attempt.learner}: {failed.problem}")
    rows = [
        (
            one.learner,
            one.item.split("/", 1)[1],
            "none" if one.old is None else f"{one.old:g}",
            f"{one.new:g} of {one.max_points:g}",
        )
        for one in shown
    ]
    show_table("Scores that changed", ("learner", "item", "old", "new"), rows)
    if n_others := len(done.changed) - len(shown):
        say(f"Scores of other items changed, too: {n_others}. `--json` shows all.")
    n_learners = len({one.attempt.learner for one in done.graded})
    say(f"Graded again: attempts {len(done.graded)}, learners {n_learners}.")


def disputes(context: typer.Context, as_json: Json = False) -> None:
    """List the grades that learners question; each of them can see that you read it."""
    from skillmap.workflows.disputes import open_disputes

    found = open_disputes(open_programme(context), by=this_user(), clock=clock)
    if as_json:
        show_json(
            [
                {**asdict(one.dispute), "points": one.points, "max_points": one.max_points}
                for one in found
            ]
        )
        return
    for one in found:
        say(_dispute_lines(one))
    say(
        f"{len(found)} open. Answer with: skillmap answer-dispute NUMBER --words … [--score …]"
        if found
        else "Nobody questions a grade."
    )


def _dispute_lines(one: "OpenDispute") -> str:
    dispute = one.dispute
    words = dispute.text.replace("\n", "\n    ")
    return (
        f"{dispute.id}  {dispute.learner} · {dispute.item} · {one.points:g} of {one.max_points:g} "
        f"points · {dispute.opened_at:%Y-%m-%d}\n    {words}\n"
    )


def answer_dispute(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="Number of the dispute, as `disputes` lists it.")],
    words: Annotated[str, typer.Option("--words", help="What you say to the learner.")],
    score: Annotated[
        float | None, typer.Option("--score", help="The new score; left out, it stays.")
    ] = None,
    by: Annotated[
        str, typer.Option("--by", help="Your id in the register: the learner reads your name.")
    ] = "",
) -> None:
    """Answer a learner who questions a grade; a new score goes into the gradebook as yours."""
    from skillmap.model import DisputeId, PersonId
    from skillmap.workflows.disputes import answer_dispute as answer
    from skillmap.workflows.disputes import require_instructor

    programme = open_programme(context)
    settled = answer(
        programme,
        DisputeId(number),
        words,
        score=score,
        by=require_instructor(programme, PersonId(by)) if by else this_user(),
        clock=clock,
    )
    say(f"Dispute {number} is answered; the learner reads it on their page.")
    say_settled(settled)


def say_settled(settled: "Settled") -> None:
    """Say which new scores the gradebook took, and which wait; exit when some do."""
    for dispute in settled.recorded:
        say(f"new score: {dispute.learner} · {dispute.item}: {dispute.new_score:g}")
    for problem in settled.problems:
        say(f"a new score waits, try `skillmap sync` later: {problem}")
    if settled.problems:
        raise typer.Exit(GradingError.exit_code)
