"""Time the estimator: a fit of a million responses, and one live update.

In: nothing. Out: seconds and milliseconds on this machine. Simulating and arranging the answers is
not counted.
"""

import time

import numpy as np
from skill_estimator import frame_of_answers

from skillmap.estimation import HierarchicalIRT
from skillmap.estimation.belief import Ask, prior_belief
from skillmap.estimation.simulated_answers import CohortPlan, simulate_answers
from skillmap.model import SkillId

__all__ = ["measure_fit", "measure_update_p99"]

N_LEARNERS, N_ITEMS = 10_000, 100
N_SKILLS = 30  # of the live update, the larger of the two sizes
N_UPDATES = 5_000
RESTART = 60  # answers of one learner


def measure_fit(n_skills: int, *, n_learners: int = N_LEARNERS) -> float:
    """Seconds from `n_learners` with a hundred answers each to every skill with its sd."""
    plan = CohortPlan(
        n_learners=n_learners, n_items=N_ITEMS, n_skills=n_skills, has_partial_credit=True
    )
    frame = frame_of_answers(simulate_answers(plan, np.random.default_rng(0)))
    started = time.perf_counter()
    model = HierarchicalIRT().fit(frame)
    _ = model.skill_logit_, model.skill_sd_
    return time.perf_counter() - started


def measure_update_p99() -> float:
    """Milliseconds of one live update, the 99th percentile."""
    skills = [SkillId(f"skill-{n:02d}") for n in range(N_SKILLS)]
    fresh = prior_belief(skills, mean=0.0, sigma_general=1.0, sigma_skill=0.7)
    rng, spent = np.random.default_rng(0), np.empty(N_UPDATES)
    belief = fresh
    for n in range(N_UPDATES):
        ask, fraction = _ask(rng), float(rng.random())
        belief = fresh if n % RESTART == 0 else belief
        started = time.perf_counter()
        belief = belief.after(ask, fraction)
        spent[n] = time.perf_counter() - started
    return float(1000 * np.percentile(spent, 99))


def _ask(rng: np.random.Generator) -> Ask:
    loading = np.zeros(1 + N_SKILLS)
    loading[0] = 1.0
    loading[1 + rng.integers(N_SKILLS)] = 1.0
    return Ask(loading=loading, easiness=float(rng.normal()), easiness_sd=0.75)
