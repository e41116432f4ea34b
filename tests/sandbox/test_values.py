"""Plain values survive the way there and back, and what is not plain stays where it is."""

import collections
import datetime as dt
import json
import math
import subprocess
import sys
import uuid
from abc import ABCMeta
from decimal import Decimal
from fractions import Fraction
from pathlib import PosixPath, PurePosixPath
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from skillmap.sandbox.values import (
    CannotCrossError,
    decode,
    describe_type,
    encode,
)
from tests.sandbox.value_samples import (
    PLAIN,
    Foo,
    send,
    shout,
    show,
)


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PLAIN)
def test_a_plain_value_comes_back_as_it_went(value: Any) -> None:
    assert show(send(value)) == show(value)


@pytest.mark.parametrize(
    "value",
    [
        *(-0.0, math.inf, -math.inf, math.nan, complex(-0.0, math.nan)),
        *(2**63, -(2**63) - 1, -(2**63), 10**99_999, True, 1, 1.0),
        *("\ud83d\ude00", "\ud83d", "😀", "\0"),
        *(slice(None), slice(1, "x", [2]), range(10**30), range(3, 0, -1), ..., NotImplemented),
        *(Decimal("sNaN12"), Decimal("-0E-5"), Decimal("Infinity"), Decimal("1E+999999")),
        *(dt.UTC, dt.timezone(dt.timedelta(0), "Z"), dt.timedelta.min, dt.time(1, fold=1)),
        *(uuid.UUID(int=5), PurePosixPath("//a"), PosixPath("."), collections.deque([1], 1)),
        *(collections.defaultdict(None, {1: 2}), {1: "b", "a": 2, (1, 2): None}),
        *(int, type, Fraction, KeyError, np.ndarray, np.float64, pd.DataFrame, type(print)),
    ],
    ids=lambda value: repr(type(value)),
)
def test_odd_values_keep_type_and_content(value: Any) -> None:
    assert show(send(value)) == show(value)


class Trap(type):
    """A class of classes that shouts whenever somebody looks."""

    def __hash__(cls) -> int:
        raise AssertionError("hashed")

    def __eq__(cls, other: object) -> bool:
        raise AssertionError("compared")

    def __instancecheck__(cls, instance: object) -> bool:
        raise AssertionError("checked")

    def __getattribute__(cls, name: str) -> Any:
        raise AssertionError(f"asked for {name}")


NOISY = {
    name: shout
    for name in (
        *("__getattribute__", "__iter__", "__len__", "__eq__", "__hash__", "__repr__", "__str__"),
        *("__bool__", "__reduce_ex__", "__getitem__", "__float__", "__index__", "keys", "items"),
    )
}


@pytest.mark.parametrize(
    "base", [object, int, float, str, bytes, list, dict, set, tuple, np.ndarray, pd.DataFrame]
)
def test_no_code_of_a_strange_class_runs(base: type) -> None:
    meta = Trap if base is not np.ndarray else type  # numpy itself looks at a subclass
    kind = type.__new__(meta, "Hostile", (base,), dict(NOISY))
    hostile: Any = base.__new__(kind, *([0] if base is np.ndarray else []))

    with pytest.raises(CannotCrossError, match=r"^result\[1\]\['x'\] is a Hostile, which"):
        encode([1, {"x": hostile}])
    with pytest.raises(CannotCrossError, match="is a Hostile"):
        encode([hostile, hostile])


def test_a_class_without_a_known_name_cannot_cross() -> None:
    with pytest.raises(CannotCrossError, match="is a Trap"):
        encode(type.__new__(Trap, "Hostile", (), {}))
    with pytest.raises(CannotCrossError, match="class without a known name"):
        encode([ABCMeta("Mine", (), {})])


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ([1, 2, {"x": Foo()}], r"result\[2\]\['x'\] is a Foo"),
        ({Foo(): 1}, r"result\.key\[0\] is a Foo"),
        ({1: {Foo()}}, r"result\[1\]\.member\[0\] is a Foo"),
        (collections.defaultdict(lambda: 1), "a defaultdict whose factory"),
        (np.zeros(1, [("a", int)]), "has the dtype"),
        (np.ma.zeros(2), "a MaskedArray"),
        (pd.DataFrame({"a": [1], "b": [Foo()]}), r"iloc\[:, 1\]\.flat\[0\] is a Foo"),
        (pd.period_range("2024", periods=2, freq="M"), "a PeriodIndex"),
        (pd.Series(pd.interval_range(0, 2)), "an IntervalDtype as dtype"),
        (pd.RangeIndex(10**12), "a RangeIndex of more than"),
        (np.zeros((0, 10**12)), "an array of shape"),
        (1 << 332_200, "an int of more than 100000 digits"),
        (dt.datetime(2024, 1, 1, tzinfo=type("Zone", (dt.tzinfo,), {})()), "is a Zone"),
    ],
    ids=lambda one: one if type(one) is str else type(one).__name__,
)
def test_what_is_not_plain_is_refused_with_its_place(value: Any, where: str) -> None:
    with pytest.raises(CannotCrossError, match=where):
        encode(value)


def test_a_cycle_cannot_cross_and_a_shared_list_arrives_twice() -> None:
    cycle: list[Any] = [1]
    cycle.append({"again": cycle})
    objects = np.empty(1, object)
    objects[0] = objects
    shared = [1]

    first, second = send([shared, shared])

    assert first == second
    assert first is not second
    for value in (cycle, objects):
        with pytest.raises(CannotCrossError, match="contains itself"):
            encode(value)


def test_deep_nesting_cannot_cross() -> None:
    deep: Any = ()
    for _ in range(5000):
        deep = (deep,)

    with pytest.raises(CannotCrossError, match="nested more than 64 deep"):
        encode(deep)


def test_strange_values_become_handles_and_come_back() -> None:
    kept: list[Any] = []

    def wrap(value: Any) -> dict[str, Any]:
        kept.append(value)
        return {"number": len(kept) - 1}

    foo, frame = Foo(), pd.DataFrame({"a": [Foo()]})
    value = [foo, {"f": frame, foo: len}, np.zeros(1, [("a", int)])]

    back = decode(
        json.loads(json.dumps(encode(value, wrap=wrap))), unwrap=lambda one: kept[one["number"]]
    )

    assert back[0] is foo
    assert back[1]["f"] is frame
    assert back[1][foo] is len
    assert back[2] is value[2]


def test_a_wrap_that_declines_leaves_the_value_refused() -> None:
    with pytest.raises(CannotCrossError, match="argument is a Foo"):
        encode(Foo(), wrap=lambda _: None, name="argument")


def test_the_name_of_a_type_is_short_printable_and_asked_of_nobody() -> None:
    class Loud(str):
        __str__ = __getitem__ = __iter__ = __len__ = shout

    renamed = type("X", (), {})
    renamed.__name__ = Loud("F\n\u202eoo" + "x" * 500)

    assert describe_type(5) == "an int"
    assert describe_type(renamed()) == "a F??oo" + "x" * 55


@pytest.mark.slow
def test_the_codec_imports_neither_numpy_nor_pandas_by_itself() -> None:
    code = (
        "import sys; from skillmap.sandbox.values import encode, decode; decode(encode([1, {2}]))\n"
        "assert not {'numpy', 'pandas'} & set(sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stderr == ""
