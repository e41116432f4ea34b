"""Commands of instructors about the course itself: items, stuck."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from skillmap.cli.context import Json, clock, open_programme, say, show_json, show_table, this_user
from skillmap.model import AssignmentId, Reason

if TYPE_CHECKING:
    from skillmap.profiles import GroupCount, ItemReport
    from skillmap.workflows.programme import Programme

__all__ = ["add_to"]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the application."""
    for command in (items, stuck):
        app.command(rich_help_panel="Instructors")(command)


def items(
    context: typer.Context,
    assignment: Annotated[
        str | None, typer.Argument(help="Only the items of this assignment; all when left out.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show how hard each item is, and which look broken or tagged with another skill.

    Nobody is named. What fewer than 5 learners stand behind is not shown.
    """
    from skillmap.workflows.analyse import analyse_programme

    programme = open_programme(context)
    only = AssignmentId(assignment) if assignment else None
    found = analyse_programme(programme, assignment=only)
    if as_json:
        show_json(asdict(found))
        return
    speak = _speaker(programme)
    columns = ("item", "difficulty", "mark", "fit", "not solved", "learners", "look at it because")
    show_table(
        "Items, difficulty on the author's scale with its 90 % interval",
        columns,
        [_item_row(one, speak) for one in found.items],
    )
    for doubt in found.prerequisites:
        say(
            f"Most learners who do not manage {doubt.earlier} manage {doubt.later} all the same "
            f"(learners who did not manage the first: {_group(doubt.n_learners)})."
        )
    if found.unknown_items:
        say(f"Answered, but no longer in the course: {', '.join(found.unknown_items)}.")


def stuck(context: typer.Context, as_json: Json = False) -> None:
    """List who could use a hand, and where; each learner named can see that you looked.

    Three attempts without progress at an exercise, or unsolved a week after the due date. For the
    learners' own instructor only. Work that was never handed in is not known here.
    """
    from skillmap.workflows.analyse import stuck_learners

    programme = open_programme(context)
    found = stuck_learners(programme, by=this_user(), clock=clock)
    if as_json:
        show_json([asdict(one) for one in found])
        return
    rows = [
        (
            one.learner,
            one.item or one.assignment,
            WHY_STUCK[one.reason.key].format(n=one.reason.values["n"]),
            f"{one.since.astimezone():%Y-%m-%d}",
        )
        for one in found
    ]
    show_table("Who could use a hand", ("learner", "where", "because", "since"), rows)


WHY_STUCK = {
    "stuck.no_progress": "{n} attempts without progress",
    "stuck.overdue": "unsolved exercises long after the due date: {n}",
}


def _item_row(one: "ItemReport", speak: Callable[[Sequence[Reason]], str]) -> tuple[str, ...]:
    return (
        one.item,
        "" if one.difficulty is None else f"{one.difficulty:.1f} ({one.low:.1f} to {one.high:.1f})",
        str(one.mark),
        "too few answers" if one.infit is None else f"{one.infit:.2f}, {one.outfit:.2f}",
        "" if one.failing is None else _group(one.failing),
        _group(one.n_learners),
        speak(one.remarks),
    )


def _group(count: "GroupCount") -> str:
    from skillmap.profiles import MIN_GROUP

    return {
        "few": f"fewer than {MIN_GROUP}",
        "nearly_all": "nearly all",
        "exact": str(count.n),
    }[count.shown]


def _speaker(programme: "Programme") -> Callable[[Sequence[Reason]], str]:
    """Return what says remarks in English."""
    from skillmap.web.messages import load_messages
    from skillmap.web.words import Words

    words = Words(load_messages()["en"], programme.course, None)
    return lambda reasons: " ".join(words.reason(one, {}).striptags() for one in reasons)
