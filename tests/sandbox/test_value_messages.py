"""Whatever a stranger sends is a value or malformed, and never slow."""

import collections
import datetime as dt
import json
import math
import random
import time
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillmap.sandbox.values import (
    DecodeLimits,
    MalformedValueError,
    decode,
    encode,
)
from tests.sandbox.value_samples import (
    COLUMNS,
    INDEXES,
)


def _deep(levels: int) -> Any:
    deep: Any = []
    for _ in range(levels):
        deep = [deep]
    return deep


COLLIDING = [[{"int": hex(n * (2**61 - 1))} for n in range(5, 500)], [0] * 495]
MALFORMED: list[Any] = [
    *(2**63, -(2**63) - 1, math.inf, math.nan, {}, {"tuple": [], "list": []}, {"nonsense": 1}),
    *({1: 2}, (1,), object(), b"", {"int": "0x5"}, {"int": "5"}, {"int": "0x" + "f" * 90_000}),
    *({"int": 5}, {"float": "1.5"}, {"float": "NaN"}, {"complex": [1, 2.0]}, {"complex": [1.0]}),
    *({"bytes": "a"}, {"bytes": "é==="}, {"bytes": 5}, {"str": "/w=="}, {"tuple": {}}),
    *({"set": [[1]]}, {"set": [1, 1]}, {"set": [1, True]}, {"set": [{"dict": [[], []]}]}),
    *({"dict": [[1], []]}, {"dict": [[1, 1.0], [0, 0]]}, {"dict": [[[]], [1]]}, {"dict": []}),
    *({"dict": COLLIDING}, {"set": COLLIDING[0]}, {"range": [1, 2, 0]}, {"range": [1, 2, True]}),
    *({"deque": [[1, 2], 1]}, {"deque": [[], -1]}, {"deque": [[], 10**30]}, {"deque": [[], True]}),
    *({"defaultdict": ["object", [], []]}, {"defaultdict": [[], [], []]}, {"slice": [1, 2]}),
    *({"Decimal": "1_0"}, {"Decimal": "1E+99999999999999999999"}, {"Decimal": "nope"}),
    *({"Fraction": [2, 4]}, {"Fraction": [1, 0]}, {"Fraction": [1, -2]}, {"Fraction": [1.0, 2]}),
    *({"UUID": "{" + "0" * 32 + "}"}, {"date": [2024, 13, 1]}, {"date": [2024, True, 1]}),
    *({"datetime": [1, 1, 1, 1, 1, 1, 1, 2, None]}, {"time": [1, 1, 1, 1, 0, "UTC"]}),
    *({"timedelta": [10**15, 0, 0]}, {"timezone": [{"timedelta": [9, 0, 0]}]}, {"timezone": []}),
    *({"ZoneInfo": "../etc"}, {"ZoneInfo": "/etc/x"}, {"ZoneInfo": "Europe"}, {"ZoneInfo": "Xy"}),
    *({"class": "os.system"}, {"class": "np.load"}, {"class": "pd.read_pickle"}, {"class": []}),
    *({"constant": "exit"}, {"handle": {"a": 1}}, {"handle": 1}),
    *({"array": ["O", [2], [1]]}, {"array": ["O", [-1], []]}, {"array": ["O", [10**12, 0], []]}),
    *({"array": ["<f8", [2], "AAAA"]}, {"array": ["<f8", [10**12, 0], ""]}, {"array": [1, [], ""]}),
    *({"array": ["<U0", [10**12], ""]}, {"array": ["|V0", [10**12], ""]}, {"array": []}),
    *(
        {"array": ["<f8", [0] * 40, ""]},
        {"array": ["|b1", [1], "Ag=="]},
        {"array": ["f8", [0], ""]},
    ),
    *({"array": ["<U1", [1], "////fw=="]}, {"array": ["|O", [1], "AAAAAAAAAAA="]}),
    *({"array": ["<f8", [True], "AAAAAAAAAAA="]}, {"array": ["<f8", [-1, -1], "AAAAAAAAAAA="]}),
    *([{"array": ["<U999999", [0], ""]}] * 50, {"array": ["<M8[0s]", [0], ""]}, {"dtype": "V8"}),
    *(
        {"array": ["<M8[999999999W]", [0, 1.0], ""]},
        {"dtype": "i4,i4"},
        {"np": ["<U1", "AAAAAA=="]},
    ),
    *({"RangeIndex": [0, 10**12, 1, None]}, {"RangeIndex": [0, 1, 0, None]}),
    *({"RangeIndex": [0, 10**30, 10**29, None]}, {"RangeIndex": [0, 1, 1, []]}, {"pd": "read"}),
    *({"Index": [["numpy", "O", [1], [1]], None, "D"]}, {"Index": [["numpy"], None, None]}),
    *({"Series": [["strings", "python", True, [1]], {"RangeIndex": [0, 1, 1, None]}, None]},),
    *({"Series": [["numpy", "<f8", [0], ""], {"RangeIndex": [0, 1, 1, None]}, None]},),
    *({"Series": [["numpy", "<M8[D]", [0], ""], {"RangeIndex": [0, 0, 1, None]}, None]},),
    *({"DataFrame": [[], 5, 5]}, {"DataFrame": [[["numpy", "O", [], [1]]], 1, 1]}),
    *({"Timestamp": [0, "s", 5]}, {"Timestamp": [0, "D", None]}, {"Timedelta": [0.5, "s"]}),
    *({"Timestamp": [-(2**63), "ns", None]}, {"pd.dtype": "read_pickle"}, {"pd.array": []}),
    _deep(101),
    [{"set": []}] * 250_000,
]


@pytest.mark.parametrize("message", MALFORMED, ids=lambda _: "")
def test_a_malformed_message_is_refused(message: Any) -> None:
    with pytest.raises(MalformedValueError):
        decode(message)


def test_a_handle_that_nobody_knows_is_malformed() -> None:
    with pytest.raises(MalformedValueError):
        decode({"handle": {"id": 7}}, unwrap=lambda one: {}[one["id"]])


def test_the_limits_of_a_message_are_the_callers() -> None:
    assert decode([1] * 90, limits=DecodeLimits(max_cost=100)) == [1] * 90
    with pytest.raises(MalformedValueError):
        decode([1] * 100, limits=DecodeLimits(max_cost=100))
    with pytest.raises(MalformedValueError):
        decode([[[]]], limits=DecodeLimits(max_depth=2))


SAMPLES = [
    *[json.dumps(encode(index)) for index in INDEXES],
    *[json.dumps(encode(pd.Series(column, dtype=column.dtype))) for column in COLUMNS],
    json.dumps(encode(pd.DataFrame({"a": [1, 2], "b": ["x", None]}))),
    json.dumps(encode([2**70, {"a": {1, (2, 3)}}, b"abc", Decimal("1.5"), Fraction(1, 3), 1j])),
    json.dumps(encode([dt.datetime(2024, 1, 1, tzinfo=dt.UTC), dt.time(1), dt.timedelta(1)])),
    json.dumps(encode([np.float32(1), np.arange(6).reshape(2, 3), np.dtype("M8[s]"), int])),
    json.dumps(encode([pd.Timestamp("2024", tz="UTC"), pd.Timedelta(1), pd.NA, pd.Int8Dtype()])),
    json.dumps(
        encode([collections.Counter("ab"), collections.deque([1], 3), range(3), ZoneInfo("UTC")])
    ),
]


def _places(node: Any) -> list[tuple[Any, Any]]:
    inside = node.items() if type(node) is dict else enumerate(node) if type(node) is list else ()
    found = [(node, key) for key, _ in list(inside)]
    return found + [place for owner, key in found for place in _places(owner[key])]


def _mutate(message: Any, rng: random.Random) -> Any:
    box = {"message": message}
    for _ in range(rng.randint(1, 3)):
        owner, key = rng.choice(_places(box))
        from_owner, from_key = rng.choice(_places([json.loads(rng.choice(SAMPLES))]))
        change = rng.randrange(5)
        if change == 0:
            owner[key] = from_owner[from_key]
        elif change == 1:
            owner[key] = rng.choice([None, True, -1, 0, 2**62, 10**12, 0.5, "", "x", [], {}, [[]]])
        elif change == 2 and type(owner) is list:
            owner.insert(key, json.loads(json.dumps(owner[key])))
        elif change == 3 and type(owner) is list:
            del owner[key]
        elif type(owner) is dict and type(from_key) is str and owner is not box:
            owner[from_key] = owner.pop(key)
    return box["message"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_a_mutated_message_is_a_value_or_malformed_and_never_slow(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(300):
        message = json.loads(json.dumps(_mutate(json.loads(rng.choice(SAMPLES)), rng)))
        start = time.perf_counter()
        try:
            value = decode(message)
        except MalformedValueError:
            value = None
        assert time.perf_counter() - start < 2
        decode(json.loads(json.dumps(encode(value))))


TAGS = sorted(
    {key for text in SAMPLES for _, key in _places([json.loads(text)]) if type(key) is str}
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=3), inner, max_size=2)
        | st.builds(lambda tag, part: {tag: part}, st.sampled_from(TAGS), inner)
        | st.builds(
            lambda tag, part: {tag: part}, st.sampled_from(TAGS), st.lists(inner, max_size=6)
        )
    ),
    max_leaves=15,
)


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON)
def test_any_json_is_a_value_or_malformed(message: Any) -> None:
    try:
        value = decode(message)
    except MalformedValueError:
        return
    decode(json.loads(json.dumps(encode(value))))
