"""Who the invented learners are and how they work, read from the bundled demo folder.

In: demo/people.toml, demo/behaviour.toml. Out: a Cohort.
Law: the cohort's assignments are assignments of the course.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from skillmap.content import People, load_people
from skillmap.errors import ContentError
from skillmap.model import AssignmentId, Course, Learner, LearnerId, PersonId

__all__ = ["Behaviour", "Cohort", "read_cohort"]

Share = Annotated[float, Field(ge=0, le=1)]


class Behaviour(BaseModel):
    """How one invented learner works.

    strength: logits above an item of difficulty 3, per skill, with a `default`. blank, crash, late:
    probabilities. attempts: per assignment. assignments: how many they have come to.
    copies_a_cell: assignments whose first submission holds a copied grade cell.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    strength: Mapping[str, float]
    blank: Share
    crash: Share
    late: Share
    attempts: Annotated[int, Field(ge=1, le=5)]
    assignments: Annotated[int, Field(ge=0)]
    seed: int
    copies_a_cell: tuple[str, ...] = ()

    def strength_in(self, weights: Mapping[str, float]) -> float:
        """Weighted mean strength over the skills of an exercise, in logits."""
        default = self.strength.get("default", 0.0)
        total = sum(weights.values())
        if not total:
            return default
        return sum(w * self.strength.get(s, default) for s, w in weights.items()) / total


class _BehaviourFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    assignments: list[str]
    learners: list[Behaviour]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Who takes part, how each learner works, and the assignments in the order of their weeks."""

    people: People
    behaviour: Mapping[str, Behaviour]
    assignments: tuple[AssignmentId, ...]


def read_cohort(folder: Path, course: Course, n_learners: int) -> Cohort:
    """Return `n_learners` learners with all mentors and staff; beyond the cast, it repeats.

    Raises ContentError naming what does not fit.
    """
    cast = load_people(folder / "people.toml", skills=course.skills)
    file = _read_behaviour(folder / "behaviour.toml", course)
    behaviour = {one.id: one for one in file.learners}
    learners: list[Learner] = []
    for n in range(n_learners):
        model = cast.learners[n % len(cast.learners)]
        learner = _repeat(model, n // len(cast.learners))
        learners.append(learner)
        own = behaviour[model.id]
        behaviour[learner.id] = own.model_copy(update={"id": learner.id, "seed": own.seed + n})
    known = {learner.id for learner in learners}
    exclusions = tuple(e for e in cast.exclusions if e.learner in known)
    return Cohort(
        people=replace(cast, learners=tuple(learners), exclusions=exclusions),
        behaviour=behaviour,
        assignments=tuple(AssignmentId(name) for name in file.assignments),
    )


def _read_behaviour(path: Path, course: Course) -> _BehaviourFile:
    try:
        with path.open("rb") as file:
            table = _BehaviourFile.model_validate(tomllib.load(file))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ContentError(f"{path}: {error}") from error
    unknown = [name for name in table.assignments if name not in course.assignments()]
    if unknown:
        raise ContentError(f"{path}: the course has no assignment {', '.join(unknown)}.")
    return table


def _repeat(model: Learner, lap: int) -> Learner:
    if lap == 0:
        return model
    who = LearnerId(PersonId(f"{model.id}-{lap + 1}"))
    return replace(model, id=who, name=f"{model.name} {lap + 1}")
