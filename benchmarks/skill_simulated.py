"""Measure intervals, recovery and level words on learners whose truth is known.

In: CohortPlans. Out: measures with intervals over learners. The estimand is the logit of
P(solving a reference exercise of the skill) on the last day of the data, slips, guesses and noise
included; `latent` marks what is judged against ability alone.
"""

import tomllib
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from skill_estimator import fit_cohort, table_of
from skill_measures import share_with_interval
from skill_oracle import oracle_logits

from skillmap.estimation import CohortPlan, SimulatedCohort, simulate_cohort
from skillmap.estimation.evaluate import rmse
from skillmap.estimation.simulated_answers import simulate_answers
from skillmap.model import Level, SkillEstimate
from skillmap.profiles import judge

__all__ = ["SCENARIOS", "measure_coverage", "measure_levels", "measure_recovery"]

Floats = NDArray[np.float64]

N_DRAWS = 12
REACH = NormalDist().inv_cdf(0.95)  # of an interval of 90 %, in sds
CATALOGUE = Path(__file__).parents[1] / "curriculum" / "skills.toml"
# What the targets are set for: 40 learners, 60 items, 12 skills, partial credit.
COHORT = CohortPlan(n_skills=12, has_partial_credit=True)
SCENARIOS: dict[str, dict[str, Any]] = {
    "well_specified": {},
    "right_or_wrong": {"has_partial_credit": False},
    "20_items_each": {"items_per_learner": 20},
    "practice_gain": {"practice_gain": 0.1},
    "drift": {"drift": 0.2},
    "forgetting": {"forgetting_days": 365.0, "away_share": 0.5, "away_days": 5 * 365.0},
    "guess_and_slip": {"guess": 0.1, "slip": 0.05},
    "over_dispersed": {"test_correlation": 0.8},
    "noisy_answers": {"noise_sd": 0.8},
    "wrong_q": {"wrong_tag_share": 0.1},
    "spread_1.5": {"sigma_general": 1.5, "sigma_skill": 1.05, "sigma_item": 1.125},
    "spread_0.6": {"sigma_general": 0.6, "sigma_skill": 0.42, "sigma_item": 0.45},
}


def measure_coverage(name: str) -> dict[str, Any]:
    """How many 90 % intervals hold the truth in one scenario, and how wide they are (logits)."""
    plan = _plan(**SCENARIOS[name])
    draws = _draw_cohorts(plan)
    fits = [table_of(fit_cohort(cohort), plan.n_skills) for cohort in draws]
    logit, sd = (np.vstack(part) for part in zip(*fits, strict=True))
    truth = np.vstack([cohort.skill_logit for cohort in draws])
    latent = np.vstack([cohort.latent_logit for cohort in draws])
    return {
        **_coverage(truth, logit, sd),
        "latent_coverage": _coverage(latent, logit, sd)["coverage"],
        "width": float(2 * REACH * sd.mean()),
        "rmse": rmse(truth, logit),
        "bias": float((logit - truth).mean()),
    }


def measure_recovery() -> dict[str, Any]:
    """Error in logits beside that of an oracle who knows items and spreads, the same answers."""
    draws = _draw_cohorts(COHORT)
    truth = np.vstack([cohort.skill_logit for cohort in draws])
    known = [simulate_answers(COHORT, np.random.default_rng(seed)) for seed in range(N_DRAWS)]
    oracle = np.vstack([oracle_logits(COHORT, answers) for answers in known])
    fits = [table_of(fit_cohort(cohort), COHORT.n_skills)[0] for cohort in draws]
    model = np.vstack(fits)
    result = {
        name: {"rmse": rmse(truth, logit), "r": _correlation(truth, logit)}
        for name, logit in (("model", model), ("oracle", oracle))
    }
    lost = {key: result["model"][key] - result["oracle"][key] for key in ("rmse", "r")}
    return {**result, "model_minus_oracle": lost}


def measure_levels() -> tuple[dict[str, Any], dict[str, Any]]:
    """Share of tested skills that are given a word, and share of the words that are wrong.

    A word is wrong when the true chance of solving a reference exercise lies below its cut.
    """
    counts = [_count_words(cohort) for cohort in _draw_cohorts(COHORT)]
    tested, given, wrong = (np.concatenate(part) for part in zip(*counts, strict=True))
    return share_with_interval(given, tested), share_with_interval(wrong, given)


def _plan(**changes: Any) -> CohortPlan:
    settings = {"n_skills": COHORT.n_skills, "has_partial_credit": True, **changes}
    return CohortPlan(**settings)


def _draw_cohorts(plan: CohortPlan) -> list[SimulatedCohort]:
    return [simulate_cohort(plan, np.random.default_rng(seed)) for seed in range(N_DRAWS)]


def _coverage(truth: Floats, logit: Floats, sd: Floats) -> dict[str, Any]:
    inside = (np.abs(truth - logit) <= REACH * sd).sum(axis=1).astype(np.float64)
    found = share_with_interval(inside, np.full(len(truth), float(truth.shape[1])))
    return {"coverage": found["share"], "coverage_95": found["share_95"]}


def _correlation(left: Floats, right: Floats) -> float:
    return float(np.corrcoef(left.ravel(), right.ravel())[0, 1])


def _count_words(cohort: SimulatedCohort) -> tuple[Floats, Floats, Floats]:
    """Skills tested, words given and words wrong, each (n_learners,)."""
    estimates, levels = fit_cohort(cohort), _levels()
    shape = cohort.skill_logit.shape
    cut = np.array([_cut(one, levels) for one in estimates]).reshape(shape)
    tested = np.array([one.n_items > 0 for one in estimates]).reshape(shape)
    wrong = expit(cohort.skill_logit) < cut
    return tuple(part.sum(axis=1).astype(np.float64) for part in (tested, cut > 0, wrong))


def _cut(estimate: SkillEstimate, levels: dict[str, Level]) -> float:
    """Cut of the level whose word is given; 0 for none."""
    standing, level = judge(estimate, list(levels.values()))
    return levels[level].cut if standing == "at_least" and level else 0.0


def _levels() -> dict[str, Level]:
    """The three cuts of the catalogue."""
    rows = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))["levels"]
    return {row["id"]: Level(id=row["id"], labels={}, cut=row["cut"]) for row in rows}
