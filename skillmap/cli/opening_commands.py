"""The command of openings: bring them in, list them, compare them with one learner."""

from dataclasses import asdict
from pathlib import Path
from time import sleep
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
from skillmap.errors import FeedError
from skillmap.model import LearnerId, PersonId

if TYPE_CHECKING:
    from skillmap.workflows.programme import Programme

__all__ = ["add_to"]


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command(rich_help_panel="Coordinators")(openings)


def openings(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Option("--import", help="JSON file in the shape of the public feed.")
    ] = None,
    poll: Annotated[
        bool, typer.Option("--poll", help="Ask the feed that skillmap.toml names what is new.")
    ] = False,
    learner: Annotated[
        str | None, typer.Option("--for", help="Compare the openings with this learner.")
    ] = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """List openings, bring new ones in, or show how near they are for one learner."""
    if (file is not None) + poll + (learner is not None) > 1:
        raise typer.BadParameter("Choose one of --import, --poll and --for.")
    programme = open_programme(context)
    if file is not None:
        _import_openings(programme, file, dry_run=dry_run, as_json=as_json)
    elif poll:
        _poll_openings(programme, dry_run=dry_run, as_json=as_json)
    elif learner is not None:
        _show_matches(programme, LearnerId(PersonId(learner)), as_json=as_json)
    else:
        _list_openings(programme, as_json=as_json)


def _import_openings(programme: "Programme", file: Path, *, dry_run: bool, as_json: bool) -> None:
    from skillmap.workflows.match import import_openings

    n_changed, problems = import_openings(programme, file, clock=clock, keep=not dry_run)
    news = f"{n_changed} openings {'would be' if dry_run else 'are'} new, changed or withdrawn."
    if as_json:
        show_json({"n_changed": n_changed, "problems": problems})
    else:
        say("\n".join([*problems, news]))


def _poll_openings(programme: "Programme", *, dry_run: bool, as_json: bool) -> None:
    from skillmap.workflows.poll_openings import next_poll, poll_openings

    if dry_run:
        result = next_poll(programme)
        place = result.page or "six months back"
        news = f"Would read {result.url} from {place}; {result.n_waiting} openings wait."
    else:
        with stations() as station:
            progress = station("Reading the feed of openings")
            result = poll_openings(programme, clock=clock, sleep=sleep, progress=progress)
        news = (
            f"{result.n_changed} openings are new, changed or withdrawn; {result.n_waiting} wait."
        )
    if as_json:
        show_json(asdict(result))
    else:
        say("\n".join([*result.problems, news]))
    if not dry_run and not result.is_read:
        raise typer.Exit(FeedError.exit_code)


def _list_openings(programme: "Programme", *, as_json: bool) -> None:
    from skillmap.workflows.match import active_openings

    active = active_openings(programme, clock=clock)
    rows = [(o.title, o.employer, o.municipality, f"{o.expires:%d.%m.%Y}") for o in active]
    if as_json:
        show_json([asdict(opening) for opening in active])
    else:
        show_table("Openings", ("title", "employer", "where", "until"), rows)


def _show_matches(programme: "Programme", learner: LearnerId, *, as_json: bool) -> None:
    from skillmap.matching import coverage
    from skillmap.workflows.match import active_openings, matches_of

    matches = matches_of(programme, learner, by=this_user(), clock=clock)
    if as_json:
        show_json([asdict(match) for match in matches])
        return
    titles = {opening.id: opening.title for opening in active_openings(programme, clock=clock)}
    counts = [(match, coverage(match)) for match in matches[:10]]
    show_table(
        f"Openings near {learner}",
        ("opening", "required", "met", "near", "missing", "not tested"),
        [
            (
                titles[match.opening],
                *map(str, (n.n_required, n.n_met, n.n_near, n.n_missing, n.n_not_tested)),
            )
            for match, n in counts
        ],
    )
