"""Arrays, frames and the single values of numpy and pandas survive the way there and back."""

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sandbox.value_samples import (
    COLUMNS,
    HASHABLE,
    INDEXES,
    is_no_snan,
    send,
    show,
)

NUMBERS = ["?", "i1", "u1", "<i8", ">i4", "q", "Q", "f2", "f4", "f8", ">f8", "g", "F", "D", "G"]
TIMES = ["M8[D]", "M8[ns]", "m8[25s]", "M8"]


@pytest.mark.parametrize("dtype", [*NUMBERS, *TIMES, "U3", ">U2", "S4", "O"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 0, 3)])
def test_arrays_keep_dtype_shape_and_values(dtype: str, shape: tuple[int, ...]) -> None:
    array = np.zeros(shape, "i8").astype(dtype) if dtype[1:2] != "8" else np.zeros(shape, dtype)

    back = send(array)

    assert (type(back), back.dtype, back.shape) == (np.ndarray, array.dtype, shape)
    assert back.dtype.char == array.dtype.char
    assert back.flags.writeable
    np.testing.assert_array_equal(back, array)


@pytest.mark.parametrize("dtype", [*NUMBERS, *TIMES])
def test_numpy_scalars_and_dtypes_keep_their_exact_type(dtype: str) -> None:
    scalar = np.ones(1, "i8").astype(dtype)[0] if dtype != "M8" else np.datetime64("NaT")

    back, kind = send([scalar, np.dtype(dtype)])

    assert (type(back), back.dtype, repr(back)) == (type(scalar), scalar.dtype, repr(scalar))
    assert (kind, kind.char) == (np.dtype(dtype), np.dtype(dtype).char)


def test_numpy_texts_and_arrays_in_another_order_survive() -> None:
    array = np.arange(6.0).reshape(2, 3).T[::-1]

    text, octets, back = send([np.str_("a\ud800\0"), np.bytes_(b"a\0"), array])

    assert (type(text), str.__str__(text)) == (np.str_, "a\ud800\0")
    assert (type(octets), octets) == (np.bytes_, b"a\0")
    np.testing.assert_array_equal(back, array)


def test_an_array_of_objects_keeps_each_of_them_whole() -> None:
    array = np.empty(4, object)
    array[:] = [None, "x", Decimal(1), 5]
    array[0] = [1, (2,)]
    array[3] = np.arange(2)

    back = send(array)

    assert back.dtype == object
    assert show(back.tolist()[:3]) == show(array.tolist()[:3])
    np.testing.assert_array_equal(back[3], array[3])


@pytest.mark.parametrize("index", INDEXES, ids=lambda index: type(index).__name__)
def test_indexes_keep_kind_names_and_frequency(index: Any) -> None:
    back = send(index)

    pd.testing.assert_index_equal(back, index, exact=True)
    assert back.names == index.names
    assert getattr(back, "freq", None) == getattr(index, "freq", None)


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: str(column.dtype))
def test_series_keep_dtype_index_and_name(column: Any) -> None:
    index = pd.Index(["r", "r"])
    series = pd.Series(column, index=index, dtype=column.dtype, name=("a", 2))

    back = send(series)

    pd.testing.assert_series_equal(back, series, check_exact=True, check_index_type=True)
    assert back.dtype == series.dtype


@pytest.mark.parametrize("index", INDEXES[:1] + INDEXES[3:], ids=lambda one: type(one).__name__)
def test_frames_keep_twice_named_columns_and_odd_names(index: Any) -> None:
    frame = pd.concat([pd.Series(column, dtype=column.dtype) for column in COLUMNS], axis=1)
    frame.index, frame.columns = index, pd.Index([1, "a", "a", (2, "x"), *range(9)], dtype=object)

    back = send(frame)

    pd.testing.assert_frame_equal(
        back, frame, check_exact=True, check_index_type="exact", check_column_type="exact"
    )


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame(),
        pd.DataFrame(index=[1, 2]),
        pd.DataFrame(columns=["a"]),
        pd.DataFrame({1: []}),
    ],
    ids=["nothing", "rows", "columns", "no rows"],
)
def test_empty_frames_keep_their_shape_and_labels(frame: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(send(frame), frame, check_exact=True)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.lists(st.floats(), min_size=3, max_size=3),
            st.lists(st.integers(-(2**63), 2**63 - 1), min_size=3, max_size=3),
            st.lists(st.text(max_size=4) | st.none(), min_size=3, max_size=3),
            st.lists(HASHABLE.filter(is_no_snan), min_size=3, max_size=3),
        ),
        max_size=4,
    )
)
def test_any_frame_comes_back_exactly(columns: list[list[Any]]) -> None:
    frame = pd.DataFrame({place: pd.Series(column) for place, column in enumerate(columns)})

    back = send(frame)

    assert list(back.dtypes) == list(frame.dtypes)
    for place in range(len(columns)):
        assert show(back[place].tolist()) == show(frame[place].tolist())
    pd.testing.assert_index_equal(back.index, frame.index, exact=True)


@pytest.mark.parametrize(
    "value",
    [
        pd.Timestamp("2024-10-27 03:30", tz="Europe/Amsterdam"),
        pd.Timestamp("2024-10-27 01:30", tz="UTC").tz_convert("Europe/Amsterdam"),
        pd.Timestamp("9999-12-31").as_unit("s"),
        pd.Timestamp(1, unit="ns"),
        pd.Timedelta(-1, unit="ns"),
        pd.Timedelta("1D").as_unit("s"),
        pd.NaT,
        pd.NA,
        pd.StringDtype("python"),
        pd.Series(["a"]).dtype,
        pd.UInt8Dtype(),
        pd.BooleanDtype(),
        pd.Float64Dtype(),
        pd.CategoricalDtype(),
        pd.CategoricalDtype(["b", "a"], ordered=True),
        pd.DatetimeTZDtype("ms", dt.UTC),
    ],
    ids=repr,
)
def test_single_values_of_pandas_survive(value: Any) -> None:
    back = send(value)

    assert (type(back), repr(back)) == (type(value), repr(value))
    assert getattr(back, "unit", None) == getattr(value, "unit", None)
    assert value is pd.NaT or value is pd.NA or back == value


@pytest.mark.parametrize("column", COLUMNS[1:10], ids=lambda column: str(column.dtype))
def test_what_unique_returns_crosses(column: Any) -> None:
    found = pd.Series(column).unique()

    pd.testing.assert_extension_array_equal(send(found), found, check_exact=True)


SALES = pd.DataFrame({"k": list("aba"), "v": [1, 2, 3], "d": pd.date_range("2024", periods=3)})


@pytest.mark.parametrize(
    "answer",
    [
        SALES.describe(),
        SALES.T,
        SALES.groupby("k").agg({"v": ["mean", "max"]}),
        SALES.pivot_table(index="k", values="v"),
        SALES.set_index("d").resample("D").sum(),
        SALES.iloc[0].to_frame(),
        SALES.groupby(["k", "v"]).size().to_frame("n"),
        SALES.dtypes.to_frame(),
        SALES["d"].dt.date.to_frame(),
        SALES["k"].str.split("a").to_frame(),
    ],
    ids=range(10),
)
def test_what_the_usual_exercises_return_crosses(answer: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(send(answer), answer, check_exact=True, check_freq=True)
