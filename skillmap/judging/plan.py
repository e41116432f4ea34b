"""Which tests of a notebook can be kept apart from learners' code.

Values only. A plan is made from the instructor's own solution, never from a submission.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from skillmap.judging.released import ReleasedNotebook
from skillmap.sandbox import Origin

__all__ = ["NotebookPlan", "TestPlan", "Tier", "all_beside"]


class Tier(StrEnum):
    """How far a test is kept from learners' code.

    VALUE: the test runs outside, and calls the learner's functions through plain values.
    EXTRACTOR: the same, with a function of the instructor's that turns an object into plain data.
    IN_KERNEL: the test runs beside the learner's code, which can tamper with it.
    """

    VALUE = "value"
    EXTRACTOR = "extractor"
    IN_KERNEL = "in-kernel"

    @property
    def is_apart(self) -> bool:
        """Whether learners' code cannot reach the verdict."""
        return self is not Tier.IN_KERNEL


@dataclass(frozen=True, slots=True, kw_only=True)
class TestPlan:
    """How one test cell is run. reason: why it is not kept apart, when it is not.

    object_places: where the solution gives an object instead of a plain value; None: anywhere.
    gives_number: its last line gives points for the solution.
    """

    __test__ = False  # not one of pytest's

    tier: Tier
    reason: str | None = None
    object_places: frozenset[str] | None = frozenset()
    gives_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookPlan:
    """How one notebook is judged.

    origins: of the global names that the solution makes. helpers: grade_ids of locked cells whose
    functions the tests may use. made_by: which names each cell of the solution makes.
    """

    tests: Mapping[str, TestPlan] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)
    helpers: frozenset[str] = frozenset()
    made_by: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def of(self, grade_id: str) -> TestPlan:
        """Return the plan of a test cell; one that is not known runs in the kernel."""
        return self.tests.get(grade_id, UNKNOWN)


def all_beside(released: ReleasedNotebook, reason: str) -> NotebookPlan:
    """Plan a notebook as nbgrader runs it: all tests beside learners' code."""
    beside = TestPlan(tier=Tier.IN_KERNEL, reason=reason)
    return NotebookPlan(tests={one.grade_id: beside for one in released.cells if one.is_test})


UNKNOWN = TestPlan(tier=Tier.IN_KERNEL, reason="There is no solution to try it with.")
