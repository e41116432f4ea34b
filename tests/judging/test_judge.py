"""Whole submissions before a judge, in real boxes: what each cell gets, and why."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from skillmap.judging import JudgeRules, ReleasedAssignment, released_from_source
from skillmap.judging.judge import Judged, judge, plan_assignment
from skillmap.judging.plan import NotebookPlan, Tier
from skillmap.sandbox import Limits
from tests.courtroom import courtroom
from tests.grading.builders import make_cell, make_notebook

pytestmark = pytest.mark.slow

RULES = JudgeRules(limits=Limits(cell_cpu_s=0.5, notebook_cpu_s=10, wall_factor=4))
SOURCE = [
    make_cell("LIMIT = 10\n\ndef is_close(a, b):\n    return abs(a - b) < 1e-9", grade_id="tools")
    | {"metadata": {"nbgrader": {"schema_version": 3, "grade_id": "tools", "locked": True}
       | dict.fromkeys(("grade", "solution", "task"), False)}},
    make_cell(
        "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION",
        grade_id="double",
        kind="solution",
    ),
    make_cell("assert double(2) == 4, 'double(2)'\nassert is_close(double(.5), 1)",
              grade_id="double_test", points=2),
    make_cell("sum(double(n) == 2 * n for n in range(4)) / 4", grade_id="double_share", points=1),
    make_cell(
        "class Account:\n    ### BEGIN SOLUTION\n    def __init__(self, total):\n"
        "        self.total = total\n    def add(self, n):\n        self.total += n\n"
        "        return self.total\n    ### END SOLUTION",
        grade_id="account",
        kind="solution",
    ),
    make_cell("one = Account(3)\nassert one.add(2) == 5\nassert isinstance(one, Account)",
              grade_id="account_test", points=1),
    make_cell(
        "### BEGIN EXTRACTOR\ndef total_of(account):\n    return vars(account)\n"
        "### END EXTRACTOR\nassert total_of(Account(7)) == {'total': 7}",
        grade_id="extracted",
        points=1,
    ),
    make_cell("import time\nwhile double(1) != 2:\n    time.sleep(.05)",
              grade_id="waits", points=1),
    make_cell("assert sorted([3, 1], key=double) == [1, 3]", grade_id="callback", points=1),
    make_cell("import inspect\nassert 'return' in inspect.getsource(double)",
              grade_id="looks_inside", points=1),
]  # fmt: skip
GOOD = {
    "double": "def double(x):\n    return x + x",
    "account": "class Account:\n    def __init__(self, total):\n        self.total = total\n"
    "    def add(self, n):\n        self.total += n\n        return self.total",
}
FULL = {
    "double_test": 2.0,
    "double_share": 1.0,
    "account_test": 1.0,
    "extracted": 1.0,
    "waits": 1.0,
    "callback": 1.0,
    "looks_inside": 1.0,
}


@pytest.fixture(scope="module")
def assignment() -> ReleasedAssignment:
    notebook = json.loads(make_notebook(*SOURCE))
    return ReleasedAssignment(name="a1", notebooks=(released_from_source("one", notebook),))


@pytest.fixture(scope="module")
def plans(assignment: ReleasedAssignment) -> dict[str, NotebookPlan]:
    solution = make_notebook(*SOURCE).encode()
    return plan_assignment(courtroom().gate, assignment, {"one": solution}, rules=RULES)


class Court:
    def __init__(self, assignment: ReleasedAssignment, plans: dict[str, NotebookPlan]) -> None:
        self.assignment, self.plans = assignment, plans

    def judge(
        self, answers: Mapping[str, str], *, name: str = "one", last: str = ""
    ) -> tuple[dict[str, float | None], Judged]:
        cells: list[dict[str, Any]] = []
        for cell in json.loads(make_notebook(*SOURCE))["cells"]:
            grade_id = cell["metadata"]["nbgrader"]["grade_id"]
            cells.append(cell | {"source": {**GOOD, **answers}.get(grade_id, cell["source"])})
        if last:
            cells.append(make_cell(last, kind="plain"))
        judged = judge(
            courtroom().gate,
            self.assignment,
            {name: make_notebook(*cells).encode()},
            files={},
            plans=self.plans,
            rules=RULES,
        )
        return {one.grade_id: one.score for one in judged.verdicts}, judged


@pytest.fixture(scope="module")
def court(assignment: ReleasedAssignment, plans: dict[str, NotebookPlan]) -> Court:
    return Court(assignment, plans)


def test_each_test_is_kept_as_far_apart_as_the_solution_allows(
    plans: dict[str, NotebookPlan],
) -> None:
    tiers = {name: plan.tier for name, plan in plans["one"].tests.items()}

    assert tiers["double_test"] is tiers["account_test"] is Tier.VALUE
    assert tiers["callback"] is Tier.VALUE
    assert tiers["extracted"] is Tier.EXTRACTOR
    assert tiers["looks_inside"] is Tier.IN_KERNEL
    assert "Kept apart" in str(plans["one"].tests["looks_inside"].reason)


def test_another_right_answer_gets_all_points(court: Court) -> None:
    assert court.judge({})[0] == FULL


def test_a_loop_costs_its_own_tests_and_says_so(court: Court) -> None:
    scores, judged = court.judge({"double": "def double(x):\n    while True:\n        pass"})

    assert (scores["double_test"], scores["account_test"]) == (0.0, 1.0)
    told = json.loads(judged.notebooks["one"])["metadata"]["skillmap"]["stopped"]
    assert told["double_test"] == "cpu"
    assert "account_test" not in told


def test_a_test_that_waits_for_an_answer_that_never_comes_is_stopped(court: Court) -> None:
    scores, judged = court.judge({"double": "def double(x):\n    return 2 * x if x > 1 else 0"})

    assert (scores["waits"], scores["account_test"]) == (0.0, 1.0)
    told = json.loads(judged.notebooks["one"])["metadata"]["skillmap"]["stopped"]
    assert told == {"waits": "wall"}


def test_a_crash_costs_its_own_tests_alone(court: Court) -> None:
    scores, _ = court.judge({"account": "import os\nos._exit(3)"})

    assert (scores["account_test"], scores["double_test"]) == (0.0, 2.0)


def test_an_object_where_a_value_is_due_waits_for_a_person(court: Court) -> None:
    forged = "class Any(int):\n    def __eq__(self, other):\n        return True\n"

    scores, judged = court.judge({"double": forged + "def double(x):\n    return Any(0)"})

    assert scores["double_test"] is None
    assert any("waits for a person" in finding for finding in judged.findings)
    assert "waits for a person" in str(judged.comments["one", "double"])


@pytest.mark.parametrize("value", ["777", "'much'", "float('inf')"])
def test_points_that_are_none_never_count(court: Court, value: str) -> None:
    number = f"class N:\n    def __eq__(self, other):\n        return {value}\n"

    scores, _ = court.judge({"double": number + "def double(x):\n    return N()"})

    assert scores["double_share"] in (None, 0.0)


def test_what_is_not_tamper_proof_is_named_in_the_comment(court: Court) -> None:
    _, judged = court.judge({})

    assert "not tamper-proof (looks_inside)" in str(judged.comments["one", "account"])
    assert judged.comments["one", "double"] is None


def test_a_renamed_notebook_is_found_by_its_cells(court: Court) -> None:
    scores, judged = court.judge({}, name="my answers")

    assert scores == FULL
    assert any("my answers.ipynb was graded as one.ipynb" in flag for flag in judged.flags)


def test_learners_cannot_replace_what_tests_use(court: Court) -> None:
    spoil = "def is_close(a, b):\n    return True\n\n"
    wrong = "def double(x):\n    return 2 * x if x >= 1 else 0"

    assert court.judge({"double": spoil + wrong})[0]["double_test"] == 0.0


def test_nothing_expected_is_refused_in_words(court: Court) -> None:
    judged = judge(
        courtroom().gate,
        court.assignment,
        {"other": b"{}"},
        files={},
        plans=court.plans,
        rules=replace(RULES),
    )

    assert "one.ipynb is not among the files handed in" in str(judged.problem)
