"""Commands that start something: demo, serve, lab."""

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skillmap.cli.context import clock, open_programme, say, stations
from skillmap.errors import StoreError
from skillmap.model import LearnerId, PersonId

if TYPE_CHECKING:
    from skillmap.workflows.demo import DemoResult
    from skillmap.workflows.programme import Programme

__all__ = ["add_to"]

PORT = 8765
DEMO_WITHOUT_WALLS = (
    "UNSAFE: walls around learners' code cannot be had on this machine. The demo goes on, because "
    "it wrote the notebooks that it grades; each score records it. `grade` itself would refuse."
)
DEMO_ROLES = {
    "learner": "learner-03",
    "mentor": "mentor-1",
    "instructor": "instructor-1",
    "coordinator": "coordinator-1",
}
Port = Annotated[int, typer.Option(help="Port on 127.0.0.1; the next free one is taken if busy.")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.command(rich_help_panel="Everybody")(demo)
    app.command(rich_help_panel="Everybody")(serve)
    app.command(rich_help_panel="Learners")(lab)


def demo(
    folder: Annotated[
        Path, typer.Option("--dir", help="Where the invented programme lives.")
    ] = Path("demo-programme"),
    port: Port = PORT,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="Stop when the pages are ready to be served.")
    ] = False,
    learners: Annotated[
        int, typer.Option(help="How many invented learners take part.", min=1, max=120)
    ] = 12,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Throw an earlier demo in this folder away first.")
    ] = False,
) -> None:
    """Show everything on an invented cohort: work, grades, profiles, mentors, openings, pages.

    Run again, it goes on where it stopped. The notebooks it grades are its own.
    """
    from skillmap.workflows.demo import demo_courtroom, remove_demo, run_demo
    from skillmap.workflows.programme import Programme

    if fresh:
        remove_demo(folder)
    with demo_courtroom() as courtroom, stations() as station:
        if courtroom.isolation == "none":
            typer.echo(DEMO_WITHOUT_WALLS, err=True)
        result = run_demo(
            folder,
            n_learners=learners,
            clock=clock,
            station=station,
            courtroom=courtroom,
            n_workers=os.cpu_count() or 1,
        )
    say(_summary(result))
    programme = Programme(folder)
    chosen = port if no_serve else free_port(port)
    say(ways_in(programme, address=f"http://127.0.0.1:{chosen}"))
    say(f"Work as a learner: skillmap --course {folder} lab --as learner-01")
    if no_serve:
        say(f"Serve the pages: skillmap --course {folder} serve --port {chosen}")
    else:
        _serve(programme, chosen)


def _summary(result: "DemoResult") -> str:
    return (
        f"\n{result.n_learners} learners handed in {result.n_handed_in} times at "
        f"{result.n_assignments} assignments: {result.n_graded} graded now, "
        f"{result.n_failed} could not be. {result.n_feedback} feedbacks, {result.n_openings} "
        f"openings new, {result.n_pairings} pairings, {result.n_waiting} waiting."
    )


def ways_in(programme: "Programme", *, address: str) -> str:
    """Make a one-time link for one person of each role of the demo, and say them."""
    from datetime import timedelta

    from skillmap.web import add_link
    from skillmap.workflows.people import list_people

    people = list_people(programme)
    lines = ["", "Log in with these links (each works once, for a day):"]
    for role, wished in DEMO_ROLES.items():
        of_role = [person for person in people if person.role == role]
        person = next((p for p in of_role if p.id == wished), of_role[0])
        path = add_link(programme.database, person.id, clock=clock, valid_for=timedelta(days=1))
        lines.append(f"  {role:<12} {address}{path}  ({person.name})")
    return "\n".join(lines)


def free_port(wished: int) -> int:
    """Return the wished port of 127.0.0.1, or the next one that nobody uses."""
    for port in range(wished, wished + 50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise StoreError(f"Ports {wished} to {wished + 49} are all in use: choose another with --port.")


def serve(context: typer.Context, port: Port = PORT) -> None:
    """Serve the pages of learners, mentors, instructors and coordinators on this machine."""
    _serve(open_programme(context), free_port(port))


def _serve(programme: "Programme", port: int) -> None:
    import uvicorn

    from skillmap.web import create_app
    from skillmap.workflows.disputes import DisputeOffice

    office = DisputeOffice(programme, clock=clock)
    app = create_app(programme.database, programme.course, clock=clock, office=office)
    say(f"Pages: http://127.0.0.1:{port}/ (stop with Ctrl-C)")
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


def lab(
    context: typer.Context,
    learner: Annotated[str, typer.Option("--as", help="Id of the learner to work as.")],
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8888,
    no_browser: NoBrowser = False,
) -> None:
    """Open JupyterLab as a learner: fetch, solve and hand in.

    This is for one trusted machine: whoever works in it can read the whole course folder.
    """
    from skillmap.lab import open_lab

    programme = open_programme(context)
    who = LearnerId(PersonId(learner))
    open_lab(programme, who, port=port, with_browser=not no_browser, say=say)
