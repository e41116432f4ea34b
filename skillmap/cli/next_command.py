"""The command of the next exercise: what is proposed to a learner, and who decides otherwise."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from skillmap.cli.context import Json, clock, open_programme, say, show_json, show_table, this_user
from skillmap.model import ItemId, LearnerId, Override, OverrideKind, PersonId

if TYPE_CHECKING:
    from skillmap.profiles import Mode
    from skillmap.workflows.programme import Programme

__all__ = ["add_to"]


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command(name="next", rich_help_panel="Instructors")(propose)


def propose(
    context: typer.Context,
    learner: Annotated[str, typer.Argument(help="Id of the learner.")],
    mode: Annotated[
        str, typer.Option("--mode", help="assess or practise; left out, what serves now.")
    ] = "",
    goal: Annotated[
        str, typer.Option("--goal", help="Id of a skill, track or opening; else their goals.")
    ] = "",
    pin: Annotated[str, typer.Option("--pin", help="Put this item first.")] = "",
    dismiss: Annotated[str, typer.Option("--dismiss", help="Leave this item out.")] = "",
    clear: Annotated[str, typer.Option("--clear", help="End what was decided about it.")] = "",
    by: Annotated[
        str, typer.Option("--by", help="Your id in the register: the learner reads your name.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Say what a learner may do next and why, or decide it; the learner can see that you looked."""
    from skillmap.workflows.next_exercise import next_exercises, require_decider

    programme, who = open_programme(context), LearnerId(PersonId(learner))
    person = require_decider(programme, PersonId(by), who) if by else this_user()
    decisions: dict[OverrideKind, str] = {"pin": pin, "dismiss": dismiss, "clear": clear}
    for kind, item in decisions.items():
        if item:
            _decide(programme, who, kind, ItemId(item), person)
    found = next_exercises(
        programme, who, mode=_mode(mode), goal=goal or None, by=person, clock=clock
    )
    if as_json:
        show_json(asdict(found))
        return
    rows = [(n.item, n.skill, f"{n.probability:.2f}", n.reason.key) for n in found.items]
    show_table(f"Next for {learner}", ("item", "skill", "expected", "reason"), rows)
    say(f"Mode: {found.mode}.")


def _mode(mode: str) -> "Mode | None":
    modes: dict[str, Mode | None] = {"": None, "assess": "assess", "practise": "practise"}
    if mode not in modes:
        raise typer.BadParameter("Choose assess or practise.", param_hint="--mode")
    return modes[mode]


def _decide(
    programme: "Programme", learner: LearnerId, kind: OverrideKind, item: ItemId, by: PersonId
) -> None:
    from skillmap.workflows.next_exercise import decide

    decision = Override(learner=learner, item=item, kind=kind, by=by, at=clock())
    with programme.database.begin() as session:
        decide(session, programme.course, decision)
