"""No answer that a box can think of is taken for a right one."""

import time
from collections.abc import Iterator
from typing import Any

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

# The learner's code answers in place of the object table.
FORGE = """
import sys
objects = sys.modules["skillmap.sandbox.objects"]
def answer(self, message):
    return {answer}
objects.ObjectTable.do = answer
"""
HANDLE = {"handle": {"object": 0, "kind": "object", "name": "f", "bases": []}}
ANY = {"class": {"object": 7, "name": "Mine"}, "error": "Exception", "args": None, "text": "x"}
HONEST = """
def f(n):
    return n * n

def turn(values):
    values.reverse()

def fail(n):
    raise ValueError("not a number", n)

def chatter(n):
    print("x" * 150_000)
    print("x" * 150_000, file=__import__("sys").stderr)
    return n

class Account:
    def __init__(self):
        self.balance = 0
    def pay(self, n):
        if n < 0:
            raise ValueError("below zero")
        self.balance += n
        return self.balance
    def __eq__(self, other):
        return True
    def __len__(self):
        return 3
"""


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Sandbox(Rung.NAMESPACES) as made:
        try:
            made.wait()
        except NoWallsError as error:
            pytest.skip(str(error))
        yield made.gate


def judged(
    gate: Gate, learner: str, test: str, *, objects: frozenset[str] | None = frozenset({"f"})
) -> TestResult:
    names = ("f", "turn", "fail", "chatter", "Account")
    bench = TestBench({name: Origin() for name in names})
    with opened(gate) as box:
        list(box.run([(HONEST, False), (learner, False)]))
        return bench.run(test, Conversation(box, objects), Tape(), cpu_s=10, wall_s=20)


def is_passed(result: TestResult) -> bool:
    has_error = any(one["output_type"] == "error" for one in result.outputs)
    return not (has_error or result.stuck or result.ended)


def test_a_right_answer_passes(gate: Gate) -> None:
    result = judged(gate, "", "assert f(3) == 9")

    assert is_passed(result)


FORGERIES: dict[str, Any] = {
    "an object": {"value": HANDLE},
    "an object in a list": {"value": [HANDLE]},
    "an object with another kind": {"value": {"handle": {**HANDLE["handle"], "kind": "class"}}},
    "an exception class": {"value": {"handle": {"object": 3, "kind": "class", "error": "int"}}},
    "a handle without number": {"value": {"handle": {}}},
    "a handle that is none": {"value": {"handle": [1, 2]}},
    "a number that is none": {"value": {"handle": {"object": "0"}}},
    "nothing": {},
    "missing": {"missing": True},
    "stuck": {"stuck": {"a": 1}},
    "an unknown tag": {"value": {"pickle": "x"}},
    "two tags": {"value": {"tuple": [], "set": []}},
    "raised nothing": {"raised": None},
    "raised a text": {"raised": "AssertionError"},
    "raised without a class": {"raised": {"class": 5}},
    "raised what ends the judge": {"raised": ANY | {"error": "SystemExit"}},
    "raised what leaves generators": {"raised": ANY | {"error": "GeneratorExit"}},
    "raised an interrupt": {"raised": ANY | {"error": "KeyboardInterrupt"}},
    "raised the end of a loop": {"raised": ANY | {"error": "StopIteration"}},
    "raised a group": {"raised": ANY | {"error": "BaseExceptionGroup"}},
    "raised a broken text": {"raised": ANY | {"error": "UnicodeDecodeError"}},
    "raised what is no error": {"raised": ANY | {"error": "int"}},
    "raised without end": {"raised": ANY | {"args": {"range": [0, 10**15, 1]}}},
    "raised an object": {"raised": ANY | {"args": {"tuple": [HANDLE]}}},
    "a name with a null": {"raised": ANY | {"class": {"object": 7, "name": "a\0b"}}},
    "a name with half a character": {"raised": ANY | {"class": {"object": 7, "name": "\ud800"}}},
    "a name of the judge's": {"raised": ANY | {"class": {"object": 7, "name": "BoxEndedError"}}},
    "changed what is not there": {"value": 8, "changed": {"7": {"value": 9}, "-1": {"value": 9}}},
    "changed by a strange number": {"value": 8, "changed": {"9" * 5000: {"value": 9}}},
    "changed a number": {"value": 8, "changed": {"0": {"value": 9}}},
    "printed no text": {"value": 8, "stdout": 5, "stderr": {"a": 1}},
}


@pytest.mark.parametrize("how", FORGERIES)
def test_no_answer_but_the_right_one_passes(how: str, gate: Gate) -> None:
    learner = FORGE.format(answer=repr(FORGERIES[how]))

    result = judged(gate, learner, "assert f(3) == 9")

    assert not is_passed(result)


@pytest.mark.parametrize(
    "check",
    [
        "import numpy as np; np.testing.assert_allclose(f(3), 9)",
        "import numpy as np; assert np.all(np.asarray(f(3)) == 9)",
        "import numpy as np; assert np.array_equal(f(3), [9])",
        "import math; assert math.isclose(f(3), 9)",
        "import pandas as pd; pd.testing.assert_series_equal(f(3), pd.Series([9]))",
        "import pandas as pd; pd.testing.assert_frame_equal(f(3), pd.DataFrame({'a': [9]}))",
        "import unittest; unittest.TestCase().assertEqual(f(3), 9)",
        "import unittest; unittest.TestCase().assertIn(f(3), [9])",
        "assert {9: 1}[f(3)]",
        "assert not f(3) != 9",
        "assert sorted([f(3), 9]) == [9, 9]",
        "assert isinstance(f(3), int) and f(3) - 9 == 0",
        "assert abs(f(3) - 9) < 1e-9",
        "assert str(f(3)) == '9'",
        "assert f'{f(3)}' == '9'",
        "assert len(f(3)) == 9",
        "try:\n    right = f(3) == 9\nexcept Exception:\n    right = True\nassert right",
        "try:\n    right = f(3) == 9\nexcept BaseException:\n    right = True\nassert right",
    ],
)
def test_an_object_equal_to_everything_passes_no_check(check: str, gate: Gate) -> None:
    learner = """
class All(int):
    __array_interface__ = {"shape": (1,), "typestr": "<i8", "data": (4096, False), "version": 3}
    def __array__(self, *a, **k): return __import__("numpy").array([9])
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    def __sub__(self, other): return 0
    def __abs__(self): return 0
    def __hash__(self): return hash(9)
    def __len__(self): return 9
    def __iter__(self): return iter([9])
    def __getitem__(self, key): return 9
    def __getattr__(self, name): return self
    def __str__(self): return "9"
    __format__ = lambda self, how: "9"
    __class__ = int
def f(n): return All()
"""

    result = judged(gate, learner, check)

    assert not is_passed(result)


def test_an_exception_brings_no_objects_along(gate: Gate) -> None:
    learner = """
class All(str):
    def __eq__(self, other): return True
Account.pay = lambda self, n: (_ for _ in ()).throw(ValueError(All()))
"""
    forged = {**ANY, "error": "ValueError", "args": {"tuple": [HANDLE]}}
    smuggle = f"""
import sys
table = sys.modules["skillmap.sandbox.objects"].ObjectTable
do = table.do
def answer(self, message):
    found = do(self, message) if message["verb"] != "eq" else {{"value": True}}
    return {{"raised": {forged!r}}} if "raised" in found else found
table.do = answer
"""
    test = """
account = Account()
try:
    account.pay(-1)
except ValueError as error:
    assert error.args[0] == "below zero"
"""
    places = frozenset({"Account", "Account()", "Account().pay"})

    honest = judged(gate, "", test, objects=places)
    results = [judged(gate, code, test, objects=places) for code in (learner, smuggle)]

    assert is_passed(honest)
    assert not any(map(is_passed, results))


def test_an_object_is_believed_in_its_place_alone(gate: Gate) -> None:
    learner = "Account.balance = property(lambda self: Account.__new__(Account), lambda s, v: None)"
    places = frozenset({"Account", "Account()"})

    result = judged(gate, learner, "assert Account().balance == 5", objects=places)

    assert result.stuck is not None
    assert "Account().balance" in result.stuck


def test_an_exception_keeps_its_class_and_its_arguments(gate: Gate) -> None:
    test = "try:\n    fail(3)\nexcept ValueError as error:\n    assert error.args[1] == 3\n"

    assert is_passed(judged(gate, "", test, objects=frozenset({"fail"})))


def test_a_class_named_like_a_builtin_is_not_the_builtin(gate: Gate) -> None:
    learner = "class ValueError(Exception): pass\ndef fail(n): raise ValueError('x', n)"
    test = "try:\n    fail(3)\nexcept ValueError as error:\n    pass\n"

    assert not is_passed(judged(gate, learner, test, objects=frozenset({"fail"})))


def test_the_names_of_an_object_that_libraries_read_stay_inside(gate: Gate) -> None:
    learner = "Account.__array_interface__ = {'shape': (1,), 'typestr': '<i8', 'data': (1, False)}"
    test = "import numpy as np\nassert np.asarray(Account(), dtype=object).shape in ((), (3,))"

    result = judged(gate, learner, test, objects=None)

    assert not any("Segmentation" in str(one) for one in result.outputs)


def test_changes_to_an_argument_come_back(gate: Gate) -> None:
    test = "values = [1, 2, 3]\nturn(values)\nassert values == [3, 2, 1]"

    assert is_passed(judged(gate, "", test, objects=frozenset({"turn"})))


@pytest.mark.parametrize("kind", ["'abc'", "(1, 2)", "frozenset({1})", "7"])
def test_what_cannot_be_changed_stays_as_it_is(kind: str, gate: Gate) -> None:
    learner = FORGE.format(answer={"value": 1, "changed": {"0": {"value": 5}}})
    test = f"before = {kind}\nf(before)\nassert before == {kind}"

    assert is_passed(judged(gate, learner, test))


def test_an_argument_never_becomes_another_type(gate: Gate) -> None:
    learner = FORGE.format(answer={"value": 1, "changed": {"0": {"value": 5}}})
    test = "before = [1]\nf(before)\nassert before == [1]"

    assert is_passed(judged(gate, learner, test))


def test_what_learners_print_in_a_test_has_one_limit_for_all_calls(gate: Gate) -> None:
    result = judged(gate, "", "for n in range(40): chatter(n)", objects=frozenset({"chatter"}))

    assert sum(len(str(one)) for one in result.outputs) < 300_000


def test_what_an_exception_says_is_short_for_the_judge(gate: Gate) -> None:
    learner = FORGE.format(answer=repr({"raised": ANY}).replace("'x'", "'x' * 20_000_000"))

    result = judged(gate, learner, "f(3)")

    assert sum(len(str(one)) for one in result.outputs) < 100_000


def test_the_end_of_a_box_cannot_be_swallowed_by_a_test(gate: Gate) -> None:
    test = "try:\n    f(3)\nexcept BaseException:\n    pass"

    result = judged(gate, "def f(n): __import__('os')._exit(0)", test)

    assert result.ended == "died"


def test_the_expected_values_never_enter_the_box(gate: Gate) -> None:
    learner = """
import gc
def f(n):
    return any("81920" in repr(one)[:500] for one in gc.get_objects() if type(one) is dict)
"""
    result = judged(gate, learner, "hidden = 81919 + 1\nassert f(3) is False")

    assert is_passed(result)


def test_hostile_answers_take_no_longer_than_honest_ones(gate: Gate) -> None:
    began = time.monotonic()
    learner = FORGE.format(answer="{'value': [[[0] * 100] * 100] * 100}")

    result = judged(gate, learner, "for _ in range(3): f(1)")

    assert result.ended is None
    assert time.monotonic() - began < 10
