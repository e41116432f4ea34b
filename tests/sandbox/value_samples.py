"""What the tests of plain values share: a way there and back, a strict view, and samples."""

import collections
import datetime as dt
import json
import math
from decimal import Decimal
from pathlib import PosixPath, PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from skillmap.sandbox.values import decode, encode


def send(value: Any) -> Any:
    return decode(json.loads(json.dumps(encode(value), allow_nan=False)))


def show(value: Any) -> Any:
    """Turn a value into one whose `==` also compares exact types, -0.0, nan and order."""
    kind = type(value)
    if kind in (list, tuple, collections.deque):
        return kind.__name__, getattr(value, "maxlen", None), [show(item) for item in value]
    if kind in (set, frozenset):
        return kind.__name__, sorted(map(repr, map(show, value)))
    if isinstance(value, dict):
        factory = getattr(value, "default_factory", None)
        return kind.__name__, factory, [(show(key), show(item)) for key, item in value.items()]
    shown = hex(value) if kind is int else repr(value)
    return kind.__name__, shown, value.fold if kind in (dt.time, dt.datetime) else None


ZONES = st.one_of(
    st.none(),
    st.just(dt.UTC),
    st.builds(lambda hours: dt.timezone(dt.timedelta(hours=hours), "Here"), st.integers(-23, 23)),
    st.sampled_from(["Europe/Amsterdam", "UTC", "America/New_York"]).map(ZoneInfo),
)
TEXTS = st.text(st.characters(codec=None)) | st.text(st.sampled_from("\ud83d\ude00a\0é"))
HASHABLE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(2**2000), 2**2000),
    st.floats(),
    st.complex_numbers(),
    TEXTS,
    st.binary(),
    st.dates(),
    st.datetimes(timezones=ZONES),
    st.times(),
    st.timedeltas(),
    st.decimals(),
    st.fractions(),
    st.uuids(),
    TEXTS.map(lambda text: PurePosixPath(text.replace("/", "-"))),
    st.builds(range, st.integers(), st.integers(), st.integers(1)),
    st.sampled_from([..., NotImplemented, int, ValueError, type(None), PosixPath("/a/../b")]),
)


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    pairs = st.dictionaries(HASHABLE.filter(is_no_snan), inner, max_size=5)
    return st.one_of(
        st.lists(inner, max_size=5),
        st.lists(inner, max_size=5).map(tuple),
        pairs,
        pairs.map(collections.OrderedDict),
        pairs.map(collections.Counter),
        pairs.map(lambda found: collections.defaultdict(list, found)),
        st.lists(inner, max_size=5).map(lambda items: collections.deque(items, 7)),
        st.sets(HASHABLE.filter(is_no_snan), max_size=5),
        st.frozensets(HASHABLE.filter(is_no_snan), max_size=5),
    )


def is_no_snan(value: Any) -> bool:
    return not (type(value) is Decimal and value.is_snan())


PLAIN = st.recursive(HASHABLE | st.binary().map(bytearray), _containers, max_leaves=12)


INDEXES = [
    pd.RangeIndex(2, 8, 3, name="n"),
    pd.Index([3, 1], dtype="uint8", name=("a", 1)),
    pd.Index(["a", None]),
    pd.Index(["a", 1], dtype=object),
    pd.Index([1, None], dtype="Int32"),
    pd.date_range("2024-03-30", periods=2, tz="Europe/Amsterdam"),
    pd.date_range("2024-03-30", periods=2, freq="ME", name="month"),
    pd.DatetimeIndex(["2024-01-01", None], dtype="M8[s]"),
    pd.timedelta_range("1h", periods=2),
    pd.CategoricalIndex(["b", "a"], categories=["c", "b", "a"], ordered=True),
    pd.MultiIndex.from_tuples([(1, "a"), (2, None)], names=["x", None]),
]


COLUMNS = [
    pd.array([1, 2], dtype="int8"),
    pd.array([1.5, None], dtype="Float32"),
    pd.array([1, None], dtype="UInt16"),
    pd.array([True, None], dtype="boolean"),
    pd.array(["a", None], dtype="string"),
    pd.array(["\ud83d\ude00", None], dtype="str"),
    pd.Categorical([1, None], categories=[3, 1]),
    pd.date_range("2024-10-27", periods=2, freq="h", tz="Europe/Amsterdam").array,
    pd.date_range("2024", periods=2, unit="s").array,
    pd.timedelta_range("1s", periods=2).array,
    np.array([math.nan, -0.0]),
    np.array([{"x": [1]}, None], dtype=object),
    np.array(["a", "b"], dtype=object),
]


class Foo:
    """Somebody's own class."""


def shout(self: object, *args: object) -> Any:
    raise AssertionError("called")
