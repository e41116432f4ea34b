"""Load the public response logs on which the skill estimator is judged.

In: the folder that SKILLMAP_EVAL_DATA names. Out: one Log for each set, cut by learner.
Law: no learner stands on both sides of a Split. Where SKILLMAP_TEST_DATA names a folder with the
published test sides (same columns), those are judged; else a fifth of the training learners.
"""

import csv
import gzip
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["Log", "Split", "cut_by_learner", "find_set", "load_cells", "load_split"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

TEST_SHARE = 0.2  # of the learners, as in the published splits (Gervet et al. 2020)
SPLIT_SEED = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Log:
    """Responses in order of time within each learner.

    learner, item: (n_rows,) integer codes. fraction: (n_rows,) in [0, 1].
    q: (n_items, n_skills) booleans, which skills an item asks for.
    seconds: (n_rows,) time of each response, or None where the set has no times.
    """

    learner: Ints
    item: Ints
    fraction: Floats
    q: Bools
    seconds: Floats | None = None

    def only(self, rows: Bools | Ints) -> "Log":
        """The same log with some of its rows."""
        return Log(
            learner=self.learner[rows],
            item=self.item[rows],
            fraction=self.fraction[rows],
            q=self.q,
            seconds=None if self.seconds is None else self.seconds[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Split:
    """Two logs over the same items and skills, with no learner in common."""

    train: Log
    test: Log


def find_set(name: str) -> Path | None:
    """The training side of a set, or None when it is not on this machine."""
    folder = os.environ.get("SKILLMAP_EVAL_DATA")
    path = Path(folder or "", "eval", "skill_model", f"{name}.csv.gz")
    return path if folder and path.exists() else None


def load_split(name: str, *, seed: int = SPLIT_SEED) -> Split | None:
    """One public set cut by learner, or None when it is not on this machine."""
    path = find_set(f"{name}_train")
    if path is None:
        return None
    held_back = Path(os.environ.get("SKILLMAP_TEST_DATA", ""), f"{name}_test.csv.gz")
    log, n_train = _read_log(path, held_back if held_back.is_file() else None)
    if n_train < len(log.learner):
        rows = np.arange(len(log.learner))
        return Split(train=log.only(rows < n_train), test=log.only(rows >= n_train))
    return cut_by_learner(log, seed=seed)


def cut_by_learner(log: Log, *, seed: int = SPLIT_SEED, share: float = TEST_SHARE) -> Split:
    """Keep a random share of the learners apart for judging."""
    learners = np.unique(log.learner)
    chosen = np.random.default_rng(seed).permutation(learners)[: round(share * len(learners))]
    is_test = np.isin(log.learner, chosen)
    return Split(train=log.only(~is_test), test=log.only(is_test))


def load_cells(name: str = "cs_partialcredit_2022") -> Log | None:
    """Scores without skills and times, every row in the order of the file; a blank is 0.

    What some rows have beyond full marks is cut off.
    """
    path = find_set(name)
    if path is None:
        return None
    rows = _read_rows(path)
    item = _codes([row["Question ID"] for row in rows])
    return Log(
        learner=_codes([row["User ID"] for row in rows]),
        item=item,
        fraction=np.clip([float(row["Score"] or 0) for row in rows], 0.0, 1.0),
        q=np.zeros((item.max() + 1, 0), dtype=np.bool_),
    )


def _read_log(train: Path, test: Path | None) -> tuple[Log, int]:
    """Both sides in one log with common codes, and how many rows are the first's."""
    first, second = _read_rows(train), _read_rows(test) if test else []
    rows = first + second
    pairs = _read_rows(train.with_name(train.name.replace("_train", "_qmatrix")))
    sides = [*("train" for _ in first), *("test" for _ in second)]
    items = sorted({int(r["item_id"]) for r in [*rows, *pairs]})
    skills = sorted({int(r["skill_id"]) for r in pairs})
    q = np.zeros((len(items), len(skills)), dtype=np.bool_)
    q[_positions(pairs, "item_id", items), _positions(pairs, "skill_id", skills)] = True
    log = Log(
        learner=_codes([(side, r["user_id"]) for side, r in zip(sides, rows, strict=True)]),
        item=_positions(rows, "item_id", items),
        fraction=np.array([float(r["correct"]) for r in rows]),
        q=q,
    )
    return log, len(first)


def _read_rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _positions(rows: list[dict[str, str]], column: str, known: list[int]) -> Ints:
    return np.searchsorted(known, [int(row[column]) for row in rows]).astype(np.int64)


def _codes(names: list | tuple) -> Ints:
    """Number the names in order of first appearance."""
    known = {name: code for code, name in enumerate(dict.fromkeys(names))}
    return np.array([known[name] for name in names], dtype=np.int64)
