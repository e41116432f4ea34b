"""From evidence to abilities with their doubt, and the judges of that step."""

from skillmap.estimation.baseline import MeanScore
from skillmap.estimation.evaluate import (
    Scores,
    area_under_curve,
    calibration_error,
    evaluate,
    interval_coverage,
    log_loss,
    rmse,
)
from skillmap.estimation.hierarchical import HierarchicalIRT, author_easiness
from skillmap.estimation.posterior import (
    expected_success,
    probability_at_least,
    success_interval,
)
from skillmap.estimation.simulate import CohortPlan, SimulatedCohort, simulate_cohort

__all__ = [
    "CohortPlan",
    "HierarchicalIRT",
    "MeanScore",
    "Scores",
    "SimulatedCohort",
    "area_under_curve",
    "author_easiness",
    "calibration_error",
    "evaluate",
    "expected_success",
    "interval_coverage",
    "log_loss",
    "probability_at_least",
    "rmse",
    "simulate_cohort",
    "success_interval",
]
