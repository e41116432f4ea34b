"""The demo, small: the whole pipeline from a notebook to the pages, as a newcomer starts it."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def skillmap(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "skillmap", *args],
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("demo") / "programme"
    done = skillmap("demo", "--dir", str(root), "--no-serve", "--learners", "2")
    assert done.returncode in (0, 4), done.stderr
    for role in ("learner", "mentor", "instructor", "coordinator"):
        assert role in done.stdout
    return root


def rows(demo: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(demo / "skillmap.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_every_score_came_out_of_the_grader_behind_walls(demo: Path) -> None:
    scoring = rows(demo, "select distinct scoring, isolation from response")
    [(n_responses,)] = rows(demo, "select count(*) from response")

    assert [name for name, _ in scoring if str(name).startswith("corrected ")]
    assert "none" not in {isolation for _, isolation in scoring}
    assert int(str(n_responses)) > 50


def test_every_learner_has_a_profile_with_intervals(demo: Path) -> None:
    done = skillmap("--course", str(demo), "profile", "learner-01", "--json")
    profile = json.loads(done.stdout)

    assert profile["learner"] == "learner-01"
    assert all(0 <= line["low"] <= line["high"] <= 1 for line in profile["lines"])
    assert {line["standing"] for line in profile["lines"]} & {"at_least", "not_enough_evidence"}


def test_openings_are_compared_requirement_by_requirement(demo: Path) -> None:
    done = skillmap("--course", str(demo), "openings", "--for", "learner-01", "--json")
    matches = json.loads(done.stdout)

    assert len(matches) > 40
    statuses = {m["status"] for match in matches for m in match["matches"]}
    assert statuses >= {"not_tested"}
    met = [m for match in matches for m in match["matches"] if m["status"] == "met"]
    assert all(m["evidence"] or m["reason"] for m in met)


def test_the_pairings_were_published_by_a_named_coordinator(demo: Path) -> None:
    done = skillmap("--course", str(demo), "pair", "--dry-run", "--json")

    plan = json.loads(done.stdout)
    assert len(plan["pairings"]) + len(plan["waiting"]) == 2


def test_a_second_run_goes_on_and_changes_nothing(demo: Path) -> None:
    before = rows(demo, "select learner, item, submitted_at, revision, points from response")

    done = skillmap("demo", "--dir", str(demo), "--no-serve", "--learners", "2")

    assert done.returncode == 0, done.stderr
    assert "0 graded now" in done.stdout
    after = rows(demo, "select learner, item, submitted_at, revision, points from response")
    assert after == before


def test_a_learner_s_copy_holds_everything_and_leaves_a_trace(demo: Path, tmp_path: Path) -> None:
    done = skillmap("--course", str(demo), "export", str(tmp_path), "--of", "learner-01")

    assert done.returncode == 0, done.stderr
    copy = json.loads((tmp_path / "learner-01.json").read_text(encoding="utf-8"))
    assert copy["responses"]
    assert copy["attempts"]
    assert any(seen["what"] == "access.what.copy" for seen in copy["seen_by"])
    assert "rank" not in json.dumps(copy)
