"""Read from a course's own configuration how its submissions are to be judged.

Law: what nbgrader would do with nbgrader_config.py is done here, too, or refused by name.
"""

from dataclasses import replace
from typing import Any

from nbgrader import preprocessors
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute, IgnorePattern, LimitOutput, OverwriteCells

from skillmap.errors import GradingError
from skillmap.grading.course import NbgraderCourse
from skillmap.judging import JudgeRules, KernelLaw, Scoring
from skillmap.sandbox import Limits

__all__ = ["read_rules"]

LONGEST_S = 3600.0  # for a course that sets no limit at all
BY_THE_CLOCK = 1.1  # a little later than the interrupt, which leaves the notebook its values
ROUNDS = 6  # cells of one notebook that may each use up their time
LISTS = ("sanitize_preprocessors", "autograde_preprocessors")
# Execute: what learners saved as outputs is not believed.
ALWAYS_ON = ("ClearOutput", "DeduplicateIds", "OverwriteCells", "CheckCellMetadata", "Execute")
HOOKS = ("pre_convert_hook", "post_convert_hook")


def read_rules(course: NbgraderCourse, scoring: Scoring) -> JudgeRules:
    """Return the rules of a course. Raises GradingError for a setting that cannot be kept."""
    _require_standard_steps(course)
    parent = course.api
    limiter, pattern = LimitOutput(parent=parent), IgnorePattern(parent=parent)
    return JudgeRules(
        scoring=scoring,
        limits=_limits(course, scoring),
        add_missing_cells=bool(OverwriteCells(parent=parent).add_missing_cells),
        max_lines=int(limiter.max_lines),
        max_traceback=int(limiter.max_traceback),
        ignored_pattern=str(pattern.pattern) if pattern.enabled else "",
        kernel=_kernel_law(Execute(parent=parent)),
    )


def _limits(course: NbgraderCourse, scoring: Scoring) -> Limits:
    """nbgrader's 30 s count by the clock, with a kernel's start; ours are of the processor."""
    is_set = any("timeout" in course.config[one] for one in ("Execute", "ExecutePreprocessor"))
    limits = Limits()
    if not is_set and scoring is Scoring.CORRECTED:
        return limits
    declared = Execute(parent=course.api).timeout
    cell_s = float(declared) if declared is not None and declared > 0 else LONGEST_S
    limits = replace(limits, cell_cpu_s=cell_s, notebook_cpu_s=ROUNDS * cell_s)
    if is_set and scoring is Scoring.NBGRADER:
        return replace(limits, wall_factor=BY_THE_CLOCK)
    return limits


def _kernel_law(execute: Any) -> KernelLaw:
    error = execute.error_on_timeout or {}
    return KernelLaw(
        skipped_tag=str(execute.skip_cells_with_tag),
        timeout_error=(
            str(error.get("ename", "")),
            str(error.get("evalue", "")),
            tuple(map(str, error.get("traceback", ()))),
        ),
    )


def _require_standard_steps(course: NbgraderCourse) -> None:
    app: Any = Autograde(coursedir=course.api.coursedir, parent=course.api)
    for name in LISTS:
        ours = [_name(one) for one in Autograde.class_traits()[name].default()]
        strange = [_name(one) for one in getattr(app, name) if _name(one) not in ours]
        if strange:
            raise _refusal(f"c.Autograde.{name}", f"has {', '.join(strange)}")
    for name in HOOKS:
        if getattr(app, name) is not None:
            raise _refusal(f"c.Autograde.{name}", "is set")
    for name in ALWAYS_ON:
        if not getattr(preprocessors, name)(parent=course.api).enabled:
            raise _refusal(f"c.{name}.enabled", "is off")


def _refusal(setting: str, what: str) -> GradingError:
    return GradingError(
        f"nbgrader_config.py: {setting} {what}, which this grader does not run. Take the line "
        "away, or grade this course with `nbgrader autograde`, then run `skillmap sync`."
    )


def _name(step: Any) -> str:
    return step.rpartition(".")[2] if isinstance(step, str) else str(step.__name__)
