"""How pandas frames, series and indexes cross: column by column, with index, names and dtypes.

Crossing dtypes: those of numpy, `str`, StringDtype, the nullable numbers and boolean, categories,
and datetimes with a zone. Periods, intervals, sparse and Arrow columns do not cross. `attrs` and
flags are lost; the frequency of a DatetimeIndex is kept if it is one of pandas' common ones.
Law: what arrives has exactly the dtype that the message names, or it is refused.
"""

import re
from typing import TYPE_CHECKING, Any

from skillmap.sandbox.value_codec import (
    MalformedValueError,
    Reader,
    Refusal,
    Writer,
    decodes,
    enter,
    when_imported,
)
from skillmap.sandbox.value_columns import read_column, write_column

if TYPE_CHECKING:
    import pandas as pd

__all__: list[str] = []

FRAME_COST = 1000  # building one takes as long as a thousand plain items
MAX_ROWS = 10_000_000  # of a RangeIndex, which costs no memory until somebody touches it
MAX_SLOW_STEPS = 10_000  # pandas checks a frequency in months step by step
STEP_COST = 20
FREQUENCY = re.compile(
    r"-?[0-9]{0,6}(?:(?P<tick>ns|us|ms|s|min|h|D)"
    r"|B|W-[A-Z]{3}|B?M[ES]|[QY][ES]-[A-Z]{3})"
)


def _write_range_index(value: Any, writer: Writer) -> Any:
    if len(value) > MAX_ROWS:
        raise Refusal(f"is a RangeIndex of more than {MAX_ROWS} rows")
    parts = [value.start, value.stop, value.step, value.name]
    return {"RangeIndex": writer.write_items(parts, ".part[{}]")}


@decodes("RangeIndex")
def _read_range_index(payload: Any, reader: Reader) -> "pd.Index[Any]":
    import pandas as pd

    reader.spend(FRAME_COST)
    *numbers, name = reader.parts(payload, 4)
    steps = range(*(reader.exact(reader.read(number), int) for number in numbers))
    reader.demand(len(steps) <= MAX_ROWS, "too long a RangeIndex")
    return pd.RangeIndex(steps, name=reader.read(name))


def _write_index(value: Any, writer: Writer) -> Any:
    return {"Index": [write_column(value, writer), writer.write(value.name), _frequency(value)]}


def _frequency(index: Any) -> str | None:
    import pandas as pd

    if type(index) not in (pd.DatetimeIndex, pd.TimedeltaIndex) or index.freq is None:
        return None
    if type(index.freq).__module__ != pd.offsets.Day.__module__:
        return None
    text = str(index.freqstr)
    found = FREQUENCY.fullmatch(text)
    if found is None or (len(index) > MAX_SLOW_STEPS and not found["tick"]):
        return None
    return text if pd.tseries.frequencies.to_offset(text) == index.freq else None


@decodes("Index")
def _read_index(payload: Any, reader: Reader) -> "pd.Index[Any]":
    import pandas as pd

    reader.spend(FRAME_COST)
    column, name, frequency = reader.parts(payload, 3)
    array = read_column(column, reader)
    index = pd.Index(array, dtype=array.dtype, name=reader.read(name), copy=False)
    reader.demand(index.dtype == array.dtype, "a dtype that no index has")
    return index if frequency is None else _with_frequency(index, frequency, reader)


def _with_frequency(index: Any, frequency: Any, reader: Reader) -> "pd.Index[Any]":
    import pandas as pd

    reader.exact(index, pd.DatetimeIndex, pd.TimedeltaIndex)
    found = FREQUENCY.fullmatch(reader.exact(frequency, str))
    if found is None:
        raise MalformedValueError("The value has an unknown frequency.")
    reader.spend(0 if found["tick"] else len(index) * STEP_COST)
    index.freq = frequency
    return index  # type: ignore[no-any-return] # one of the two types above


def _write_multi_index(value: Any, writer: Writer) -> Any:
    levels = writer.write_items(value.levels, ".levels[{}]")
    codes = writer.write_items([_plain_codes(codes) for codes in value.codes])
    return {"MultiIndex": [levels, codes, writer.write_items(value.names, ".names[{}]")]}


def _plain_codes(codes: Any) -> Any:
    import numpy as np

    return np.asarray(codes)


@decodes("MultiIndex")
def _read_multi_index(payload: Any, reader: Reader) -> "pd.Index[Any]":
    import numpy as np
    import pandas as pd

    reader.spend(FRAME_COST)
    levels, codes, names = map(reader.read_items, reader.parts(payload, 3))
    for level, code in zip(levels, codes, strict=True):
        _demand_index(level, reader)
        reader.demand(type(level) is not pd.MultiIndex, "a MultiIndex inside of one")
        if level.dtype == object:
            reader.demand_hashes(level.tolist())
        reader.demand(reader.exact(code, np.ndarray).dtype.kind == "i", "codes that are no ints")
    return pd.MultiIndex(levels=levels, codes=codes, names=names, verify_integrity=True)


def _demand_index(value: Any, reader: Reader) -> Any:
    import pandas as pd

    return reader.exact(
        value,
        *(pd.Index, pd.RangeIndex, pd.DatetimeIndex, pd.TimedeltaIndex),
        *(pd.CategoricalIndex, pd.MultiIndex),
    )


def _write_series(value: Any, writer: Writer) -> Any:
    index, name = writer.write(value.index), writer.write(value.name)
    return {"Series": [write_column(value, writer), index, name]}


@decodes("Series")
def _read_series(payload: Any, reader: Reader) -> Any:
    reader.spend(FRAME_COST)
    column, index, name = reader.parts(payload, 3)
    rows = _demand_index(reader.read(index), reader)
    return _build_series(read_column(column, reader), rows, reader.read(name), reader)


def _build_series(array: Any, index: Any, name: Any, reader: Reader) -> Any:
    import pandas as pd

    reader.demand(array.ndim == 1 and len(array) == len(index), "a column of another length")
    series = pd.Series(array, index=index, dtype=array.dtype, name=name, copy=False)
    reader.demand(series.dtype == array.dtype, "a dtype that no column has")
    return series


def _write_frame(value: Any, writer: Writer) -> Any:
    columns: list[Any] = []
    try:
        for place in range(value.shape[1]):
            columns.append(write_column(value.iloc[:, place], writer))
    except Refusal as refusal:
        refusal.steps.append(f".iloc[:, {len(columns)}]")
        raise
    return {"DataFrame": [columns, writer.write(value.index), writer.write(value.columns)]}


@decodes("DataFrame")
def _read_frame(payload: Any, reader: Reader) -> "pd.DataFrame":
    import pandas as pd

    reader.spend(FRAME_COST)
    columns, index, labels = reader.parts(payload, 3)
    rows = _demand_index(reader.read(index), reader)
    series = [
        _build_series(read_column(column, reader), rows, None, reader)
        for column in reader.parts(columns, len(reader.exact(columns, list)))
    ]
    frame = pd.DataFrame(dict(enumerate(series)), index=rows, copy=False)
    frame.columns = _demand_index(reader.read(labels), reader)
    return frame


def _enter_pandas(pd: Any) -> None:
    enter(pd.DataFrame, _write_frame)
    enter(pd.Series, _write_series)
    enter(pd.RangeIndex, _write_range_index)
    enter(pd.MultiIndex, _write_multi_index)
    for kind in (pd.Index, pd.DatetimeIndex, pd.TimedeltaIndex, pd.CategoricalIndex):
        enter(kind, _write_index)


when_imported("pandas", _enter_pandas)
