"""How the single values of pandas cross: Timestamp, Timedelta, NaT, NA, arrays, and its dtypes."""

from typing import Any

from skillmap.sandbox.value_codec import (
    SMALLEST,
    Reader,
    Writer,
    decodes,
    enter,
    when_imported,
)
from skillmap.sandbox.value_columns import (
    MASKED,
    read_category_dtype,
    read_column,
    read_some_zone,
    read_string_dtype,
    read_unit,
    write_column,
    write_string_dtype,
)
from skillmap.sandbox.value_times import read_zone

__all__: list[str] = []

MOMENT_COST = 50
ARRAY_COST = 200
ARRAYS = (
    *("BooleanArray", "FloatingArray", "IntegerArray", "StringArray"),
    *("Categorical", "DatetimeArray", "TimedeltaArray"),
)


def _write_timestamp(value: Any, writer: Writer) -> Any:
    number = int(value.asm8.view("i8"))
    return {"Timestamp": [number, str(value.unit), writer.write(value.tzinfo)]}


@decodes("Timestamp")
def _read_timestamp(payload: Any, reader: Reader) -> Any:
    import numpy as np
    import pandas as pd

    number, unit, zone = reader.parts(payload, 3)
    moment = pd.Timestamp(np.datetime64(_moment(number, reader), read_unit(unit, reader)))
    tz = read_zone(zone, reader)
    return moment if tz is None else moment.tz_localize("UTC").tz_convert(tz)


def _moment(payload: Any, reader: Reader) -> int:
    reader.spend(MOMENT_COST)
    is_right = SMALLEST < reader.exact(payload, int) <= -SMALLEST - 1
    reader.demand(is_right, "a moment out of its range")
    return int(payload)


def _write_timedelta(value: Any, writer: Writer) -> Any:
    return {"Timedelta": [int(value.asm8.view("i8")), str(value.unit)]}


@decodes("Timedelta")
def _read_timedelta(payload: Any, reader: Reader) -> Any:
    import numpy as np
    import pandas as pd

    number, unit = reader.parts(payload, 2)
    return pd.Timedelta(np.timedelta64(_moment(number, reader), read_unit(unit, reader)))


def _write_nat(value: Any, writer: Writer) -> Any:
    return {"pd": "NaT"}


def _write_na(value: Any, writer: Writer) -> Any:
    return {"pd": "NA"}


@decodes("pd")
def _read_missing(payload: Any, reader: Reader) -> Any:
    import pandas as pd

    return {"NaT": pd.NaT, "NA": pd.NA}[reader.exact(payload, str)]


def _write_string_dtype(value: Any, writer: Writer) -> Any:
    return {"StringDtype": write_string_dtype(value)}


@decodes("StringDtype")
def _read_string_dtype(payload: Any, reader: Reader) -> Any:
    return read_string_dtype(payload, reader)


def _write_category_dtype(value: Any, writer: Writer) -> Any:
    ordered = None if value.ordered is None else bool(value.ordered)
    return {"CategoricalDtype": [writer.write(value.categories), ordered]}


@decodes("CategoricalDtype")
def _read_category_dtype(payload: Any, reader: Reader) -> Any:
    return read_category_dtype(payload, reader)


def _write_zoned_dtype(value: Any, writer: Writer) -> Any:
    return {"DatetimeTZDtype": [str(value.unit), writer.write(value.tz)]}


@decodes("DatetimeTZDtype")
def _read_zoned_dtype(payload: Any, reader: Reader) -> Any:
    import pandas as pd

    unit, zone = reader.parts(payload, 2)
    return pd.DatetimeTZDtype(read_unit(unit, reader), read_some_zone(zone, reader))


def _write_masked_dtype(value: Any, writer: Writer) -> Any:
    return {"pd.dtype": f"{value.name[0].upper()}{value.name[1:]}Dtype"}


@decodes("pd.dtype")
def _read_masked_dtype(payload: Any, reader: Reader) -> Any:
    import pandas as pd

    reader.demand(reader.exact(payload, str) in MASKED, "an unknown dtype of pandas")
    return getattr(pd, payload)()


def _write_pandas_array(value: Any, writer: Writer) -> Any:
    return {"pd.array": write_column(value, writer)}


@decodes("pd.array")
def _read_pandas_array(payload: Any, reader: Reader) -> Any:
    import pandas as pd

    reader.spend(ARRAY_COST)
    array = read_column(payload, reader)
    built = pd.array(array, dtype=array.dtype, copy=False)
    return reader.exact(built, *(getattr(pd.arrays, name, pd.Categorical) for name in ARRAYS))


def _enter_pandas(pd: Any) -> None:
    enter(pd.Timestamp, _write_timestamp)
    enter(pd.Timedelta, _write_timedelta)
    enter(type(pd.NaT), _write_nat)
    enter(type(pd.NA), _write_na)
    enter(pd.StringDtype, _write_string_dtype)
    enter(pd.CategoricalDtype, _write_category_dtype)
    enter(pd.DatetimeTZDtype, _write_zoned_dtype)
    for name in MASKED:
        enter(getattr(pd, name), _write_masked_dtype)
    for name in ARRAYS:
        enter(getattr(pd.arrays, name, pd.Categorical), _write_pandas_array)


when_imported("pandas", _enter_pandas)
