"""How the columns of pandas cross: the values of a Series, of an Index, of a Categorical.

A column is a list that begins with its kind; what stands behind depends on the dtype.
"""

import re
from collections.abc import Callable
from typing import Any

from skillmap.sandbox.value_arrays import DTYPE_CHARS, read_array, write_array
from skillmap.sandbox.value_codec import (
    Reader,
    Refusal,
    Writer,
    describe_type,
    when_imported,
)
from skillmap.sandbox.value_times import read_zone

__all__ = [
    "MASKED",
    "read_category_dtype",
    "read_column",
    "read_some_zone",
    "read_string_dtype",
    "read_unit",
    "write_column",
    "write_string_dtype",
]

COLUMN_COST = 200
UNIT = re.compile("s|ms|us|ns")
MASKED = (
    *("BooleanDtype", "Float32Dtype", "Float64Dtype"),
    *("Int8Dtype", "Int16Dtype", "Int32Dtype", "Int64Dtype"),
    *("UInt8Dtype", "UInt16Dtype", "UInt32Dtype", "UInt64Dtype"),
)

DTYPE_WRITERS: dict[int, tuple[type, Callable[[Any, Writer], list[Any]]]] = {}


def write_column(value: Any, writer: Writer) -> list[Any]:
    """Encode the values of a Series, an Index or an extension array; raises Refusal."""
    found = DTYPE_WRITERS.get(id(type(value.dtype)))
    if found is None:
        raise Refusal(f"has {describe_type(value.dtype)} as dtype")
    return found[1](value, writer)


def _write_numpy(value: Any, writer: Writer) -> list[Any]:
    return ["numpy", *write_array(value.to_numpy(), writer)]


def _write_strings(value: Any, writer: Writer) -> list[Any]:
    texts = value.to_numpy(dtype=object, na_value=None).tolist()
    return ["strings", *write_string_dtype(value.dtype), writer.write_items(texts)]


def write_string_dtype(dtype: Any) -> list[Any]:
    """Return [storage, whether a missing text is NA and not nan]."""
    import pandas as pd

    return [str(dtype.storage), dtype.na_value is pd.NA]


def _write_masked(value: Any, writer: Writer) -> list[Any]:
    import numpy as np

    mask = np.asarray(value.isna(), dtype=bool)
    filled = value.to_numpy(dtype=value.dtype.numpy_dtype, na_value=0)
    return ["masked", write_array(filled, writer), write_array(mask, writer)]


def _write_categories(value: Any, writer: Writer) -> list[Any]:
    array = value.array if hasattr(value, "array") else value
    codes = write_array(array.codes, writer)
    return ["categories", codes, writer.write(array.categories), bool(array.ordered)]


def _write_zoned(value: Any, writer: Writer) -> list[Any]:
    array = value.array if hasattr(value, "array") else value
    numbers = write_array(array.asi8, writer)
    return ["zoned", numbers, str(value.dtype.unit), writer.write(value.dtype.tz)]


def read_column(payload: Any, reader: Reader) -> Any:
    """Return the numpy or extension array of a column."""
    reader.spend(COLUMN_COST)
    reader.demand(type(payload) is list and len(payload) > 1, "no column where one belongs")
    kind, *parts = payload
    return COLUMN_READERS[reader.exact(kind, str)](parts, reader)


def _read_numpy(parts: list[Any], reader: Reader) -> Any:
    array = read_array(parts, reader)
    reader.demand(array.ndim == 1, "a column of several dimensions")
    return array


def _read_strings(parts: list[Any], reader: Reader) -> Any:
    import pandas as pd

    storage, is_na, payload = reader.parts(parts, 3)
    texts = reader.read_items(payload)
    for text in texts:
        reader.exact(text, str, type(None))
    return pd.array(texts, dtype=read_string_dtype([storage, is_na], reader))


def read_string_dtype(payload: list[Any], reader: Reader) -> Any:
    """Return `str` or a StringDtype."""
    import pandas as pd

    storage, is_na = reader.parts(payload, 2)
    reader.demand(reader.exact(storage, str) in ("python", "pyarrow"), "an unknown storage")
    if reader.exact(is_na, bool):
        return pd.StringDtype(storage)
    return pd.StringDtype(storage, na_value=float("nan"))


def _read_masked(parts: list[Any], reader: Reader) -> Any:
    import numpy as np
    import pandas as pd

    data, mask = (_read_numpy(part, reader) for part in reader.parts(parts, 2))
    reader.demand(mask.dtype == np.bool_ and len(mask) == len(data), "a mask that does not fit")
    kinds = {"b": "BooleanArray", "f": "FloatingArray", "i": "IntegerArray", "u": "IntegerArray"}
    reader.demand(data.dtype.char not in "eg", "a number that pandas does not know")
    return getattr(pd.arrays, kinds[data.dtype.kind])(data, mask)


def _read_categories(parts: list[Any], reader: Reader) -> Any:
    import pandas as pd

    codes, categories, ordered = reader.parts(parts, 3)
    dtype = read_category_dtype([categories, ordered], reader)
    numbers = _read_numpy(codes, reader)
    reader.demand(numbers.dtype.kind == "i", "codes that are no ints")
    return pd.Categorical.from_codes(numbers, dtype=dtype)


def read_category_dtype(payload: list[Any], reader: Reader) -> Any:
    """Return the CategoricalDtype of [categories, ordered]; None for what is not known yet."""
    import pandas as pd

    categories, ordered = reader.parts(payload, 2)
    labels = reader.read(categories)
    kinds = (pd.Index, pd.RangeIndex, pd.DatetimeIndex, pd.TimedeltaIndex)
    if reader.exact(labels, type(None), *kinds) is not None and labels.dtype == object:
        reader.demand_hashes(labels.tolist())
    return pd.CategoricalDtype(labels, ordered=reader.exact(ordered, bool, type(None)))


def _read_zoned(parts: list[Any], reader: Reader) -> Any:
    import pandas as pd

    payload, unit, zone = reader.parts(parts, 3)
    numbers = _read_numpy(payload, reader)
    reader.demand(numbers.dtype.str == "<i8", "times that are no ints")
    times = pd.DatetimeIndex(numbers.view(f"M8[{read_unit(unit, reader)}]"))
    return times.tz_localize("UTC").tz_convert(read_some_zone(zone, reader)).array


def read_unit(payload: Any, reader: Reader) -> Any:
    """Return one of pandas' four units of time."""
    is_known = UNIT.fullmatch(reader.exact(payload, str)) is not None
    reader.demand(is_known, "an unknown unit of time")
    return payload


def read_some_zone(payload: Any, reader: Reader) -> Any:
    """Return a decoded time zone, not None."""
    zone = read_zone(payload, reader)
    reader.demand(zone is not None, "no time zone where one belongs")
    return zone


COLUMN_READERS = {
    "numpy": _read_numpy,
    "strings": _read_strings,
    "masked": _read_masked,
    "categories": _read_categories,
    "zoned": _read_zoned,
}


def _enter_column(dtype: type, write: Callable[[Any, Writer], list[Any]]) -> None:
    DTYPE_WRITERS[id(dtype)] = (dtype, write)


def _enter_numpy(np: Any) -> None:
    for char in (*DTYPE_CHARS, "O"):
        _enter_column(type(np.dtype(char)), _write_numpy)


def _enter_pandas(pd: Any) -> None:
    _enter_column(pd.StringDtype, _write_strings)
    _enter_column(pd.CategoricalDtype, _write_categories)
    _enter_column(pd.DatetimeTZDtype, _write_zoned)
    for name in MASKED:
        _enter_column(getattr(pd, name), _write_masked)


when_imported("numpy", _enter_numpy)
when_imported("pandas", _enter_pandas)
