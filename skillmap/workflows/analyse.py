"""From the response log to what an instructor should look at: items, module order, who is stuck.

Law: items are told without naming anybody and without small groups; who is stuck names persons, so
each of them can see who read it.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from skillmap.errors import ContentError, GradingError, did_you_mean
from skillmap.estimation import HierarchicalIRT
from skillmap.evidence import build_frame
from skillmap.model import (
    AssignmentId,
    Course,
    GradedAttempt,
    ItemId,
    LearnerId,
    PersonId,
    Response,
)
from skillmap.ports import Clock
from skillmap.profiles import (
    Deadlines,
    Fitted,
    ItemReport,
    PrerequisiteDoubt,
    Stuck,
    doubt_prerequisites,
    find_stuck,
    report_items,
)
from skillmap.profiles.profile import tested_skills
from skillmap.store import access, responses
from skillmap.workflows.programme import Programme
from skillmap.workflows.sightings import seen

__all__ = ["CohortAnalysis", "analyse_cohort", "analyse_programme", "stuck_learners"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortAnalysis:
    """What all answers together say of the course; it names nobody.

    unknown_items: answered, but no longer in the course. model, data_sha256: by what and from what
    it was made; the same answers give the same analysis.
    """

    items: tuple[ItemReport, ...]
    prerequisites: tuple[PrerequisiteDoubt, ...]
    unknown_items: tuple[ItemId, ...]
    model: str
    data_sha256: str


def analyse_cohort(
    log: Sequence[Response], course: Course, *, attempts: Sequence[GradedAttempt] = ()
) -> CohortAnalysis:
    """Fit the whole log, then report on each item. attempts: what grading noted."""
    frame = build_frame(log, course.items, tested_skills(course))
    model = HierarchicalIRT().fit(frame)
    fitted = Fitted(frame=frame, expected=model.predict(frame), ability=_abilities(model))
    return CohortAnalysis(
        items=tuple(report_items(fitted, model.item_estimates(), course, attempts=attempts)),
        prerequisites=tuple(doubt_prerequisites(frame.responses, course)),
        unknown_items=frame.unknown_items,
        model=model.version,
        data_sha256=frame.sha256(),
    )


def analyse_programme(
    programme: Programme, *, assignment: AssignmentId | None = None
) -> CohortAnalysis:
    """Analyse everything in the log, and keep the items of one assignment when it is named.

    Raises ContentError, with the closest name, for an assignment without items.
    """
    course = programme.course
    known = course.assignments()
    if assignment is not None and assignment not in known:
        raise ContentError(
            f"Assignment {assignment!r}: no item of the course belongs to it."
            f"{did_you_mean(assignment, known)} There are: {', '.join(known) or 'none yet'}."
        )
    with programme.database.begin(is_read_only=True) as session:
        log, attempts = responses.current(session), responses.graded_attempts(session)
    found = analyse_cohort(log, course, attempts=attempts)
    return found if assignment is None else _only(found, assignment)


def stuck_learners(programme: Programme, *, by: PersonId, clock: Clock) -> list[Stuck]:
    """List who is stuck and where; each learner named can see that `by` read it."""
    deadlines = _deadlines(programme)
    with programme.database.begin() as session:
        log = responses.current(session)
        found = find_stuck(log, programme.course, now=clock(), deadlines=deadlines)
        for learner in sorted({one.learner for one in found}):
            access.record(session, seen(learner, "access.what.results", by=by, clock=clock))
    return found


def _only(found: CohortAnalysis, assignment: AssignmentId) -> CohortAnalysis:
    return CohortAnalysis(
        items=tuple(one for one in found.items if one.assignment == assignment),
        prerequisites=tuple(p for p in found.prerequisites if assignment in (p.later, p.earlier)),
        unknown_items=tuple(i for i in found.unknown_items if i.startswith(f"{assignment}/")),
        model=found.model,
        data_sha256=found.data_sha256,
    )


def _abilities(model: HierarchicalIRT) -> NDArray[np.float64]:
    """Reference logits, (n_learners, n_skills)."""
    logits = [one.logit for one in model.estimates()]
    return np.array(logits).reshape(len(model.learners_), len(model.skills_))


def _deadlines(programme: Programme) -> Deadlines:
    """Read due dates and extensions; an assignment that the gradebook does not know has none."""
    # nbgrader takes 2 s to import: not before somebody asks.
    from skillmap.grading.extensions import due_date, extensions_of

    due: dict[AssignmentId, datetime] = {}
    own: dict[tuple[LearnerId, AssignmentId], datetime] = {}
    with programme.nbgrader.gradebook() as gradebook:
        for assignment in programme.course.assignments():
            with suppress(GradingError):
                if when := due_date(gradebook, assignment):
                    due[assignment] = when
                for one in extensions_of(gradebook, assignment):
                    if one.due:
                        own[LearnerId(PersonId(one.learner)), assignment] = one.due
    return Deadlines(due=due, own=own)
