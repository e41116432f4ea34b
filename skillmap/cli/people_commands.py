"""Commands of coordinators: people, account, profile, pair, publish, export."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
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
    this_user,
)
from skillmap.model import LearnerId, PersonId, Reason

if TYPE_CHECKING:
    from skillmap.workflows.programme import Programme

__all__ = ["add_to"]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the application."""
    panel = "Coordinators"
    for command in (people, account, profile, pair, publish, export):
        app.command(rich_help_panel=panel)(command)


def people(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Option("--import", help="TOML file with learners, mentors and staff.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List who takes part, or bring in a file of people (all of it, or nothing)."""
    from skillmap.workflows.people import import_people, list_people

    programme = open_programme(context)
    if file is not None:
        cohort = import_people(programme, file, clock=clock)
        n_people = len(cohort.learners) + len(cohort.mentors) + len(cohort.staff)
        say(f"{n_people} people are in the register: next, give them a way in: `skillmap account`.")
        return
    rows = [(person.id, person.role, person.name) for person in list_people(programme)]
    if as_json:
        show_json([{"id": who, "role": role, "name": name} for who, role, name in rows])
    else:
        show_table("People", ("id", "role", "name"), rows)


def account(
    context: typer.Context,
    person: Annotated[str, typer.Argument(help="Id of the person, as `skillmap people` lists it.")],
    password: Annotated[
        bool, typer.Option("--password", help="Ask for a new password instead of making a link.")
    ] = False,
    hours: Annotated[int, typer.Option(help="How long the link works.", min=1, max=720)] = 72,
    address: Annotated[
        str, typer.Option(help="Address of the pages, as people reach them.")
    ] = "http://127.0.0.1:8765",
) -> None:
    """Make a link that logs a person in once, or set their password."""
    from skillmap.web import add_link, set_password

    programme = open_programme(context)
    if password:
        secret = typer.prompt("New password", hide_input=True, confirmation_prompt=True)
        set_password(programme.database, PersonId(person), secret)
        say(f"{person} can log in at {address}/login")
        return
    valid_for = timedelta(hours=hours)
    path = add_link(programme.database, PersonId(person), clock=clock, valid_for=valid_for)
    say(f"{address}{path}\nIt works once, within {hours} hours. Give it to {person} only.")


def profile(
    context: typer.Context,
    learner: Annotated[
        str | None, typer.Argument(help="Show this learner; renew all profiles when left out.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Estimate skills from the response log, or show what is known of one learner."""
    from skillmap.workflows.estimate import profile_of, renew_profiles

    programme = open_programme(context)
    if learner is None:
        renewal = renew_profiles(programme, clock=clock)
        for problem in renewal.problems():
            say(problem)
        say(f"{renewal.n_changed} profiles changed.")
        return
    found = profile_of(programme, LearnerId(PersonId(learner)), by=this_user(), clock=clock)
    if as_json:
        show_json(asdict(found))
        return
    levels = {level.id: level.labels["en"] for level in programme.course.levels}
    skills = programme.course.skills
    show_table(
        f"Skills of {learner}, from graded evidence ({found.model})",
        ("skill", "says", "90 % interval", "tasks"),
        [
            (
                skills[line.skill].labels["en"],
                STANDINGS[line.standing].format(level=levels.get(line.level or "", "")),
                f"{line.low:.2f} to {line.high:.2f}" if line.estimate.n_items else "",
                str(line.estimate.n_items),
            )
            for line in found.lines
        ],
    )


STANDINGS = {
    "at_least": "at least {level}",
    "early_sign": "early sign",
    "not_enough_evidence": "not enough evidence",
    "not_tested": "not tested",
}


def pair(context: typer.Context, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Draft who meets whom; nothing is valid until a coordinator publishes it."""
    from skillmap.workflows.pair import draft_pairings

    programme = open_programme(context)
    plan = draft_pairings(programme, clock=clock, keep=not dry_run)
    if as_json:
        show_json(asdict(plan))
        return
    speak = _speaker(programme)
    show_table(
        "Draft of pairings",
        ("learner", "mentor", "because"),
        [(p.learner, p.mentor, speak(p.reasons)) for p in plan.pairings],
    )
    show_table(
        "Waiting",
        ("learner", "because"),
        [(w.learner, speak(w.causes)) for w in plan.waiting],
    )
    say("Look at it, then: skillmap publish --by YOUR-ID")


def _speaker(programme: "Programme") -> Callable[[Sequence[Reason]], str]:
    """Return what says reasons in English, with names instead of ids."""
    from skillmap.web.messages import load_messages
    from skillmap.web.words import Words
    from skillmap.workflows.people import list_people

    words = Words(load_messages()["en"], programme.course, None)
    names = {str(person.id): person.name for person in list_people(programme)}
    return lambda reasons: " ".join(words.reason(r, names).striptags() for r in reasons)


def publish(
    context: typer.Context,
    by: Annotated[str, typer.Option(help="Your id: a coordinator answers for each pairing.")],
    dry_run: DryRun = False,
) -> None:
    """Publish the drafted pairings in your name."""
    from skillmap.workflows.pair import publish_pairings, stored_draft

    programme = open_programme(context)
    if dry_run:
        plan = stored_draft(programme)
        say(f"Would publish {len(plan.pairings)} pairings; {len(plan.waiting)} learners wait.")
        return
    n_published = publish_pairings(programme, by=PersonId(by), clock=clock)
    say(f"{n_published} pairings are valid now, published by {by}.")


def export(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Folder to write to; it is made when absent.")],
    learner: Annotated[
        str | None, typer.Option("--of", help="Only what is known of this learner.")
    ] = None,
) -> None:
    """Write responses, skills, pairings and who looked, as CSV and JSON files.

    The files hold personal data: keep them as you keep the database. They carry no rank and no
    total score.
    """
    from skillmap.workflows.export import export_all, export_learner

    programme = open_programme(context)
    if learner is None:
        written = export_all(programme, folder, by=this_user(), clock=clock)
    else:
        who = LearnerId(PersonId(learner))
        written = export_learner(programme, who, folder, by=this_user(), clock=clock)
    for path in written:
        say(str(path))
