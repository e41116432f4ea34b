"""An instructor's tests run outside the box, with names of their own."""

from collections.abc import Iterator

import pytest

from skillmap.sandbox import (
    Conversation,
    Gate,
    NoWallsError,
    Origin,
    Rung,
    Sandbox,
    Tape,
    TestBench,
    TestResult,
)
from tests.sandbox.boxes import opened

pytestmark = pytest.mark.slow

SOLUTION = """
import math
def area(r):
    return math.pi * r * r
class Box:
    size = 3
total = 5
"""
ORIGINS = {
    "math": Origin(module="math"),
    "sqrt": Origin(module="math", attribute="sqrt"),
    "area": Origin(),
    "Box": Origin(),
    "total": Origin(),
}


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Sandbox(Rung.NAMESPACES) as made:
        try:
            made.wait()
        except NoWallsError as error:
            pytest.skip(str(error))
        yield made.gate


def judged(
    gate: Gate, *tests: str, learner: str = "", helper: str = "", cpu_s: float = 2
) -> TestResult:
    """Run tests one after the other; return what the last one gave."""
    bench = TestBench(ORIGINS)
    bench.define(helper)
    with opened(gate) as box:
        list(box.run([(SOLUTION, False), (learner, False)]))
        results = [
            bench.run(one, Conversation(box), Tape(), cpu_s=cpu_s, wall_s=20) for one in tests
        ]
    return results[-1]


def texts(result: TestResult) -> list[str]:
    return [one.get("evalue", one.get("text", "")) for one in result.outputs]


def test_a_test_that_passes_says_nothing(gate: Gate) -> None:
    result = judged(gate, "assert round(area(1), 2) == 3.14")

    assert result.outputs == []
    assert result.stuck is None


def test_modules_and_builtins_are_never_the_learners(gate: Gate) -> None:
    learner = (
        "import math, builtins\n"
        "math.isclose = lambda *a, **k: True\n"
        "sqrt = lambda x: 7\n"
        "def all(x): return True\n"
        "builtins.abs = lambda x: 0\n"
        "math.pi = 1"
    )
    test = (
        "assert not math.isclose(1, 2)\nassert sqrt(4) == 2\n"
        "assert not all([0])\nassert abs(-1) == 1\nassert math.pi > 3"
    )

    assert judged(gate, test, learner=learner).outputs == []


def test_a_name_that_the_solution_does_not_make_is_unknown(gate: Gate) -> None:
    result = judged(gate, "assert mine == 3", learner="mine = 3")

    assert result.outputs[0]["ename"] == "NameError"


def test_a_name_that_the_learner_has_not_made_is_unknown(gate: Gate) -> None:
    result = judged(gate, "assert area(1)", learner="del area")

    assert result.outputs[0]["ename"] == "NameError"
    assert texts(result) == ["name 'area' is not defined"]


def test_helpers_of_the_instructor_stay_outside(gate: Gate) -> None:
    result = judged(
        gate,
        "assert near(area(1), 3.14)",
        helper="def near(a, b): return abs(a - b) < .01\nraise SystemExit",
        learner="def near(a, b): raise RuntimeError",
    )

    assert result.outputs == []


def test_what_a_test_makes_is_there_for_the_next(gate: Gate) -> None:
    assert judged(gate, "expected = 5", "assert total == expected").outputs == []


def test_the_value_of_the_last_line_is_a_result(gate: Gate) -> None:
    result = judged(gate, "total")

    assert result.outputs[0]["output_type"] == "execute_result"
    assert result.outputs[0]["data"] == {"text/plain": "5"}


def test_an_endless_test_is_interrupted(gate: Gate) -> None:
    result = judged(gate, "while True: pass", cpu_s=0.3)

    assert result.ended == "cpu"


def test_what_a_test_raises_is_an_output_whatever_it_is(gate: Gate) -> None:
    for error in ("SystemExit", "KeyboardInterrupt", "MemoryError", "GeneratorExit"):
        result = judged(gate, f"raise {error}('x')")

        assert result.outputs[0]["ename"] == error


def test_a_test_with_a_wrong_syntax_is_an_output(gate: Gate) -> None:
    assert judged(gate, "assert (").outputs[0]["ename"] == "SyntaxError"


def test_tests_may_take_a_name_away_and_give_it_back(gate: Gate) -> None:
    test = (
        "kept = area\ndel area\n"
        "try:\n    area\n    is_there = True\nexcept NameError:\n    is_there = False\n"
        "area = kept\nassert not is_there and area(0) == 0"
    )

    assert judged(gate, test).outputs == []
