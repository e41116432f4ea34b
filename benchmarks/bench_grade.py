"""Measure grading against nbgrader's own, on the same submissions, and compare the gradebooks.

    python benchmarks/bench_grade.py [COURSE] [--quick]

COURSE: an nbgrader course directory with source/ and submitted/; it is copied, never changed.
Without one it is the demo's cohort, in assignments of two notebooks.
Prints one JSON object as its last line. Both sides grade the same batches in turn, start-up left
out; nbgrader with its own converter and kernels, in a process that lives on. "speedup": throughput
with the scoring `nbgrader`, whose gradebook must be equal; "speedup_corrected": with the default.
"median_ms": one submission after the other, with walls; "isolation_ms": what of it the walls cost.
"rss_growth_mb": of all processes that live on, over 1,000 submissions (200 when quick).
"feedback_speedup": our pages against nbgrader's, of the same graded submissions.
"""

import argparse
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from grading_course import copy_course, differences, make_course
from grading_sides import (
    N_WORKERS,
    Key,
    Side,
    convert_with_nbgrader,
    cpu_s,
    let_outsiders_read_python,
    nbgrader_process,
    rss_mb,
    say,
)

from skillmap.errors import SkillmapError
from skillmap.grading import Autograder, Submission, give_feedback, open_course
from skillmap.judging import Courtroom, Scoring
from skillmap.sandbox import NoWallsError

BATCH = 15  # submissions that one side grades before it is the other's turn
MOST = 56  # submissions; nbgrader takes 2 to 5 s for each
N_WARM = 6  # submissions before the measured ones, for medians
SIDES = ("nbgrader", "equal", "corrected")  # each grades its own copy of the course


@dataclass(slots=True)
class Race:
    """Seconds of each side, and what was left out because nbgrader cannot grade it.

    cpu_s: processor seconds, which tell less of what else the machine does.
    """

    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(SIDES, 0.0))
    cpu_s: dict[str, float] = field(default_factory=lambda: dict.fromkeys(SIDES, 0.0))
    graded: list[Key] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def per_submission(self, taken: dict[str, float]) -> dict[str, float]:
        """Seconds of one submission on each side."""
        return {side: taken[side] / max(1, len(self.graded)) for side in SIDES}

    @contextmanager
    def counting(self, side: str) -> Iterator[None]:
        """Count processor time for a side."""
        before = cpu_s()
        yield
        self.cpu_s[side] += cpu_s() - before


def race(roots: dict[str, Path], nbgrader: ProcessPoolExecutor, *, most: int) -> Race:
    """Let all sides grade the same batches in turn."""
    result = Race()
    with (
        Side(roots["equal"], Scoring.NBGRADER) as equal,
        Side(roots["corrected"], Scoring.CORRECTED) as corrected,
    ):
        sides = {"equal": equal, "corrected": corrected}
        looking = {name: side.plan() for name, side in sides.items()}
        for side in sides.values():
            side.warm_up()
        keys = list(equal.submissions)[:most]
        convert = partial(nbgrader.submit, convert_with_nbgrader, roots["nbgrader"], "autograde")
        for batch in _batches(keys):
            with result.counting("nbgrader"):
                done = convert(batch).result()
            good = [key for key in batch if isinstance(done[key], float)]
            result.skipped += [f"{key}: {done[key]}" for key in batch if key not in good]
            result.seconds["nbgrader"] += sum(float(done[key]) for key in good)
            result.graded += good
            for name, side in sides.items():
                with result.counting(name):
                    result.seconds[name] += side.grade(good)
            say(f"{len(result.graded)} of {len(keys)}, seconds of each: {result.seconds}")
        for name, side in sides.items():
            share = len(result.graded) / max(1, len(side.submissions))
            result.seconds[name] += looking[name] * share + side.check()
    say(f"Of these, looking for work took {looking}")
    return result


def _batches(keys: Sequence[Key]) -> Iterator[list[Key]]:
    for start in range(0, len(keys), BATCH):
        yield list(keys[start : start + BATCH])


def measure_isolation(root: Path, keys: Sequence[Key]) -> dict[str, float | None]:
    """Medians of one submission after the other, with walls and without, taken in turn."""
    course = open_course(root)
    times: dict[tuple[Scoring, bool], list[float]] = {}
    with ExitStack() as stack:
        rooms = {False: stack.enter_context(Courtroom())}
        try:
            rooms[True] = stack.enter_context(Courtroom(is_unsafe=True))
        except NoWallsError as error:
            say(f"Not measured without walls: {error}")
        graders = {
            (scoring, is_unsafe): stack.enter_context(
                Autograder(course, rooms[is_unsafe], scoring=scoring)
            )
            for scoring in Scoring
            for is_unsafe in rooms
        }
        with Side(root, Scoring.NBGRADER) as side:
            side.plan()
            chosen = [side.submissions[key] for key in keys if key in side.submissions]
        for n, submission in enumerate((*chosen[:N_WARM], *chosen, *chosen)):
            for (scoring, is_unsafe), grader in graders.items():
                seconds = _one(grader, submission)
                if n >= N_WARM:
                    times.setdefault((scoring, is_unsafe), []).append(seconds)
    ms = {name: 1000 * median(taken) for name, taken in times.items()}
    walls = {law: ms[law, False] - ms[law, True] if True in rooms else None for law in Scoring}
    return {
        "median_ms": ms[Scoring.NBGRADER, False],
        "median_ms_corrected": ms[Scoring.CORRECTED, False],
        "isolation_ms": walls[Scoring.NBGRADER],
        "isolation_ms_corrected": walls[Scoring.CORRECTED],
    }


def _one(grader: Autograder, submission: Submission) -> float:
    began = time.perf_counter()
    grader.begin(submission)
    while grader.busy:
        grader.finish_some()
    return time.perf_counter() - began


def measure_memory(root: Path, keys: Sequence[Key], n_submissions: int) -> dict[str, float]:
    """RSS of this process and of those that live on below it, before and after many."""
    with Side(root, Scoring.CORRECTED) as side:
        side.plan(again=True)
        known = [key for key in keys if key in side.submissions]
        side.grade(known)
        before, n_done = rss_mb(), 0
        began = time.perf_counter()
        while n_done < n_submissions:
            side.grade(known[: n_submissions - n_done])
            n_done += len(known[: n_submissions - n_done])
        seconds = time.perf_counter() - began
        say(f"{n_done} submissions in {seconds:.1f} s")
        return {"rss_growth_mb": rss_mb() - before, "rss_mb": rss_mb()}


def measure_feedback(root: Path, keys: Sequence[Key], nbgrader: ProcessPoolExecutor) -> Any:
    """Seconds that the pages of the same graded submissions take, ours and nbgrader's."""
    course, theirs_s, ours_s = open_course(root), 0.0, 0.0
    give_feedback(course, *keys[0])
    nbgrader.submit(convert_with_nbgrader, root, "feedback", keys[:1]).result()
    for batch in _batches(keys):
        done = nbgrader.submit(convert_with_nbgrader, root, "feedback", batch).result()
        for key in batch:
            taken = done[key]
            if isinstance(taken, float):
                theirs_s += taken
                began = time.perf_counter()
                give_feedback(course, *key)
                ours_s += time.perf_counter() - began
    return {"feedback_speedup": theirs_s / ours_s, "feedback_ms": 1000 * ours_s / len(keys)}


def measure(course: Path | None, folder: Path, *, quick: bool) -> dict[str, Any]:
    """Measure everything on copies of a course in `folder`."""
    first = folder / "course"
    say("Making the course")
    make_course(first) if course is None else copy_course(course, first)
    let_outsiders_read_python()
    roots = {name: folder / name for name in (*SIDES, "again")}
    for root in roots.values():
        shutil.copytree(first, root, symlinks=True)
    load_before = os.getloadavg()
    with nbgrader_process(roots["nbgrader"], []) as nbgrader:
        result = race(roots, nbgrader, most=2 * BATCH if quick else MOST)
        if not result.graded:
            raise SystemExit(f"{course}: nbgrader could grade nothing: {result.skipped[:3]}")
        say("Feedback")
        feedback = measure_feedback(roots["nbgrader"], result.graded, nbgrader)
    unequal = differences(roots["nbgrader"], roots["equal"], set(result.graded))
    say("One after the other, with walls and without")
    single = measure_isolation(roots["again"], result.graded)
    say("Memory")
    memory = measure_memory(roots["corrected"], result.graded, 200 if quick else 1000)
    seconds, cpu = (result.per_submission(one) for one in (result.seconds, result.cpu_s))
    return {
        "speedup": seconds["nbgrader"] / seconds["equal"],
        "gradebooks_equal": not unequal,
        **single,
        **feedback,
        **memory,
        "submissions": len(result.graded),
        "speedup_corrected": seconds["nbgrader"] / seconds["corrected"],
        "nbgrader_s_per_submission": seconds["nbgrader"],
        "ours_s_per_submission": seconds["equal"],
        "ours_s_per_submission_corrected": seconds["corrected"],
        "cpu_s_per_submission": {side: round(taken, 4) for side, taken in cpu.items()},
        "load_before": load_before[0],
        "load_after": os.getloadavg()[0],
        "n_workers": N_WORKERS,
        "differences": unequal[:10],
        "skipped": result.skipped,
    }


def _rounded(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("course", type=Path, nargs="?", help="an nbgrader course directory")
    parser.add_argument("--quick", action="store_true", help="fewer submissions")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-grade-") as folder:
        try:
            result = measure(options.course, Path(folder), quick=options.quick)
        except SkillmapError as error:
            raise SystemExit(str(error)) from error
    print(json.dumps({name: _rounded(value) for name, value in result.items()}))


if __name__ == "__main__":
    main()
