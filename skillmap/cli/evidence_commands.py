"""Commands on what nobody graded: evidence, attest, state, withdraw."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

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
from skillmap.model import (
    Attestation,
    AttestationId,
    LearnerId,
    PersonId,
    SkillId,
    Statement,
    StatementId,
    StatementSource,
    Witness,
)

if TYPE_CHECKING:
    from skillmap.workflows.evidence import Evidence, GradedItem

__all__ = ["add_to"]

SkillWord = Annotated[str, typer.Argument(metavar="SKILL", help="Id of a skill of the catalogue.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the application."""
    for command in (evidence, attest, state, withdraw):
        app.command(rich_help_panel="Coordinators")(command)


def evidence(context: typer.Context, learner: LearnerWord, as_json: Json = False) -> None:
    """Show the three kinds of evidence of a learner, apart; the learner can see that you read it.

    What the learner has not consented to is not shown.
    """
    from skillmap.workflows.evidence import evidence_of

    programme = open_programme(context)
    found = evidence_of(programme, _learner(learner), by=this_user(), clock=clock)
    if as_json:
        kinds = asdict(found)
        show_json({kind: kinds[kind] for kind in ("graded", "attested", "stated")})
    else:
        _show_tables(found)


def attest(
    context: typer.Context,
    learner: LearnerWord,
    skill: SkillWord,
    words: Annotated[str, typer.Option("--words", help="What was seen, in the words of who saw.")],
    level: Annotated[str, typer.Option("--level", help="Level that it shows, at least.")],
    by: Annotated[str, typer.Option("--by", help="Id of who saw it, when we know them.")] = "",
    name: Annotated[str, typer.Option("--name", help="Name of somebody from outside.")] = "",
    role: Annotated[str, typer.Option("--role", help="Their role and organisation.")] = "",
    seen_on: Annotated[
        datetime | None,
        typer.Option("--seen-on", formats=["%Y-%m-%d"], help="The day; today when left out."),
    ] = None,
) -> None:
    """Keep what a named person saw a learner do; only the learner can make it count.

    A mentor attests for their own learners. An employer's reference needs --name and --role.
    """
    from skillmap.workflows.attest import Sight
    from skillmap.workflows.attest import attest as keep

    if bool(by) == bool(name):
        raise typer.BadParameter("Say who saw it: --by, or --name with --role.")
    sight = Sight(
        learner=_learner(learner),
        skill=SkillId(skill),
        by=PersonId(by) if by else Witness(name=name, role=role),
        words=words,
        level=level,
        seen_on=(seen_on or clock().astimezone()).date(),
    )
    kept = keep(open_programme(context), sight, clock=clock)
    say(f"Attestation {kept.id} is kept. It counts when {learner} says yes on their page.")


def state(
    context: typer.Context,
    learner: LearnerWord,
    skill: SkillWord,
    source: Annotated[
        Literal["work", "study", "cv", "self"], typer.Option("--source", help="Where it is from.")
    ],
    years: Annotated[float | None, typer.Option("--years", help="Years of use.")] = None,
    last_used: Annotated[int | None, typer.Option("--last-used", help="The year.")] = None,
    level: Annotated[str, typer.Option("--level", help="Level that they give themselves.")] = "",
    text: Annotated[str, typer.Option("--text", help="Their own words.")] = "",
) -> None:
    """Keep what a learner says of one skill, in the place of what they said from this source.

    A statement never says that a requirement is met.
    """
    from skillmap.workflows.attest import state_skill

    chosen: StatementSource = source
    said = Statement(
        learner=_learner(learner),
        skill=SkillId(skill),
        source=chosen,
        stated_at=clock(),
        years=years,
        last_used=last_used,
        level=level or None,
        text=text.strip(),
    )
    kept = state_skill(open_programme(context), said)
    say(f"Statement {kept.id} is kept; {learner} can take it back on their page.")


def withdraw(
    context: typer.Context,
    kind: Annotated[
        Literal["attestation", "statement"], typer.Argument(help="What is taken back.")
    ],
    number: Annotated[int, typer.Argument(help="Its number, as `skillmap evidence` lists it.")],
    by: Annotated[str, typer.Option("--by", help="Id of the learner, or of who attested.")],
) -> None:
    """Take an attestation or a statement off every page and out of every comparison."""
    from skillmap.workflows.attest import withdraw as withdraw_attestation
    from skillmap.workflows.attest import withdraw_statement

    programme, person = open_programme(context), PersonId(by)
    if kind == "attestation":
        withdraw_attestation(programme, AttestationId(number), by=person, clock=clock)
    else:
        withdraw_statement(programme, StatementId(number), by=person, clock=clock)
    say(f"The {kind} {number} is withdrawn.")


def _learner(word: str) -> LearnerId:
    return LearnerId(PersonId(word))


def _show_tables(found: "Evidence") -> None:
    graded = ("item", "points", "attempt", "in question")
    show_table("Graded", graded, [_graded_row(one) for one in found.graded])
    attested = ("number", "skill", "at least", "by", "on", "saw")
    show_table("Attested", attested, [_attested_row(one) for one in found.attested])
    stated = ("number", "skill", "from", "years", "last used", "own level", "says")
    show_table("Stated by the learner", stated, [_stated_row(one) for one in found.stated])


def _graded_row(one: "GradedItem") -> tuple[str, ...]:
    response = one.response
    points = f"{response.points:g} of {response.max_points:g}"
    return response.item, points, str(response.attempt), "yes" if one.is_disputed else ""


def _attested_row(one: Attestation) -> tuple[str, ...]:
    by = f"{one.witness.name} ({one.witness.role})"
    return str(one.id), one.skill, one.level, by, one.seen_on.isoformat(), one.words


def _stated_row(one: Statement) -> tuple[str, ...]:
    years = "" if one.years is None else f"{one.years:g}"
    used = str(one.last_used or "")
    return str(one.id), one.skill, one.source, years, used, one.level or "", one.text
