"""The command `check`: what is wrong with a course, by its files and, when asked, by running it."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from skillmap.cli.context import Json, Options, say, show_json, show_table, stations
from skillmap.errors import ContentError, did_you_mean

if TYPE_CHECKING:
    from skillmap.content import ContentPaths, Problem
    from skillmap.workflows.prove import CourseProof, ProvedItem

__all__ = ["check"]

COLUMNS = ("item", "tier", "mutants caught", "slowest")


Proved = Annotated[
    list[str] | None,
    typer.Argument(help="Assignments to prove; all of them when none is named."),
]
Prove = Annotated[
    bool,
    typer.Option("--prove", help="Also run the solutions, the blanks and wrong answers (minutes)."),
]
Mutants = Annotated[int, typer.Option(help="Try at most so many slips in each answer cell.", min=0)]
Workers = Annotated[int, typer.Option(help="Run so many answers at once (0: one per core).", min=0)]
Unsafe = Annotated[
    bool, typer.Option("--unsafe", help="Prove without walls, where this machine has none.")
]


def check(
    context: typer.Context,
    assignments: Proved = None,
    prove: Prove = False,
    mutants: Mutants = 40,
    workers: Workers = 0,
    unsafe: Unsafe = False,
    as_json: Json = False,
) -> None:
    """Find mistakes in curriculum, blueprints and notebooks before learners do.

    With --prove each test has to give the solution all its points, the blank release none, and to
    notice small slips in the solution, each within 5 s.
    """
    from skillmap.content import check_course, find_content

    options: Options = context.obj
    paths = find_content(options.course)
    if assignments and not prove:
        raise typer.BadParameter("Assignments are named for --prove; without it all are checked.")
    chosen = _chosen(paths, assignments) if prove else []
    problems = check_course(paths)
    proof = None
    if prove:
        proof = _prove(paths, chosen, n_mutants=mutants, n_workers=workers, is_unsafe=unsafe)
        problems = [*problems, *_new(proof.problems, problems)]
    if as_json:
        _show_as_json(problems, proof)
    else:
        _show(paths.source, problems, proof)
    if any(problem.severity == "error" for problem in problems):
        raise typer.Exit(ContentError.exit_code)


def _chosen(paths: "ContentPaths", named: Sequence[str] | None) -> list[str]:
    from skillmap.content import list_assignments

    known = [folder.name for folder in list_assignments(paths.source)]
    for name in named or ():
        if name not in known:
            raise ContentError(
                f"{paths.source}: there is no assignment {name!r}.{did_you_mean(name, known)}"
            )
    return list(named or known)


def _prove(
    paths: "ContentPaths",
    assignments: Sequence[str],
    *,
    n_mutants: int,
    n_workers: int,
    is_unsafe: bool,
) -> "CourseProof":
    from skillmap.workflows.prove import prove_course

    with stations() as station:
        return prove_course(
            paths,
            assignments,
            n_mutants=n_mutants,
            station=station,
            n_workers=n_workers or os.cpu_count() or 1,
            is_unsafe=is_unsafe,
        )


def _new(found: Sequence["Problem"], told: Sequence["Problem"]) -> list["Problem"]:
    """Leave out what the files have told already, such as an id that stands twice."""
    places = {(one.file, one.place, one.message) for one in told}
    return [one for one in found if (one.file, one.place, one.message) not in places]


def _show(source: Path, problems: Sequence["Problem"], proof: "CourseProof | None") -> None:
    n_errors = sum(problem.severity == "error" for problem in problems)
    for problem in problems:
        say(f"{problem.severity}: {problem}")
    if proof:
        _show_proof(proof)
    say(f"Checked {source}: {n_errors} errors, {len(problems) - n_errors} warnings.")


def _show_proof(proof: "CourseProof") -> None:
    for assignment in dict.fromkeys(item.assignment for item in proof.items):
        items = [item for item in proof.items if item.assignment == assignment]
        show_table(assignment, COLUMNS, [_row(item) for item in items])
    for item in proof.items:
        if not item.plan.tier.is_apart:
            say(f"runs beside learners' code: {item.proof.item}: {item.plan.reason}")
    if proof.share_apart is not None:
        say(
            f"{proof.n_apart} of {len(proof.items)} test cells ({proof.share_apart:.0%}) run apart "
            "from learners' code."
        )


def _row(item: "ProvedItem") -> tuple[str, ...]:
    proof = item.proof
    share = "" if proof.mutation_score is None else f" ({proof.mutation_score:.0%})"
    return (
        proof.item.removeprefix(f"{item.assignment}/"),
        item.plan.tier.value,
        f"{proof.n_caught} of {proof.n_mutants}{share}",
        f"{proof.slowest_s:.2f} s",
    )


def _show_as_json(problems: Sequence["Problem"], proof: "CourseProof | None") -> None:
    told = [{"severity": p.severity, "text": str(p)} for p in problems]
    if proof is None:
        show_json(told)
        return
    items = [_as_json(item) for item in proof.items]
    show_json(
        {"problems": told, "items": items, "n_apart": proof.n_apart, "share": proof.share_apart}
    )


def _as_json(item: "ProvedItem") -> dict[str, Any]:
    proof = item.proof
    return {
        "item": proof.item,
        "tier": item.plan.tier.value,
        "reason": item.plan.reason,
        "is_full_with_solution": proof.is_full_with_solution,
        "is_zero_when_blank": proof.is_zero_when_blank,
        "mutation_score": proof.mutation_score,
        "n_mutants": proof.n_mutants,
        "n_caught": proof.n_caught,
        "n_caught_alone": proof.n_caught_alone,
        "survivors": [f"line {one.line}: {one.description}" for one in proof.survivors],
        "slowest_s": round(proof.slowest_s, 3),
    }
