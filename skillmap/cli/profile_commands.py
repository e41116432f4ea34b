"""Commands on one profile: where a number comes from, and the learner's own copy."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skillmap.cli.context import (
    Json,
    LearnerWord,
    clock,
    open_programme,
    say,
    show_json,
    show_table,
    this_user,
)
from skillmap.model import LearnerId, PersonId, SkillId

if TYPE_CHECKING:
    from skillmap.profiles import Contribution, SkillExplanation

__all__ = ["add_to"]

HARDLY = 0.05  # logits: a hundredth of a probability


def add_to(app: typer.Typer) -> None:
    """Add these commands to the application."""
    for command in (explain, resume):
        app.command(rich_help_panel="Coordinators")(command)


def explain(
    context: typer.Context,
    learner: LearnerWord,
    skill: Annotated[
        str, typer.Argument(metavar="SKILL", help="Id of a skill that the profile has.")
    ],
    as_json: Json = False,
) -> None:
    """Say what each answer did to an estimate; the learner can see that you looked."""
    from skillmap.workflows.explain import explain as explain_one

    programme = open_programme(context)
    found = explain_one(
        programme, LearnerId(PersonId(learner)), SkillId(skill), by=this_user(), clock=clock
    )
    disputed = {one.response.item for one in found.evidence.graded if one.is_disputed}
    if as_json:
        show_json(asdict(found.explanation) | {"in_question": sorted(disputed)})
        return
    one = found.explanation
    show_table(
        f"{skill} of {learner} on {one.as_of}, in logits (0 means 5 of 10 tasks)",
        ("what", "in words", "moved", "without it"),
        [*_fixed(one), *(_row(answer, answer.item in disputed) for answer in one.contributions)],
    )
    say(
        f"Together {one.value:+.2f}, with a doubt (sd) of {one.sd:.2f}. Graded work alone is in it."
    )
    if one.fading:
        say(f"Last shown {one.fading.since.date()}; {one.fading.left:.0%} is left of it.")
    if one.stated is not None:
        say(f"With what the learner states as the start: {10 * one.stated:.1f} of 10 tasks.")


def resume(
    context: typer.Context,
    learner: LearnerWord,
    has_name: Annotated[
        bool, typer.Option("--with-name/--without-name", help="Whether it says who it is.")
    ] = True,
    file: Annotated[
        Path | None, typer.Option("-o", "--output", help="File to write; printed when left out.")
    ] = None,
) -> None:
    """Write a learner's CV as JSON Resume, when they ask for it; they can see that you did.

    It carries levels in words with intervals and evidence, and no score or rank.
    """
    import json

    from skillmap.web.messages import load_messages
    from skillmap.web.views.resume import make_resume
    from skillmap.web.words import Words
    from skillmap.workflows.resume import own_copy

    programme = open_programme(context)
    who = LearnerId(PersonId(learner))
    person, evidence = own_copy(programme, who, by=this_user(), clock=clock)
    words = Words(load_messages()[person.page_language], programme.course, None)
    made = make_resume(person, evidence, programme.course, words, has_name=has_name)
    if file is None:
        show_json(made)
        return
    text = json.dumps(made, ensure_ascii=False, indent=2, sort_keys=True)
    file.write_text(text + "\n", encoding="utf-8")
    say(f"{file}: give it to {learner} only.")


def _fixed(one: "SkillExplanation") -> list[tuple[str, str, str, str]]:
    return [
        ("start", "what is expected of anybody in this course", f"{one.start:+.2f}", ""),
        ("practice", "what having practised adds", f"{one.practice:+.2f}", ""),
    ]


def _row(answer: "Contribution", is_disputed: bool) -> tuple[str, str, str, str]:
    direction = "moved it up" if answer.moved > 0 else "moved it down"
    said = direction if abs(answer.moved) >= HARDLY else "hardly moved it"
    what = f"{answer.item}, attempt {answer.attempt}, {answer.submitted_at.date()}"
    return (
        what,
        said + ("" if answer.is_own else " (another skill)") + (", in question" * is_disputed),
        f"{answer.moved:+.2f}",
        "" if answer.without is None else f"{answer.without:+.2f}",
    )
