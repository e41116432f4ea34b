"""What nbgrader takes off a notebook that was handed in late, by the course's own plugin.

Law: as AssignLatePenalties of nbgrader 0.9.6: a penalty lies between 0 and the notebook's score; a
course whose autograde_preprocessors leave that step out, or switch it off, has no penalties.
"""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from nbgrader.preprocessors import AssignLatePenalties
from traitlets.utils.importstring import import_item

__all__ = ["LatePenalties", "seconds_late"]


def seconds_late(
    timestamp: datetime | None, due: datetime | None, extension: timedelta | None
) -> float:
    """Seconds between the learner's own due date and the hand-in; 0 when either is unknown.

    timestamp, due: UTC without a time zone, as the gradebook stores them.
    """
    if timestamp is None or due is None:
        return 0.0
    return max(0.0, (timestamp - due - (extension or timedelta())).total_seconds())


class LatePenalties:
    """The step of the course that assigns late penalties. `is_on` is False without one.

    api: nbgrader's application, with the course's configuration. preprocessors: the course's
    `c.Autograde.autograde_preprocessors`.
    """

    def __init__(self, api: Any, preprocessors: list[Any]) -> None:
        steps = [_as_class(one) for one in preprocessors]
        kind = next((one for one in steps if _assigns_penalties(one)), None)
        self._step = kind(parent=api) if kind else None
        self.is_on = self._step is not None and bool(self._step.enabled)

    def penalty(self, learner: str, score: float, late_s: float) -> float | None:
        """Points that a notebook with this score loses; None when the plugin assigns nothing."""
        if self._step is None:
            return None
        self._step.init_plugin()  # a new one per notebook, as nbgrader does
        penalty = self._step.plugin_inst.late_submission_penalty(learner, score, late_s)
        if penalty is None:
            return None
        return float(self._step._check_late_penalty(SimpleNamespace(score=score), penalty))


def _as_class(preprocessor: Any) -> Any:
    return import_item(preprocessor) if isinstance(preprocessor, str) else preprocessor


def _assigns_penalties(preprocessor: Any) -> bool:
    return isinstance(preprocessor, type) and issubclass(preprocessor, AssignLatePenalties)
