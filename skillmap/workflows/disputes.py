"""A learner's dispute of a grade, from the answer of a person to the corrected score.

Law: a new score is kept with its answer first, and goes into the gradebook next; while the
gradebook cannot be written it waits, and the next `settle` takes it. The gradebook stays the truth:
the response log and the profiles are read back from it.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from skillmap.errors import AccessError, GradingError
from skillmap.model import Dispute, DisputeId, PersonId, Response
from skillmap.ports import Clock
from skillmap.store import access, disputes, people, responses
from skillmap.workflows.programme import Programme
from skillmap.workflows.sightings import seen

if TYPE_CHECKING:
    from skillmap.grading.shown_work import ShownWork

__all__ = [
    "DisputeOffice",
    "OpenDispute",
    "Settled",
    "answer_dispute",
    "open_disputes",
    "require_instructor",
    "settle",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDispute:
    """An open dispute with the points that its item has now, and can have."""

    dispute: Dispute
    points: float
    max_points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of the new scores that waited for the gradebook. problems: one sentence each."""

    recorded: tuple[Dispute, ...]
    problems: tuple[str, ...]


class DisputeOffice:
    """What the pages need of a course folder: a learner's work, and the way into the gradebook."""

    def __init__(self, programme: Programme, *, clock: Clock) -> None:
        self._programme = programme
        self._clock = clock

    def work_on(self, dispute: Dispute, language: Literal["en", "nb"]) -> "ShownWork | None":
        """Lay out the graded work, safe for a page; None when it cannot be read here."""
        # nbgrader takes 2 s to import: not before somebody asks.
        from skillmap.grading.shown_work import show_work

        with suppress(GradingError, OSError):
            return show_work(
                self._programme.nbgrader,
                assignment=dispute.assignment,
                learner=dispute.learner,
                notebook=dispute.notebook,
                grade_id=dispute.grade_id,
                language=language,
            )
        return None

    def settle(self) -> Settled:
        """Bring new scores into the gradebook; those that it refuses wait."""
        return settle(self._programme, clock=self._clock)


def open_disputes(programme: Programme, *, by: PersonId, clock: Clock) -> list[OpenDispute]:
    """List what waits for an answer, oldest first; each learner can see that `by` read it."""
    with programme.database.begin() as session:
        found = disputes.opened(session)
        for dispute in found:
            view = seen(dispute.learner, "access.what.dispute", by=by, clock=clock)
            access.record(session, view)
        log = {who: responses.current(session, learner=who) for who in {d.learner for d in found}}
    return [_with_points(dispute, log[dispute.learner]) for dispute in found]


def require_instructor(programme: Programme, id: PersonId) -> PersonId:
    """Return the id of an instructor; AccessError for anybody else."""
    with programme.database.begin(is_read_only=True) as session:
        person = people.require_known(session, id)
    if person.role != "instructor":
        raise AccessError(f"{id!r} is a {person.role}: only an instructor answers for a grade.")
    return id


def answer_dispute(
    programme: Programme,
    id: DisputeId,
    words: str,
    *,
    score: float | None,
    by: PersonId,
    clock: Clock,
) -> Settled:
    """Answer one dispute, and bring the new score into the gradebook when there is one.

    Raises StoreError when it is not open, GradingError when the item cannot give such a score.
    """
    from skillmap.grading.manual_score import require_score

    with programme.database.begin() as session:
        dispute = disputes.find(session, id)
        access.record(session, seen(dispute.learner, "access.what.dispute", by=by, clock=clock))
        if score is not None:
            log = responses.current(session, learner=dispute.learner)
            require_score(score, _with_points(dispute, log).max_points)
        disputes.answer(session, id, words, by=by, at=clock(), score=score)
    return settle(programme, clock=clock)


def settle(programme: Programme, *, clock: Clock) -> Settled:
    """Bring all new scores that wait into the gradebook, the response log and the profiles."""
    with programme.database.begin(is_read_only=True) as session:
        waiting = disputes.waiting_for_gradebook(session)
    if not waiting:
        return Settled(recorded=(), problems=())
    recorded: list[Dispute] = []
    problems: list[str] = []
    for assignment in sorted({one.assignment for one in waiting}):
        mine = [one for one in waiting if one.assignment == assignment]
        try:
            done, refused = _record(programme, assignment, mine, clock=clock)
        except GradingError as error:
            done, refused = [], [str(error)]
        recorded += done
        problems += refused
    if recorded:
        _renew_profiles(programme, clock=clock)
    return Settled(recorded=tuple(recorded), problems=tuple(problems))


def _record(
    programme: Programme, assignment: str, waiting: Sequence[Dispute], *, clock: Clock
) -> tuple[list[Dispute], list[str]]:
    """Write the new scores of one assignment and read them back; return what was refused, too."""
    from skillmap.grading import alone
    from skillmap.workflows.read_back import read_back

    recorded, problems = [], []
    if not programme.nbgrader.has_gradebook():  # opening it would make an empty one
        raise GradingError(f"{programme.root}: there is no gradebook here.")
    with alone(programme.nbgrader):
        for dispute in waiting:
            try:
                _write_score(programme, dispute)
                recorded.append(dispute)
            except GradingError as error:
                problems.append(str(error))
        read_back(programme, assignment, clock=clock)
    with programme.database.begin() as session:
        disputes.mark_recorded(session, [one.id for one in recorded], at=clock())
    return recorded, problems


def _write_score(programme: Programme, dispute: Dispute) -> None:
    from skillmap.grading.manual_score import set_manual_score

    if dispute.new_score is not None:
        set_manual_score(
            programme.nbgrader,
            assignment=dispute.assignment,
            learner=dispute.learner,
            notebook=dispute.notebook,
            grade_id=dispute.grade_id,
            score=dispute.new_score,
        )


def _renew_profiles(programme: Programme, *, clock: Clock) -> None:
    from skillmap.workflows.estimate import update_profiles

    update_profiles(programme, clock=clock)


def _with_points(dispute: Dispute, log: Sequence[Response]) -> OpenDispute:
    of_item = [one for one in log if one.item == dispute.item]
    newest = max(of_item, key=lambda r: (r.attempt, r.submitted_at), default=None)
    return OpenDispute(
        dispute=dispute,
        points=newest.points if newest else dispute.old_score,
        max_points=newest.max_points if newest else dispute.old_score,
    )
