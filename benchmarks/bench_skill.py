"""Measure the skill estimator against the truth of invented cohorts and against real scores.

Prints one JSON object. "simulated": per kind of cohort, means over its draws of the coverage of
90 % intervals, of the RMSE in logits and of the correlation with the true abilities, beside that of
smoothed mean scores; "time": seconds for one cohort. "real": held-out AUC, RMSE, log loss and ECE
on graded exercises of a university course, beside mean scores. The latter needs the folder that
SKILLMAP_EVAL_DATA names, with eval/skill_model/cs_partialcredit_2022.csv.gz in it.
"""

import csv
import gzip
import json
import os
import time
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from skillmap.estimation import (
    CohortPlan,
    HierarchicalIRT,
    MeanScore,
    evaluate,
    interval_coverage,
    rmse,
    simulate_cohort,
)
from skillmap.evidence import EvidenceFrame, build_frame
from skillmap.model import (
    AssignmentId,
    Item,
    ItemId,
    LearnerId,
    PersonId,
    Response,
    item_id,
)

N_DRAWS = 12
PARTIAL_DISPERSION = 0.6  # of cells with many tests, as measured
PLANS = {
    "binary": CohortPlan(),
    "binary, 10 items each": CohortPlan(items_per_learner=10),
    "partial credit": CohortPlan(has_partial_credit=True),
    "20 x 100 x 30": CohortPlan(n_learners=20, n_items=100, n_skills=30),
    "abilities spread 1.5 times the prior": CohortPlan(sigma_general=1.5, sigma_skill=1.05),
    "slip .05, guess .1": CohortPlan(slip=0.05, guess=0.1),
}
SIZES = {
    "60 x 100 x 12": CohortPlan(n_learners=60, n_items=100, n_skills=12),
    "500 x 300 x 30": CohortPlan(n_learners=500, n_items=300, n_skills=30, items_per_learner=60),
}
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # the real scores carry no times


def measure_recovery(plan: CohortPlan, seed: int) -> dict[str, float]:
    """Fit one invented cohort and compare with its truth."""
    cohort = simulate_cohort(plan, np.random.default_rng(seed))
    frame = build_frame(cohort.responses, cohort.items, cohort.skills, learners=cohort.learners)
    dispersion = PARTIAL_DISPERSION if plan.has_partial_credit else 1.0
    model = HierarchicalIRT(dispersion_auto=dispersion).fit(frame)
    truth, baseline = cohort.skill_logit, MeanScore().fit(frame).skill_score_
    return {
        "coverage": interval_coverage(truth, model.skill_logit_, model.skill_sd_),
        "rmse_logit": rmse(truth, model.skill_logit_),
        "r": float(np.corrcoef(truth.ravel(), model.skill_logit_.ravel())[0, 1]),
        "r_mean_score": float(np.corrcoef(truth.ravel(), baseline.ravel())[0, 1]),
    }


def measure_time(plan: CohortPlan) -> dict[str, float]:
    """Seconds to arrange and to fit one cohort, the best of three."""
    cohort = simulate_cohort(plan, np.random.default_rng(0))
    frame_s, fit_s = [], []
    for _ in range(3):
        started = time.perf_counter()
        frame = build_frame(cohort.responses, cohort.items, cohort.skills)
        arranged = time.perf_counter()
        HierarchicalIRT().fit(frame).estimates()
        frame_s.append(arranged - started)
        fit_s.append(time.perf_counter() - arranged)
    return {"n": len(cohort.responses), "frame_s": min(frame_s), "fit_s": min(fit_s)}


def read_scores(path: Path) -> list[Response]:
    """Read the last score of each learner and question; a blank is 0, as in published work."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    scores = {(row["User ID"], row["Question ID"]): float(row["Score"] or 0) for row in rows}
    return [_response(who, what, min(max(s, 0.0), 1.0)) for (who, what), s in scores.items()]


def _response(learner: str, question: str, fraction: float) -> Response:
    return Response(
        learner=LearnerId(PersonId(learner)),
        item=item_id(question, "exam", "cell"),
        attempt=1,
        fraction=fraction,
        points=fraction,
        max_points=1.0,
        submitted_at=EPOCH,
        graded_at=EPOCH,
        is_manual=False,
        is_late=False,
        scoring="measured",
        isolation="none",
        sha256=f"{learner}/{question}",
    )


def _items_of(responses: list[Response]) -> dict[ItemId, Item]:
    model = Item(
        id=ItemId(""),
        assignment=AssignmentId(""),
        notebook="exam",
        grade_id="cell",
        exercise="cell",
        max_points=1.0,
        skills={},
        titles={},
    )
    names = {r.item for r in responses}
    return {n: replace(model, id=n, assignment=AssignmentId(n.split("/")[0])) for n in names}


def measure_real(responses: list[Response], share: float, seed: int) -> dict[str, Any]:
    """Hold out all but a share of the cells at random, predict them."""
    is_seen = np.random.default_rng(seed).random(len(responses)) < share
    items = _items_of(responses)
    seen, unseen = (
        build_frame([r for r, s in zip(responses, is_seen, strict=True) if s == side], items, [])
        for side in (True, False)
    )
    return {
        "model": _judge(HierarchicalIRT(dispersion_auto=PARTIAL_DISPERSION), seen, unseen),
        "mean_score": _judge(MeanScore(), seen, unseen),
    }


def _judge(
    estimator: HierarchicalIRT | MeanScore, seen: EvidenceFrame, unseen: EvidenceFrame
) -> dict[str, float]:
    return asdict(evaluate(unseen.fraction, estimator.fit(seen).predict(unseen)))


def measure_small_cohorts(responses: list[Response], n_learners: int) -> dict[str, Any]:
    """Repeat on random cohorts of a programme's size, three quarters of the cells seen."""
    learners = sorted({r.learner for r in responses})
    runs = []
    for seed in range(N_DRAWS):
        chosen = set(np.random.default_rng(seed).choice(learners, n_learners, replace=False))
        runs.append(measure_real([r for r in responses if r.learner in chosen], 0.75, seed))
    return {name: _mean([run[name] for run in runs]) for name in runs[0]}


def _mean(runs: list[dict[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([run[name] for run in runs])) for name in runs[0]}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def measure_real_scores(folder: str | None) -> dict[str, Any]:
    """All measures on real scores, or why there are none."""
    if not folder:
        return {"skipped": "SKILLMAP_EVAL_DATA does not name a folder"}
    path = Path(folder, "eval", "skill_model", "cs_partialcredit_2022.csv.gz")
    if not path.exists():
        return {"skipped": f"{path} does not exist"}
    responses = read_scores(path)
    return {
        "75 % of the cells seen": measure_real(responses, 0.75, seed=1),
        "25 % of the cells seen": measure_real(responses, 0.25, seed=1),
        "cohorts of 40": measure_small_cohorts(responses, 40),
    }


def main() -> None:
    """Measure everything and print it."""
    result = {
        "simulated": {
            name: _mean([measure_recovery(plan, seed) for seed in range(N_DRAWS)])
            for name, plan in PLANS.items()
        },
        "time": {name: measure_time(plan) for name, plan in SIZES.items()},
        "real": measure_real_scores(os.environ.get("SKILLMAP_EVAL_DATA")),
    }
    print(json.dumps(_rounded(result)))


if __name__ == "__main__":
    main()
