"""Measure the skill estimator, with its defaults, on public logs and on invented learners.

Prints each measure as it is done, and one JSON object as the last line. Its keys:
public sets: `statics`, `assistments09`, `partial_2022`, `cold_start`; skipped where
SKILLMAP_EVAL_DATA names no folder that has them. SKILLMAP_TEST_DATA may name a folder with the
published test sides, which are then judged instead of a part of the training sides.
simulated: `coverage`, `recovery`, `adaptive_items`, `levels_given`, `levels_wrong`.
time: `million_seconds` (12 skills), `million_seconds_30` (30 skills), `update_p99_ms`.
Bounds named `..._95` are over learners. Arguments name the measures to run; all without any.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

from skill_choice import measure_choice, measure_placement
from skill_measures import rounded
from skill_public import measure_cold_start, measure_log, measure_partial
from skill_simulated import SCENARIOS, measure_coverage, measure_levels, measure_recovery
from skill_speed import measure_fit, measure_update_p99

MEASURES: dict[str, Callable[[], dict[str, Any]]] = {
    "statics": lambda: {"statics": measure_log("statics")},
    "assistments09": lambda: {"assistments09": measure_log("assistments09")},
    "partial_2022": lambda: {"partial_2022": measure_partial()},
    "cold_start": lambda: {"cold_start": measure_cold_start()},
    "coverage": lambda: {"coverage": {name: measure_coverage(name) for name in SCENARIOS}},
    "recovery": lambda: {"recovery": measure_recovery()},
    "million_seconds": lambda: {"million_seconds": measure_fit(12)},
    "million_seconds_30": lambda: {"million_seconds_30": measure_fit(30)},
    "update_p99_ms": lambda: {"update_p99_ms": measure_update_p99()},
    "adaptive_items": lambda: {
        "adaptive_items": measure_choice() | {"placement": measure_placement()}
    },
    "levels": lambda: dict(zip(("levels_given", "levels_wrong"), measure_levels(), strict=True)),
}


def main(names: list[str]) -> None:
    """Measure what is named, or everything, and print it."""
    result: dict[str, Any] = {}
    for name in names or MEASURES:
        found = rounded(MEASURES[name]())
        print(json.dumps(found), flush=True)
        result |= found
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1:])
