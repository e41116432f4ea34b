"""Run the whole pipeline on the invented cohort, station by station.

Each station can be cut off and run again: what is there is kept. No score, profile or match is
written here: all of it comes out of the same workflows that a real programme uses.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from skillmap.content import read_answers, shipped_content
from skillmap.errors import ContentError
from skillmap.grading import release_assignment, released_notebooks, set_due_date
from skillmap.judging import Courtroom
from skillmap.model import AssignmentId, GradedAttempt, PairingPlan, PersonId
from skillmap.ports import Clock, Progress
from skillmap.sandbox import NoWallsError
from skillmap.workflows.demo.cohort import Behaviour, read_cohort
from skillmap.workflows.demo.evidence import add_evidence, read_evidence
from skillmap.workflows.demo.work import Visit, hand_in, plan_visits
from skillmap.workflows.estimate import update_profiles
from skillmap.workflows.give_feedback import feedback_due, release_feedback
from skillmap.workflows.grade import grade
from skillmap.workflows.hand_out import notebooks_to_release
from skillmap.workflows.match import import_openings
from skillmap.workflows.pair import draft_pairings, publish_pairings
from skillmap.workflows.people import learner_home, save_people
from skillmap.workflows.programme import Programme
from skillmap.workflows.start import start_programme

__all__ = ["DemoResult", "Station", "demo_courtroom", "remove_demo", "run_demo"]

BEGAN = "demo-began.txt"
COORDINATOR = PersonId("coordinator-1")

Station = Callable[[str], Progress]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoResult:
    """What the demo made, in numbers for the closing words."""

    n_learners: int
    n_assignments: int
    n_handed_in: int
    n_graded: int
    n_failed: int
    n_feedback: int
    n_openings: int
    n_pairings: int
    n_waiting: int


@contextmanager
def demo_courtroom() -> Iterator[Courtroom]:
    """Open a courtroom with walls, or, where they cannot be had, one without.

    Only here: the notebooks that are graded were made by this programme itself.
    """
    with ExitStack() as stack:
        try:
            room = stack.enter_context(Courtroom())
        except NoWallsError:
            room = stack.enter_context(Courtroom(is_unsafe=True))
        yield room


def run_demo(
    root: Path,
    *,
    n_learners: int,
    clock: Clock,
    station: Station,
    courtroom: Courtroom,
    n_workers: int = 1,
) -> DemoResult:
    """Make or continue the demo in `root`. `station` announces a step and hears its progress.

    courtroom: open, where the invented learners' work is graded. n_workers: how many at once.
    """
    programme = _programme(root)
    cohort = read_cohort(shipped_content() / "demo", programme.course, n_learners)
    save_people(programme, cohort.people, clock=clock)
    schedule = _schedule(root, cohort.assignments, clock=clock)
    _release(programme, schedule, station("Releasing the assignments"))
    members = [cohort.behaviour[learner.id] for learner in cohort.people.learners]
    n_handed_in = _work(programme, members, schedule, station("Learners work and hand in"))
    graded = grade(
        programme,
        list(schedule),
        clock=clock,
        progress=station("Grading behind walls"),
        n_workers=n_workers,
        courtroom=courtroom,
    )
    due = _without_feedback(programme, list(schedule), graded)
    release_feedback(programme, due, progress=station("Writing feedback"))
    update_profiles(programme, clock=clock)
    claims = read_evidence(shipped_content() / "demo" / "evidence.toml")
    add_evidence(programme, claims, clock=clock)
    n_openings, plan = _recommend(programme, station("Openings and mentors"), clock=clock)
    return DemoResult(
        n_learners=n_learners,
        n_assignments=len(schedule),
        n_handed_in=n_handed_in,
        n_graded=sum(one.problem is None for one in graded),
        n_failed=sum(one.problem is not None for one in graded),
        n_feedback=len(due),
        n_openings=n_openings,
        n_pairings=len(plan.pairings),
        n_waiting=len(plan.waiting),
    )


def _without_feedback(
    programme: Programme, assignments: list[AssignmentId], graded: list[GradedAttempt]
) -> list[tuple[str, str]]:
    """List (assignment, learner) that have no feedback yet, or were graded just now."""
    new = {(one.attempt.assignment, one.attempt.learner) for one in graded}
    return [
        (assignment, learner)
        for assignment, learner in feedback_due(programme, assignments)
        if (assignment, learner) in new
        or not programme.nbgrader.feedback(learner, assignment).is_dir()
    ]


def _recommend(
    programme: Programme, progress: Progress, *, clock: Clock
) -> tuple[int, PairingPlan]:
    """Read the openings, draft the pairings, and publish them as the invented coordinator."""
    progress(0, 2, "openings")
    n_openings, _ = import_openings(
        programme, shipped_content() / "demo" / "openings.json", clock=clock
    )
    progress(1, 2, "mentors")
    plan = draft_pairings(programme, clock=clock)
    publish_pairings(programme, by=COORDINATOR, clock=clock)
    progress(2, 2, "")
    return n_openings, plan


def remove_demo(root: Path) -> None:
    """Throw a demo away. Raises ContentError when the folder holds anything but a demo."""
    if root.exists() and not (root / BEGAN).is_file():
        raise ContentError(f"{root}: this is not a folder that the demo made; it stays as it is.")
    shutil.rmtree(root, ignore_errors=True)


def _programme(root: Path) -> Programme:
    if (root / "skillmap.toml").is_file():
        return Programme(root)
    return start_programme(root, course_id="demo")


def _schedule(
    root: Path, assignments: Sequence[AssignmentId], *, clock: Clock
) -> Mapping[AssignmentId, datetime]:
    """Give each assignment its due date: one a week, the last one a week ago."""
    note = root / BEGAN
    if not note.is_file():
        note.write_text(clock().astimezone(UTC).isoformat(), encoding="utf-8")
    began = datetime.fromisoformat(note.read_text(encoding="utf-8").strip())
    evening = began.replace(hour=17, minute=0, second=0, microsecond=0)
    weeks = range(len(assignments), 0, -1)
    return {a: evening - timedelta(weeks=week) for a, week in zip(assignments, weeks, strict=True)}


def _release(
    programme: Programme, schedule: Mapping[AssignmentId, datetime], progress: Progress
) -> None:
    for n_before, (assignment, due) in enumerate(schedule.items()):
        progress(n_before, len(schedule), assignment)
        is_out = (programme.nbgrader.exchange / "outbound" / assignment).is_dir()
        if not is_out or not released_notebooks(programme.nbgrader, assignment):
            notebooks = notebooks_to_release(programme, assignment)
            release_assignment(programme.nbgrader, assignment, notebooks=notebooks)
        set_due_date(programme.nbgrader, assignment, due)
    progress(len(schedule), len(schedule), "")


def _work(
    programme: Programme,
    members: list[Behaviour],
    schedule: Mapping[AssignmentId, datetime],
    progress: Progress,
) -> int:
    visits: list[Visit] = []
    for n, (assignment, due) in enumerate(schedule.items()):
        exercises = read_answers(programme.paths, assignment)
        for member in members:
            if n < member.assignments:
                visits += plan_visits(member, assignment, exercises, programme.course, due=due)
    inbound = programme.nbgrader.exchange / "inbound"
    present = {tuple(folder.name.split("+")[:3]) for folder in inbound.iterdir()}
    for n_before, visit in enumerate(visits):
        progress(n_before, len(visits), f"{visit.learner} · {visit.assignment}")
        stamp = visit.at.strftime("%Y-%m-%d %H:%M:%S.%f %Z")
        if (visit.learner, visit.assignment, stamp) not in present:
            hand_in(
                programme.nbgrader, visit, home=learner_home(programme, PersonId(visit.learner))
            )
    progress(len(visits), len(visits), "")
    return len(visits)
